"""Vectors as the servers give them: one for each text, in its place, or a clear failure."""

from collections.abc import Iterator
from contextlib import aclosing

import httpx2
import pytest
from app.config.settings import ProviderSettings
from app.providers.adapter import in_place
from app.providers.anthropic import anthropic
from app.providers.base import ModelMissing, Provider, ProviderError, ProviderUnreachable
from app.providers.lmstudio import lmstudio
from app.providers.ollama import ollama
from app.providers.openai_compat import kind_of, openai_compat
from app.providers.scripted import guide
from pydantic import SecretStr

from tests.peers import embeddings, process
from tests.peers import lmstudio as lmstudio_double
from tests.peers import ollama as ollama_double

SETTINGS = ProviderSettings.model_validate({})
TEXTS = ["My sister lives in Lisbon", "I play the cello", "Größe und 上海"]


@pytest.fixture(scope="module", params=["lmstudio", "openai_compat", "ollama"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Provider, str]]:
    """Each kind of server that makes vectors, and its embedding model."""
    kind = str(request.param)
    with process.running("tests.peers.ollama" if kind == "ollama" else "tests.peers.lmstudio") as peer:
        if kind == "ollama":
            yield ollama(SETTINGS, peer.url), ollama_double.EMBEDDING
            return
        model = lmstudio_double.EMBEDDING
        httpx2.post(f"{peer.url}/api/v1/models/load", json={"model": model}).raise_for_status()
        url = f"{peer.url}/v1"
        named = ProviderSettings.model_validate({"LMSTUDIO_BASE_URL": url})
        yield (lmstudio(named) if kind == "lmstudio" else openai_compat(named, url)), model


async def test_each_text_gets_the_vector_of_its_place(server: tuple[Provider, str]) -> None:
    provider, model = server
    async with aclosing(provider):
        made = await provider.embed(model, TEXTS)
    assert [list(vector) for vector in made] == [embeddings.vector(text) for text in TEXTS]


async def test_the_list_says_what_it_is_for(server: tuple[Provider, str]) -> None:
    provider, model = server
    async with aclosing(provider):
        kinds = {found.id: found.kind for found in await provider.models()}
    assert kinds[model] == "embedding"


async def test_another_model_is_missing(server: tuple[Provider, str]) -> None:
    provider, _ = server
    async with aclosing(provider):
        with pytest.raises(ModelMissing):
            await provider.embed("text-embedding-nobody", TEXTS)


async def test_what_is_too_long_is_refused(server: tuple[Provider, str]) -> None:
    provider, model = server
    async with aclosing(provider):
        with pytest.raises(ProviderError):
            await provider.embed(model, ["x" * (embeddings.MOST_CHARS + 1)])


async def test_who_makes_none_says_so() -> None:
    for provider in (guide("http://127.0.0.1:1"), anthropic(SETTINGS, SecretStr("sk-none"))):
        async with aclosing(provider):
            with pytest.raises(ModelMissing):
                await provider.embed(provider.id, TEXTS)


async def test_nobody_there_is_unreachable() -> None:
    async with aclosing(openai_compat(SETTINGS, "http://127.0.0.1:9/v1")) as provider:
        with pytest.raises(ProviderUnreachable):
            await provider.embed("any", TEXTS)


@pytest.mark.parametrize("vectors", [[(1.0,)], [(1.0,), (1.0, 2.0)], [(), ()], [(1.0,), (1.0,), (1.0,)]])
def test_vectors_that_do_not_fit_their_texts_are_refused(vectors: list[tuple[float, ...]]) -> None:
    with pytest.raises(ProviderError):
        in_place(vectors, ["one", "two"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text-embedding-nomic", "embedding"),
        ("nomic-embed-text:latest", "embedding"),
        ("BAAI/bge-m3", "embedding"),
        ("intfloat/multilingual-e5-large", "embedding"),
        ("all-minilm:l6", "embedding"),
        ("gemma-3-12b", "chat"),
        ("llama-3.2-3b", "chat"),
        ("phi-4-mini", "chat"),
    ],
)
def test_names_tell_what_a_model_is_for(name: str, kind: str) -> None:
    assert kind_of(name) == kind
