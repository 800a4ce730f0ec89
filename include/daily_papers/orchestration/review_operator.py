"""The task that asks a person about a quarantined paper and waits, without a worker, until somebody answers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowSkipException


class Option(StrEnum):
    """What a person can answer."""

    APPROVE = "Approve"
    REJECT = "Reject"
    RETRY = "Ask the model again"
    LATER = "Later"


WHY = "why"


class AskAboutPaper(HITLOperator):
    """Shows a quarantined summary with what the audit found, and returns what a person wants done about it.

    The question is made when the task runs and is not a template: a paper's text may hold `{{ … }}`. Whoever decides
    must say why, or is asked again; after `response_timeout` the answer is `Later`.

    Args:
        paper_id: the paper.
        version: the answer that the question is about (`Summary.version`); another one by now ends the task skipped.
    """

    template_fields: Sequence[str] = ("paper_id", "version")  # only these: how mapped arguments get here

    def __init__(self, *, paper_id: str, version: str, **arguments: Any) -> None:
        why = Param("", type=["string", "null"], maxLength=2000, title="Why", description="For the record")
        question = {
            "subject": "A quarantined paper",
            "options": [option.value for option in Option],
            "defaults": [Option.LATER.value],
            "params": {WHY: why},  # in place of the DAG's, which Airflow would show in the form, too
        }
        super().__init__(**{**arguments, **question})
        self.paper_id = paper_id
        self.version = version

    def execute(self, context: Any) -> Any:
        """Asks; the task is resumed in `execute_complete`."""
        from daily_papers.lake.library import open_library
        from daily_papers.upkeep.review import review_question

        library = open_library()
        asked = review_question(library, self.paper_id, self.version)
        if asked is None:
            raise AirflowSkipException(f"{self.paper_id} has been decided on, or has a different answer by now.")
        self.subject, self.body = asked
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """The answer: what to do, who wants it and why; asks again where the grounds are missing."""
        from daily_papers.summaries.decisions import LONGEST_WHY, one_line

        if "error" in event:
            return super().execute_complete(context, event)  # raises it
        [chosen] = event["chosen_options"]
        why = one_line(str((event.get("params_input") or {}).get(WHY) or ""))
        if chosen != Option.LATER and not 0 < len(why) <= LONGEST_WHY:
            self.log.warning("%s: %s must be a reason of at most %d characters; asking again", chosen, WHY, LONGEST_WHY)
            return self.execute(context)
        user = event.get("responded_by_user") or {}
        by = str(user.get("name") or user.get("id") or "nobody")
        return {"paper_id": self.paper_id, "version": self.version, "option": chosen, "why": why, "by": by}
