"""Thoughts that stand in the text between `<think>` and `</think>`, told from the answer. Knows no dialect."""

from collections.abc import Iterator
from typing import Final

from app.providers.base import ProviderEvent, ReasoningDelta, TextDelta

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"


class InlineThinking:
    """Tells `<think>…</think>` at the start of the text from the answer, however the pieces are split."""

    def __init__(self) -> None:
        self._held = ""
        self._tag: str | None = _OPEN
        self._fresh = False

    @property
    def over(self) -> bool:
        """Whether everything that follows is answer, as it stands."""
        return self._tag is None and not self._fresh

    def feed(self, text: str) -> Iterator[ProviderEvent]:
        """Take a piece of text; what may be part of a tag is held back."""
        if self._tag is None:
            yield from self._answer(text)
            return
        self._held += text
        if self._tag == _OPEN:
            yield from self._opening()
        if self._tag == _CLOSE:
            yield from self._thinking()

    def end(self) -> Iterator[ProviderEvent]:
        """Give out what was held back."""
        if self._held:
            yield ReasoningDelta(self._held) if self._tag == _CLOSE else TextDelta(self._held)
            self._held = ""

    def _opening(self) -> Iterator[ProviderEvent]:
        start = self._held.lstrip()
        if start.startswith(_OPEN):
            self._tag, self._held, self._fresh = _CLOSE, start[len(_OPEN) :], True
        elif not _OPEN.startswith(start):
            self._tag = None
            yield from self.end()

    def _thinking(self) -> Iterator[ProviderEvent]:
        thought, closed, rest = self._held.partition(_CLOSE)
        kept = 0 if closed else _overlap(thought, _CLOSE)
        self._held = thought[len(thought) - kept :]
        if thought := self._trimmed(thought[: len(thought) - kept]):
            yield ReasoningDelta(thought)
        if closed:
            self._tag, self._held, self._fresh = None, "", True
            yield from self._answer(rest)

    def _answer(self, text: str) -> Iterator[ProviderEvent]:
        if text := self._trimmed(text):
            yield TextDelta(text)

    def _trimmed(self, text: str) -> str:
        # Empty lines beside a tag belong neither to the thoughts nor to the answer.
        if self._fresh:
            text = text.lstrip("\n")
            self._fresh = not text
        return text


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the start of the tag."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if text.endswith(tag[:size])), 0)
