"""`make demo`: one recorded day through the real DAG in a real Airflow, without a key and without the internet."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from daily_papers.ask.catalogue import named_queries, run_query
from daily_papers.audit.day_status import DaySummary, day_summary
from daily_papers.dates import parse_listing_date
from daily_papers.environment_file import load_environment_file
from daily_papers.errors import DailyPapersError, UserError
from daily_papers.lake.library import Library
from daily_papers.local.airflow import LocalAirflow
from daily_papers.local.first_library import DEMO, DEMO_LIVE, DEMO_LOCAL, OWN
from daily_papers.outside_text import printable
from daily_papers.sample.local_model import MODEL as LOCAL_MODEL
from daily_papers.sample.local_model import local_model
from daily_papers.sample.replay import sample_server
from daily_papers.sample.server import SAMPLE_DATE, SAMPLE_MODEL
from daily_papers.settings import Settings, load_settings
from daily_papers.writing.output import OutputFormat, formatted

QUERIES = ("top_papers", "reported_results")
PAPERS_FOR_THE_LOCAL_MODEL = 2


class _Model(Enum):
    """Who answers."""

    SAMPLES = "samples"
    LOCAL = "local"
    OWN = "own"


_HOMES = {_Model.SAMPLES: DEMO, _Model.LOCAL: DEMO_LOCAL, _Model.OWN: DEMO_LIVE}
"""The demo always uses its own homes: in the user's library a sample answer would make its paper complete."""
_SAMPLE_SETTINGS = {"DAILY_PAPERS_MODEL": SAMPLE_MODEL, "DAILY_PAPERS_LANGUAGE": "ko"}
_LOCAL_SETTINGS = {
    "DAILY_PAPERS_MODEL": LOCAL_MODEL,
    "DAILY_PAPERS_LANGUAGE": "en",  # the model knows no Korean
    "DAILY_PAPERS_BOUNDED_SCHEMA": "true",
    "DAILY_PAPERS_OUTPUT_TOKENS": "3000",
    "DAILY_PAPERS_CONCURRENCY": "1",
    "DAILY_PAPERS_TIMEOUT_SECONDS": "600",
}


