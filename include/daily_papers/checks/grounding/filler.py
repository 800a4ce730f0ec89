"""Sections that say nothing, or the same as another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from rapidfuzz import fuzz

ALIKE = 90.0
"""Similarity in percent (rapidfuzz's ratio) from which two sections say the same; of the 32 × 7 sample sections and the
112 of the recorded digest, no two of one paper reach 75."""
SHORTEST_COMPARED = 40
"""Characters; shorter sections are alike by chance."""

NAME = re.compile(r"[A-Za-z0-9./+-]*[A-Z0-9][A-Za-z0-9./+-]*")
"""A Latin word with a capital letter or a digit."""
_NO_ATTRIBUTE = r"(?!는다[고는]|아도|(?:은|았던|는|을|던|한|인)\s(?!것|점|상태|채|편))"
"""Excludes attributive forms: "labels that are not provided" describes the world, "labels are not provided" says
nothing."""
_SOURCE = r"(?:논문|원문|초록|본문)"
_DETAILS = r"(?:정보|수치|설정|내용|설명|결과|언급|데이터셋|하이퍼파라미터)"
_NOT_STATED = (
    rf"(?:제공|명시|언급|제시|기술|서술)(?:되지|되어\s?있지|돼\s?있지)\s?않{_NO_ATTRIBUTE}",
    rf"{_DETAILS}[이가은는도]?\s?(?:나와|적혀)\s?있지\s?않{_NO_ATTRIBUTE}",
    r"실험\s?(?:환경|설정|조건)[^.。\n]{0,20}공개되(?:지|어\s?있지)\s?않(?:았|다|습니다)",
    rf"(?:초록|원문|본문)(?:에서는?|에는|은)\s[^.。\n]{{0,30}}다루지\s?않{_NO_ATTRIBUTE}",
    (
        rf"(?:논문|초록|원문|저자)[가-힣]*\s[^.。\n]{{0,30}}{_DETAILS}[^.。\n]{{0,20}}"
        rf"(?:(?:보고|제시|명시|설명|언급|공개|제공)하|밝히)지\s?않{_NO_ATTRIBUTE}"
    ),
    rf"{_SOURCE}(?:에서는?|만?으로는?)\s[^.。\n]{{0,20}}(?:확인할|파악할|알|찾을)\s?수\s?없(?:다(?![가-힣])|습니다|음)",
    (
        r"(?:구체적|정확|자세|상세)[가-힣]*\s[^.。\n]{0,15}(?:데이터셋|수치|설정|점수|하이퍼파라미터)[은는]\s"
        r"(?:확인할|파악할|알)\s?수\s?없(?:다(?![가-힣])|습니다|음)"
    ),
    (
        r"(?:하드웨어|설정|하이퍼파라미터|데이터셋|학습률|구현)[은는을를]?\s(?:따로|별도로|자세히|구체적으로)\s"
        rf"(?:설명|언급|명시|제시|기술|서술)하지\s?않{_NO_ATTRIBUTE}"
    ),
    (
        r"(?:공개|언급|제시|명시|보고|기술|서술|설명|기재|포함)(?:된|한)\s(?:바|것|적|내용"
        r"|부분)[가이는은도]?\s?(?:없|않)(?:다(?![가-힣])|음|습니다|으며|고\s)"
    ),
    (
        r"(?:명확(?:히|하게)|구체적으로|자세히|상세히|별도로|따로|분명(?:히|하게)|직접|충분히)\s(?:언급|제시|명시"
        r"|설명|기술|서술|공개|보고|드러나|나타나|다루|밝히|밝혀|알려|확인되)"
        r"[가-힣]{0,3}(?:\s있)?지\s?(?:않(?:는다(?![고는])|았다|고\s있다|다(?![가-힣])|으며|음|습니다)|못한다)"
    ),
    (
        r"(?:정보|수치|설정|내용|세부 ?사항|여부|값|구성|결과)[은는이가을를도]?\s?(?:확인|파악|판단|특정)(?:하기|이"
        r"|할 수)?\s?(?:가\s)?(?:어렵|힘들|불가능|불가하)(?:다(?![가-힣])|습니다|음|며)"
    ),
    (
        r"(?:공개|기재|언급|제시|명시|보고|설명|기술|서술|밝혀)(?:되지는?|되어\s있지는?|돼\s있지는?|져\s있지는?)\s?"
        r"않(?:았다|았습니다|고\s있다|음)(?=[.\s]|$)"
    ),
    r"(?:인지|는지|은지)[는은가]?\s(?:파악|확인)할\s수\s없(?:다(?![가-힣])|습니다|음)",
    (
        r"(?:종류|여부|구성|규모|조건|설정|명칭|값|방식|출처)[은는이가]\s(?:불분명|불명확|미상|알\s수\s없)(?:하다"
        r"|합니다|다|함|이다)"
    ),
    r"(?:확인|파악)(?:하기|이)\s(?:어렵|힘들)(?:다(?![가-힣])|습니다|음)",
    r"(?:논문|초록|원문|본문|저자)[가-힣]{0,4}\s[^.。\n]{0,40}(?:침묵|생략|함구)(?:하|한|되)",
    r"(?:알려진|알려져|밝혀진|나와)\s?(?:바[가는]?|있지|것이?)\s?(?:없|않)(?:다(?![가-힣])|음|습니다|으며)",
    (
        r"(?:이름|명칭|비율|수치|값|내용|사항|조건|종류|개수|크기|방법|정보|구성)[은는이가]\s"
        rf"(?:알려지|거론되|언급되|나열되어\s있|밝혀져\s있|공개되어\s있|제시되어\s있)지\s?않{_NO_ATTRIBUTE}"
    ),
    r"세부\s?(?:사항|내용|정보)[은는이가]\s(?:생략|빠져)",
    r"정확히\s얼마나\s[가-힣]+지[는은]?\s알\s수\s없(?:다(?![가-힣])|음)",
    r"(?:is|are|was|were)\s(?:not|n't)\s(?:explicitly\s)?(?:provided|specified|mentioned|reported|disclosed)",
)
"""Filler where a section should tell what the source says; a fair remark where it tells what the source lacks."""
_SAYS_NOTHING = (
    (
        r"(?:구체적|상세|자세|추가|정확)[^.。\n]{0,30}(?:정보|내용|수치|설명|언급)[이가은는]?\s?"
        rf"(?:부족{_NO_ATTRIBUTE}|없(?:음|다|습니다)|제한적{_NO_ATTRIBUTE}|부재)"
    ),
    r"(?:정보|내용|설명|언급|수치)[이가은는의]?\s?(?:부재|없(?:음|다|습니다|으므로|으나|지만))",
    (
        r"(?:모델|구조|아키텍처|설정|학습|실험|하이퍼파라미터|데이터셋|하드웨어)\s?에\s?대한\s"
        r"(?:정보|설명|언급|내용)[이가은는]?\s?부족(?:하다(?![가-힣])|합니다|함)"
    ),
    rf"{_DETAILS}[은는이가을를도]?\s찾(?:아볼|을)\s?수\s?없(?:다(?![가-힣])|습니다|음)",
    rf"{_DETAILS}[은는이가]\s(?:이\s)?{_SOURCE}에[는도]?\s?없(?:다(?!면)|음|습니다)",
    r"정보[은는]?\s?(?:미제공|미기재|미명시)(?=\s*(?:[.,)]|$))",
    r"(?:^|(?<=[.:：]\s))(?:[-*]\s)?해당\s?(?:사항|내용)?이?\s?없(?:음|다|습니다)(?=\s*(?:[.)]|$))",
    rf"(?:결과|수치|비교)[를을는은]?\s?포함하지\s?않{_NO_ATTRIBUTE}",
    rf"(?:{_SOURCE}|부록)[을를]?\s?(?:참고|참조|확인)(?:하시|하십|하세|바랍|해\s?주)",
    rf"(?:{_SOURCE}|부록)[을를]?\s?(?:참고|참조)\s?(?:[.)]|$)",
    r"\A(?:이|본)\s(?:연구|논문|방법)[은는]\s[^.。\n]*(?:이바지|기여)할\s것으로\s기대(?:된다|됩니다)\.?\Z",
    r"언급(?:된|한)\s바[가는도]?\s없(?:다(?![가-힣])|음|습니다)",
    r"(?:따로|별도로|구체적으로)\s(?:언급|제시|명시|논의)하지[는도]?\s않(?:았다|는다(?![고는])|음|았습니다)",
    r"no\s(?:specific|detailed|further)\s(?:information|details?)",
    r"(?:refer|consult)\s(?:to\s)?the\s(?:paper|original)",
)
_FAIR = re.compile(
    r"(?:모델|에이전트|사용자|평가자|학생|데이터|프롬프트|입력)(?:에게?는?|에)\s(?!대한|대해|관한|관해)[^.。\n]{0,20}"
    r"(?:제시|제공)되지\s않(?=는다|으며|고|아)"
    r"|(?:기존|이전|종래)\s[가-힣]+[은는]\s[^.。\n]{0,30}포함하지\s?않"
)
"""Where something else than the paper does not have it: a model's data, earlier work."""
_FILLER = re.compile("|".join((*_NOT_STATED, *_SAYS_NOTHING)), re.IGNORECASE | re.MULTILINE)
_INFERRED_FILLER = re.compile("|".join(_SAYS_NOTHING), re.IGNORECASE | re.MULTILINE)


def filler(text: str, *, inferred: bool = False) -> list[str]:
    """Phrases that say that there is nothing to say, instead of leaving the section absent.

    An `inferred` section may say what the source does not show: that is what its thoughts rest on.
    """
    fair = _FAIR.sub(" ", text)
    return [match[0] for match in (_INFERRED_FILLER if inferred else _FILLER).finditer(fair)]


def alike(sections: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of keys whose texts say nearly the same, and not only of the same names and numbers."""
    long = {key: text for key, text in sections.items() if len(text) >= SHORTEST_COMPARED}
    words = {key: NAME.sub("", text) for key, text in long.items()}
    return [
        (first, second)
        for first, second in combinations(long, 2)
        if min(fuzz.ratio(long[first], long[second]), fuzz.ratio(words[first], words[second])) >= ALIKE
    ]
