"""The audit's suite in Great Expectations: the row checks as expectations, and the rules of a whole day.

Importing this module loads Great Expectations (seconds): do it inside the task.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core.batch import Batch
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration

from daily_papers.checks import ROW_CHECKS, findings
from daily_papers.errors import DayRefusedError
from daily_papers.reasons import DAY_REASONS, WARNINGS, Reason

ROW_KEY = ["listing_date", "paper_id"]
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ROW_KEY,
    "exclude_unexpected_values": True,  # no section text in results
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


class PaperRowReasons(TableMetricProvider):  # type: ignore[misc]  # Great Expectations is untyped here
    """The reasons of every row, computed once and shared by all row expectations."""

    metric_name = "paper_row.reasons"
    value_keys = ()

    @metric_value(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # Great Expectations passes the class
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],  # noqa: ARG002
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> pd.Series[Any]:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        reasons = [frozenset(findings(row)) for row in frame.to_dict("records")]
        return pd.Series(reasons, index=frame.index, dtype=object)


class PaperRowHasNot(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Whether each row is free of one reason."""

    condition_metric_name = "paper_row.has_not"
    condition_value_keys = ("reason",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, reason: str, **kwargs: Any) -> pd.Series[bool]:  # noqa: N805
        reasons = kwargs["_metrics"][PaperRowReasons.metric_name].loc[column_list.index]
        free: pd.Series[bool] = reasons.map(lambda found: reason not in found).astype(bool)
        return free

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,
        execution_engine: Any = None,
        runtime_configuration: Any = None,
    ) -> dict[str, MetricConfiguration]:
        dependencies: dict[str, MetricConfiguration] = super()._get_evaluation_dependencies(
            metric=metric,
            configuration=configuration,
            execution_engine=execution_engine,
            runtime_configuration=runtime_configuration,
        )
        if metric.metric_name == f"{cls.condition_metric_name}.condition":
            row_domain = ("column_list", "ignore_row_if")
            domain = {key: value for key, value in metric.metric_domain_kwargs.items() if key not in row_domain}
            name = PaperRowReasons.metric_name
            dependencies[name] = MetricConfiguration(name, domain, None)
        return dependencies


class ExpectPaperRowsNotToHaveReason(MulticolumnMapExpectation):  # type: ignore[misc]
    """No row fails the check of `reason`."""

    reason: str
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "paper_row.has_not"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "reason")
    args_keys: ClassVar[tuple[str, ...]] = ("column_list", "reason")


def _suite(listing_date: date, listed_ids: Sequence[str]) -> gx.ExpectationSuite:
    """Rules of the day (their failure refuses it) and one expectation a row reason (its failure marks the row)."""
    day_rules = [
        gxe.ExpectTableRowCountToEqual(
            value=len(listed_ids), severity="critical", meta={"reason": Reason.PAPER_UNACCOUNTED.value}
        ),
        gxe.ExpectColumnDistinctValuesToEqualSet(
            column="paper_id",
            value_set=sorted(listed_ids),
            severity="critical",
            meta={"reason": Reason.PAPER_UNACCOUNTED.value},
        ),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=ROW_KEY,
            ignore_row_if="never",
            severity="critical",
            meta={"reason": Reason.PAPER_DUPLICATED.value},
        ),
    ]
    row_rules = [
        ExpectPaperRowsNotToHaveReason(
            column_list=ROW_KEY,
            reason=reason.value,
            severity="warning" if reason in WARNINGS else "critical",
            meta={"reason": reason.value},
        )
        for reason in ROW_CHECKS
    ]
    suite = gx.ExpectationSuite(name=f"day-{listing_date}")
    for expectation in (*day_rules, *row_rules):
        suite.add_expectation(expectation)
    return suite


def validate_day(
    listing_date: date, rows: Sequence[dict[str, Any]], listed_ids: Sequence[str]
) -> tuple[set[Reason], dict[str, set[Reason]]]:
    """Runs the suite over the staged rows of a date.

    Returns:
        Reasons to refuse the day, and for every paper id with findings their reasons, warnings included.

    Raises:
        DayRefusedError: an expectation could not be evaluated at all.
    """
    batch = _batch(rows)
    outcome = batch.validate(_suite(listing_date, listed_ids), result_format=_RESULT_FORMAT)
    day_reasons: set[Reason] = set()
    row_reasons: dict[str, set[Reason]] = {}
    for result in outcome.results:
        if problems := _evaluation_problems(result):
            raise DayRefusedError(f"The audit of {listing_date} could not be evaluated: {'; '.join(problems)}")
        reason = Reason(result.expectation_config.meta["reason"])
        if result.success:
            continue
        if reason in DAY_REASONS:
            day_reasons.add(reason)
        else:
            for paper_id in _failing_ids(result):
                row_reasons.setdefault(paper_id, set()).add(reason)
    return day_reasons, row_reasons


def _batch(rows: Sequence[dict[str, Any]]) -> Batch:
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    columns = list(rows[0]) if rows else ROW_KEY
    frame = pd.DataFrame(list(rows), columns=columns, dtype=object)  # object: pandas would turn None into nan
    asset = context.data_sources.pandas_default.add_dataframe_asset("staged_rows")
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})


def _failing_ids(result: ExpectationValidationResult) -> list[str]:
    ids: list[str] = []
    for entry in result.result.get("unexpected_index_list") or []:
        named = entry["paper_id"]
        ids.extend(named if isinstance(named, list) else [named])
    return ids


def _evaluation_problems(result: ExpectationValidationResult) -> list[str]:
    """Messages of exceptions inside an expectation: Great Expectations reports them as plain failures."""
    info = result.exception_info or {}
    if "raised_exception" in info:
        return [str(info["exception_message"])] if info["raised_exception"] else []
    return sorted({str(problem["exception_message"]) for problem in info.values()})
