"""The provider `embedded`: what lies on the shelf is its catalogue, what is asked for is loaded."""

import asyncio
import importlib.util
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final

from app.config.settings import EmbeddedSettings, ProviderSettings
from app.providers.base import ChatCall, Location, Model, ModelMissing, ProviderEvent, ProviderUnreachable, Vector
from app.providers.embedded import child
from app.providers.embedded.memory import Memory
from app.providers.embedded.shelf import ModelFile, Shelf
from app.providers.http import Deadlines

ENGINE: Final = "xllamacpp"
MISSING: Final = "there are models for this machine but no engine to run them; `make run` installs it."


class EmbeddedProvider:
    """Models that OmniAI runs itself.

    Args:
        shelf: The models.
        memory: Those in memory.
        window: Tokens that an answer may take at most.
        has_engine: Whether there is something to run them.
    """

    id: Final = "embedded"
    location: Final[Location] = "home"

    def __init__(self, shelf: Shelf, memory: Memory, *, window: int, has_engine: bool) -> None:
        self.label = "This machine" if has_engine else "This machine (engine not installed)"
        self.memory = memory
        self._shelf = shelf
        self._window = window
        self._has_engine = has_engine

    async def models(self) -> list[Model]:
        """The files on the shelf now.

        Raises:
            ProviderUnreachable: There is no engine.
        """
        files = await self._files()
        in_memory = self.memory.children()
        return [self._model(file, loaded=file in in_memory) for file in files]

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Answer a call, loading the model first if need be."""
        found = (file for file in await self._files() if file.id == call.model and file.kind == "chat")
        file = next(found, None)
        if file is None:
            raise ModelMissing
        async with self.memory.lent(file) as server, aclosing(server.stream(call)) as events:
            async for event in events:
                yield event

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:  # noqa: ARG002 - see Provider
        """Its child processes serve chat models alone."""
        raise ModelMissing

    async def aclose(self) -> None:
        """End the child processes."""
        await self.memory.aclose()

    async def _files(self) -> list[ModelFile]:
        if not self._has_engine:
            raise ProviderUnreachable(text="The engine for models on this machine is not installed.")
        return await asyncio.to_thread(self._shelf.files)

    def _model(self, file: ModelFile, *, loaded: bool) -> Model:
        window = window_of(file, self._window)
        return Model(file.id, self.id, file.id, kind=file.kind, context_length=window, loaded=loaded)


def window_of(file: ModelFile, most: int) -> int:
    """Tokens that an answer of a model may take: no more than it was trained for."""
    return min(file.window or most, most)


def has_models(own: EmbeddedSettings) -> bool:
    """Whether there is anything on the shelf."""
    return not Shelf(own.models).is_empty()


def shortcoming(own: EmbeddedSettings) -> str | None:
    """What is missing, if something is, in one line for the person who starts the server."""
    return MISSING if has_models(own) and not _has_engine() else None


def embedded(settings: ProviderSettings, own: EmbeddedSettings) -> EmbeddedProvider:
    """The models that the settings name."""
    start = partial(_start, own, Deadlines(settings.connect_seconds, own.first_token_seconds, settings.idle_seconds))
    memory = Memory(start, most=own.models_in_memory, slots=own.slots, idle_seconds=own.unload_seconds)
    return EmbeddedProvider(Shelf(own.models), memory, window=own.context, has_engine=_has_engine())


async def _start(own: EmbeddedSettings, deadlines: Deadlines, file: ModelFile) -> child.Child:
    window = window_of(file, own.context)
    return await child.start(file, child.Terms(window, own.slots, own.threads, own.load_seconds, deadlines))


def _has_engine() -> bool:
    # Looked for, never imported: the engine belongs to the child processes.
    return importlib.util.find_spec(ENGINE) is not None
