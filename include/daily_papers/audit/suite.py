"""The audit's suite: one expectation for every rule about a day and every reason of a row, run in Great Expectations.

Importing this module loads Great Expectations (seconds): do it inside the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core.batch import Batch
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.expectations.expectation import Expectation

from daily_papers.audit.audit_record import Outcome
from daily_papers.audit.expectations import (
    ROW,
    ROW_KEY,
    ExpectPaperDayMeasureToBeBetween,
    ExpectPaperRowsNotToHaveReason,
    failing_ids,
)
from daily_papers.checks.day_rules import DayMeasures, day_rules
from daily_papers.checks.row_checks import findings
from daily_papers.errors import DayRefusedError
from daily_papers.reasons import ROW_REASONS, Reason, Scope, Severity, text_of
from daily_papers.rows.staged_row import StagedRow

RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ROW_KEY,
    "exclude_unexpected_values": True,  # no section text in results
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass
class Validation:
    """What the suite found: reasons to refuse the day, the reasons of every row with findings (by paper id, warnings
    included), and every expectation with its outcome."""

    day_reasons: set[Reason] = field(default_factory=set)
    row_reasons: dict[str, set[Reason]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def expectations_of(listed_ids: Sequence[str], history: Sequence[DayMeasures]) -> Iterator[Expectation]:
    """All expectations of a day that lists these papers, after days with these figures."""
    yield gxe.ExpectTableRowCountToEqual(value=len(listed_ids), **_about(Reason.PAPER_UNACCOUNTED))
    yield gxe.ExpectColumnDistinctValuesToEqualSet(
        column="paper_id", value_set=sorted(listed_ids), **_about(Reason.PAPER_UNACCOUNTED)
    )
    yield gxe.ExpectCompoundColumnsToBeUnique(
        column_list=ROW_KEY, ignore_row_if="never", **_about(Reason.PAPER_DUPLICATED)
    )
    yield gxe.ExpectColumnValuesToBeNull(column="lost_input", **_about(Reason.INPUTS_LOST))
    for reason in ROW_REASONS:
        yield ExpectPaperRowsNotToHaveReason(reason=reason.value, **_about(reason))
    for rule in day_rules(history):
        yield ExpectPaperDayMeasureToBeBetween(
            reason=rule.reason.value, measure=rule.measure, least=rule.least, most=rule.most, **_about(rule.reason)
        )


def _about(reason: Reason) -> dict[str, Any]:
    return {"severity": text_of(reason).severity.value, "meta": {"reason": reason.value}}


def day_suite(listing_date: date, expectations: Iterable[Expectation]) -> gx.ExpectationSuite:
    """The suite of a date's partition."""
    # not one by one: add_expectation compares each with all before it, a fifth of an audit's time
    return gx.ExpectationSuite(name=f"day-{listing_date}", expectations=list(expectations))


def validate_day(
    listing_date: date,
    rows: Sequence[StagedRow],
    listed_ids: Sequence[str],
    history: Sequence[DayMeasures] = (),
) -> Validation:
    """Runs the suite over the staged rows of a date.

    Raises:
        DayRefusedError: an expectation could not be evaluated at all.
    """
    return validate(listing_date, rows, expectations_of(listed_ids, history))


def validate(listing_date: date, rows: Sequence[StagedRow], expectations: Iterable[Expectation]) -> Validation:
    """`validate_day` with expectations of one's own choice."""
    batch = _batch(rows)
    suite = day_suite(listing_date, expectations)
    validation = Validation()
    for result in batch.validate(suite, result_format=RESULT_FORMAT).results:
        if problems := _evaluation_problems(result):
            raise DayRefusedError(f"The audit of {listing_date} could not be evaluated: {'; '.join(problems)}")
        _note(validation, result)
    if broken := _broken_for_all(validation, rows):
        raise DayRefusedError(f"The audit of {listing_date} could not be evaluated: {broken}")
    return validation


def _broken_for_all(validation: Validation, rows: Sequence[StagedRow]) -> str:
    """What is wrong where a check raises on every paper of several: it is the check then, and not a paper; else ""."""
    answered = [row for row in rows if row.answered]
    failed = [row for row in answered if Reason.CHECK_FAILED in validation.row_reasons.get(row.paper_id, ())]
    if len(answered) < 2 or len(failed) < len(answered):
        return ""
    return "; ".join(sorted({finding.detail for row in failed for finding in findings(row)[Reason.CHECK_FAILED]}))


def _note(validation: Validation, result: ExpectationValidationResult) -> None:
    reason = Reason(result.expectation_config.meta["reason"])
    text, kwargs = text_of(reason), result.expectation_config.kwargs
    failing = failing_ids(result) if text.scope is Scope.ROW else None
    observed = result.result.get("observed_value")
    validation.outcomes.append(
        Outcome(
            expectation=result.expectation_config.type + (f" {kwargs['measure']}" if "measure" in kwargs else ""),
            reason=reason,
            severity=text.severity,
            met=bool(result.success),
            failing_rows=None if failing is None else len(failing),
            observed=float(observed) if isinstance(observed, int | float) else None,
            least=kwargs.get("least", kwargs.get("value")),
            most=kwargs.get("most", kwargs.get("value")),
        )
    )
    for paper_id in failing or ():
        validation.row_reasons.setdefault(paper_id, set()).add(reason)
    if text.scope is Scope.DAY and text.severity is Severity.CRITICAL and not result.success:
        validation.day_reasons.add(reason)


def _batch(rows: Sequence[StagedRow]) -> Batch:
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.pandas_default.add_dataframe_asset("staged_rows")
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame_of(rows)})


def frame_of(rows: Sequence[StagedRow]) -> pd.DataFrame:
    """Staged rows as the frame that the suite looks at: what its own expectations need, and the rows themselves."""
    columns = {
        "listing_date": [row.listing_date for row in rows],
        "paper_id": [row.paper_id for row in rows],
        "lost_input": [row.lost_input for row in rows],
        ROW: list(rows),
    }
    return pd.DataFrame(columns, dtype=object)  # object: pandas would turn None into nan


def _evaluation_problems(result: ExpectationValidationResult) -> list[str]:
    """Messages of exceptions inside an expectation: Great Expectations reports them as plain failures."""
    info = result.exception_info or {}
    if "raised_exception" in info:
        return [str(info["exception_message"])] if info["raised_exception"] else []
    return sorted({str(problem["exception_message"]) for problem in info.values()})
