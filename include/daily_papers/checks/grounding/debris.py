"""Text in a section that nobody wrote as a summary: errors, talk of the model, JSON, headings, copies, repetitions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

LONGEST_COPY = {"ko": 12, "en": 25}
"""Words in a row that a section may share with its source; of the sample answers and the recorded digest, none shares
more than 5 (names, mostly)."""
SHORTEST_REPEATED = 15
"""Characters of a sentence that counts as repeated; shorter ones may be labels of a list."""

SHORTEST_SHARED = 25
"""Characters of a sentence that counts as said in another section, too."""

_ERROR_PATTERNS = (
    r"traceback \(most recent call last\)",
    r"\b(?:openai|httpx|requests|urllib3|json)\.(?:\w+\.)*\w*(?:error|exception|timeout)\b",
    r"\b(?:api\w*|ratelimit|timeout|connection|jsondecode|key|value|type|attribute)error\s?[:(](?!\s*[가-힣])",
    r"error code: ?\d{3}",
    r"\b(?:status|http)(?: code|/1\.1)?:? ?[45]\d\d\b",
    r"\b[45]\d\d (?:client|server) error\b",
    r"\btoo many requests\b",
    r"\binternal server error\b",
    r"\bbad gateway\b",
    r"\bservice (?:is )?(?:temporarily )?unavailable\b",
    r"\bgateway time-?out\b",
    r"\brate limit (?:reached|exceeded|error)",
    r"\binsufficient_quota\b",
    r"\bexceeded your current quota\b",
    r"\bmaximum context length\b",
    r"\bcontext_length_exceeded\b",
    r"\binvalid api key\b",
    r"\bconnection (?:refused|reset by peer)",
    r"\bengine is currently overloaded\b",
    r"\boverloaded_error\b",
    r"\bserver had an error (?:while )?processing\b",
    r"\bplease try again later\b",
    r"\brequest timed out\b",
    r"^failed to (?:fetch|load|parse|retrieve|generate)\b",
    r"오류 코드:? ?\d{3}",
    r"(?:^|[.。:] ?)오류가 발생했(?:습니다|다)",
    r"(?:요약|요청)[가-힣]{0,2} (?:[가-힣]+ )?중에? 오류가 발생했습니다",
    r"(?:서버|네트워크|시스템|api) 오류(?:로 [^.\n]{0,20}(?:못했|없습니다|실패했)|가 발생했(?:습니다|다)|입니다)",
    r"\bhttp (?:오류|에러):",
    r"\[(?:오류|에러|error)\]",
    r"^(?:openai )?api (?:호출|요청)에 실패했습니다",
    r"^(?:요약|논문|내용|데이터|결과)(?:을|를) (?:가져올|불러올|표시할) 수 없습니다",
    r"(?:요약|논문|내용|데이터|페이지)(?:을|를) 불러오는 중(?:입니다|\.\.\.|…)",
    r"요청(?:한|하신) (?:페이지|파일|자료)를 찾을 수 없(?:음|습니다)",
    r"^pdf(?: 파일)?(?:을|를) (?:열|불러올|내려받을) 수 없(?:어|음|습니다|었)",
    r"요약(?:을|에)? ?(?:생성|작성)?(?:하지 못했습니다|에 실패했습니다|할 수 없었습니다)",
    r"요청 (?:한도|시간)(?:를|을|이) ?초과(?:했|하였|되었)습니다",
    r"^(?:인증|(?:본문|요약) (?:추출|생성))에 실패했습니다",
    r"크레딧이 (?:부족합니다|(?:모두 )?소진되었습니다)",
    r"서비스를 이용하실 수 없",
    r"다시 시도(?:하십시오|하세요|해 ?주세요|해 주십시오)",
    r"잠시만 기다려 ?(?:주세요|주십시오)",
)
_TALK_PATTERNS = (
    # refusals and apologies
    r"죄송(?:하|합니다|스럽)",
    r"사과(?:드린다|드립니다|한다(?![가-힣])|합니다)",
    r"(?:다음은|아래는)\s[^.\n]{0,40}(?:설명|요약|정리|내용)(?:이다(?![가-힣])|한 (?:것|내용|결과)이다)",
    r"이상(?:으로|이)\s[^.\n]{0,30}(?:요약|정리|설명)(?:하|한|을|이)",
    r"양해(?:를|\s|해)|송구(?:하|스럽)|너그러이|널리 이해해",
    r"이해해 ?(?:주(?:시기|시길|세요|십시오)|주기 바)",
    r"(?:한계|부족함|점)(?:을|를)? (?:미리 )?사과(?:드|한다|합니다)|유감스럽게도",
    r"\b(?:i'?m|i am) (?:sorry|unable)\b",
    r"\bi (?:can(?:no|')t|won't) (?:assist|help|provide|summari[sz]e|fulfil|comply)",
    r"(?:요약|답변|도움|요청하신 (?:작업|내용))(?:을|를|해|은)? ?(?:제공해 |수행|처리)?(?:드릴|할|제공할) 수 없습니다",
    r"도와 ?드릴 수 없",
    r"\bi apologi[sz]e\b",
    r"\bi (?:don't|do not) have access\b",
    # about itself
    r"\bas an ai\b",
    r"\bas a (?:large )?language model\b",
    r"\bmy knowledge cut-?off\b",
    r"(?:저는|제가) (?:ai|인공지능|언어 ?모델|챗)",
    r"(?:인공지능|ai|언어) ?(?:모델|비서)?(?:로서|이므로) (?:저는|제가|직접)",
    r"(?:인공지능|ai) ?(?:어시스턴트|비서|조수)로서,? (?:답하|말씀|도와|저는|제가)",
    # about its task
    r"(?:다음은|아래는)[^.\n]{0,25}(?:요약(?:입니다|한 내용입니다)|정리한 (?:내용|것)입니다)",
    r"요청하신 (?:대로|논문|요약)",
    r"사용자가 요청한 (?:형식|언어|대로)[^.\n]{0,10}(?:작성|정리|요약)(?:하였|했)(?:다(?![가-힣])|습니다)",
    r"제공(?:해 ?주신 (?:텍스트|초록|논문|내용)|된 (?:초록|논문))(?:을|를) (?:바탕으로|기반으로|토대로)",
    r"제공된 (?:텍스트|내용)(?:을|를) (?:바탕|기반|토대)으로 (?:요약|정리|작성)",
    r"(?:요약|설명|정리|답변|말씀)(?:해|하여)? ?드리(?:겠습니다|도록)",
    r"(?:요약|정리|설명)해 ?(?:보았|봤|드렸)습니다",
    r"(?:요약|정리|작성)(?:을|를) 시작하겠습니다",
    r"^(?:알겠습니다|좋은 질문입니다)[.!]",
    r"\bas requested, here\b",
    r"(?:아래|다음)와 같이 (?:요약|정리)(?:하였|했)습니다",
    r"^(?:논문을 |이를 )?요약하(?:면|자면) 다음과 같(?:습니다|다)",
    (
        r"(?:아래|다음|여기|위)(?:에|에서|에는|와 같이)? ?(?:항목별로 |간단히 |간략히 |차례로 )?(?:정리|요약|소개"
        r"|설명)(?:하였|했|한)(?:다(?![가-힣])|습니다)"
    ),
    r"요청(?:에 따라|받은 대로|하신 바|대로|한 대로|에 맞(?:게|추어|춰))",
    r"(?<![가-힣])(?:이|본|위|아래) (?:요약(?:문|본)?)(?:은|에서는?|에는|이|의 목적)(?=\s)",
    r"이상으로 (?:요약|정리|설명)|(?:요약|정리)(?:을|를)? (?:마친다|마칩니다|마무리)",
    r"독자(?:의|가|를) (?:이해를? (?:돕|위)|쉽게)",
    r"(?<![가-힣])(?:이|본|위) 요약[은이][^.\n]{0,30}(?:참고용|작성되었습니다|작성했습니다|이해하는 데)",
    r"초록만(?:으로|을 (?:바탕|기반|토대)으로) (?:작성|요약|정리)(?:했|하였|되었)습니다",
    r"논문(?:의)? ?(?:전체|전문|본문)(?:을|를) (?:볼|읽을|열람할|확인할) 수 없(?:어|으므로|었|습니다)",
    r"접근할 수 없(?:어|으므로)[^.\n]{0,10}(?:본문|논문|전문)(?:을|를) (?:확인|요약|읽)",
    r"(?:초록|논문|본문|원문)(?:을|를) (?:다시 |먼저 )?(?:읽어|살펴) ?보자",
    r"\bhere(?:'s| is) (?:the|your|a) (?:\w+ )?summary\b",
    r"^물론(?:입니다|이죠)",
    r"\b(?:sure|certainly|of course)[,!]",
    (
        r"(?:제공된|제시된|주어진|입력된|입력으로 받은) (?:텍스트|문서|초록|논문 ?초록|논문)"
        r"(?:에 따르면|만을|에서 (?:파악|확인)|을 (?:바탕|근거))"
    ),
    r"위에서 (?:살펴본|언급한|설명한|정리한|본) (?:바|것)",
    r"(?:앞|다음) (?:절|항목|섹션)에서(?:는|도)? ?(?:정리|소개|다루|설명|살펴|이)",
    r"(?:요청하신|요청받은) 형식|위 내용은|이상과 같다(?=\.)|그대로 옮기면",
    r"(?:contributions?|future_work|limitations?|results|method|motivation|experiments) 항목",
    r"(?:이|각) (?:항목|섹션)의 basis|\bbasis[는를가]|요약자의|일곱 (?:항목|섹션)의",
    r"ai 언어 ?모델로서|초록은 다음과 같은 문장|초록에(?:서 확인되는| 적힌)|인용문에서 확인",
    # to whoever asked
    r"궁금(?:한|하신) [^.\n]{0,20}(?:있다면|있으면|있으시면)",
    r"(?:설명|풀어|전)(?:해|하여)? ?드(?:릴 수|리겠|리지)|원하신다면|원하시면|말씀해 ?달라",
    r"읽어 ?(?:주셔서|주신)|감사(?:드린다|드립니다|합니다)|이 글을 읽는 (?:당신|독자|분)",
    r"궁금한 (?:점|사항|내용|것)이 (?:더 )?있으(?:시|신)",
    r"(?:추가로|더) 필요하신",
    r"도움이 되(?:길|기를|었으면|셨길) (?:바랍|바라|합|좋겠)",
    r"필요하시면",
    r"말씀해 ?(?:주세요|주십시오)",
    r"알려 ?주(?:세요|시면 [^.\n]{0,30}(?:드리|하겠))",
    r"\blet me know if\b",
    r"\bi hope this helps\b",
)
_ERRORS, _TALK = (
    re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE) for patterns in (_ERROR_PATTERNS, _TALK_PATTERNS)
)
_JSON = re.compile(
    r"[\"'](?:paper_id|title_ko|results_rows)[\"']"
    r"|[\"'](?:sections|basis|markdown|quotes|metric|dataset|baseline)[\"']\s*:"
    r"|[\"']\w+[\"']\s*:\s*(?:[\[{\"]|null\b|true\b|false\b|-?\d)|[\"'}\]]\s*[}\]],?\s*$"
    r"|^\s*[\[{]\s*[\"'](?![^\]\n]*\] (?:중|가운데) )"  # ["yes", "no"] 중 하나 is a choice in a sentence
    r"|^(?:basis: (?:stated|inferred|absent)\b|(?-i:markdown|quotes|paper_id|title_ko|results_rows):(?=\s|$))"
    r"|(?-i:\\[nt])(?![a-z])|\\u[0-9a-f]{4}|\\\"|&amp;(?:quot|amp|lt|gt|nbsp|#\d+);"
    r"|\[object Object\]|^\s*(?:null|none|undefined|nan|n/a)\s*\.?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_TEMPLATE = re.compile(
    r"<\|[a-z_]+\|>|(?<![\w\\^_}])\{(?:paper|title|abstract|summary|section|language|source|text|content)(?:_\w+)?\}"
)
"""Tokens of a chat and variables of a prompt."""
_SHOWN = re.compile(
    r"`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」|(?<![\w\\])\"[^\"\n]*\"(?!\s*:)|(?<!\w)'[^'\n]*'(?!\w|\s*:)"
)
_CODE = re.compile(r"`[^`\n]*`")
_LINE_MARKS = re.compile(r"^(?:[\s#>*_\-\d.)(\[\]【】Ⅰ-Ⅻ①-⑳■-◿★☆▪•※]|[IVX]+[.)]\s)+|[\s*_#\[\]【】]+$")
_TITLE_LINES = frozenset(
    ("요약", "논문 요약", "요약문", "제목", "논문 제목", "summary", "paper summary", "title", "abstract", "초록")
)
_SHORT_HEADINGS = frozenset(
    ("동기", "핵심 동기", "기여", "주요 기여", "실험", "결과", "실험 결과", "한계", "한계점", "후속 연구", "향후 연구")
)
"""Words for a heading: in front of a whole section they are one, in a list they may be labels."""
_AND = re.compile(r"(?:과|와|\s및|\s또는|\s?[·/&,]|\sand)\s")
_LABEL_END = re.compile(r"\s*[:：]|\s[–—-]\s")
_COLON = re.compile(r"(?![-*+]\s)[^:：–—]*[:：]")
_IN_FRONT = re.compile(r"^[\[【(](?P<brackets>[^\]】)]+)[\]】)]|^\*\*(?P<bold>[^*]+)\*\*[은는] (?:다음|아래)[과와] 같")
_ITEM = re.compile(r"^\s*[-*+]\s")
_LONGEST_LABEL = 20
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_PART_OF_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_NESTED = re.compile(r"\s+(?:[-*+]|\d{1,2}[.)])\s")


def error_messages(text: str, source: str) -> list[str]:
    """Messages of programs, as they stand there; what the source or an inline code says itself is none."""
    return _not_from(_ERRORS.finditer(_SHOWN.sub(" ", text)), source)


def model_talk(text: str, source: str) -> list[str]:
    """Phrases of a model about itself or its task (refusals, apologies, announcements); quoted ones are none."""
    return _not_from(_TALK.finditer(_SHOWN.sub(" ", text)), source)


def _not_from(found: Iterable[re.Match[str]], source: str) -> list[str]:
    lower = source.lower()
    return [match[0].strip() for match in found if match[0].strip().lower() not in lower]


def json_debris(text: str, source: str) -> list[str]:
    """Pieces of JSON, escapes, and what prompts are made of unless the source has it, outside of inline code."""
    plain = _CODE.sub(" ", text)
    return [*(match[0].strip() for match in _JSON.finditer(plain)), *_not_from(_TEMPLATE.finditer(plain), source)]


def heading_debris(text: str, headings: Iterable[str]) -> list[str]:
    """Lines that are one of the headings, or begin with one and a colon or dash; with or without number and emphasis.

    An item of a list may have the label 요약 or 제목, and one of several labelled parts 한계.
    """
    whole, lines = {_folded(heading) for heading in headings}, text.splitlines()
    labels = [_label(line) for line in lines]
    found = []
    alone = sum(0 < len(label) <= _LONGEST_LABEL for label in labels) == 1
    if alone and _folded(labels[0]) in _SHORT_HEADINGS and _COLON.match(lines[0]):
        found.append(labels[0])
    for line, label in zip(lines, labels, strict=True):
        known = whole if label and _ITEM.match(line) else whole | _TITLE_LINES
        front = _IN_FRONT.match(line)
        heads = (line, label, *(front.groups("") if front else ()))
        found += [head.strip() for head in heads if head and _folded(head) in known][:1]
    return found


def _label(line: str) -> str:
    """What stands in front of a colon or dash with text after it; "" for a line without."""
    end = _LABEL_END.search(line.strip())
    return line.strip()[: end.start()] if end else ""


def _folded(line: str) -> str:
    return _AND.sub(" ", _LINE_MARKS.sub("", line.strip().rstrip(":：*").rstrip())).casefold()


def copied_passages(text: str, source: str, language: str) -> list[str]:
    """Runs of more than `LONGEST_COPY` words that the source has in the same order; the first words of each.

    Lists of names are none: at least a third of the words must be written small.
    """
    size = LONGEST_COPY[language] + 1
    written, words, known = _WORD.findall(text), _words(text), _runs(source, size)
    found, next_place = [], 0
    for place in range(len(words) - size + 1):
        run = slice(place, place + size)
        if place >= next_place and tuple(words[run]) in known and not _are_names(written[run]):
            found.append(" ".join(words[run]))
            next_place = place + size
    return found


def _are_names(words: Sequence[str]) -> bool:
    return sum(word[0].islower() for word in words) * 3 < len(words)


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def _runs(source: str, size: int) -> frozenset[tuple[str, ...]]:
    words = _words(source)
    return frozenset(tuple(words[place : place + size]) for place in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def repeated_sentences(text: str) -> list[str]:
    """Sentences and list items that a text has more than once; a nested item once more below the same item."""
    counts = Counter(_sentences(text))
    return [sentence for (_, sentence), count in counts.items() if count > 1]


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence after the item that it is nested below ("" if it is not)."""
    item = ""
    for line in filter(str.strip, text.splitlines()):
        nested = bool(_NESTED.match(line))
        item = item if nested else line.strip()
        for plain, _ in _plain_sentences(line, _WORD):
            if len(plain) >= SHORTEST_REPEATED:
                yield item if nested else "", plain


def _plain_sentences(line: str, word: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The sentences of a line: their words alone, and as they stand there."""
    return ((" ".join(word.findall(sentence)), sentence.strip()) for sentence in _SENTENCE_END.split(line))


def shared_sentences(sections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Key of a section and a sentence in it that an earlier section has, too; hyphens in words do not count."""
    seen: dict[str, str] = {}
    for key, text in sections.items():
        for line in text.splitlines():
            for plain, sentence in _plain_sentences(line, _PART_OF_WORD):
                if len(plain) >= SHORTEST_SHARED and seen.setdefault(plain, key) != key:
                    yield key, sentence
