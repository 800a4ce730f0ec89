"""How words of a query may be written: every way that readers use, and never more than can be looked for."""

from __future__ import annotations

import pytest

from daily_papers.ask.search_words import LONGEST_QUERY, MOST_FORMS, Word, words_of


def tokens(text: str) -> set[str]:
    return {" ".join(form.tokens) for form in Word(text).forms}


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("강화학습", "^강화 화학 학습"),
        ("강화학습", "^강화 +화학 ^학습"),
        ("강화학습", "강화 화학 학습"),
        ("강화 학습", "^강화 화학 학습"),
        ("모델(모형)", "^모델 ^모형"),
        ("KV캐시", "kv ^캐시"),
        ("시각언어모델", "^시각 +각언 ^언어 +어모 ^모델"),
        ("qwen2.5-vl", "qwen 2 .5 vl"),
        ("prompt injection", "prompt injections"),
    ],
)
def test_a_word_is_looked_for_as_texts_have_it(query: str, written: str) -> None:
    assert written in tokens(query)


@pytest.mark.parametrize(
    "query",
    [
        "강화학습 기반 언어 모델 LLM 대규모 추론 능력 향상 RLHF 다중 모달 벤치마크 평가 GPT 이미지 생성 품질 비교 GAN",
        "가나다라마바사아자차a가나다라마바사아자차b가나다라마바사아자차c가나다라마바사아자차",
        "가나다라마바사아자차" * 20,
        "가a" * 100,
        "가 " * 100,
        '"' + "강화학습 x " * 20 + '"',
    ],
)
def test_no_query_has_more_forms_than_can_be_looked_for(query: str) -> None:
    words = words_of(query[:LONGEST_QUERY])
    for word in (*words, Word(" ".join(one.text for one in words))):
        assert 1 <= len(word.forms) <= 2 * MOST_FORMS
