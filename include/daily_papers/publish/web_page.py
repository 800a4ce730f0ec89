"""The page inside Airflow: a list of days, and a day's digest. Knows nothing of Airflow; the plugin mounts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from daily_papers.audit.day_problems import problems_of
from daily_papers.audit.day_status import DAY_STATUS_MEANINGS, DayStatus, day_summary
from daily_papers.audit.day_warnings import WarningsOfDays
from daily_papers.audit.report import as_html, report_day
from daily_papers.dates import parse_listing_date
from daily_papers.errors import TerminalError, UserError
from daily_papers.lake.library import open_library
from daily_papers.publish.digest import published_digest
from daily_papers.sections import LANGUAGES
from daily_papers.settings import load_settings
from daily_papers.wording.headings_and_labels import wording_of
from daily_papers.writing.markdown_text import to_html
from daily_papers.writing.templating import html_template

DAYS_SHOWN = 60
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def create_page(dependencies: Sequence[Any], login_path: str) -> FastAPI:
    """The page as an app.

    Args:
        dependencies: FastAPI dependencies that let a request in or raise (401, 403); they guard every route.
        login_path: where a browser without a login is sent by hand; gets `?next=`.
    """
    # the documentation routes would bypass the dependencies
    app = FastAPI(
        title="Daily Papers", dependencies=list(dependencies), docs_url=None, redoc_url=None, openapi_url=None
    )
    app.add_api_route("/", _days, methods=["GET"], response_class=HTMLResponse)
    app.add_api_route("/days/{listing_date}", _day, methods=["GET"], response_class=HTMLResponse)
    app.add_api_route("/audits/{listing_date}", _audit, methods=["GET"], response_class=HTMLResponse)

    @app.exception_handler(HTTPException)
    async def explain(request: Request, error: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        login = f"{login_path}?next={quote(request.url.path, safe='')}" if error.status_code in (401, 403) else ""
        try:
            language = load_settings().language
        except UserError:  # a setting that cannot be used must not hide the login
            language = LANGUAGES[0]
        content = _rendered("message", language, message=str(error.detail), link=login)
        return HTMLResponse(content, error.status_code)

    @app.middleware("http")
    async def secure(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    return app


def _rendered(template: str, language: str, **values: Any) -> str:
    return html_template(f"page/{template}").render(language=language, text=wording_of(language).page, **values)


def _days(until: str | None = None) -> HTMLResponse:
    """The newest dates, or the newest up to one."""
    library = open_library()
    last = _checked_date(until) if until else date.max
    dates = [day for day in reversed(library.lake.attempted_dates()) if day <= last]
    warnings = WarningsOfDays(library)
    days = []
    for listing_date in dates[:DAYS_SHOWN]:
        summary = day_summary(library, listing_date)
        days.append(
            {
                "summary": summary,
                "has_digest": library.lake.digest(listing_date).exists(),
                "meaning": DAY_STATUS_MEANINGS[summary.status],
                "warnings": [
                    *(problem.text for problem in problems_of(library, summary)),
                    *warnings.of(listing_date).values(),
                ],
            }
        )
    return HTMLResponse(_rendered("days", library.settings.language, days=days, older=dates[DAYS_SHOWN:][:1]))


def _checked_date(text: str) -> date:
    try:
        return parse_listing_date(text)
    except UserError as error:
        raise HTTPException(422, str(error)) from None


def _day(listing_date: str) -> HTMLResponse:
    library = open_library()
    day = _checked_date(listing_date)
    try:
        digest = published_digest(library, day)
    except TerminalError as error:
        raise HTTPException(503, str(error)) from None
    if digest is None:
        summary = day_summary(library, day)
        raise HTTPException(404, f"No digest of {day}: {summary.status} ({DAY_STATUS_MEANINGS[summary.status]}).")
    content = Markup(to_html(digest))  # noqa: S704  # to_html lets no HTML through
    return HTMLResponse(_rendered("day", library.settings.language, listing_date=day, digest_html=content))


def _audit(listing_date: str) -> HTMLResponse:
    day = _checked_date(listing_date)
    try:
        report = report_day(open_library(), day)
    except TerminalError as error:
        raise HTTPException(503, str(error)) from None
    if report.summary.status is DayStatus.MISSING:
        raise HTTPException(404, f"No audit of {day}: {DAY_STATUS_MEANINGS[report.summary.status]}.")
    return HTMLResponse(as_html(report))
