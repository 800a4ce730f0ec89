"""Why a paper or a day did not make it: one enum, each code with a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Reason codes as stored in day files and the warehouse."""

    LISTING_ITEM_BROKEN = "listing_item_broken"

    NOT_ASKED = "not_asked"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    REQUEST_REJECTED = "request_rejected"
    SOURCE_UNAVAILABLE = "source_unavailable"
    SPENDING_CAP = "spending_cap"

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
    QUOTE_MISSING = "quote_missing"
    QUOTE_NOT_IN_SOURCE = "quote_not_in_source"
    NUMBER_NOT_IN_SOURCE = "number_not_in_source"
    NAME_NOT_IN_SOURCE = "name_not_in_source"
    FOREIGN_SCRIPT = "foreign_script"
    FILLER = "filler"
    SECTIONS_ALIKE = "sections_alike"
    INSTRUCTIONS_IN_SOURCE = "instructions_in_source"

    PAPER_UNACCOUNTED = "paper_unaccounted"
    PAPER_DUPLICATED = "paper_duplicated"
    AUDIT_NOT_EVALUATED = "audit_not_evaluated"


DAY_REASONS: Final = frozenset({Reason.PAPER_UNACCOUNTED, Reason.PAPER_DUPLICATED, Reason.AUDIT_NOT_EVALUATED})
"""Reasons to refuse a day as a whole."""
WARNINGS: Final = frozenset({Reason.INSTRUCTIONS_IN_SOURCE})
"""Reasons that are shown beside a published row instead of keeping it back."""


@dataclass(frozen=True)
class ReasonText:
    """What a reason means (English for operators, Korean for readers) and what mends it."""

    english: str
    korean: str
    remedy: str


_ASK_AGAIN = "Run the date again with another model or prompt; the stored answer is kept."
_RUN_AGAIN = "Run the date again: only the pending papers are asked."

