"""Reading a second reader's answer without trusting it: a judgement counts where its words are the source's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from daily_papers.rows.answers import first_choice
from daily_papers.rows.statements import JudgedStatement, Judgement, Statement
from daily_papers.texts.quoted_passages import letters_of, place_of

SHORTEST_WORDS = 3
"""Letters and digits of the words that support a statement: a figure may be all of them."""
FEWEST_WORDS = 3
"""Words that contradict one; a "the" is in every source."""


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    statement: int
    judgement: Judgement
    words: str = ""


def judged_statements(
    paper_id: str, statements: Sequence[Statement], source: str, response: dict[str, Any]
) -> tuple[JudgedStatement, ...]:
    """Every statement with what an answer says about it. Never raises for what a model wrote.

    Nothing counts of an answer that cannot be read or names another paper; of a readable one, no judgement whose words
    are not literally in the source, none without words that needs some, and none of several that disagree.
    """
    said = _given(paper_id, response)
    judged = []
    for number, statement in enumerate(statements, start=1):
        judgements = said.get(number, ())
        holding = {one.judgement: one.words for one in reversed(judgements) if _holds(one, source)}
        if len(holding) == 1 and len({one.judgement for one in judgements}) == 1:
            ((judgement, words),) = holding.items()
            judged.append(JudgedStatement(statement, judgement, words if judgement is not Judgement.NOT_FOUND else ""))
        else:
            judged.append(JudgedStatement(statement))
    return tuple(judged)


def _given(paper_id: str, response: dict[str, Any]) -> dict[int, list[_Given]]:
    """Judgements by the number of their statement, those that can be read."""
    message = first_choice(response).get("message")
    try:
        value = json.loads(message["content"]) if isinstance(message, dict) else None
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    given = value.get("judgements") if isinstance(value, dict) and value.get("paper_id") == paper_id else None
    found: defaultdict[int, list[_Given]] = defaultdict(list)
    for one in given if isinstance(given, list) else ():
        try:
            judgement = _Given.model_validate(one)
        except ValidationError:
            continue
        found[judgement.statement].append(judgement)
    return found


def _holds(judgement: _Given, source: str) -> bool:
    words = judgement.words
    if judgement.judgement is Judgement.NOT_FOUND:
        return True
    if judgement.judgement is Judgement.CONTRADICTED and len(words.split()) < FEWEST_WORDS:
        return False
    return len(letters_of(words)) >= SHORTEST_WORDS and place_of(source, words) is not None
