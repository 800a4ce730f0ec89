"""`airflow …` whose log goes to stderr, so that only what it answers (`-o json`) is on stdout."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs Airflow's command line with the arguments of this process."""
    import airflow.settings  # noqa: F401  # configures logging, to stdout
    import structlog
    from airflow.__main__ import main as run
    from airflow.cli.utils import redirect_stdout_log_handlers_to_stderr

    redirect_stdout_log_handlers_to_stderr()
    structlog.get_config()["logger_factory"].io = sys.stderr
    run()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
