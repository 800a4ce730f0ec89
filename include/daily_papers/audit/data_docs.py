"""Great Expectations' Data Docs of some dates, built on demand into a folder, and readable without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

from daily_papers.audit.audit_record import history_of
from daily_papers.audit.run import rows_to_audit
from daily_papers.audit.suite import RESULT_FORMAT, day_suite, expectations_of, frame_of
from daily_papers.errors import DamagedFileError, TerminalError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import ids_ever_listed
from daily_papers.writing.output_folder import claim_folder

_REMOTE_OR_SCRIPT = re.compile(
    r'<link\b[^>]*href="https?://[^>]*>|<script\b.*?</script>|<img\b[^>]*src="https?://[^>]*>|<footer\b.*?</footer>',
    re.IGNORECASE | re.DOTALL,
)
_HEAD = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem; } table { border-collapse: collapse; }
  th, td { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left; vertical-align: top; }
  i.fa-check-circle::before { content: "✔"; color: #146c2e; font-style: normal; }
  i.fa-times::before, i.fa-exclamation-triangle::before { content: "✘"; color: #b3261e; font-style: normal; }
  .collapse { display: block; }
</style>"""


@dataclass(frozen=True)
class DataDocs:
    """How many pages were written, and why dates have none."""

    pages: int
    damaged: list[DamagedFileError]


def build_data_docs(library: Library, dates: Sequence[date], folder: Path) -> DataDocs:
    """Validates some dates again and writes their Data Docs; the folder's former Data Docs are replaced.

    The pages hold expectations, counts and paper ids, no text of papers or summaries. Dates with a damaged file are
    left out.

    Raises:
        UserError: the folder holds something else, or a date was never fetched.
        TerminalError: Great Expectations lost a page.
    """
    claim_folder(folder, "data-docs")
    for name in ("expectations", "validations", "static"):
        shutil.rmtree(folder / name, ignore_errors=True)
    target = folder.absolute()
    context = gx.get_context(mode="ephemeral", project_config=_project(target))
    context.enable_analytics(enable=False)
    source = context.data_sources.add_pandas("lake").add_dataframe_asset("rows")
    whole = source.add_batch_definition_whole_dataframe("whole")
    damaged: list[DamagedFileError] = []
    for listing_date in dates:
        try:
            rows = rows_to_audit(library, listing_date)
            listed_ids = ids_ever_listed(library, listing_date)
        except DamagedFileError as error:
            damaged.append(error)
            continue
        expectations = expectations_of(listed_ids, history_of(library, listing_date))
        suite = context.suites.add(day_suite(listing_date, expectations))
        validation = gx.ValidationDefinition(name=str(listing_date), data=whole, suite=suite)
        context.validation_definitions.add(validation).run(
            batch_parameters={"dataframe": frame_of(rows)},
            result_format=RESULT_FORMAT,
            run_id=RunIdentifier(run_name=str(listing_date), run_time=datetime.now(UTC)),
        )
    context.build_data_docs()
    shutil.rmtree(target / "static", ignore_errors=True)
    pages = sorted([*target.glob("expectations/*.html"), *target.glob("validations/**/*.html")])
    expected = 2 * (len(dates) - len(damaged))
    if len(pages) != expected:  # it only logs a page that it could not render
        raise TerminalError(f"Great Expectations wrote {len(pages)} of {expected} pages; see the messages above.")
    for page in pages:
        text = _REMOTE_OR_SCRIPT.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", f"{_HEAD}</head>", 1), encoding="utf-8")
    (target / "index.html").write_text(_index(target, pages), encoding="utf-8")
    return DataDocs(len(pages) + 1, damaged)


def _project(folder: Path) -> DataContextConfig:
    return DataContextConfig(
        analytics_enabled=False,
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars={"globally": False, "metric_calculations": False},
        data_docs_sites={
            "site": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def _index(folder: Path, pages: Sequence[Path]) -> str:
    """A plain list of the pages: that of Great Expectations is filled by scripts from elsewhere."""
    links = "\n".join(_links(folder, pages))
    head = f"<meta charset=utf-8><title>Data Docs</title>{_HEAD}"
    return f"<!doctype html><html lang=en><head>{head}</head><body>\n{links}\n</body></html>\n"


def _links(folder: Path, pages: Sequence[Path]) -> Iterator[str]:
    for page in pages:
        path = page.relative_to(folder)
        kind = "suite" if path.parts[0] == "expectations" else "result"
        name = path.stem if kind == "suite" else path.parts[1]
        yield f'<p><a href="{escape(path.as_posix())}">{escape(name)}: {kind}</a></p>'
