"""Text in another language or script, and Markdown that could break a digest."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, begun, cases, changed, recorded, said, swapped, titled, with_results
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
    FLEXIVE,
    FLOW,
    GEN_ALPHA,
    GENERAL,
    HUNYUAN,
    HYBRID,
    INDEXMARK,
    INJECTION,
    MIGRATION,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    QZO,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    SSR,
    TABOO,
    VIDEO_EVAL,
    VISIONARY,
    VISUAL_ARFT,
    WARMUP,
    WIKIDYK,
    WILLIAMT,
)

BAD: list[Case] = [
    *cases(
        Reason.WRONG_LANGUAGE,
        {
            "the method in English": changed(
                REWARD, said("method", "RRMs run a deliberate reasoning process before they give the final reward.")
            ),
            "the limitations in English": changed(
                SMOE,
                said("limitations", "The router may struggle to approximate the policy as experts grow in number."),
            ),
            "the future work as an English list": changed(
                NEURONS, said("future_work", "- Amplify truth neurons.\n- Use them to detect untruthful responses.")
            ),
            "the results in Chinese": changed(
                BAGEL, said("results", "在标准基准的多模态生成与理解上，该模型明显优于其他开源统一模型。")
            ),
            "the motivation in Japanese": changed(
                HYBRID, said("motivation", "長すぎる思考はトークン消費と遅延を増やし、簡単な質問には不要である。")
            ),
            "the experiments in German": changed(
                PHARE, said("experiments", "Es werden mehrere aktuelle Sprachmodelle in drei Bereichen bewertet.")
            ),
            "Korean in Latin letters": changed(
                TABOO, said("results", "gaenyeom jeungmyeong hwangyeong-eseo du jeopgeun modu hyogwajeok-ida")
            ),
            "an English title": changed(GENERAL, titled("Advancing LLM Reasoning Across All Domains")),
            "English with Korean endings": changed(
                INDEXMARK, said("contributions", "we propose a training-free watermarking framework for images 이다")
            ),
            "the contributions in Russian": changed(
                FEDPR, said("contributions", "Предлагается федеративный метод сжатия больших языковых моделей.")
            ),
            "signs instead of words": changed(QZO, said("limitations", "→ ↓ ± … ( ) — ? ? ? ! ! !")),
        },
    ),
    *cases(
        Reason.FORBIDDEN_MARKDOWN,
        {
            "a heading of its own": changed(BAGEL, begun("method", "### 구조와 데이터\n\n")),
            "the heading that is made of a line of signs": changed(SAGE, begun("results", "속도 비교\n===\n\n")),
            "a code fence": changed(
                FLOW, said("method", "```\n층의 블록을 수송 연산자 하나로 대체해 크게 압축한다.\n```")
            ),
            "a fence of Markdown that was not closed": changed(RPC, begun("contributions", "```markdown\n")),
            "a table": changed(DISTILL, added("results", "\n\n| 벤치마크 | 점수 |\n|---|---|\n| MATH500 | 98.4 |\n")),
            "a link to the code": changed(
                SMOE, added("contributions", "\n- [코드](https://github.com/Fsoft-AIC/CompeteSMoE)를 공개한다.")
            ),
            "a bare address": changed(
                SSR, added("contributions", " 프로젝트는 https://yliu-cs.github.io/SSR 에 있다.")
            ),
            "an image": changed(HUNYUAN, added("method", "\n\n![구조](https://a.example/figure1.png)")),
            "HTML for a line end": changed(VIDEO_EVAL, swapped("results", ".\n- ", ".<br>- ")),
            "a comment of HTML": changed(NEXT_SEARCH, added("method", " <!-- 두 모드를 더 설명할 것 -->")),
            "a rule between parts": changed(WARMUP, swapped("method", "\n- **2단계**", "\n\n---\n\n- **2단계**")),
            "a quotation block": changed(CONFIDENCE, begun("motivation", "> ")),
            "struck out": changed(WIKIDYK, begun("limitations", "- ~~위키백과에 기반하지 않는다.~~\n")),
            "a link definition": changed(TABOO, added("experiments", "\n\n[1]: https://arxiv.org/abs/2505.14352")),
            "a mail address in angle brackets": changed(
                ALOE, added("future_work", " 문의는 <hpai@bsc.example>에서 받는다.")
            ),
            "a link in the title": changed(PHARE, titled("Phare: [안전성 프로브](https://phare.example)")),
            "an address in a cell": changed(
                WILLIAMT, with_results(("버그 수정률", "https://arvo.example", "73.5%", ""))
            ),
            "an indented block": changed(
                QZO, said("limitations", "한계는 다음과 같다.\n\n    분산이 커서 더 많은 스텝이 필요하다.\n")
            ),
        },
    ),
    *cases(
        Reason.FOREIGN_SCRIPT,
        {
            "a Chinese word for model": changed(BAGEL, swapped("method", "모델이다", "模型이다")),
            "Chinese in a list": changed(SAGE, swapped("contributions", "가속한다", "加速한다")),
            "a Japanese word": changed(FLOW, swapped("motivation", "트랜스포머", "トランスフォーマー")),
            "a Russian word": changed(RPC, swapped("method", "주기적으로", "периодически")),
            "a Russian ending": changed(GENERAL, swapped("results", "수학적 추론", "수학적 рассуж 추론")),
            "Chinese characters behind the Korean": changed(TABOO, swapped("motivation", "비밀", "비밀(秘密)")),
            "Arabic": changed(GEN_ALPHA, swapped("results", "온라인", "الإنترنت")),
            "Thai": changed(CS_SUM, swapped("motivation", "어려움", "ความยาก")),
            "Hindi": changed(PHARE, swapped("results", "고정관념", "रूढ़ि")),
            "the title with a Chinese word": changed(NEURONS, swapped("title_ko", "진실 뉴런", "真實 뉴런")),
            "a Chinese metric": changed(DISTILL, with_results(("准确率", "MATH500", "98.4", ""))),
            "a Vietnamese word": changed(INDEXMARK, swapped("motivation", "소유권", "quyền sở hữu")),
            "Hebrew": changed(INJECTION, swapped("method", "지속적으로", "ברציפות")),
            "Hiragana between Korean words": changed(REWARD, swapped("results", "다양한 분야의", "さまざまな 분야의")),
            "one Cyrillic letter in a Latin word": changed(FLEXIVE, swapped("results", "FlexiVe", "FlехiVe")),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.WRONG_LANGUAGE,
        {
            "a list of names with particles": changed(
                GENERAL, said("experiments", "MMLU-Pro, GPQA, SuperGPQA, TheoremQA, BBEH, MATH AMC에서 잰다.")
            ),
            "English terms in brackets": changed(
                INDEXMARK,
                said("contributions", "학습이 필요 없는(training-free) 워터마킹(watermarking) 틀을 제안한다."),
            ),
            "a title that is nearly a name": changed(VIDEO_EVAL, titled("VideoEval-Pro의 LVU 평가")),
            "inline code": changed(
                QZO, said("limitations", "`bfloat16 to int4 quantization scale`만 바꾸므로 표현력이 모자란다.")
            ),
            "models and cards": changed(
                SAGE, said("experiments", "RTX5090, FlashAttention, FlashAttention3, FP4를 비교한다.")
            ),
            "Greek signs": changed(FLOW, said("limitations", "계수 α와 β의 선택에 따라 결과가 달라질 수 있다.")),
            "a recorded paper of one name": recorded("2505.23061", "2025-06-04", titled("DINGO: 확산 LLM의 제약 추론")),
        },
    ),
    *cases(
        Reason.FORBIDDEN_MARKDOWN,
        {
            "bold, nested lists and numbers": changed(
                NEXT_SEARCH,
                said(
                    "limitations",
                    "1. **부담**: 개입은 일이 된다.\n   - *참여*가 줄어든다.\n2. **편향**: 피드백이 치우친다.",
                ),
            ),
            "a tag as inline code": changed(VISIONARY, added("limitations", "\n- `<think>` 태그가 길어질 수 있다.")),
            "less than and greater than": changed(
                PHARE, added("limitations", " 점수가 a < b 이고 b > c 라도 순위는 흔들린다.")
            ),
            "a hash within a line": changed(MIGRATION, added("future_work", "\n- C#이나 F# 같은 언어도 흥미롭다.")),
            "an asterisk as a product": changed(RPC, added("limitations", "\n- 비용은 길이 * 폭에 비례해 늘어난다.")),
            "underscores and pipes": changed(
                TABOO, added("future_work", " 변수 hidden_state 와 조건부 확률 p(a|b)를 본다.")
            ),
            "square brackets": changed(WIKIDYK, added("limitations", "\n- [CLS] 토큰의 표현만 보면 놓치는 것이 있다.")),
            "a tilde as about": changed(REWARD, added("limitations", "\n- 짧은~긴 추론 사이의 선택이 어렵다.")),
            "an ampersand": changed(WARMUP, added("limitations", "\n- Knights & Knaves와 다른 퍼즐은 따로 봐야 한다.")),
            "a dash in the text": changed(SMOE, added("limitations", "\n- 부하 - 특히 통신 부하 - 가 커질 수 있다.")),
        },
    ),
    *cases(
        Reason.FOREIGN_SCRIPT,
        {
            "Greek letters": changed(FLOW, added("limitations", " 온도 τ와 계수 λ에 민감할 수 있다.")),
            "accents in a name": changed(FEDPR, added("limitations", " Fréchet 거리 같은 지표는 따로 보아야 한다.")),
            "mathematical signs": changed(SSR, added("limitations", " 오차가 ±ε 안에 있을 때(∀x)만 성립할 수 있다.")),
            "Chinese as a word of Korean": changed(CS_SUM, swapped("method", "중국어-영어", "중국어(만다린)-영어")),
            "typographic signs": changed(BAGEL, added("limitations", " ‘규모’ → “능력” … 이 사슬은 확실하지 않다.")),
            "superscripts": changed(VISUAL_ARFT, added("limitations", " 탐색 공간이 n²로 커질 수 있다.")),
            "micro sign and Ångström": changed(DISTILL, added("limitations", " µ 단위의 차이는 뜻이 없을 수 있다.")),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.WRONG_LANGUAGE,
        {
            "every other sentence in English": changed(
                REWARD,
                added("method", " They use extra compute for hard queries."),
            ),
            "Korean as a machine translates it, word by word": changed(
                HYBRID,
                said("motivation", "대규모 추론 모델들은 보여졌다 향상된 능력을 통해 통합하는 것의 확장된 생각을."),
            ),
        },
    ),
    *cases(
        Reason.FORBIDDEN_MARKDOWN,
        {
            "LaTeX that nobody renders": changed(
                FLOW, added("limitations", " 오차가 $\\mathcal{O}(n)$로 커질 수 있다.")
            ),
            "bold that was not closed": changed(PHARE, begun("limitations", "- **진단의 노후화: 항목이 알려진다.\n")),
        },
    ),
    *cases(
        Reason.FOREIGN_SCRIPT,
        {
            "a Spanish word": changed(GENERAL, swapped("results", "강건하고", "robusta y")),
        },
    ),
]
