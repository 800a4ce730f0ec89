"""The templates of `templates/`: Markdown, where every outside text must be escaped by hand, and HTML, where all is."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from daily_papers.writing.markdown_text import escaped, for_any_viewer


@cache
def markdown_template(name: str) -> Template:
    """The template `NAME.md.jinja`: `escaped` must be applied to every outside text in it."""
    environment = _environment(autoescape=False, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["escaped"] = escaped
    environment.filters["for_any_viewer"] = for_any_viewer
    return environment.get_template(f"{name}.md.jinja")


@cache
def html_template(name: str) -> Template:
    """The template `NAME.html.jinja`; what it is given is escaped."""
    return _environment(autoescape=True).get_template(f"{name}.html.jinja")


def _environment(*, autoescape: bool, **options: Any) -> Environment:
    environment = Environment(
        loader=PackageLoader("daily_papers.writing", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=autoescape,  # noqa: S701  # Markdown escapes by hand
        **options,
    )
    environment.filters["percent"] = lambda value: "–" if value is None else f"{value:.0%}"
    environment.filters["figure"] = lambda value: "–" if value is None else f"{value:.4g}"
    return environment