def main() -> None:
    """Runs the demo for DATE (default: the bundled day); exit code 2 where a setting is missing."""
    load_environment_file()
    try:
        run(parse_listing_date(os.environ.get("DATE") or SAMPLE_DATE.isoformat()))
    except KeyboardInterrupt:
        _say("\nStopped. Run it again to continue: answers so far are stored.")
        sys.exit(130)
    except DailyPapersError as error:
        print(printable(f"Error: {error}"), file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"Error: {error}. The demo writes to the folder data.", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def run(listing_date: date) -> None:
    """Runs the DAG for a date and reports the day.

    Raises:
        UserError: no recording of the date is bundled and no live listing and model are set.
        DailyPapersError: the run failed; the message says where to look.
    """
    given = load_settings()
    local = os.environ.get("LLM") == "local"
    if os.environ.get("LLM") not in (None, "", "local"):
        raise UserError("The only value for LLM is local: make demo LLM=local. For another model, set OPENAI_BASE_URL.")
    own_model = bool(given.openai_api_key or given.openai_base_url) and not local
    live_listing = own_model and bool(os.environ.get("HF_ENDPOINT"))
    if listing_date != SAMPLE_DATE and not live_listing:
        raise UserError(
            f"No recording of {listing_date} is bundled, only of {SAMPLE_DATE}. For another date set "
            "HF_ENDPOINT=https://huggingface.co and OPENAI_API_KEY (or OPENAI_BASE_URL), then: "
            f"make demo DATE={listing_date}"
        )
    model = _Model.LOCAL if local else _Model.OWN if own_model else _Model.SAMPLES
    with ExitStack() as stack:
        home = (OWN / _HOMES[model]).absolute()
        environment = {"DAILY_PAPERS_HOME": str(home), "DAILY_PAPERS_WAREHOUSE": str(home / "warehouse.duckdb")}
        server = stack.enter_context(sample_server(PAPERS_FOR_THE_LOCAL_MODEL if local else None))
        if not live_listing:
            environment["HF_ENDPOINT"] = server.address
        if model is _Model.OWN:  # whoever has a model need not reach arXiv
            environment["DAILY_PAPERS_SOURCE"] = os.environ.get("DAILY_PAPERS_SOURCE") or "abstract"
        else:
            address = stack.enter_context(local_model()) if local else server.model_address
            environment |= _bundled_model(address, _LOCAL_SETTINGS if local else _SAMPLE_SETTINGS)
            environment |= {
                "DAILY_PAPERS_ARXIV_ENDPOINT": server.address,
                "DAILY_PAPERS_ARXIV_INTERVAL_SECONDS": "0",
            }
        os.environ.update(environment)
        settings = load_settings()
        _introduce(listing_date, settings, model, live_listing=live_listing)
        started = time.monotonic()
        _run_in_airflow(listing_date, Path(settings.home_path.path) / "airflow", environment)
        _report(Library(settings), listing_date, time.monotonic() - started, model)


def _bundled_model(address: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Settings that lead to a model of the demo's own, whatever model, language or Airflow connection is set."""
    return {
        "OPENAI_BASE_URL": address,
        "AIRFLOW_CONN_OPENAI_DEFAULT": json.dumps({"conn_type": "openai", "host": address}),
        "DAILY_PAPERS_SOURCE": "full_text",
        "DAILY_PAPERS_MAX_USD_PER_RUN": "",
        "DAILY_PAPERS_MAX_TOKENS_PER_RUN": "",
        "DAILY_PAPERS_VERIFIER_MODEL": "",
        **settings,
    }


def _introduce(listing_date: date, settings: Settings, model: _Model, *, live_listing: bool) -> None:
    listing = settings.hf_endpoint if live_listing else "a recording, replayed by a local server (07:49 UTC, 32 papers)"
    if model is _Model.LOCAL:
        listing = f"the first {PAPERS_FOR_THE_LOCAL_MODEL} papers of a recording, replayed by a local server"
    asked = {
        _Model.SAMPLES: "none: hand-written SAMPLE answers, served by the same local server",
        _Model.LOCAL: f"{settings.model} on this machine's CPU: small and weak, a few minutes",
        _Model.OWN: f"{settings.model} at {settings.openai_base_url or 'the OpenAI API'}, on {settings.source}",
    }
    _say(f"Daily Papers of {listing_date}\n  listing  {listing}\n  model    {asked[model]}\n")


def _run_in_airflow(listing_date: date, home: Path, environment: dict[str, str]) -> None:
    _say("Starting Airflow: database, api-server, scheduler, dag-processor, triggerer …")
    # the schedule would run yesterday, too
    environment = {**environment, "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"}
    airflow = LocalAirflow(home, environment=environment, started_by="make demo")
    with airflow.running():
        airflow.fail_active_runs("daily_papers")  # of a demo that was stopped: they would hold the date
        run_id = airflow.trigger("daily_papers", {"date": listing_date.isoformat()})
        _say(f"Airflow runs at {airflow.address}; the DAG daily_papers is in progress:")
        shown: dict[str, str] = {}
        for instances in airflow.follow("daily_papers", run_id):
            _show_progress(instances, shown)
        if airflow.run_state("daily_papers", run_id) != "success":
            said = "\n  ".join(airflow.failures("daily_papers", run_id))
            raise DailyPapersError(f"The run failed:\n  {said}\nThe task logs are in {home / 'logs'}.")


def _show_progress(instances: list[dict[str, Any]], shown: dict[str, str]) -> None:
    """Prints task instances that have ended since the last look, in the order of their end."""
    for instance in sorted(instances, key=lambda one: one["end_date"] or "9"):
        name = instance["task_display_name"]
        if instance["rendered_map_index"]:
            name += f" [{instance['rendered_map_index']}]"
        state = instance["state"]
        if state in ("success", "failed", "skipped", "upstream_failed") and shown.get(instance["id"]) != state:
            shown[instance["id"]] = state
            duration = f"{instance['duration']:.1f} s" if instance["duration"] else ""
            _say(f"  {state:<8} {name:<42} {duration}")


def _report(library: Library, listing_date: date, seconds: float, model: _Model) -> None:
    summary = day_summary(library, listing_date)
    _say(f"\nDone in {seconds:.0f} s: {listing_date} is {summary.status}.")
    _say(f"  papers   {_counts(summary)}")
    _say(f"  cost     {_cost(library, listing_date)}")
    _say(f"  digest   {library.lake.digest(listing_date)}")
    _say(f"  rows     {library.lake.day_file(listing_date)}")
    _say(f"  database {library.settings.warehouse_path}")
    if summary.complete:
        _show_queries(library)
    _say("\nNext:")
    _say(f"  DAILY_PAPERS_HOME={os.environ['DAILY_PAPERS_HOME']} .venv/bin/papers digest {listing_date}")
    if summary.pending:
        _say(f"\nThe next run asks about pending papers. Why they are pending:\n  {_last_error(library)}")
    if model is _Model.LOCAL:
        _say("\nWhat the audit found in the answers of this model (papers quarantine):")
        for paper_id, reason in run_query(library, "SELECT paper_id, reason FROM quarantine ORDER BY ALL")[1]:
            _say(f"  {paper_id}  {reason}")
        return
    if summary.listed and not summary.complete:
        raise DailyPapersError("No paper was summarized. `papers quarantine` names the reasons.")
    if model is _Model.SAMPLES:
        _say(
            "\nThese summaries are SAMPLES written by hand for this demo; no model was asked. For real ones, set\n"
            "OPENAI_API_KEY (or OPENAI_BASE_URL for any compatible server), and DAILY_PAPERS_MODEL, then make demo."
        )


def _show_queries(library: Library) -> None:
    for name in QUERIES:
        columns, rows = run_query(library, name)
        _say(f"\n{named_queries()[name].question}  (papers sql {name})")
        _say(formatted(columns, rows, OutputFormat.TABLE).rstrip())


def _counts(summary: DaySummary) -> str:
    return (
        f"{summary.complete} of {summary.listed} complete, {summary.quarantined} quarantined, {summary.pending} pending"
    )


def _cost(library: Library, listing_date: date) -> str:
    _, rows = run_query(
        library,
        "SELECT coalesce(sum(calls), 0), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), "
        f"sum(cost_usd), coalesce(sum(answers_without_price), 0) FROM daily_cost WHERE listing_date = '{listing_date}'",
    )
    calls, input_tokens, output_tokens, cost, without_price = rows[0]
    price = "price unknown: the model is not in prices.json" if without_price else f"{cost or 0:.4f} USD"
    return f"{price} ({calls} calls, {input_tokens:,} tokens in, {output_tokens:,} out)"


def _last_error(library: Library) -> str:
    _, rows = run_query(
        library, "SELECT error, error_detail FROM calls WHERE NOT is_answered ORDER BY asked_at DESC LIMIT 1"
    )
    return ": ".join(str(part) for part in rows[0]) if rows else "not asked yet"


def _say(text: str) -> None:
    print(printable(text), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
