"""Grounding on single cases and on a labelled set that is built from the recorded abstracts and the sample answers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from daily_papers.checks.grounding.changes import wrong_changes
from daily_papers.checks.grounding.filler import ALIKE, alike, filler
from daily_papers.checks.grounding.foreign_script import foreign_words
from daily_papers.checks.grounding.names import ungrounded_names
from daily_papers.checks.grounding.numbers import ungrounded_numbers
from daily_papers.checks.grounding.quantities import quantities, stated_quantities
from daily_papers.legacy.digest import parse_legacy_digest
from daily_papers.listing.contract import parse_capture
from daily_papers.sample.replay import sample_items
from daily_papers.sections import SECTION_KEYS
from tests.support.data import LEGACY_DIGEST

ABSTRACTS = {paper.paper_id: paper.abstract for paper in parse_capture(sample_items()).papers}
ANSWERS: dict[str, Any] = {
    path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
    for path in files("daily_papers").joinpath("sample/answers").iterdir()
}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("62.33%이다", "62.33 percent"), ("62.33퍼센트", "62.33%"), ("5%p 높다", "5 percentage points"),
        ("5,102개", "5102 repositories"), ("5102개", "5,102 repositories"), ("189만 건", "1.89 million"),
        ("27만 3천 쌍", "273K pairs"), ("1억 2천만 개", "120M parameters"), ("70억 매개변수", "7B parameters"),
        ("1.5조 토큰", "1.5T tokens"), ("3조 개", "3 trillion tokens"), ("2만 700개", "20,700 images"),
        ("5배 빠르다", "fivefold speedup"), ("5배", "5x faster"), ("5배", "5× faster"), ("5배", "5 times faster"),
        ("2배로 늘린다", "doubles the throughput"), ("10배", "an order of magnitude"),
        ("100배", "two orders of magnitude"), ("10개", "ten LLMs"), ("17개", "seventeen LLMs"),
        ("25개", "twenty-five tasks"), ("2단계", "a two-stage recipe"), ("10^-4", "0.0001"),
        ("1단계에서", "a two-stage recipe"), ("0차 최적화", "zeroth-order optimization"), ("0.0001", "10^{-4}"),
        ("1e-4", "0.0001"), ("3×10^{-5}", "3e-5"), ("50%", "half of the tokens: 0.5"), ("85%", "an accuracy of 0.85"),
        ("약 27만 건", "273K pairs"), ("약 2배", "1.96x"), ("GPT-4를", "GPT 4"), ("RTX5090", "RTX 5090"),
        ("Qwen2.5-7B", "Qwen 2.5 (7B)"), ("2010-2024년", "from 2010 to 2024"), ("10~20%", "10–20%"),
        ("8비트 어텐션", "8-bit attention"), ("2024년 5월", "in May 2024"), ("pass@1", "pass@1"), ("8.4배", "8.4times"),
        ("1. 첫째\n2. 둘째", "no number at all"), ("½", "no number"), ("", ""), ("숫자가 없다", "none"),
        ("3차원", "3D scenes"), ("72시간", "72 hours"), ("24GB", "24 GB"), ("128K 토큰", "128k tokens"),
        ("1.89M개", "1.89 million"), ("(1) 첫째, (2) 둘째", "no number"), ("1인칭 시점", "egocentric"),
        ("18분의 1", "18 times less"), ("18분의 1", "1/18 of it"), ("3분의 1", "a third"), ("4분의 1", "25%"),
        ("70%대", "73.5%"), ("20%가 넘는다", "23%"), ("23% 이상", "over 23%"), ("300여 편", "312 papers"),
        ("6×6 격자", "six rows and six columns"),
    ],
)  # fmt: skip
def test_what_the_source_says_in_other_words_is_stated(text: str, source: str) -> None:
    assert ungrounded_numbers(text, source) == []


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("62.34%이다", "62.33 percent", ["62.34%"]), ("5배", "5%", ["5배"]), ("5%", "5x faster", ["5%"]),
        ("1.89만 건", "1.89 million", ["1.89만"]), ("27만 쌍", "273K pairs", ["27만"]),
        ("약 28만 쌍", "273K pairs", ["28만"]), ("GPT-4.5를", "GPT-4", ["GPT-4.5"]),
        ("Qwen2.5-14B", "Qwen2.5-7B", ["Qwen2.5-14B"]), ("AIME2025", "AIME 2024", ["AIME2025"]),
        ("3단계", "a two-stage recipe", ["3단계"]), ("1배", "one of the models", ["1배"]),
        ("10분", "10 seconds", ["10분"]),
        ("16GB", "16 MB", ["16GB"]), ("2023년", "in 2024", ["2023년"]), ("12개와 15개", "twelve", ["15"]),
        ("pass@10", "pass@1", ["pass@10"]), ("1억 3천만", "120M", ["1억 3천만"]),
        ("1.89B개", "1.89M", ["1.89B"]), ("(1) 첫째, (3) 셋째", "no number", ["1", "3"]),
        ("20분의 1", "18 times less", ["20분의 1"]), ("0분의 1", "0", ["0분", "1"]), ("80%대", "73.5%", ["80%"]),
        ("20% 이상", "16.7%", ["20%"]), ("30%가 넘는다", "23%", ["30%"]), ("70% 대비", "73.5%", ["70%"]),
    ],
)  # fmt: skip
def test_what_the_source_does_not_say_is_found(text: str, source: str, found: list[str]) -> None:
    assert ungrounded_numbers(text, source) == found


def test_values_and_units() -> None:
    assert [(one.value, one.unit) for one in quantities("1억 2천만 개, 3.5배, 12%")] == [
        (Decimal(120_000_000), "things"),
        (Decimal("3.5"), "times"),
        (Decimal(12), "percent"),
    ]
    assert {one.value for one in stated_quantities("Twenty-one tasks, a third and 1e3")} >= {Decimal(21), Decimal(1000)}


def test_hostile_numbers_end() -> None:
    assert ungrounded_numbers("9" * 5000 + "e" + "9" * 50, "1e999999999 " * 50)
    assert ungrounded_numbers("1," * 20000, "") != []


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("ImageNet에서 학습한다", "trained on CIFAR", ["ImageNet"]),
        ("ImageNet에서 학습한다", "trained on imagenet", []),
        ("LLM과 RAG", "language models", []),
        ("SDV 전략", "a Solve Detect Verify pipeline", []),
        ("BERT와 RoBERTa", "BERT", ["RoBERTa"]),
        ("self-attention과 Ablation", "nothing", []),
        ("SD-Feedback", "SD-Feedback", []),
    ],
)
def test_names(text: str, source: str, found: list[str]) -> None:
    assert ungrounded_names(text, source) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("대규모 текста 학습", ["текста"]), ("새로운 模型이다", ["模型이다"]), ("モデル", ["モデル"]),
        ("quyền sở hữu", ["quyền", "sở", "hữu"]),
        ("نموذج", ["نموذج"]),
        ("α=0.1, β와 μ, naïve Poincaré, ∑", []), ("한국어와 English", []), ("Nguyễn의 ỹ와 x̂", []),
    ],
)  # fmt: skip
def test_scripts(text: str, found: list[str]) -> None:
    assert foreign_words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "구체적인 마스킹 방식에 대한 상세한 정보는 제공되지 않았습니다.", "학습률은 명시되어 있지 않다.",
        "구체적인 수치는 없다.", "논문에서 언급은 없으나 일반적으로 쓰인다.",
        "자세한 설정은 논문을 참고하시기 바랍니다.",
        "The batch size is not specified.", "상세한 정보가 부족하다.", "정량적 비교를 포함하지 않습니다.",
        "비교 대상이 제시되지 않은 점은 아쉽다.", "수치가 나와 있지 않다.", "자세한 내용은 논문 참조.",
    ],
)  # fmt: skip
def test_filler_is_found(text: str) -> None:
    assert filler(text)


@pytest.mark.parametrize(
    "text",
    [
        "공개되지 않은 모델과 비교하지 못했다.", "학습 데이터에 포함되지 않은 언어에서 성능이 떨어진다.",
        "체계적으로 분석한 연구는 부족하다.", "다양한 도메인의 데이터가 부족하면 일반화가 어렵다.",
        "효과를 알 수 없다는 한계가 있다.",
        "주석 없는 데이터로 학습한다.", "추가적인 재학습 없이도 쓸 수 있다.",
        "정답이 제공되지 않는 환경에서 학습한다.", "상세한 주석 정보가 부족한 추론을 다룬다.",
        "기존 평가는 실패의 비교를 포함하지 않는다.", "결과를 제시하지 않는다고 비판한다.",
    ],
)  # fmt: skip
def test_a_limitation_is_no_filler(text: str) -> None:
    assert filler(text) == []


def test_words_of_the_source_belong_to_the_text() -> None:
    assert foreign_words("‘我觉得’처럼 쓴다", 'such as "我觉得 okay"') == []
    assert foreign_words("模型이다", 'such as "我觉得 okay"') == ["模型이다"]


def test_sections_that_say_the_same() -> None:
    first = "제안한 방법은 모든 비교 대상을 앞서며 자원이 적은 환경에서 격차가 더 크게 벌어진다."
    other = "전혀 다른 이야기를 하는 충분히 긴 문장으로서 서로 겹치는 말이 거의 없다고 할 수 있다."
    assert alike({"a": first, "b": first.replace("모든", "여러"), "c": other}) == [("a", "b")]
    assert alike({"a": "", "b": ""}) == []
    assert ALIKE > 75


class TestTheLegacyDigest:
    """What is wrong with the digest of the earlier script: the table of docs/grounding.md."""

    papers = parse_legacy_digest(LEGACY_DIGEST.read_text(encoding="utf-8")).papers

    def test_filler_and_results_without_a_number(self) -> None:
        with_filler = [paper for paper in self.papers if any(map(filler, paper.sections.values()))]
        without_number = [paper for paper in self.papers if not re.search(r"\d", paper.sections["results"])]
        assert (len(self.papers), len(with_filler), len(without_number)) == (16, 10, 7)


@dataclass(frozen=True)
class Labelled:
    """A text, its source, and what is wrong with it (nothing: it is as it was written)."""

    text: str
    source: str
    wrong: str = ""


NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NAMES = ("ImageNet", "CIFAR-100", "SQuAD", "GSM8K", "MMLU", "BERT-Large", "HumanEval")
NAME = re.compile(r"[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9.-]*")
UNITS = (("%", "배"), ("배", "%"), ("비트", "GB"), ("초", "시간"), ("x", "%"))


def sample_texts() -> Iterator[tuple[str, str]]:
    """Text and source of all stated sections and results of the sample answers."""
    for paper_id, answer in sorted(ANSWERS.items()):
        for key in SECTION_KEYS:
            if answer["sections"][key]["basis"] == "stated":
                yield answer["sections"][key]["markdown"], ABSTRACTS[paper_id]
        for row in answer["results_rows"]:
            yield f"{row['dataset']}: {row['value']}", ABSTRACTS[paper_id]


def with_another_number(text: str, match: re.Match[str], source: str, chance: random.Random) -> str | None:
    """One digit changed, so that the number stands nowhere in the source."""
    digits = match[0]
    for _ in range(20):
        position = chance.choice([index for index, sign in enumerate(digits) if sign.isdigit()])
        changed = digits[:position] + chance.choice("123456789") + digits[position + 1 :]
        if not re.search(rf"(?<![\d.]){re.escape(changed)}(?![\d])", source) and changed != digits:
            return text[: match.start()] + changed + text[match.end() :]
    return None


def replaced(text: str, match: re.Match[str], by: str) -> str:
    return text[: match.start()] + by + text[match.end() :]


def spoiled(text: str, source: str, chance: random.Random) -> Iterator[Labelled]:
    """A true text with one number, unit or name changed."""
    for match in NUMBER.finditer(text):
        if changed := with_another_number(text, match, source, chance):
            yield Labelled(changed, source, "number")
    for unit, other in UNITS:
        for match in re.finditer(rf"(?<=\d){unit}", text):
            yield Labelled(replaced(text, match, other), source, "unit")
    for match in NAME.finditer(text):
        name = chance.choice([one for one in NAMES if one.lower() not in source.lower()])
        if not match[0].isupper() or len(match[0]) > 3:
            yield Labelled(replaced(text, match, name), source, "name")


def labelled_set() -> list[Labelled]:
    chance = random.Random(5)
    cases = []
    for text, source in sample_texts():
        cases += [Labelled(text, source), *spoiled(text, source, chance)]
    return cases


def is_flagged(case: Labelled) -> bool:
    return bool(ungrounded_numbers(case.text, case.source) or ungrounded_names(case.text, case.source))


def test_the_labelled_set(capsys: pytest.CaptureFixture[str]) -> None:
    cases = labelled_set()
    found = {
        kind: [is_flagged(case) for case in cases if case.wrong == kind] for kind in ("", "number", "unit", "name")
    }
    false_alarms = sum(found.pop(""))
    caught, wrong = sum(map(sum, found.values())), sum(map(len, found.values()))
    with capsys.disabled():
        shares = ", ".join(f"{kind} {sum(flags)} of {len(flags)}" for kind, flags in found.items())
        precision = caught / (caught + false_alarms)
        print(f"\n{len(cases)} cases: precision {precision:.3f}, recall {caught / wrong:.3f} ({shares})")  # noqa: T201
    assert len(cases) >= 200
    assert false_alarms == 0
    assert caught / wrong >= 0.95


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Qwen-REDI-1.5B를 쓴다.", []),
        ("Qwen3.5-9B와 Gemma 2-27B-it을 쓴다.", []),
        ("Qwen-REDI-15B를 쓴다.", ["REDI-15B"]),
        ("Qwen35-9B를 쓴다.", ["Qwen35-9B"]),
    ],
)
def test_a_point_belongs_to_the_number_of_a_name(text: str, found: list[str]) -> None:
    assert ungrounded_numbers(text, "We train Qwen-REDI-1.5B, Qwen3.5-9B and Gemma-2-27B-it.") == found


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("정확도가 42%로 높아졌다.", "It rises from 30% to 42%.", []),
        ("정확도가 42% 높아졌다.", "It rises from 30% to 42%.", ["42% 높아"]),
        ("42%에서 30%로 바뀌었다.", "It rises from 30% to 42%.", ["42%에서 30%로"]),
        ("정확도가 7% 뒤진다.", "It outperforms the baseline by 7%.", ["7% 뒤진"]),
        ("정확도가 7% 높다.", "It outperforms the baseline by 7%.", []),
        ("오류가 7% 낮아진다.", "It improves the error rate by 7%.", []),
    ],
)
def test_a_number_is_used_as_the_source_uses_it(text: str, source: str, found: list[str]) -> None:
    assert list(wrong_changes(text, source)) == found
