"""Why a paper or a day did not make it: one enum, each code with sentences for people, severity and what fixes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Reason codes as stored in day files and the warehouse."""

    LISTING_ITEM_BROKEN = "listing_item_broken"
    INPUT_DAMAGED = "input_damaged"

    NOT_ASKED = "not_asked"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    REQUEST_REJECTED = "request_rejected"
    SOURCE_UNAVAILABLE = "source_unavailable"
    SPENDING_CAP = "spending_cap"
    RETRY_REQUESTED = "retry_requested"

    ANSWER_TRUNCATED = "answer_truncated"
    ANSWER_REFUSED = "answer_refused"
    ANSWER_EMPTY = "answer_empty"
    ANSWER_NOT_JSON = "answer_not_json"
    SCHEMA_MISMATCH = "schema_mismatch"
    WRONG_PAPER = "wrong_paper"

    SECTION_MISSING = "section_missing"
    SECTION_EMPTY = "section_empty"
    SECTIONS_OUT_OF_ORDER = "sections_out_of_order"
    SECTION_TOO_SHORT = "section_too_short"
    SECTION_TOO_LONG = "section_too_long"
    BASIS_NOT_ALLOWED = "basis_not_allowed"
    WRONG_LANGUAGE = "wrong_language"
    FORBIDDEN_MARKDOWN = "forbidden_markdown"
    ERROR_MESSAGE = "error_message"
    MODEL_TALK = "model_talk"
    JSON_DEBRIS = "json_debris"
    HEADING_DEBRIS = "heading_debris"
    QUOTE_MISSING = "quote_missing"
    QUOTE_NOT_IN_SOURCE = "quote_not_in_source"
    NUMBER_NOT_IN_SOURCE = "number_not_in_source"
    NOT_NEAR_QUOTE = "not_near_quote"
    NUMBER_USED_OTHERWISE = "number_used_otherwise"
    NAME_NOT_IN_SOURCE = "name_not_in_source"
    RESULT_NOT_TOGETHER = "result_not_together"
    TOPIC_NOT_IN_SOURCE = "topic_not_in_source"
    CONTRADICTED = "contradicted"
    FOREIGN_SCRIPT = "foreign_script"
    WRONG_STYLE = "wrong_style"
    BROKEN_TEXT = "broken_text"
    WRONG_TERM = "wrong_term"
    UNINFORMATIVE = "uninformative"
    FILLER = "filler"
    SECTIONS_ALIKE = "sections_alike"
    SENTENCE_REPEATED = "sentence_repeated"
    COPIED_FROM_SOURCE = "copied_from_source"
    RESULTS_WITHOUT_NUMBERS = "results_without_numbers"
    NUMBERS_NOT_LOCATED = "numbers_not_located"
    STATEMENT_NOT_FOUND = "statement_not_found"
    NOT_VERIFIED = "not_verified"
    INSTRUCTIONS_IN_SOURCE = "instructions_in_source"
    SOURCE_INCOMPLETE = "source_incomplete"
    CHECK_FAILED = "check_failed"
    REJECTED = "rejected"

    PAPER_UNACCOUNTED = "paper_unaccounted"
    PAPER_DUPLICATED = "paper_duplicated"
    INPUTS_LOST = "inputs_lost"
    AUDIT_NOT_EVALUATED = "audit_not_evaluated"
    FEW_COMPLETE = "few_complete"
    SECTION_LENGTHS_DRIFTED = "section_lengths_drifted"
    REASON_SHARE_DRIFTED = "reason_share_drifted"


class Severity(StrEnum):
    """What a reason does to its row or day."""

    CRITICAL = "critical"
    WARNING = "warning"


class Scope(StrEnum):
    """What a reason is about."""

    ROW = "row"
    """A row: an item of the listing, or an answer."""
    NO_ANSWER = "no_answer"
    """A row without an answer: why it is pending."""
    DAY = "day"
    """A day as a whole."""


@dataclass(frozen=True)
class ReasonText:
    """What a reason means (English for operators, Korean for readers), what fixes it, and what it does.

    Critical: the row is quarantined, or the day refused; warning: published with the warning, and counted.
    """

    english: str
    korean: str
    remedy: str
    severity: Severity = Severity.CRITICAL
    scope: Scope = Scope.ROW


