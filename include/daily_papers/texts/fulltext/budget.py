"""A paper's text within a budget of tokens: what a summary can do without goes first."""

from __future__ import annotations

from collections.abc import Sequence

from daily_papers.texts.fulltext.passages import Passage
from daily_papers.texts.fulltext.tokens import count_tokens, first_tokens

_SHORTEST_START = 100
"""Tokens; a shorter start of a passage is not worth giving."""
_JOINT = "\n\n"


def fit(passages: Sequence[Passage], budget: int) -> tuple[str, tuple[str, ...]]:
    """The text of the passages in their order with at most `budget` tokens, and the kinds of what was left out of it.

    Passages are left out by kind (see `PassageKind`), of one kind the last one first; the last to be touched keeps as
    much of its start as fits.
    """
    texts = [passage.markdown for passage in passages]
    tokens = [count_tokens(text + _JOINT) for text in texts]
    left_out = []
    for place in sorted(range(len(passages)), key=lambda index: (passages[index].kind, -index)):
        excess = sum(tokens) - budget
        if excess <= 0:
            break
        room = tokens[place] - excess - count_tokens(_JOINT)
        texts[place] = first_tokens(texts[place], room) if room >= _SHORTEST_START else ""
        tokens[place] = count_tokens(texts[place] + _JOINT) if texts[place] else 0
        name = passages[place].kind.name.lower().replace("_", " ")  # not its heading: that is the paper's to write
        left_out.append(f"end of {name}" if texts[place] else name)
    return _JOINT.join(filter(None, texts)), tuple(dict.fromkeys(left_out))
