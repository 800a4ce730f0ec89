"""A streamed completion put together again, for providers whose models answer in no other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def collected(client: AsyncOpenAI, arguments: dict[str, Any]) -> dict[str, Any]:
    """The completion that a stream adds up to; without choices where it ended before it began."""
    pieces: list[str] = []
    refusals: list[str] = []
    whole: dict[str, Any] = {}
    finish_reason = None
    async for chunk in await client.chat.completions.create(**arguments):
        part = chunk.model_dump(exclude_none=True)
        whole |= {name: part[name] for name in ("id", "model", "usage", "error") if name in part}
        for choice in part.get("choices", [])[:1]:
            delta = choice.get("delta", {})
            pieces.append(delta.get("content") or "")
            refusals.append(delta.get("refusal") or "")
            finish_reason = choice.get("finish_reason") or finish_reason
    message = {"role": "assistant", "content": "".join(pieces), "refusal": "".join(refusals) or None}
    if not pieces:
        return {**whole, "choices": []}
    # a stream that broke off has no reason: nothing says that the answer is whole
    choice = {"index": 0, "finish_reason": finish_reason or "error", "message": message}
    return {**whole, "object": "chat.completion", "choices": [choice]}