_ASK_AGAIN = (
    "After a change of model or prompt, the refresh asks again automatically. To ask the same question again: "
    "`papers retry ID`. To judge it yourself: `papers approve ID`, with corrections where needed."
)
_NOT_AS_IT_IS = (
    "After a change of model or prompt, the refresh asks again automatically. To ask the same question again: "
    "`papers retry ID`. To correct it: `papers draft ID`, then `papers approve ID --answer FILE`."
)
_DEFECT = "This is a defect of the pipeline: keep the lake and report it."
_RUN_AGAIN = "Run the date again: the model is asked about the pending papers only."

REASON_TEXTS: dict[Reason, ReasonText] = {
    Reason.LISTING_ITEM_BROKEN: ReasonText(
        "Hugging Face's item for the paper lacks a required field, or has it in another form.",
        "Hugging Face 목록의 항목에 필수 정보가 없거나 형식이 다릅니다.",
        "Run the date again later: a corrected item is picked up. If many items break, report it with the column "
        "`listing_problem`.",
    ),
    Reason.INPUT_DAMAGED: ReasonText(
        "A stored answer, text or decision about the paper cannot be read.",
        "저장된 응답이나 원문, 결정 파일이 손상되어 요약을 확인할 수 없습니다.",
        "Restore the file from the backup and run the date again. To go on without an answer: delete it and run "
        "`papers retry ID`; the next run of the date asks, and pays, again.",
    ),
    Reason.NOT_ASKED: ReasonText(
        "The model has not been asked yet.",
        "아직 모델에 요약을 요청하지 않았습니다.",
        _RUN_AGAIN,
        scope=Scope.NO_ANSWER,
    ),
    Reason.PROVIDER_UNAVAILABLE: ReasonText(
        "The model's provider did not answer after all retries.",
        "재시도 후에도 모델 제공자가 응답하지 않았습니다.",
        _RUN_AGAIN,
        scope=Scope.NO_ANSWER,
    ),
    Reason.REQUEST_REJECTED: ReasonText(
        "The provider rejected the request for this paper.",
        "모델 제공자가 이 논문의 요청을 거부했습니다.",
        "See the recorded attempt (`papers show ID`); then run the date again.",
        scope=Scope.NO_ANSWER,
    ),
    Reason.SOURCE_UNAVAILABLE: ReasonText(
        "arXiv did not answer when the paper's text was requested.",
        "arXiv가 응답하지 않아 논문 본문을 가져오지 못했습니다.",
        "Run the date again later, or set DAILY_PAPERS_SOURCE=abstract.",
        scope=Scope.NO_ANSWER,
    ),
    Reason.SPENDING_CAP: ReasonText(
        "The run's cost or token limit left no room for this paper.",
        "실행당 비용 또는 토큰 한도에 도달하여 요약하지 못했습니다.",
        "Run the date again (a new run has its own limit), or raise DAILY_PAPERS_MAX_USD_PER_RUN or "
        "DAILY_PAPERS_MAX_TOKENS_PER_RUN.",
        scope=Scope.NO_ANSWER,
    ),
    Reason.RETRY_REQUESTED: ReasonText(
        "A person asked for another answer, and the model has not been asked yet.",
        "사람이 다시 요약하도록 요청하여 대기 중입니다.",
        _RUN_AGAIN,
        scope=Scope.NO_ANSWER,
    ),
    Reason.ANSWER_TRUNCATED: ReasonText(
        "The answer was cut off at the model's length limit.",
        "응답이 길이 제한에서 잘렸습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.ANSWER_REFUSED: ReasonText(
        "The model refused or a content filter stopped it.",
        "모델이 요약을 거절했습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.ANSWER_EMPTY: ReasonText("The answer held no text.", "응답이 비어 있습니다.", _NOT_AS_IT_IS),
    Reason.ANSWER_NOT_JSON: ReasonText("The answer is not JSON.", "응답이 JSON이 아닙니다.", _NOT_AS_IT_IS),
    Reason.SCHEMA_MISMATCH: ReasonText(
        "The answer is JSON, but not in the required shape.",
        "응답이 정해진 형식과 다릅니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.WRONG_PAPER: ReasonText("The answer names another paper.", "응답이 다른 논문을 가리킵니다.", _NOT_AS_IT_IS),
    Reason.SECTION_MISSING: ReasonText(
        "At least one of the seven sections is missing.",
        "일곱 항목 중 빠진 항목이 있습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.SECTION_EMPTY: ReasonText(
        "A section not marked absent has no text, or one marked absent has some.",
        "내용이 비었거나, 없다고 표시된 항목에 내용이 있습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.SECTIONS_OUT_OF_ORDER: ReasonText(
        "The sections are not in the agreed order.", "항목의 순서가 다릅니다.", _ASK_AGAIN
    ),
    Reason.SECTION_TOO_SHORT: ReasonText(
        "A section is too short to say anything.", "지나치게 짧은 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.SECTION_TOO_LONG: ReasonText(
        "A section, its quotes, the title or the results' rows are too long, or too many, for a summary.",
        "지나치게 길거나 많은 내용이 들어 있는 항목이 있습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.BASIS_NOT_ALLOWED: ReasonText(
        "A section has a basis that is not allowed for it (inferred results, absent method …).",
        "허용되지 않는 근거 유형을 쓴 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.WRONG_LANGUAGE: ReasonText(
        "A section is not in the language asked for.",
        "요청한 언어로 쓰이지 않은 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.FORBIDDEN_MARKDOWN: ReasonText(
        "A section holds headings, code blocks, HTML, links or images.",
        "제목, 코드 블록, HTML, 링크 등 허용되지 않는 서식이 있습니다.",
        _NOT_AS_IT_IS,
    ),
    Reason.ERROR_MESSAGE: ReasonText(
        "A section holds an error message instead of a summary.",
        "요약 대신 오류 메시지가 들어 있는 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.MODEL_TALK: ReasonText(
        "In a section the model refuses, apologizes or talks about its task instead of summarizing.",
        "모델이 요약 대신 거절, 사과 또는 작업에 관한 말을 쓴 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.JSON_DEBRIS: ReasonText(
        "A section holds pieces of JSON or escapes (`\\n`, `\\u…`) instead of text.",
        "JSON 조각이나 이스케이프 문자가 섞인 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.HEADING_DEBRIS: ReasonText(
        "A section repeats a section's heading, or the title line of a summary, in its text.",
        "본문에 항목 제목이 되풀이된 곳이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.QUOTE_MISSING: ReasonText(
        "A section marked as stated in the source has no quotes.",
        "근거 인용문이 없는 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.QUOTE_NOT_IN_SOURCE: ReasonText(
        "A quote does not occur in the source.", "원문에 없는 인용문이 있습니다.", _ASK_AGAIN
    ),
    Reason.NUMBER_NOT_IN_SOURCE: ReasonText(
        "A number does not occur in the source, or not with this unit or limit (up to, at least).",
        "원문에 없는 숫자나 단위, 범위 표현이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.NOT_NEAR_QUOTE: ReasonText(
        "A number or name stands in the source, but neither in a quote of the answer nor in the sentence before or "
        "after one.",
        "근거 인용문 가까이에서 확인되지 않는 숫자나 이름이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.NUMBER_USED_OTHERWISE: ReasonText(
        "A number of the source is told as a rise instead of a fall or as a change instead of what was reached, or the "
        "other way round.",
        "원문의 숫자를 반대 방향으로, 또는 변화량과 도달값을 바꾸어 쓴 문장이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.NAME_NOT_IN_SOURCE: ReasonText(
        "A model, dataset or method is named that the source does not name.",
        "원문에 없는 모델·데이터셋·방법의 이름이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.RESULT_NOT_TOGETHER: ReasonText(
        "The metric or baseline of a result does not stand in the source where its value does.",
        "수치와 함께 나오지 않는 지표나 비교 대상이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.TOPIC_NOT_IN_SOURCE: ReasonText(
        "A statement is about something that the source does not touch, as if it were about another paper.",
        "원문에서 다루지 않는 주제를 말하는 문장이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.CONTRADICTED: ReasonText(
        "A statement contradicts the source, as the second reader showed with the source's own words.",
        "원문과 어긋난다고 두 번째 모델이 원문을 들어 판정한 문장이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.FOREIGN_SCRIPT: ReasonText(
        "A section holds words in a script that does not belong there (Cyrillic, Arabic, Chinese, kana …).",
        "다른 문자(키릴, 아랍, 한자, 가나 등)로 쓰인 단어가 섞여 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.WRONG_STYLE: ReasonText(
        "A section is written in polite speech (합니다, 해요) instead of the plain style (한다).",
        "평서형(한다)이 아닌 높임말로 쓰인 문장이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.BROKEN_TEXT: ReasonText(
        "A section holds broken text: words of two languages in one, stray letters or pictures, placeholders, "
        "a word in a "
        "loop, or a sentence that breaks off.",
        "깨진 단어나 이모지, 자리 표시, 반복된 낱말, 끊긴 문장이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.WRONG_TERM: ReasonText(
        "A technical term is translated in a way that no researcher uses.",
        "연구자가 쓰지 않는 말로 옮긴 용어가 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.UNINFORMATIVE: ReasonText(
        "A section that claims to be stated says nothing particular to this paper: it would fit any other.",
        "이 논문에만 해당하는 내용이 없는 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.FILLER: ReasonText(
        "A section says that information is missing instead of being marked absent.",
        "정보가 없다는 말로 채워진 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.SECTIONS_ALIKE: ReasonText(
        "Two sections say the same thing.", "같은 내용을 되풀이한 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.SENTENCE_REPEATED: ReasonText(
        "A section says the same sentence more than once.",
        "같은 문장이 되풀이된 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.COPIED_FROM_SOURCE: ReasonText(
        "A section copies a long passage of the source (the abstract, for example) instead of summarizing it.",
        "원문(초록 등)의 문장을 그대로 옮긴 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.RESULTS_WITHOUT_NUMBERS: ReasonText(
        "The source reports measured figures, but the quantitative results contain none.",
        "원문에 측정 수치가 있으나 정량적 결과에 수치가 없습니다.",
        "Compare it with the paper (`papers show ID`); `papers reject ID` withdraws it.",
        severity=Severity.WARNING,
    ),
    Reason.NUMBERS_NOT_LOCATED: ReasonText(
        "The summary was made with an earlier prompt, which did not ask for a quote near every number: its numbers "
        "were compared with the whole source.",
        "이전 지시문으로 만든 요약이라 숫자를 인용문이 아닌 원문 전체와 대조했습니다.",
        "Nothing needs to be done. `papers resummarize DATE` asks again with the present prompt.",
        severity=Severity.WARNING,
    ),
    Reason.STATEMENT_NOT_FOUND: ReasonText(
        "The second reader did not find a statement in the passages around the summary's quotes.",
        "두 번째 모델이 인용문 주변에서 확인하지 못한 문장이 있습니다.",
        "Compare the statement with the paper (`papers show ID`); `papers reject ID` withdraws the summary.",
        severity=Severity.WARNING,
    ),
    Reason.NOT_VERIFIED: ReasonText(
        "The second reader has not judged all statements of the summary.",
        "두 번째 모델이 아직 모든 문장을 확인하지 못했습니다.",
        "Run the date again: the second reader is asked about it, but no more than twice for answers that cannot be "
        "used. `papers show ID` shows its calls; another DAILY_PAPERS_VERIFIER_MODEL is asked anew.",
        severity=Severity.WARNING,
    ),
    Reason.INSTRUCTIONS_IN_SOURCE: ReasonText(
        "The paper's text or title addresses a language model (prompt injection, or a paper about it).",
        "논문 원문에 언어 모델에게 내리는 지시문이 들어 있으므로 요약을 주의해서 읽어야 합니다.",
        "Compare the summary with the paper (`papers show ID`).",
        severity=Severity.WARNING,
    ),
    Reason.SOURCE_INCOMPLETE: ReasonText(
        "arXiv's documents do not seem to contain the whole paper, so the summary may lack something.",
        "arXiv에서 받은 논문 본문이 온전하지 않아 요약에 빠진 내용이 있을 수 있습니다.",
        "See what was not used and why (`papers show ID`). To ask arXiv again for what it did not have: "
        "`papers reject ID`, `papers retry ID`, then run the date on another day.",
        severity=Severity.WARNING,
    ),
    Reason.CHECK_FAILED: ReasonText(
        "A check of the audit itself failed on this answer, so it is not known whether the answer is right.",
        "검수 규칙을 실행하지 못해 확인되지 않은 요약입니다.",
        "This is a defect of the pipeline: keep the lake and report it, with the task's log. Until then, another "
        "answer may pass: `papers retry ID`.",
    ),
    Reason.REJECTED: ReasonText(
        "A person rejected this summary.",
        "사람이 검토하여 싣지 않기로 했습니다.",
        "After a change of model or prompt, the refresh asks again automatically. To ask the same question again: "
        "`papers retry ID`. To take the rejection back: `papers approve ID`.",
    ),
    Reason.PAPER_UNACCOUNTED: ReasonText(
        "The rows of the day do not exactly match the papers in its captures.",
        "목록의 논문과 행이 일치하지 않습니다.",
        _DEFECT,
        scope=Scope.DAY,
    ),
    Reason.PAPER_DUPLICATED: ReasonText(
        "A paper has more than one row on the day.",
        "같은 논문의 행이 두 개 이상입니다.",
        _DEFECT,
        scope=Scope.DAY,
    ),
    Reason.INPUTS_LOST: ReasonText(
        "Inputs of published rows are missing from the lake: stored answers, or people's decisions.",
        "이미 실린 논문의 저장된 응답이나 사람의 결정을 찾을 수 없습니다.",
        "Restore `lake/calls`, `lake/sources` and `lake/decisions` from the backup, then run the date again. To go on "
        "without a paper's answer: `papers retry ID`; the next run then asks, and pays, again. To go on without "
        "everything that is lost, delete the date's file in `lake/days`.",
        scope=Scope.DAY,
    ),
    Reason.AUDIT_NOT_EVALUATED: ReasonText(
        "A check of the audit itself failed.",
        "검수 규칙을 실행하지 못했습니다.",
        _DEFECT,
        scope=Scope.DAY,
    ),
    Reason.FEW_COMPLETE: ReasonText(
        "Too few of the papers with an answer are complete.",
        "응답을 받은 논문 가운데 검수를 통과한 비율이 낮습니다.",
        "See `papers quarantine DATE` for the reasons; the usual causes are a weak model or a changed prompt.",
        severity=Severity.WARNING,
        scope=Scope.DAY,
    ),
    Reason.SECTION_LENGTHS_DRIFTED: ReasonText(
        "A section is much longer or shorter than in the last 30 days.",
        "최근 30일과 비교해 항목의 길이가 크게 달라졌습니다.",
        "Compare some summaries with earlier ones: the model (under the same name), prompt or source may have changed.",
        severity=Severity.WARNING,
        scope=Scope.DAY,
    ),
    Reason.REASON_SHARE_DRIFTED: ReasonText(
        "A reason occurs much more often than in the last 30 days.",
        "최근 30일과 비교해 특정 보류 사유의 비율이 크게 늘었습니다.",
        "See `papers report DATE`: the model (under the same name), prompt or source may have changed.",
        severity=Severity.WARNING,
        scope=Scope.DAY,
    ),
}


WARNINGS: Final = frozenset(reason for reason, text in REASON_TEXTS.items() if text.severity is Severity.WARNING)
"""Reasons that are shown and counted instead of keeping a row or a day back."""
NOT_APPROVABLE: Final = frozenset(
    {
        Reason.LISTING_ITEM_BROKEN,
        Reason.INPUT_DAMAGED,
        Reason.ANSWER_TRUNCATED,
        Reason.ANSWER_REFUSED,
        Reason.ANSWER_EMPTY,
        Reason.ANSWER_NOT_JSON,
        Reason.SCHEMA_MISMATCH,
        Reason.WRONG_PAPER,
        Reason.SECTION_MISSING,
        Reason.SECTION_EMPTY,
        Reason.SECTION_TOO_LONG,
        Reason.FORBIDDEN_MARKDOWN,
        Reason.CHECK_FAILED,
    }
)
"""Reasons that nobody can set aside: there is nothing to show, no check looked at it, or it could break the digest. An
edited answer can."""
ROW_REASONS: Final = tuple(reason for reason, text in REASON_TEXTS.items() if text.scope is Scope.ROW)
"""Reasons that the row checks find, in the enum's order."""


def text_of(code: str) -> ReasonText:
    """The sentences of a reason code; KeyError or ValueError where it is none."""
    return REASON_TEXTS[Reason(code)]


def markdown_documentation() -> str:
    """The reasons as the Markdown table of docs/audit.md."""
    lines = ["| reason | about | severity | meaning | what fixes it |", "|---|---|---|---|---|"]
    about = {Scope.ROW: "a row", Scope.NO_ANSWER: "a pending row", Scope.DAY: "the day"}
    for reason, text in REASON_TEXTS.items():
        severity = "pending" if text.scope is Scope.NO_ANSWER else text.severity.value
        meaning = f"{text.english} {text.korean}"
        lines.append(f"| `{reason}` | {about[text.scope]} | {severity} | {meaning} | {text.remedy} |")
    return "\n".join(lines)
