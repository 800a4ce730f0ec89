"""`make up`: the whole Airflow on this machine until Ctrl-C."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from daily_papers.environment_file import load_environment_file
from daily_papers.errors import DailyPapersError
from daily_papers.local.airflow import ADMIN, LocalAirflow, default_home, library_of, port_from
from daily_papers.settings import Settings, load_settings

_PLACES = "Set AIRFLOW_HOME (data/airflow) and DAILY_PAPERS_HOME (data) to folders that you can write to."


def main() -> None:
    """Starts everything, says where it is, and ends it when interrupted."""
    try:
        load_environment_file()
        settings = load_settings()
        check_library(settings)
        airflow = LocalAirflow(
            default_home(),
            port=port_from(os.environ.get("PORT") or "8080"),
            environment=library_of(settings),
        )
        print("Starting Airflow (about half a minute) …", flush=True)  # noqa: T201
        with airflow.running():
            _say_where(airflow)
            while True:
                airflow.check_components()
                time.sleep(1)
    except KeyboardInterrupt:
        print("\nEverything is stopped.")  # noqa: T201
    except DailyPapersError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"Error: {error}. {_PLACES}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def check_library(settings: Settings) -> None:
    """OSError where this process cannot write to the library's home; one that is not a local path is left alone."""
    if settings.home_path.protocol in ("", "file"):
        home = Path(settings.home_path.path)
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass


def _say_where(airflow: LocalAirflow) -> None:
    print(  # noqa: T201
        f"""
Airflow   {airflow.address}
Login     {ADMIN} / {airflow.passwords[ADMIN]}
Page      {airflow.address}/daily-papers/ (also in Airflow's navigation)
Data      {airflow.environment["DAILY_PAPERS_HOME"]}
Logs      {airflow.log_directory}

The DAGs are paused until you switch them on: daily_papers runs every day, refresh_daily_papers looks at past
dates again, review_daily_papers asks people about quarantined papers, round_up_daily_papers writes a page for each week
and month. Press Ctrl-C to stop everything.
""",
        flush=True,
    )


if __name__ == "__main__":
    main()
