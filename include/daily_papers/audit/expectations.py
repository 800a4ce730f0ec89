"""The audit's own kinds of expectations: a row check, and a rule about a day, with how Data Docs show them.

Importing this module loads Great Expectations (seconds): do it inside the task.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, render_suite_parameter_string
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
RowReasons = list[tuple[dict[str, Any], frozenset[Reason]]]
"""Of each row its key (`ROW_KEY`) and what the checks found."""


class PaperRowReasons(TableMetricProvider):  # type: ignore[misc]  # Great Expectations is untyped here
    """Key and reasons of every row, computed once and shared by all expectations of ours."""

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
    ) -> RowReasons:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        reasons = [frozenset(findings(row)) for row in frame[ROW]]
        return list(zip(frame[ROW_KEY].to_dict("records"), reasons, strict=True))


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
        return measure_day(list(frame[ROW]), [reasons for _, reasons in metrics[PaperRowReasons.metric_name]])

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,  # noqa: ARG003
        execution_engine: Any = None,  # noqa: ARG003
        runtime_configuration: Any = None,  # noqa: ARG003
    ) -> dict[str, MetricConfiguration]:
        reasons = MetricConfiguration(PaperRowReasons.metric_name, metric.metric_domain_kwargs, None)
        return {PaperRowReasons.metric_name: reasons}


class ExpectPaperRowsNotToHaveReason(BatchExpectation):  # type: ignore[misc]
    """No row fails the check of `reason`.

    It looks at the whole batch: an expectation over rows would make seven metrics of each reason, which cost more than
    all checks together.
    """

    reason: str
    metric_dependencies: ClassVar[tuple[str, ...]] = (PaperRowReasons.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("reason",)
    args_keys: ClassVar[tuple[str, ...]] = ("reason",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: Any = None,  # noqa: ARG002
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        rows: RowReasons = metrics[PaperRowReasons.metric_name]
        failing = [key for key, reasons in rows if self.reason in reasons]
        result = {"element_count": len(rows), "unexpected_count": len(failing), "unexpected_index_list": failing}
        return {"success": not failing, "result": result}

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