REASON_TEXTS: dict[Reason, ReasonText] = {
    Reason.LISTING_ITEM_BROKEN: ReasonText(
        "Hugging Face's item of the paper lacks a field that is always there, or holds it in another form.",
        "Hugging Face 목록의 항목에 필수 정보가 없거나 형식이 다릅니다.",
        "Run the date again later: a mended item is taken up. If many items break, report it with the column "
        "`listing_problem`.",
    ),
    Reason.NOT_ASKED: ReasonText(
        "The model has not been asked yet.", "아직 모델에 요약을 요청하지 않았습니다.", _RUN_AGAIN
    ),
    Reason.PROVIDER_UNAVAILABLE: ReasonText(
        "The model's provider did not answer after all retries.",
        "재시도 후에도 모델 제공자가 응답하지 않았습니다.",
        _RUN_AGAIN,
    ),
    Reason.REQUEST_REJECTED: ReasonText(
        "The provider rejected the request for this paper.",
        "모델 제공자가 이 논문의 요청을 거부했습니다.",
        "See the recorded attempt (`papers show ID`); then run the date again.",
    ),
    Reason.SOURCE_UNAVAILABLE: ReasonText(
        "arXiv did not answer when the paper's text was asked for.",
        "arXiv가 응답하지 않아 논문 본문을 가져오지 못했습니다.",
        "Run the date again later, or set DAILY_PAPERS_SOURCE=abstract.",
    ),
    Reason.SPENDING_CAP: ReasonText(
        "The run's limit of cost or tokens left no room for this paper.",
        "실행당 비용 또는 토큰 한도에 도달하여 요약하지 못했습니다.",
        "Run the date again (a new run has its own limit), or raise DAILY_PAPERS_MAX_USD_PER_RUN or "
        "DAILY_PAPERS_MAX_TOKENS_PER_RUN.",
    ),
    Reason.ANSWER_TRUNCATED: ReasonText(
        "The answer was cut off at the model's length limit.", "응답이 길이 제한에서 잘렸습니다.", _ASK_AGAIN
    ),
    Reason.ANSWER_REFUSED: ReasonText(
        "The model refused or a content filter stopped it.", "모델이 요약을 거절했습니다.", _ASK_AGAIN
    ),
    Reason.ANSWER_EMPTY: ReasonText("The answer held no text.", "응답이 비어 있습니다.", _ASK_AGAIN),
    Reason.ANSWER_NOT_JSON: ReasonText("The answer is not JSON.", "응답이 JSON이 아닙니다.", _ASK_AGAIN),
    Reason.SCHEMA_MISMATCH: ReasonText(
        "The answer is JSON of another shape than asked for.", "응답이 정해진 형식과 다릅니다.", _ASK_AGAIN
    ),
    Reason.WRONG_PAPER: ReasonText("The answer names another paper.", "응답이 다른 논문을 가리킵니다.", _ASK_AGAIN),
    Reason.SECTION_MISSING: ReasonText(
        "At least one of the seven sections is missing.", "일곱 항목 중 빠진 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.SECTION_EMPTY: ReasonText(
        "A section that claims content has no text, or one marked absent has some.",
        "내용이 비었거나, 없다고 표시된 항목에 내용이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.SECTIONS_OUT_OF_ORDER: ReasonText(
        "The sections are not in the agreed order.", "항목의 순서가 다릅니다.", _ASK_AGAIN
    ),
    Reason.SECTION_TOO_SHORT: ReasonText(
        "A section is too short to say anything.", "지나치게 짧은 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.SECTION_TOO_LONG: ReasonText(
        "A section is too long for a summary.", "지나치게 긴 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.BASIS_NOT_ALLOWED: ReasonText(
        "A section's basis is not allowed there (inferred results, absent method …).",
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
        _ASK_AGAIN,
    ),
    Reason.QUOTE_MISSING: ReasonText(
        "A section that says it is stated in the source quotes nothing.",
        "근거 인용문이 없는 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.QUOTE_NOT_IN_SOURCE: ReasonText(
        "A quote does not occur in the source.", "원문에 없는 인용문이 있습니다.", _ASK_AGAIN
    ),
    Reason.NUMBER_NOT_IN_SOURCE: ReasonText(
        "A number does not occur in the source.", "원문에 없는 숫자가 있습니다.", _ASK_AGAIN
    ),
    Reason.NAME_NOT_IN_SOURCE: ReasonText(
        "A model, dataset or method is named that the source does not name.",
        "원문에 없는 모델·데이터셋·방법의 이름이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.FOREIGN_SCRIPT: ReasonText(
        "A section holds words in a script that does not belong there (Cyrillic, Arabic, Chinese, kana …).",
        "다른 문자(키릴, 아랍, 한자, 가나 등)로 쓰인 단어가 섞여 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.FILLER: ReasonText(
        "A section says that information is missing instead of being marked absent.",
        "정보가 없다는 말로 채워진 항목이 있습니다.",
        _ASK_AGAIN,
    ),
    Reason.SECTIONS_ALIKE: ReasonText(
        "Two sections say the same.", "같은 내용을 되풀이한 항목이 있습니다.", _ASK_AGAIN
    ),
    Reason.INSTRUCTIONS_IN_SOURCE: ReasonText(
        "The paper's text or title addresses a language model (prompt injection, or a paper about it).",
        "논문 원문에 언어 모델에게 내리는 지시문이 들어 있으므로 요약을 주의해서 읽어야 합니다.",
        "Read the summary against the paper (`papers show ID`).",
    ),
    Reason.PAPER_UNACCOUNTED: ReasonText(
        "The rows of the day are not exactly the papers its captures list.",
        "목록의 논문과 행이 일치하지 않습니다.",
        "This is a defect of the pipeline: keep the lake and report it.",
    ),
    Reason.PAPER_DUPLICATED: ReasonText(
        "A paper has more than one row on the day.",
        "같은 논문의 행이 두 개 이상입니다.",
        "This is a defect of the pipeline: keep the lake and report it.",
    ),
    Reason.AUDIT_NOT_EVALUATED: ReasonText(
        "A check of the audit ended in an error of its own.",
        "검수 규칙을 실행하지 못했습니다.",
        "This is a defect of the pipeline: keep the lake and report it.",
    ),
}


def text_of(code: str) -> ReasonText:
    """The sentences of a reason code; KeyError or ValueError where it is none."""
    return REASON_TEXTS[Reason(code)]
