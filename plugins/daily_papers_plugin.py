"""The Daily Papers page in Airflow's navigation, behind Airflow's login and the right to read the DAG."""

from __future__ import annotations

from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends

from daily_papers.page import create_page

PATH = "/daily-papers"

page = create_page(
    dependencies=[Depends(get_user), Depends(requires_access_dag("GET", None, "daily_papers"))],
    login_path="/api/v2/auth/login",
)


class DailyPapersPlugin(AirflowPlugin):
    """Mounts the page and puts it into the navigation."""

    name = "daily_papers"
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
