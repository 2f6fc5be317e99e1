"""Names a conversation by asking the model that answered first. May fail without consequence; stores nothing."""

from typing import Final

from app.providers.base import Provider
from app.services.asides import aside

MAX_TOKENS: Final = 64
QUESTION_CHARS: Final = 2_000
ANSWER_CHARS: Final = 500
MAX_CHARS: Final = 60
_WISH: Final = (
    "Give the conversation below a title of at most six words, in its own language. "
    "Say the title alone, without quotation marks."
)
_TRIMMED: Final = "#*_`\"'“”„«» \t.:"
_LABEL: Final = "title:"


async def title_for(provider: Provider, model: str, question: str, answer: str) -> str | None:
    """Ask a model for a title.

    Args:
        provider: Its server.
        model: The model.
        question: What a conversation began with.
        answer: What was answered.

    Returns:
        A title of one line, at most 60 characters; None when the model gave none in time.
    """
    said = f"{_WISH}\n\nQuestion:\n{question[:QUESTION_CHARS]}\n\nAnswer:\n{answer[:ANSWER_CHARS]}"
    heard = await aside(provider, model, said, temperature=0.2, max_tokens=MAX_TOKENS)
    return None if heard is None else cleaned(heard)


def cleaned(said: str) -> str | None:
    """A title out of what a model said; None where there is none in it."""
    line = next((" ".join(row.split()) for row in said.splitlines() if row.strip(_TRIMMED)), "").strip(_TRIMMED)
    if line.lower().startswith(_LABEL):
        line = line[len(_LABEL) :].strip(_TRIMMED)
    return line if 0 < len(line) <= MAX_CHARS else None
