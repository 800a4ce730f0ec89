"""The page in Airflow's navigation, behind Airflow's login and the right to read the DAG, and the notes of runs."""

from __future__ import annotations

from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends

from daily_papers.orchestration import preloading, run_note
from daily_papers.publish.web_page import create_page

PATH = "/daily-papers"

page = create_page(
    dependencies=[Depends(get_user), Depends(requires_access_dag("GET", None, "daily_papers"))],
    login_path="/api/v2/auth/login",
)


class DailyPapersPlugin(AirflowPlugin):
    """Mounts the page, puts it into the navigation, and has the scheduler write a date into the note of each run."""

    name = "daily_papers"
    listeners = [run_note, preloading]  # noqa: RUF012  # Airflow's form
    fastapi_apps = [{"app": page, "url_prefix": PATH, "name": "Daily Papers"}]  # noqa: RUF012  # Airflow's form
    external_views = [  # noqa: RUF012
        {
            "name": "Daily Papers",
            "href": f"{PATH}/",
            "destination": "nav",
            "url_route": "daily-papers",
            "nav_top_level": True,
        }
    ]
