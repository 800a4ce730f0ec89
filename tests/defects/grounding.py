"""Quotes, numbers and names that the source does not have."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import (
    Case,
    added,
    cases,
    changed,
    quoted,
    said,
    swapped,
    titled,
    with_results,
)
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    DISTILL,
    FEDPR,
    FLEXIVE,
    FLOW,
    GEN_ALPHA,
    GENERAL,
    HUNYUAN,
    HYBRID,
    INDEXMARK,
    MIGRATION,
    NEURONS,
    PHARE,
    QZO,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    TABOO,
    TOKENS,
    VIDEO_EVAL,
    VISIONARY,
    WIKIDYK,
    WILLIAMT,
)

BAD: list[Case] = [
    *cases(
        Reason.QUOTE_MISSING,
        {
            "none for the method": changed(BAGEL, quoted("method")),
            "none for the results": changed(SAGE, quoted("results")),
            "an empty one": changed(FLOW, quoted("motivation", "")),
            "spaces alone": changed(RPC, quoted("experiments", "     \n       ")),
            "a word": changed(GENERAL, quoted("contributions", "verifier")),
            "a figure": changed(WILLIAMT, quoted("results", "45.9%")),
            "several words, each by itself": changed(HYBRID, quoted("method", "HFT", "thinking", "HGPO")),
            "an inferred section that became stated": changed(
                TABOO, lambda answer: answer["sections"]["limitations"].update(basis="stated")
            ),
            "none for stated future work": changed(FEDPR, quoted("future_work")),
        },
    ),
    *cases(
        Reason.QUOTE_NOT_IN_SOURCE,
        {
            "one word changed": changed(SAGE, quoted("results", "Our implementation achieves 1038 TOPS on RTX4090")),
            "a number changed": changed(FLOW, quoted("experiments", "KL Divergence of LM logits at 0.407 vs. 0.592")),
            "paraphrased": changed(BAGEL, quoted("motivation", "combining multimodal understanding with generation")),
            "translated": changed(RPC, quoted("method", "RPC는 KV 캐시를 주기적으로 압축한다")),
            "an ellipsis in the middle": changed(
                GENERAL, quoted("motivation", "current works for LLM reasoning ... and the ease of answer verification")
            ),
            "two places as one": changed(
                NEURONS, quoted("method", "TruthfulQA dataset degrades performance both on other benchmarks")
            ),
            "a spelling mended": changed(ALOE, quoted("contributions", "released with a permissive license")),
            "a word left out": changed(SMOE, quoted("motivation", "effective SMoE training remains because")),
            "the tense changed": changed(PHARE, quoted("experiments", "Our evaluation of 17 LLMs revealed patterns")),
            "the summary's own sentence": changed(QZO, quoted("method", "0차 최적화는 순전파 중 가중치를 섭동한다")),
            "a sentence of another paper": changed(
                REWARD, quoted("limitations", "uncovering hidden knowledge of language models")
            ),
            "brackets of the summarizer": changed(
                VISIONARY, quoted("method", "we train the model [Visionary-R1] to adhere to a caption-reason-answer")
            ),
            "what a model knows from elsewhere": changed(
                MIGRATION, quoted("experiments", "We use Amazon Bedrock to run Claude-3.5-Sonnet-v2")
            ),
            "a heading of the full text": changed(DISTILL, quoted("experiments", "4.2 Evaluation Setup")),
        },
    ),
    *cases(
        Reason.NUMBER_NOT_IN_SOURCE,
        {
            "percent told as percentage points": changed(RPC, swapped("results", "1.2% 하락", "1.2%p 하락")),
            "a Korean number word": changed(PHARE, swapped("contributions", "세 가지", "다섯 가지")),
            "at most told as on average": changed(RPC, swapped("results", "최대 1.60배", "평균 1.60배")),
            "at least, where the source says how much": changed(
                WIKIDYK, added("results", " 차이는 23% 이상이다."), more_source="23%"
            ),
            "a percentage changed": changed(RPC, swapped("results", "1.2%", "2.1%")),
            "digits changed places": changed(SAGE, swapped("results", "1038", "1308")),
            "a factor changed": changed(SAGE, swapped("results", "5배", "6배")),
            "the decimal point moved": changed(FLOW, swapped("results", "0.407", "4.07")),
            "a magnitude too many": changed(DISTILL, swapped("contributions", "189만", "1,890만")),
            "thousands read as ten thousands": changed(VISIONARY, swapped("method", "273K", "273만")),
            "a count changed": changed(CONFIDENCE, swapped("results", "33개", "34개")),
            "a model's size changed": changed(FLOW, swapped("experiments", "Pythia-410M", "Pythia-1.4B")),
            "a version changed": changed(MIGRATION, swapped("method", "Java 17, 21", "Java 11, 21")),
            "a year changed": changed(FLEXIVE, swapped("experiments", "AIME 2025", "AIME 2023")),
            "rounded without a word": changed(WILLIAMT, swapped("results", "45.9%", "46%")),
            "a unit changed": changed(QZO, swapped("results", "24GB", "24%")),
            "an invented training time": changed(SMOE, added("method", " A100 GPU 64장으로 3주 동안 학습한다.")),
            "an invented learning rate": changed(HYBRID, added("method", " 학습률은 1e-5이다.")),
            "a result in the rows": changed(WILLIAMT, with_results(("버그 수정률", "ARVO", "75.3%", ""))),
            "a baseline in the rows": changed(
                RPC, with_results(("generation throughput", "QwQ-32B", "1.60×", "1.25×"))
            ),
            "a number in the title": changed(WIKIDYK, titled("위키백과 사실 15,000개의 지식 주입 벤치마크")),
            "a sum that the model made": changed(WIKIDYK, swapped("experiments", "77,180개", "89,470개")),
            "a difference that the model made": changed(FLOW, added("results", " 차이는 0.122이다.")),
        },
    ),
    *cases(
        Reason.NAME_NOT_IN_SOURCE,
        {
            "a known name in Korean letters": changed(INDEXMARK, added("experiments", " 데이터는 이미지넷을 쓴다.")),
            "a name with one capital letter": changed(PHARE, added("experiments", " Mistral과 Gemma가 포함된다.")),
            "an acronym whose letters happen to be initials of the source": changed(
                MIGRATION, added("method", " IDE나 CI 없이도 돌아간다.")
            ),
            "a dataset that everybody knows": changed(INDEXMARK, added("experiments", " ImageNet과 MS-COCO를 쓴다.")),
            "a model that is likely": changed(PHARE, added("experiments", " ChatGPT와 LLaMA가 포함된다.")),
            "an optimizer": changed(SMOE, added("method", " 최적화에는 AdamW를 쓴다.")),
            "a library": changed(NEURONS, added("experiments", " PyTorch와 DeepSpeed로 구현한다.")),
            "a benchmark too many": changed(GENERAL, swapped("experiments", "BBEH", "BBEH, HellaSwag")),
            "a baseline": changed(RPC, added("experiments", " SnapKV와도 비교한다.")),
            "a name changed a little": changed(INDEXMARK, swapped("contributions", "IndexMark", "IndexMask")),
            "an acronym of its own": changed(TOKENS, added("contributions", " 이를 TAWF라 부른다.")),
            "a name in the title": changed(REWARD, titled("RewardNet: 보상 추론 모델")),
            "a dataset in the rows": changed(WILLIAMT, with_results(("버그 수정률", "DebugBench", "73.5%", ""))),
            "a company": changed(HUNYUAN, added("motivation", " NetEase와 경쟁한다.")),
            "an organisation": changed(GEN_ALPHA, added("method", " UNICEF의 지침을 따른다.")),
            "a method that is related": changed(QZO, added("contributions", " MeZO를 양자화 모델로 넓힌 것이다.")),
        },
    ),
    *cases(
        Reason.RESULTS_WITHOUT_NUMBERS,
        {
            "a speed without its figure": changed(
                SAGE, said("results", "RTX 계열의 GPU에서 가장 빠른 구현보다 훨씬 빠르다."), with_results()
            ),
            "throughput without figure": changed(
                RPC,
                said("results", "전체 캐시를 쓸 때보다 생성 처리량이 높아지고 정확도는 조금 내린다."),
                with_results(),
            ),
            "success rates without figures": changed(
                MIGRATION,
                said("results", "최소 마이그레이션의 성공률이 최대 마이그레이션보다 훨씬 높다."),
                with_results(),
            ),
            "a drop without figure": changed(
                VIDEO_EVAL, said("results", "개방형 질문에서는 객관식보다 성능이 크게 떨어진다."), with_results()
            ),
            "costs without figures": changed(
                WILLIAMT, said("results", "토큰 비용을 크게 줄이고 버그 수정률을 높인다."), with_results()
            ),
            "memory without figure": changed(
                QZO, said("results", "전체 파라미터 파인튜닝보다 총 메모리 비용을 크게 줄인다."), with_results()
            ),
            "accuracy without figures": changed(
                WIKIDYK, said("results", "양방향 모델이 인과 모델보다 지식을 뚜렷이 더 잘 기억한다."), with_results()
            ),
        },
    ),
    *cases(
        Reason.NOT_NEAR_QUOTE,
        {
            f"{number}, of another passage": changed(
                paper_id,
                added("method", f" 여기에는 {number}가 쓰인다."),
                more_source=f"Nobody quotes this. In the appendix we use {source}. Nobody quotes this, either.",
                quotes_asked=True,
            )
            for paper_id, number, source in (
                (BAGEL, "617개", "617 examples"),
                (SAGE, "43.7%", "43.7%"),
                (FLOW, "8.25배", "a factor of 8.25x"),
                (RPC, "256GB", "256 GB of memory"),
                (GENERAL, "1만 2천 쌍", "12,000 pairs"),
                (NEURONS, "세 배", "three times"),
            )
        },
    ),
]
