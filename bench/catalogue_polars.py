"""The queries of the catalogue in polars, lazily over the tables of the warehouse as Parquet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import polars as pl
from polars import col

from bench.dataset_names import OF_DATASETS, OF_OTHERS

Scan = Callable[[str], pl.LazyFrame]
Values = Mapping[str, Any]

_ONE_LISTING = ["listing_date", "paper_id"]
_MONTH = col("listing_date").dt.truncate("1mo").alias("month")
_NAMES_DATASET = col("dataset").str.contains(OF_DATASETS) | ~pl.any_horizontal(
    col("dataset").str.contains(pattern) for pattern in OF_OTHERS
)
_UNGROUNDED = ("number_not_in_source", "name_not_in_source", "quote_not_in_source")


def _in_period(values: Values) -> pl.Expr:
    return col("listing_date").is_between(values["first_date"], values["last_date"])


def _rounded(figure: pl.Expr, digits: int) -> pl.Expr:
    return figure.round(digits, mode="half_away_from_zero")


def _percent(part: pl.Expr, whole: pl.Expr, digits: int = 1) -> pl.Expr:
    return _rounded(pl.when(whole > 0).then(100.0 * part / whole), digits)


def _distinct(column: str, where: pl.Expr | None = None) -> pl.Expr:
    """How many values a column has; null is none."""
    values = col(column) if where is None else col(column).filter(where)
    return values.drop_nulls().n_unique()


def _listed(scan: Scan, values: Values) -> pl.LazyFrame:
    return scan("listings").filter(col("is_listed"), _in_period(values))


def _listed_papers(scan: Scan, values: Values) -> pl.LazyFrame:
    return _listed(scan, values).group_by("paper_id").agg(col("upvotes").max(), col("listing_date").max())


def _newest(scan: Scan, values: Values) -> pl.LazyFrame:
    """The newest summary of each paper in a period."""
    summaries = scan("summaries").filter(_in_period(values))
    still_listed = summaries.join(_listed(scan, values), on=_ONE_LISTING, how="semi")
    return still_listed.filter(col("listing_date") == col("listing_date").max().over("paper_id"))


def _top(frame: pl.LazyFrame, values: Values, falling: list[str], rising: list[str]) -> pl.LazyFrame:
    descending = [True] * len(falling) + [False] * len(rising)
    return frame.sort([*falling, *rising], descending=descending, nulls_last=True).limit(values["most"])


def _audit_findings(scan: Scan, values: Values) -> pl.LazyFrame:
    return (
        scan("findings")
        .filter(_in_period(values))
        .group_by("reason", "severity")
        .agg(
            findings=pl.len(),
            papers=_distinct("paper_id"),
            set_aside=_distinct("paper_id", col("is_set_aside")),
            part=col("part").mode().first(),
        )
        .sort("findings", "reason", descending=[True, False])
    )


def _code_availability(scan: Scan, values: Values) -> pl.LazyFrame:
    return (
        _listed(scan, values)
        .group_by(_MONTH, "paper_id")
        .agg(col("upvotes").max())
        .join(scan("papers").select("paper_id", "has_code"), on="paper_id")
        .group_by("month")
        .agg(
            papers=pl.len(),
            code_percent=_percent(col("has_code").sum(), pl.len()),
            with_code=col("upvotes").filter(col("has_code")).median(),
            without_code=col("upvotes").filter(~col("has_code")).median(),
        )
        .sort("month", descending=True)
    )


def _completeness_by_model(scan: Scan, values: Values) -> pl.LazyFrame:
    kind = ["model", "prompt_version"]
    summaries = scan("summaries").select("paper_id", *kind, "is_approved", is_complete=True)
    complete = col("is_complete").is_not_null()
    repairs = _distinct("request_key", complete & col("repairs_request").is_not_null())
    papers = _distinct("paper_id", complete)
    return (
        scan("calls")
        .filter(col("is_answered"), _in_period(values))
        .join(summaries, on=["paper_id", *kind], how="left")
        .group_by(kind)
        .agg(
            answered_papers=_distinct("paper_id"),
            complete_papers=papers,
            approved_papers=_distinct("paper_id", col("is_approved")),
            complete_percent=_percent(papers, _distinct("paper_id")),
            repairs_a_paper=_rounded(pl.when(papers > 0).then(repairs / papers), 2),
        )
        .sort("answered_papers", *kind, descending=[True, False, False])
    )


def _completeness_per_day(scan: Scan, values: Values) -> pl.LazyFrame:
    columns = ("listed_papers", "complete_papers", "quarantined_papers", "pending_papers")
    percent = _percent(col("complete_papers"), col("listed_papers"))
    days = scan("days").filter(_in_period(values)).sort("listing_date", descending=True)
    return days.select("listing_date", "status", *columns, percent.alias("complete_percent"))


def _cost_per_month(scan: Scan, values: Values) -> pl.LazyFrame:
    complete = _listed(scan, values).filter(col("is_complete")).group_by(_MONTH).agg(complete=_distinct("paper_id"))
    cost = pl.when(col("cost_usd").count() > 0).then(col("cost_usd").sum())
    return (
        scan("calls")
        .filter(_in_period(values))
        .group_by(_MONTH)
        .agg(
            calls=pl.len(),
            answers=col("is_answered").sum(),
            input_tokens=col("input_tokens").sum(),
            cached_percent=_percent(col("cached_input_tokens").sum(), col("input_tokens").sum()),
            output_tokens=col("output_tokens").sum(),
            cost=cost,
        )
        .join(complete, on="month", how="left")
        .select(
            "month", "calls", "answers", "input_tokens", "cached_percent", "output_tokens",
            _rounded(col("cost"), 6).alias("cost_usd"),
            _rounded(pl.when(col("complete") > 0).then(col("cost") / col("complete")), 6).alias("of_a_complete_paper"),
        )
        .sort("month", descending=True)
    )  # fmt: skip


def _cost_per_paper(scan: Scan, values: Values) -> pl.LazyFrame:
    summarized = scan("summaries").select("paper_id", "model", is_complete=True).unique()
    cost = pl.when(col("cost_usd").count() > 0).then(col("cost_usd").sum())
    asked, complete = _distinct("paper_id"), _distinct("paper_id", col("is_complete"))
    return (
        scan("calls")
        .filter(_in_period(values))
        .join(summarized, on=["paper_id", "model"], how="left")
        .group_by("model")
        .agg(
            calls=pl.len(),
            asked_papers=asked,
            complete_papers=complete,
            cost_usd=_rounded(cost, 6),
            usd_per_paper=_rounded(cost / asked, 6),
            usd_per_complete_paper=_rounded(pl.when(complete > 0).then(cost / complete), 6),
            tokens_per_paper=(col("input_tokens") + col("output_tokens")).sum() // asked,
        )
        .sort("model")
    )


def _coverage_gaps(scan: Scan, values: Values) -> pl.LazyFrame:
    first = pl.max_horizontal(pl.lit(values["first_date"]), col("listing_date").min())
    last = pl.min_horizontal(pl.lit(values["last_date"]), col("listing_date").max())
    remedies = {
        "partial": "run the date again, or let the refresh do it",
        "failed": "papers report DATE says what the audit refused",
    }
    days = scan("days")
    return (
        days.select(pl.date_range(first, last).alias("listing_date"))
        .join(days.select("listing_date", "status", "pending_papers"), on="listing_date", how="left")
        .with_columns(col("status").fill_null("missing"), col("pending_papers").fill_null(0))
        .filter(~col("status").is_in(["published", "empty"]))
        .select(
            "listing_date",
            col("listing_date").dt.strftime("%A").alias("weekday"),
            "status",
            "pending_papers",
            col("status").replace_strict(remedies, default="run the date, or a backfill").alias("remedy"),
        )
        .sort("listing_date", descending=True)
    )


def _days_from_arxiv(scan: Scan, values: Values) -> pl.LazyFrame:
    listings = scan("listings").filter(col("listing_problem").is_null())
    days = (col("listing_date") - col("published_at").dt.date()).dt.total_days()
    return (
        listings.group_by("paper_id")
        .agg(col("listing_date").min())
        .filter(_in_period(values))
        .join(scan("papers").select("paper_id", "published_at"), on="paper_id")
        .select(_MONTH, days.alias("days"))
        .group_by("month")
        .agg(
            papers=pl.len(),
            median_days=col("days").median(),
            within_3_days=_percent((col("days") <= 3).sum(), pl.len()),
            most_days=col("days").max(),
        )
        .sort("month", descending=True)
    )


def _keyword_trend(scan: Scan, values: Values) -> pl.LazyFrame:
    pattern = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in values["keyword"])
    is_met = col("keyword").str.to_lowercase().str.contains(f"(?s)^{pattern}$")
    met = scan("keywords").filter(is_met).select("paper_id", has_keyword=True).unique()
    with_keywords = scan("papers").filter(col("has_keywords")).select("paper_id")
    has = col("has_keyword").fill_null(value=False)
    return (
        scan("listings")
        .filter(col("is_listed"))
        .join(with_keywords, on="paper_id", how="semi")
        .group_by(_MONTH, "paper_id")
        .agg(col("upvotes").max())
        .join(met, on="paper_id", how="left")
        .group_by("month")
        .agg(papers=has.sum(), percent=_percent(has.sum(), pl.len(), 2), upvotes=col("upvotes").filter(has).sum())
        .filter(col("papers") > 0)
        .sort("month", descending=True)
    )


def _late_papers(scan: Scan, values: Values) -> pl.LazyFrame:
    looks = scan("observations").filter(col("outcome") == "listed")
    first_looks = looks.group_by("listing_date").agg(first_look=col("observed_at").min())
    return (
        scan("listings")
        .filter(_in_period(values))
        .join(first_looks, on="listing_date")
        .filter(col("first_seen_at") > col("first_look"))
        .join(scan("papers").select("paper_id", "title"), on="paper_id")
        .sort("listing_date", "first_seen_at", "paper_id", descending=[True, False, False])
        .select("listing_date", "paper_id", "title", col("first_seen_at") - col("first_look"), "upvotes")
    )


def _models_by_grounding(scan: Scan, values: Values) -> pl.LazyFrame:
    summarized = (
        _newest(scan, values)
        .group_by("model")
        .agg(
            summaries=pl.len(),
            full_text_percent=_percent(col("has_full_text").sum(), pl.len()),
            stated_percent=_percent(col("stated_sections").sum(), 7 * pl.len()),
            quotes=_rounded(col("quote_count").mean(), 1),
            figures=_rounded(col("result_count").mean(), 1),
            repairs=_rounded(col("repairs").mean(), 2),
        )
    )
    ungrounded = (
        scan("quarantine")
        .filter(_in_period(values), col("reason").is_in(_UNGROUNDED))
        .group_by("model")
        .agg(ungrounded_papers=_distinct("paper_id"))
    )
    return (
        summarized.join(ungrounded, on="model", how="full", coalesce=True)
        .with_columns(col("summaries", "ungrounded_papers").fill_null(0))
        .sort("summaries", "model", descending=[True, False])
    )


def _papers_listed_twice(scan: Scan, values: Values) -> pl.LazyFrame:
    return (
        scan("listings")
        .filter(_in_period(values))
        .group_by("paper_id")
        .agg(
            dates=pl.len(),
            first_date=col("listing_date").min(),
            last_date=col("listing_date").max(),
            still_listed=col("is_listed").sum(),
        )
        .filter(col("dates") > 1)
        .join(scan("papers").select("paper_id", "title"), on="paper_id")
        .select("paper_id", "title", "dates", "first_date", "last_date", "still_listed")
        .sort("dates", "last_date", "paper_id", descending=[True, True, False])
    )


def _papers_per_day(scan: Scan, values: Values) -> pl.LazyFrame:
    votes = _listed(scan, values).group_by("listing_date").agg(all=col("upvotes").sum(), most=col("upvotes").max())
    return (
        scan("days")
        .filter(_in_period(values))
        .join(votes, on="listing_date", how="left")
        .select(
            "listing_date", col("listing_date").dt.strftime("%A").alias("weekday"), "listed_papers",
            col("all", "most").fill_null(0),
        )
        .sort("listing_date", descending=True)
    )  # fmt: skip


def _papers_that_left(scan: Scan, values: Values) -> pl.LazyFrame:
    listings = scan("listings")
    latest = pl.struct("first_seen_at", "listing_date").sort().last()
    there = (
        listings.filter(col("is_listed"))
        .group_by("paper_id")
        .agg(latest.alias("there"))
        .select(
            "paper_id",
            col("there").struct.field("first_seen_at").alias("there_since"),
            col("there").struct.field("listing_date").alias("now_listed_on"),
        )
    )
    what_happened = (
        pl.when(col("withdrawn_at").is_not_null())
        .then(pl.lit("withdrawn"))
        .when(col("there_since") > col("first_seen_at"))
        .then(pl.lit("moved"))
        .otherwise(pl.lit("gone"))
    )
    return (
        listings.filter(~col("is_listed"), _in_period(values))
        .join(there, on="paper_id", how="left")
        .join(scan("papers").select("paper_id", "title"), on="paper_id", how="left")
        .sort("listing_date", "paper_id", descending=[True, False])
        .select(
            "listing_date", "paper_id", "title", what_happened.alias("what_happened"), "now_listed_on", "last_seen_at"
        )
    )


def _quarantine_by_model(scan: Scan, values: Values) -> pl.LazyFrame:
    calls = scan("calls").filter(col("is_answered"), _in_period(values))
    answered = calls.group_by("model").agg(answered=_distinct("paper_id"))
    return (
        scan("quarantine")
        .filter(_in_period(values))
        .group_by("model", "reason")
        .agg(papers=_distinct("paper_id"))
        .join(answered, on="model", how="left")
        .select("model", "reason", "papers", _percent(col("papers"), col("answered"), 2).alias("percent"))
        .sort("papers", "model", "reason", descending=[True, False, False])
    )


def _quarantine_by_reason(scan: Scan, values: Values) -> pl.LazyFrame:
    listed = _listed(scan, values).select(listed=_distinct("paper_id"))
    return (
        scan("quarantine")
        .filter(_in_period(values))
        .group_by("reason")
        .agg(papers=_distinct("paper_id"), latest_date=col("listing_date").max(), remedy=col("remedy").first())
        .join(listed, how="cross")
        .select("reason", "papers", _percent(col("papers"), col("listed"), 2), "latest_date", "remedy")
        .sort("papers", "reason", descending=[True, False])
    )


def _reported_datasets(scan: Scan, values: Values) -> pl.LazyFrame:
    figures = (
        scan("results")
        .filter(col("dataset") != "", _NAMES_DATASET)
        .join(_newest(scan, values), on=_ONE_LISTING, how="semi")
        .with_columns(col("dataset", "metric").str.to_lowercase())
    )
    counted = figures.group_by("dataset").agg(papers=_distinct("paper_id"), figures=pl.len())
    named = (
        figures.filter(col("metric") != "")
        .group_by("dataset", "metric")
        .agg(times=pl.len())
        .sort("times", "metric", descending=[True, False])
        .group_by("dataset", maintain_order=True)
        .agg(metrics=col("metric").head(5))
    )
    top = _top(counted, values, ["papers", "figures"], ["dataset"])
    return top.join(named, on="dataset", how="left").with_columns(col("metrics").fill_null([]))


def _reported_metrics(scan: Scan, values: Values) -> pl.LazyFrame:
    counted = (
        scan("results")
        .filter(col("metric") != "")
        .join(_newest(scan, values), on=_ONE_LISTING, how="semi")
        .group_by(col("metric").str.to_lowercase())
        .agg(papers=_distinct("paper_id"), figures=pl.len(), with_baseline=(col("baseline") != "").sum())
    )
    return _top(counted, values, ["papers", "figures"], ["metric"])


def _reported_results(scan: Scan, values: Values) -> pl.LazyFrame:
    published = (
        scan("listings").filter(col("is_listed")).join(scan("papers").select("paper_id"), on="paper_id", how="semi")
    )
    figures = (
        scan("results")
        .filter(col("baseline") != "")
        .join(_newest(scan, values), on=_ONE_LISTING, how="semi")
        .join(published.select(*_ONE_LISTING, "upvotes"), on=_ONE_LISTING)
    )
    top = _top(figures, values, ["upvotes"], ["paper_id", "position"])
    return top.select("paper_id", "dataset", "metric", "value", "baseline")


def _rising_keywords(scan: Scan, values: Values) -> pl.LazyFrame:
    listed = scan("listings").filter(col("is_listed"))
    newest = pl.min_horizontal(pl.lit(values["week"]), col("listing_date").max())
    day, monday, week = col("listing_date"), col("monday"), timedelta(days=7)
    chosen = listed.select(monday=newest.dt.truncate("1w"))
    before = (
        scan("days")
        .filter(col("status").is_in(["published", "partial", "empty"]))
        .join(chosen, how="cross")
        .filter(day >= monday - week, day < monday)
        .select(is_whole=pl.len() == 7)
    )
    papers = (
        listed.join(chosen, how="cross")
        .filter(day >= monday - week, day < monday + week)
        .group_by("paper_id", is_now=day >= monday)
        .agg(col("upvotes").max())
    )
    return (
        scan("keywords")
        .select("paper_id", col("keyword").str.to_lowercase())
        .join(papers, on="paper_id")
        .unique(["paper_id", "keyword", "is_now"])
        .group_by("keyword")
        .agg(
            papers=col("is_now").sum().cast(pl.Int64),
            papers_before=(~col("is_now")).sum().cast(pl.Int64),
            upvotes=col("upvotes").filter(col("is_now")).sum(),
        )
        .filter(col("papers") >= values["least"])
        .join(before, how="cross")
        .with_columns(papers_before=pl.when("is_whole").then("papers_before"))
        .select("keyword", "papers", "papers_before", (col("papers") - col("papers_before")).alias("rise"), "upvotes")
        .pipe(_top, values, ["rise", "papers", "upvotes"], ["keyword"])
    )


def _runs_that_paid(scan: Scan, values: Values) -> pl.LazyFrame:
    runs = (
        scan("calls")
        .filter(col("run").is_not_null())
        .group_by("run", "listing_date")
        .agg(
            first_call_at=col("asked_at").min(),
            last_call_at=col("asked_at").max(),
            calls=pl.len(),
            answers=col("is_answered").sum(),
            papers=_distinct("paper_id"),
            cost_usd=_rounded(pl.when(col("cost_usd").count() > 0).then(col("cost_usd").sum()), 6),
        )
    )
    return _top(runs, values, ["last_call_at"], ["run", "listing_date"])


def _section_lengths(scan: Scan, values: Values) -> pl.LazyFrame:
    present = col("characters").filter(col("is_present"))

    def quantile_disc(percent: int) -> pl.Expr:
        rank = (present.len().cast(pl.Int64) * percent + 99) // 100
        return present.sort().get(pl.max_horizontal(rank, pl.lit(1)) - 1, null_on_oob=True)

    return (
        scan("sections")
        .select(*_ONE_LISTING, "position", "section", "is_present", "characters")
        .join(_newest(scan, values).select(*_ONE_LISTING, "model"), on=_ONE_LISTING)
        .group_by("section", "model", "position")
        .agg(
            sections=col("is_present").sum(),
            absent=(~col("is_present")).sum(),
            median_characters=present.median(),
            shortest=quantile_disc(10),
            longest=quantile_disc(90),
        )
        .sort("position", "model")
        .drop("position")
    )


def _top_authors(scan: Scan, values: Values) -> pl.LazyFrame:
    counted = (
        scan("authors")
        .select("paper_id", "author")
        .unique()
        .join(_listed_papers(scan, values), on="paper_id")
        .group_by("author")
        .agg(papers=pl.len(), votes=col("upvotes").sum(), latest_date=col("listing_date").max())
    )
    return _top(counted, values, ["papers", "votes"], ["author"])


def _top_organizations(scan: Scan, values: Values) -> pl.LazyFrame:
    counted = (
        scan("organizations")
        .join(_listed_papers(scan, values), on="paper_id")
        .join(scan("papers").select("paper_id", "has_code"), on="paper_id")
        .group_by("organization")
        .agg(
            papers=pl.len(),
            votes=col("upvotes").sum(),
            with_code=col("has_code").sum(),
            latest_date=col("listing_date").max(),
        )
    )
    return _top(counted, values, ["papers", "votes"], ["organization"])


def _top_papers(scan: Scan, values: Values) -> pl.LazyFrame:
    published = (
        _listed(scan, values)
        .join(scan("summaries").select(*_ONE_LISTING, "translated_title"), on=_ONE_LISTING)
        .join(scan("papers").select("paper_id"), on="paper_id", how="semi")
        .select(*_ONE_LISTING, "upvotes", "translated_title")
        .sort("upvotes", "listing_date", descending=[True, False])
        .unique("paper_id", keep="first", maintain_order=True)
    )
    return _top(published, values, ["upvotes"], ["paper_id"])


def _vote_dynamics(scan: Scan, values: Values) -> pl.LazyFrame:
    age = (col("observed_at") - col("first_seen_at")).dt.total_hours()
    steps = {1: "first look", 24: "under 24", 72: "under 72", 168: "under 168", 336: "under 336"}
    step = pl.coalesce([pl.when(age < hours).then(hours) for hours in steps] + [pl.lit(999)])
    listings = scan("listings").select(*_ONE_LISTING, "first_seen_at", last_upvotes="upvotes")
    share = (100.0 * col("upvotes") / col("last_upvotes")).filter(col("last_upvotes") > 0)
    return (
        scan("votes")
        .filter(_in_period(values))
        .join(listings, on=_ONE_LISTING)
        .group_by(step.alias("step"))
        .agg(
            papers=pl.struct(_ONE_LISTING).n_unique(),
            median_upvotes=col("upvotes").median(),
            percent_of_last=_rounded(share.median(), 1),
        )
        .sort("step")
        .with_columns(col("step").replace_strict(steps, default="336 and more", return_dtype=pl.String))
    )


def _vote_gains(scan: Scan, values: Values) -> pl.LazyFrame:
    first, last = (col("upvotes").sort_by("observed_at").get(which) for which in (0, -1))
    gains = (
        scan("votes")
        .filter(_in_period(values))
        .group_by(_ONE_LISTING)
        .agg(first_upvotes=first, votes=last, gained=last - first, looks=pl.len())
        .join(scan("papers").select("paper_id", "title"), on="paper_id")
        .select(*_ONE_LISTING, "title", "first_upvotes", "votes", "gained", "looks")
    )
    return _top(gains, values, ["gained", "votes"], ["paper_id", "listing_date"])


QUERIES: dict[str, Callable[[Scan, Values], pl.LazyFrame]] = {
    "audit_findings": _audit_findings,
    "code_availability": _code_availability,
    "completeness_by_model": _completeness_by_model,
    "completeness_per_day": _completeness_per_day,
    "cost_per_month": _cost_per_month,
    "cost_per_paper": _cost_per_paper,
    "coverage_gaps": _coverage_gaps,
    "days_from_arxiv": _days_from_arxiv,
    "keyword_trend": _keyword_trend,
    "late_papers": _late_papers,
    "models_by_grounding": _models_by_grounding,
    "papers_listed_twice": _papers_listed_twice,
    "papers_per_day": _papers_per_day,
    "papers_that_left": _papers_that_left,
    "quarantine_by_model": _quarantine_by_model,
    "quarantine_by_reason": _quarantine_by_reason,
    "reported_datasets": _reported_datasets,
    "reported_metrics": _reported_metrics,
    "reported_results": _reported_results,
    "rising_keywords": _rising_keywords,
    "runs_that_paid": _runs_that_paid,
    "section_lengths": _section_lengths,
    "top_authors": _top_authors,
    "top_organizations": _top_organizations,
    "top_papers": _top_papers,
    "vote_dynamics": _vote_dynamics,
    "vote_gains": _vote_gains,
}
"""The queries by name."""
