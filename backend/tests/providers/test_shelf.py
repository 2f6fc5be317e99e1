"""The shelf: which files are models, what their heads tell, and that no head, however wrong, does harm."""

import os
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from app.providers.embedded.gguf import NotGguf, read_head
from app.providers.embedded.shelf import Shelf
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.shelves import head

CHAT = head({"general.architecture": "llama", "llama.context_length": 4_096})


def names(*places: Path) -> list[str]:
    return [file.id for file in Shelf(places).files()]


def test_only_whole_models_lie_on_the_shelf(tmp_path: Path) -> None:
    for name in ("a.gguf", "B.GGUF", "big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "a-mmproj-f16.gguf"):
        (tmp_path / name).write_bytes(CHAT)
    (tmp_path / "notes.txt").write_bytes(CHAT)
    (tmp_path / "half.gguf").write_bytes(CHAT[:20])
    (tmp_path / "page.gguf").write_bytes(b"<html>not found</html>")
    (tmp_path / "eyes.gguf").write_bytes(head({"general.architecture": "clip"}))
    (tmp_path / "folder.gguf").mkdir()
    os.mkfifo(tmp_path / "pipe.gguf")
    assert names(tmp_path) == ["B", "a", "big"]


def test_a_file_can_be_named_and_an_earlier_place_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "same.gguf").write_bytes(CHAT)
    shelf = Shelf([tmp_path / "nowhere", first, second / "same.gguf"])
    assert [file.path for file in shelf.files()] == [first / "same.gguf"]
    assert names(second / "same.gguf") == ["same"]
    assert Shelf([tmp_path / "nowhere"]).is_empty()
    assert not shelf.is_empty()


@pytest.mark.parametrize(
    ("entries", "kind", "window"),
    [
        ({"general.architecture": "llama", "llama.context_length": 4_096}, "chat", 4_096),
        ({"general.architecture": "llama", "llama.pooling_type": 0}, "chat", None),
        ({"general.architecture": "nomic-bert", "nomic-bert.context_length": 512}, "embedding", 512),
        (
            {"general.architecture": "qwen3", "qwen3.context_length": 32_768, "qwen3.pooling_type": 3},
            "embedding",
            32_768,
        ),
        ({"general.tags": ["x", "y"], "general.architecture": "llama", "llama.context_length": 7}, "chat", 7),
        ({"general.architecture": "llama", "llama.context_length": "long"}, "chat", None),
    ],
)
def test_the_head_tells_kind_and_window(
    tmp_path: Path, entries: dict[str, str | int | list[str]], kind: str, window: int | None
) -> None:
    (tmp_path / "m.gguf").write_bytes(head(entries))
    [file] = Shelf([tmp_path]).files()
    assert (file.kind, file.window) == (kind, window)


def test_the_vocabulary_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(
        head({"general.architecture": "llama", "tokenizer.ggml.model": "x"}) + b"\xff" * 99
    )
    assert names(tmp_path) == ["m"]


def test_a_file_written_again_is_another_model(tmp_path: Path) -> None:
    shelf, path = Shelf([tmp_path]), tmp_path / "m.gguf"
    path.write_bytes(CHAT)
    [before] = shelf.files()
    path.write_bytes(CHAT + b"weights")
    [after] = shelf.files()
    assert before.id == after.id
    assert before != after


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        CHAT[:-1],
        head({"general.architecture": "llama"}, version=1),
        head({"general.name": "no architecture"}),
        head({"general.architecture": "llama"}, count=2**63),
        head({}, count=1) + struct.pack("<Q", 2**62),
        head({}, count=1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 8, 2**62),
        head({}, count=1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 4, 2**62),
        head({}, count=1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 9, 1),
        head({}, count=1) + struct.pack("<Q1sI", 1, b"k", 77),
        head({}, count=1) + struct.pack("<Q2s", 2, b"\xff\xfe"),
    ],
)
def test_a_wrong_head_is_none(tmp_path: Path, wrong: bytes) -> None:
    (tmp_path / "m.gguf").write_bytes(wrong)
    with pytest.raises(NotGguf):
        read_head(tmp_path / "m.gguf")
    assert names(tmp_path) == []


@given(place=st.integers(0, len(CHAT)), noise=st.binary(max_size=64))
def test_noise_in_a_head_never_does_more_than_that(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.gguf"
    path.write_bytes(CHAT[:place] + noise + CHAT[place + len(noise) :])
    with suppress(NotGguf):
        read_head(path)
