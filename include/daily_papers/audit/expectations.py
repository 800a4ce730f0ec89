"""The audit's own kinds of expectations: a row check, and a rule about a day, with how Data Docs show them.

Importing this module loads Great Expectations (seconds): do it inside the task.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    BatchExpectation,
    MulticolumnMapExpectation,
    render_suite_parameter_string,
)
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.render import (
    LegacyDiagnosticRendererType,
    LegacyRendererType,
    RenderedStringTemplateContent,
)
from great_expectations.render.renderer.renderer import renderer
from great_expectations.validator.metric_configuration import MetricConfiguration

from daily_papers.checks.day_rules import DayMeasures, DayRule, measure_day
from daily_papers.checks.row_checks import findings
from daily_papers.reasons import Reason, text_of

ROW_KEY = ["listing_date", "paper_id"]
ROW = "row"
"""The column that holds the staged rows themselves."""


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
        reasons = [frozenset(findings(row)) for row in frame[ROW]]
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
            dependencies |= _row_reasons(metric)
        return dependencies


def _row_reasons(metric: MetricConfiguration) -> dict[str, MetricConfiguration]:
    """The reasons of the rows that a metric looks at, as what it depends on."""
    row_domain = ("column_list", "ignore_row_if")
    domain = {key: value for key, value in metric.metric_domain_kwargs.items() if key not in row_domain}
    return {PaperRowReasons.metric_name: MetricConfiguration(PaperRowReasons.metric_name, domain, None)}


class PaperDayMeasures(TableMetricProvider):  # type: ignore[misc]
    """The figures of the day, from the reasons that the row expectations use."""

    metric_name = "paper_day.measures"
    value_keys = ()

    @metric_value(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],  # noqa: ARG002
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> DayMeasures:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        return measure_day(list(frame[ROW]), list(metrics[PaperRowReasons.metric_name]))

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,  # noqa: ARG003
        execution_engine: Any = None,  # noqa: ARG003
        runtime_configuration: Any = None,  # noqa: ARG003
    ) -> dict[str, MetricConfiguration]:
        return _row_reasons(metric)


class ExpectPaperRowsNotToHaveReason(MulticolumnMapExpectation):  # type: ignore[misc]
    """No row fails the check of `reason`."""

    reason: str
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "paper_row.has_not"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "reason")
    args_keys: ClassVar[tuple[str, ...]] = ("column_list", "reason")

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)  # type: ignore[untyped-decorator]
    @render_suite_parameter_string  # type: ignore[untyped-decorator]
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None, **_: Any
    ) -> list[RenderedStringTemplateContent]:
        configuration = configuration or result.expectation_config
        reason = configuration.kwargs["reason"]
        return _sentence("No row is $reason: $meaning", runtime_configuration, reason=reason)

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_STATEMENT)  # type: ignore[untyped-decorator]
    def _diagnostic_unexpected_statement_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None, **_: Any
    ) -> list[RenderedStringTemplateContent]:
        del configuration
        if result is None or result.success:
            return []
        reason = result.expectation_config.kwargs["reason"]
        papers = ", ".join(failing_ids(result))
        return _sentence("Papers: $papers", runtime_configuration, reason=reason, papers=papers)


class ExpectPaperDayMeasureToBeBetween(BatchExpectation):  # type: ignore[misc]
    """A figure of the day keeps to its bounds (see `DayRule`)."""

    reason: str
    measure: str
    least: float | None = None
    most: float | None = None
    metric_dependencies: ClassVar[tuple[str, ...]] = (PaperDayMeasures.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("reason", "measure", "least", "most")
    args_keys: ClassVar[tuple[str, ...]] = ("reason", "measure", "least", "most")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: Any = None,  # noqa: ARG002
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        measures: DayMeasures = metrics[PaperDayMeasures.metric_name]
        rule = DayRule(Reason(self.reason), self.measure, self.least, self.most)
        return {"success": rule.holds(measures), "result": {"observed_value": measures.value(self.measure)}}

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)  # type: ignore[untyped-decorator]
    @render_suite_parameter_string  # type: ignore[untyped-decorator]
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None, **_: Any
    ) -> list[RenderedStringTemplateContent]:
        bounds = (configuration or result.expectation_config).kwargs
        values = {name: "-" if bounds.get(name) is None else f"{bounds[name]:.2f}" for name in ("least", "most")}
        return _sentence(
            "$measure is between $least and $most; else $reason: $meaning",
            runtime_configuration,
            reason=bounds["reason"],
            measure=bounds["measure"],
            **values,
        )


def _sentence(
    template: str, runtime_configuration: Any, *, reason: str, **values: str
) -> list[RenderedStringTemplateContent]:
    values = {"reason": reason, "meaning": text_of(reason).english, **values}
    styling = (runtime_configuration or {}).get("styling") or {}  # None would lose the page
    content = {"template": template, "params": values, "styling": styling}
    return [RenderedStringTemplateContent(content_block_type="string_template", string_template=content)]


def failing_ids(result: ExpectationValidationResult) -> list[str]:
    """Ids of the papers whose rows failed an expectation."""
    ids: list[str] = []
    for entry in result.result.get("unexpected_index_list") or []:
        named = entry["paper_id"]
        ids.extend(named if isinstance(named, list) else [named])
    return ids
