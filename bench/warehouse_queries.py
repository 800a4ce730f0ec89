"""Representative questions to the library, each asked in four ways: SQL over the warehouse's tables, the same in
SQLite, polars over the tables as Parquet, and SQL over the day files of the lake where they hold the answer.

The SQL of warehouse and SQLite is one text wherever both understand it; no question is put worse for one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from daily_papers.sections import SECTION_KEYS

Scan = Callable[[str], pl.LazyFrame]
Subjects = Mapping[str, Any]
"""What questions are about: day, week and week_before (dates), paper_id, author, word, and korean (a word)."""


@dataclass(frozen=True)
class Question:
    """A question: SQL of the warehouse and of SQLite, a function for polars, SQL over the view `day_files` (None: they
    do not hold the answer). `$name` is one of the subjects."""

    warehouse: str
    polars: Callable[[Scan, Subjects], pl.LazyFrame]
    day_files: str | None = None


TABLES = (
    "days", "votes", "listings", "papers", "authors", "keywords", "organizations", "summaries", "sections", "quotes",
    "results", "quarantine", "calls",
)  # fmt: skip
"""What the questions need."""

_SECTIONS_OF_DAY_FILES = (
    "SELECT listing_date, paper_id, unnest(["
    + ", ".join(
        f"{{'section': '{key}', 'basis': {key}_basis, 'markdown': {key}_markdown, 'quotes': {key}_quotes}}"
        for key in SECTION_KEYS
    )
    + "], recursive := true) FROM day_files WHERE status = 'complete'"
)
_FACTS_OF_DAY_FILES = "SELECT paper_id, {} FROM day_files GROUP BY paper_id"


def _newest(*columns: str) -> str:
    """Facts of papers from the newest date that lists them."""
    return _FACTS_OF_DAY_FILES.format(", ".join(f"arg_max({one}, listing_date) AS {one}" for one in columns))


def _completeness_by_date(scan: Scan, _: Subjects) -> pl.LazyFrame:
    percent = pl.when(pl.col("listed_papers") > 0).then(100.0 * pl.col("complete_papers") / pl.col("listed_papers"))
    columns = ("listing_date", "status", "listed_papers", "complete_papers")
    return scan("days").select(*columns, percent.alias("percent"))


def _months(scan: Scan, _: Subjects) -> pl.LazyFrame:
    listed = scan("listings").filter("is_listed")
    by_month = listed.group_by(pl.col("listing_date").dt.strftime("%Y-%m").alias("month"))
    return by_month.agg(pl.len(), (~pl.col("is_complete")).sum().alias("missing"), pl.col("upvotes").sum())


def _quarantine_by_reason(scan: Scan, _: Subjects) -> pl.LazyFrame:
    return scan("quarantine").group_by("status", "reason").agg(pl.len())


def _top_authors(scan: Scan, _: Subjects) -> pl.LazyFrame:
    counted = scan("authors").group_by("author").agg(pl.len().alias("papers"))
    return counted.sort(["papers", "author"], descending=[True, False]).head(20)


def _papers_of_an_author(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    own = scan("authors").filter(pl.col("author") == subjects["author"])
    return own.join(scan("papers"), on="paper_id").select("paper_id", "title")


def _rising_keywords(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    recent = scan("listings").filter((pl.col("listing_date") >= subjects["week_before"]) & pl.col("is_listed"))
    keyword = pl.col("keyword").str.to_lowercase()
    uses = recent.join(scan("keywords"), on="paper_id").select("listing_date", "paper_id", keyword).unique()
    is_this_week = pl.col("listing_date") >= subjects["week"]
    weeks = uses.group_by("keyword").agg(is_this_week.sum().alias("this"), (~is_this_week).sum().alias("last"))
    rise = (pl.col("this").cast(pl.Int64) - pl.col("last").cast(pl.Int64)).alias("rise")
    return weeks.with_columns(rise).sort(["rise", "keyword"], descending=[True, False]).head(20)


def _keywords_by_year(scan: Scan, _: Subjects) -> pl.LazyFrame:
    keyword = pl.col("keyword").str.to_lowercase()
    year = pl.col("listing_date").dt.strftime("%Y").alias("year")
    listed = scan("listings").filter("is_listed").select("paper_id", year)
    counted = scan("keywords").join(listed, on="paper_id").group_by("year", keyword).agg(pl.len().alias("uses"))
    return counted.sort(["uses", "year", "keyword"], descending=[True, False, False]).head(20)


def _top_papers(scan: Scan, _: Subjects) -> pl.LazyFrame:
    listed = scan("listings").filter("is_listed")
    both = listed.join(scan("summaries"), on=["listing_date", "paper_id"]).join(scan("papers"), on="paper_id")
    ordered = both.sort(["upvotes", "paper_id", "listing_date"], descending=[True, False, False])
    return ordered.select("listing_date", "paper_id", "upvotes", "title", "title_ko").head(20)


def _organizations_by_votes(scan: Scan, _: Subjects) -> pl.LazyFrame:
    listed = scan("listings").filter("is_listed").join(scan("organizations"), on="paper_id")
    counted = listed.group_by("organization").agg(pl.len().alias("listings"), pl.col("upvotes").sum())
    return counted.sort(["upvotes", "organization"], descending=[True, False]).head(20)


def _section_lengths(scan: Scan, _: Subjects) -> pl.LazyFrame:
    by_basis = scan("sections").group_by("section", "basis")
    return by_basis.agg(pl.len(), pl.col("characters").mean(), pl.col("characters").max().alias("longest"))


def _quotes_by_section(scan: Scan, _: Subjects) -> pl.LazyFrame:
    return scan("quotes").group_by("section").agg(pl.len(), pl.col("quote").str.len_chars().mean())


def _results_by_dataset(scan: Scan, _: Subjects) -> pl.LazyFrame:
    named = scan("results").filter(pl.col("dataset") != "").group_by("dataset")
    counted = named.agg(pl.len().alias("figures"), pl.col("paper_id").n_unique().alias("papers"))
    return counted.sort(["figures", "dataset"], descending=[True, False]).head(20)


def _cost_by_month(scan: Scan, _: Subjects) -> pl.LazyFrame:
    by_month = scan("calls").group_by(pl.col("listing_date").dt.strftime("%Y-%m").alias("month"), "model")
    papers, cost = pl.col("paper_id").n_unique(), pl.col("cost_usd").sum()
    return by_month.agg(papers.alias("papers"), cost.alias("cost"), (cost / papers).alias("cost_per_paper"))


def _listed_twice(scan: Scan, _: Subjects) -> pl.LazyFrame:
    day = pl.col("listing_date")
    dates = scan("listings").filter("is_listed").group_by("paper_id").agg(day.min().alias("first"), day.max(), pl.len())
    return dates.filter(pl.col("len") > 1).sort("paper_id", descending=True).head(100)


def _votes_of_a_paper(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    own = scan("votes").filter(pl.col("paper_id") == subjects["paper_id"])
    return own.select("listing_date", "observed_at", "upvotes", "comments")


def _summary_of_a_paper(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    own = scan("sections").filter(pl.col("paper_id") == subjects["paper_id"])
    return own.join(scan("papers"), on="paper_id").select("listing_date", "title", "section", "basis", "markdown")


def _papers_of_a_date(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    listed = scan("listings").filter((pl.col("listing_date") == subjects["day"]) & pl.col("is_listed"))
    both = listed.join(scan("summaries"), on=["listing_date", "paper_id"]).join(scan("papers"), on="paper_id")
    return both.select("paper_id", "upvotes", "title", "title_ko")


def _code_by_year(scan: Scan, _: Subjects) -> pl.LazyFrame:
    by_year = scan("papers").group_by(pl.col("listing_date").dt.strftime("%Y").alias("year"))
    return by_year.agg(pl.len(), pl.col("has_code").sum(), pl.col("github_stars").mean())


def _word_in_titles(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    found = scan("papers").filter(pl.col("title").str.contains(subjects["word"], literal=True))
    return found.sort("paper_id", descending=True).select("paper_id", "title").head(20)


def _word_in_abstracts(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    return scan("papers").filter(pl.col("abstract").str.contains(subjects["word"], literal=True)).select(pl.len())


def _korean_in_sections(scan: Scan, subjects: Subjects) -> pl.LazyFrame:
    found = scan("sections").filter(pl.col("markdown").str.contains(subjects["korean"], literal=True))
    return found.group_by("section").agg(pl.len())


QUESTIONS: dict[str, Question] = {
    "completeness_by_date": Question(
        "SELECT listing_date, status, listed_papers, complete_papers, "
        "100.0 * complete_papers / nullif(listed_papers, 0) FROM days",
        _completeness_by_date,
        "SELECT listing_date, CASE WHEN bool_or(status = 'pending') THEN 'partial' ELSE 'published' END, "
        "count(*), count(*) FILTER (WHERE status = 'complete'), "
        "100.0 * count(*) FILTER (WHERE status = 'complete') / count(*) "
        "FROM day_files WHERE listed GROUP BY listing_date",
    ),
    "months": Question(
        "SELECT strftime('%Y-%m', listing_date), count(*), count(*) FILTER (WHERE NOT is_complete), sum(upvotes) "
        "FROM listings WHERE is_listed GROUP BY 1",
        _months,
        "SELECT strftime('%Y-%m', listing_date), count(*), count(*) FILTER (WHERE status <> 'complete'), sum(upvotes) "
        "FROM day_files WHERE listed GROUP BY 1",
    ),
    "quarantine_by_reason": Question(
        "SELECT status, reason, count(*) FROM quarantine GROUP BY status, reason",
        _quarantine_by_reason,
        "SELECT status, reason, count(*) FROM "
        "(SELECT status, unnest(reasons) AS reason FROM day_files WHERE listed) GROUP BY status, reason",
    ),
    "top_authors": Question(
        "SELECT author, count(*) AS papers FROM authors GROUP BY author ORDER BY papers DESC, author LIMIT 20",
        _top_authors,
        f"SELECT author, count(*) AS papers FROM (SELECT unnest(authors) AS author FROM ({_newest('authors')})) "
        "GROUP BY author ORDER BY papers DESC, author LIMIT 20",
    ),
    "papers_of_an_author": Question(
        "SELECT a.paper_id, p.title FROM authors a JOIN papers p ON p.paper_id = a.paper_id WHERE a.author = $author",
        _papers_of_an_author,
        "SELECT paper_id, arg_max(title, listing_date) FROM day_files WHERE list_contains(authors, $author) "
        "GROUP BY paper_id",
    ),
    "rising_keywords": Question(
        "SELECT keyword, count(*) FILTER (WHERE listing_date >= $week) AS this_week, "
        "count(*) FILTER (WHERE listing_date < $week) AS last_week, "
        "count(*) FILTER (WHERE listing_date >= $week) - count(*) FILTER (WHERE listing_date < $week) AS rise "
        "FROM (SELECT DISTINCT l.listing_date, l.paper_id, lower(k.keyword) AS keyword FROM listings l "
        "JOIN keywords k ON k.paper_id = l.paper_id WHERE l.listing_date >= $week_before AND l.is_listed) AS uses "
        "GROUP BY keyword ORDER BY rise DESC, keyword LIMIT 20",
        _rising_keywords,
        "SELECT keyword, count(*) FILTER (WHERE listing_date >= $week) AS this_week, "
        "count(*) FILTER (WHERE listing_date < $week) AS last_week, this_week - last_week AS rise "
        "FROM (SELECT DISTINCT listing_date, paper_id, lower(unnest(keywords)) AS keyword FROM day_files "
        "WHERE listing_date >= $week_before AND listed) GROUP BY keyword ORDER BY rise DESC, keyword LIMIT 20",
    ),
    "keywords_by_year": Question(
        "SELECT strftime('%Y', l.listing_date) AS of_year, lower(k.keyword) AS word, count(*) AS uses FROM keywords k "
        "JOIN listings l ON l.paper_id = k.paper_id WHERE l.is_listed "
        "GROUP BY of_year, word ORDER BY uses DESC, of_year, word LIMIT 20",
        _keywords_by_year,
        "SELECT strftime('%Y', listing_date) AS of_year, lower(keyword) AS word, count(*) AS uses FROM "
        "(SELECT listing_date, unnest(keywords) AS keyword FROM day_files WHERE listed) "
        "GROUP BY of_year, word ORDER BY uses DESC, of_year, word LIMIT 20",
    ),
    "top_papers": Question(
        "SELECT l.listing_date, l.paper_id, l.upvotes, p.title, s.title_ko FROM listings l "
        "JOIN summaries s ON s.listing_date = l.listing_date AND s.paper_id = l.paper_id "
        "JOIN papers p ON p.paper_id = l.paper_id WHERE l.is_listed "
        "ORDER BY l.upvotes DESC, l.paper_id, l.listing_date LIMIT 20",
        _top_papers,
        "SELECT listing_date, paper_id, upvotes, title, title_ko FROM day_files WHERE listed AND status = 'complete' "
        "ORDER BY upvotes DESC, paper_id, listing_date LIMIT 20",
    ),
    "organizations_by_votes": Question(
        "SELECT o.organization, count(*), sum(l.upvotes) AS votes FROM listings l "
        "JOIN organizations o ON o.paper_id = l.paper_id WHERE l.is_listed "
        "GROUP BY o.organization ORDER BY votes DESC, o.organization LIMIT 20",
        _organizations_by_votes,
        "SELECT organization, count(*), sum(upvotes) AS votes FROM day_files WHERE listed AND organization IS NOT NULL "
        "GROUP BY organization ORDER BY votes DESC, organization LIMIT 20",
    ),
    "section_lengths": Question(
        "SELECT section, basis, count(*), avg(characters), max(characters) FROM sections GROUP BY section, basis",
        _section_lengths,
        "SELECT section, basis, count(*), avg(length(markdown)), max(length(markdown)) "
        f"FROM ({_SECTIONS_OF_DAY_FILES}) GROUP BY section, basis",
    ),
    "quotes_by_section": Question(
        "SELECT section, count(*), avg(length(quote)) FROM quotes GROUP BY section",
        _quotes_by_section,
        "SELECT section, count(*), avg(length(quote)) FROM "
        f"(SELECT section, unnest(quotes) AS quote FROM ({_SECTIONS_OF_DAY_FILES})) GROUP BY section",
    ),
    "results_by_dataset": Question(
        "SELECT dataset, count(*) AS figures, count(DISTINCT paper_id) FROM results WHERE dataset <> '' "
        "GROUP BY dataset ORDER BY figures DESC, dataset LIMIT 20",
        _results_by_dataset,
        "SELECT figure.dataset AS of_set, count(*) AS figures, count(DISTINCT paper_id) FROM "
        "(SELECT paper_id, unnest(results_rows) AS figure FROM day_files WHERE status = 'complete') "
        "WHERE figure.dataset <> '' GROUP BY of_set ORDER BY figures DESC, of_set LIMIT 20",
    ),
    "cost_by_month": Question(
        "SELECT strftime('%Y-%m', listing_date), model, count(DISTINCT paper_id), sum(cost_usd), "
        "sum(cost_usd) / count(DISTINCT paper_id) FROM calls GROUP BY 1, 2",
        _cost_by_month,
    ),
    "listed_twice": Question(
        "SELECT paper_id, min(listing_date), max(listing_date), count(*) FROM listings WHERE is_listed "
        "GROUP BY paper_id HAVING count(*) > 1 ORDER BY paper_id DESC LIMIT 100",
        _listed_twice,
        "SELECT paper_id, min(listing_date), max(listing_date), count(*) FROM day_files WHERE listed "
        "GROUP BY paper_id HAVING count(*) > 1 ORDER BY paper_id DESC LIMIT 100",
    ),
    "votes_of_a_paper": Question(
        "SELECT listing_date, observed_at, upvotes, comments FROM votes WHERE paper_id = $paper_id",
        _votes_of_a_paper,
    ),
    "summary_of_a_paper": Question(
        "SELECT s.listing_date, p.title, s.section, s.basis, s.markdown FROM sections s "
        "JOIN papers p ON p.paper_id = s.paper_id WHERE s.paper_id = $paper_id",
        _summary_of_a_paper,
        f"SELECT s.listing_date, p.title, s.section, s.basis, s.markdown FROM ({_SECTIONS_OF_DAY_FILES}) s "
        f"JOIN ({_newest('title')}) p ON p.paper_id = s.paper_id WHERE s.paper_id = $paper_id",
    ),
    "papers_of_a_date": Question(
        "SELECT l.paper_id, l.upvotes, p.title, s.title_ko FROM listings l "
        "JOIN summaries s ON s.listing_date = l.listing_date AND s.paper_id = l.paper_id "
        "JOIN papers p ON p.paper_id = l.paper_id WHERE l.listing_date = $day AND l.is_listed",
        _papers_of_a_date,
        "SELECT paper_id, upvotes, title, title_ko FROM day_files "
        "WHERE listing_date = $day AND listed AND status = 'complete'",
    ),
    "code_by_year": Question(
        "SELECT strftime('%Y', listing_date), count(*), count(*) FILTER (WHERE has_code), avg(github_stars) "
        "FROM papers GROUP BY 1",
        _code_by_year,
        "SELECT strftime('%Y', listing_date), count(*), count(github_repository), avg(github_stars) FROM "
        "(SELECT max(listing_date) AS listing_date, arg_max(github_repository, listing_date) AS github_repository, "
        "arg_max(github_stars, listing_date) AS github_stars FROM day_files GROUP BY paper_id) "
        "GROUP BY 1",
    ),
    "word_in_titles": Question(
        "SELECT paper_id, title FROM papers WHERE instr(title, $word) > 0 ORDER BY paper_id DESC LIMIT 20",
        _word_in_titles,
        "SELECT paper_id, arg_max(title, listing_date) FROM day_files WHERE instr(title, $word) > 0 "
        "GROUP BY paper_id ORDER BY paper_id DESC LIMIT 20",
    ),
    "word_in_abstracts": Question(
        "SELECT count(*) FROM papers WHERE instr(abstract, $word) > 0",
        _word_in_abstracts,
        "SELECT count(DISTINCT paper_id) FROM day_files WHERE instr(abstract, $word) > 0",
    ),
    "korean_in_sections": Question(
        "SELECT section, count(*) FROM sections WHERE instr(markdown, $korean) > 0 GROUP BY section",
        _korean_in_sections,
        f"SELECT section, count(*) FROM ({_SECTIONS_OF_DAY_FILES}) WHERE instr(markdown, $korean) > 0 GROUP BY section",
    ),
}
"""The questions by name."""
