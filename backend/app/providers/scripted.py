"""The shipped fake: a provider that says what its script says. As the product's guide it tells how to connect a model.

Knows no network and no model.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Final

from app.providers.base import (
    ChatCall,
    Finished,
    Location,
    Model,
    ModelMissing,
    ProviderEvent,
    TextDelta,
    UsageReport,
    Vector,
)

Script = Callable[[ChatCall], str]

_PIECE: Final = re.compile(r"\s*\S+\s*|\s+")
_SIGN_IN: Final = re.compile(r"//[^/@]*@")  # a name and password in an address are not for the page
_GUIDE: Final = """\
## OmniAI works, and no model answers yet

I am the **Guide**: a fixed text, not an AI. I cannot read your question. It is saved, and this answer came the way a \
model's would: streamed, and stored while it came.

To chat with a model on this machine:

1. Open LM Studio and load a model.
2. Start its server, on the *Developer* page or with the command below.
3. Ask again. OmniAI looks for models by itself.

```sh
lms server start
```

| what | where |
| --- | --- |
| LM Studio is looked for at | `{address}` |
| to look elsewhere, set and start again | `OMNIAI_LMSTUDIO_BASE_URL` |
"""


class ScriptedProvider:
    """Answers every call with its script, in small paced pieces.

    Args:
        provider_id: Its id, and the id of its one model.
        label: For people.
        script: The answer to a call.
        pieces_per_second: The pace; None means as fast as it can be read.
    """

    location: Location = "home"

    def __init__(self, provider_id: str, label: str, script: Script, *, pieces_per_second: float | None = 40.0) -> None:
        self.id = provider_id
        self.label = label
        self._script = script
        self._pause = 1 / pieces_per_second if pieces_per_second else 0.0

    async def models(self) -> list[Model]:
        """Its one model, always ready."""
        return [Model(self.id, self.id, self.label, loaded=True)]

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Say the script; a token is a word."""
        if call.model != self.id:
            raise ModelMissing
        pieces = _PIECE.findall(self._script(call))
        most = len(pieces) if call.max_tokens is None else call.max_tokens
        for piece in pieces[:most]:
            await asyncio.sleep(self._pause)
            yield TextDelta(piece)
        asked = sum(len(message.content.split()) for message in call.messages)
        yield UsageReport(asked, min(most, len(pieces)))
        yield Finished("stop" if most >= len(pieces) else "length")

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:  # noqa: ARG002 - it knows no meanings
        """It has no model for that."""
        raise ModelMissing

    async def aclose(self) -> None:
        """Nothing to give back."""


def guide(lmstudio_address: str) -> ScriptedProvider:
    """The guide that answers in development while no model server is found.

    Args:
        lmstudio_address: Where LM Studio is looked for.
    """
    answer = _GUIDE.format(address=_SIGN_IN.sub("//", lmstudio_address))
    return ScriptedProvider("guide", "Guide (no AI)", lambda _call: answer)
