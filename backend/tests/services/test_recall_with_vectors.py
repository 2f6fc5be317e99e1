"""How well words and the vectors of a real engine bring the right memory back; printed, and told in docs/memory.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app.api.deps import Services
from app.services.memory.service import Asked

from tests.client import running_app
from tests.conftest import migrated, settings_for
from tests.peers import process
from tests.services.facts import FACTS, UNANSWERED

pytestmark = pytest.mark.llm

FEWEST_FOUND = 118
MOST_UNASKED = 2


@pytest.fixture(scope="module")
def engine() -> Iterator[process.Peer]:
    """llama.cpp with a model whose vectors are the mean of its words'."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    with process.running("tests.peers.llama", "--model", "facts") as peer:
        yield peer


async def test_questions_bring_their_memory_back_and_others_none(
    engine: process.Peer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"OPENAI_COMPAT_BASE_URL": f"{engine.url}/v1", "MEMORY_EMBEDDING_MODEL": "openai_compat/tiny-facts"}
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        owner = await api.bootstrap()
        for fact in FACTS:
            assert (await owner.post("/memory", {"content": fact})).status_code == 201
        assert (await owner.get("/memory/state")).json()["model"] == "openai_compat/tiny-facts"
        services: Services = api.app.state.services
        owner_id = str(owner.user["id"])
        await services.memory.index(owner_id)

        async def first_three(question: str) -> list[str]:
            found = await services.memory.recall(Asked(owner_id, None, None, question))
            assert found.on
            return [note.content for note in found.notes[:3]]

        asked = [(fact, question) for fact, questions in FACTS.items() for question in questions]
        found = sum([fact in await first_three(question) for fact, question in asked])
        unasked = sum([bool(await first_three(question)) for question in UNANSWERED])
    with capsys.disabled():
        print(f"\nrecall@3 with vectors {found}/{len(asked)}, brought back unasked {unasked}/{len(UNANSWERED)}")
    assert found >= FEWEST_FOUND
    assert unasked <= MOST_UNASKED
