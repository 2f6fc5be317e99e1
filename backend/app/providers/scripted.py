"""The shipped fake: says what its script says, at its own pace. As `guide` it answers where no model server does."""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Final

from app.providers.base import ChatCall, Finished, Location, Model, ProviderEvent, TextDelta, UsageReport

GUIDE_ID: Final = "guide"
GUIDE_LABEL: Final = "Guide (no AI)"
PIECES_PER_SECOND: Final = 40.0
GUIDE_SCRIPT: Final = """\
## OmniAI works, and no model answers yet

I am the **Guide**: a fixed text, not an AI. I cannot read your question, but I show what an answer looks like here. \
Your question is saved, and this answer came the same way a model's would: streamed, and stored while it came.

To chat with a model on this machine:

1. Open LM Studio and load a model.
2. Start its server: on the *Developer* page, or with the command below.
3. Ask again. OmniAI looks for new models by itself.

```sh
lms server start
```

| what | where |
| --- | --- |
| LM Studio is looked for at | `{address}` |
| to look elsewhere, set | `OMNIAI_LMSTUDIO_BASE_URL` |

> This text goes away with the first model that answers.
"""


class ScriptedProvider:
    """A provider without a model.

    Args:
        provider_id: Its id, and its one model's.
        label: Its name for people.
        script: What it says to every question.
        pieces_per_second: How fast.
    """

    def __init__(
        self, provider_id: str, label: str, script: str, *, pieces_per_second: float = PIECES_PER_SECOND
    ) -> None:
        self.id = provider_id
        self.label = label
        self.location: Location = "home"
        self._pieces = re.findall(r"\s*\S+\s*", script)
        self._pause = 1 / pieces_per_second

    async def models(self) -> list[Model]:
        """See Provider."""
        return [Model(self.id, self.id, self.label, loaded=True, location=self.location)]

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """See Provider."""
        limit = call.max_tokens or len(self._pieces)
        for piece in self._pieces[:limit]:
            await asyncio.sleep(self._pause)
            yield TextDelta(piece)
        asked = sum(len(message.content.split()) for message in call.messages)
        yield UsageReport(asked, min(limit, len(self._pieces)))
        yield Finished("stop" if limit >= len(self._pieces) else "length")

    async def aclose(self) -> None:
        """See Provider."""


def guide(lmstudio_address: str) -> ScriptedProvider:
    """The Guide, who tells how to connect LM Studio.

    Args:
        lmstudio_address: Where OmniAI looks for it.
    """
    return ScriptedProvider(GUIDE_ID, GUIDE_LABEL, GUIDE_SCRIPT.format(address=lmstudio_address))
