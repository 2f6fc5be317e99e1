"""Writes tiny llama models whose greedy answer is a script, so that a real engine says what a test expects.

What the attention and the feed-forward add is zero, so the one block passes on the embedding of the last token; the
output matrix maps each token of the script to its successor. Chosen by hand: no training, no licence.

python -m tests.peers.gguf_writer FOLDER
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import gguf
import numpy as np
from numpy.typing import NDArray

from tests.services.facts import texts

Matrix = NDArray[np.float64]

SPACE: Final = "\u2581"  # how SentencePiece writes a space
ASSISTANT: Final = "<|assistant|>"
ROLES: Final = ("<|user|>", ASSISTANT, "<|system|>")
WIDTH: Final = 256
WINDOW: Final = 65_536
SURENESS: Final = 14.0  # logit of the scripted successor; everything else stays below 1
PLAIN: Final = (
    "{{ bos_token }}{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
THINKING: Final = (
    "{{ bos_token }}{%- for m in messages %}{%- if m.role == 'assistant' and m.reasoning_content %}"
    "<|assistant|><think>{{ m.reasoning_content }}</think>{{ m.content }}"
    "{%- else %}<|{{ m.role }}|>{{ m.content }}{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}<|assistant|>{%- endif %}"
)


def after_space(*words: str) -> tuple[str, ...]:
    """Tokens of words that follow a space."""
    return tuple(SPACE + word for word in words)


@dataclass(frozen=True)
class TinyModel:
    """A model to write.

    Attributes:
        script: The tokens of its answer, each only once: a token has one successor.
        endless: Whether the last token leads back to the first.
        template: Jinja template of its chat.
    """

    script: tuple[str, ...]
    endless: bool = False
    template: str = PLAIN


MODELS: Final = {
    "stop": TinyModel(("Hello", *after_space("from", "a", "real", "llama.cpp", "engine."))),
    "long": TinyModel(after_space("one", "two", "three", "four", "five", "six"), endless=True),
    "think": TinyModel(
        ("<think>", "Let", *after_space("me", "reason."), "</think>", "The", *after_space("answer", "is", "42.")),
        template=THINKING,
    ),
    # Asked for embeddings, a model of this kind gives the mean of its words': texts that share words are near.
    "facts": TinyModel(after_space(*sorted({word for text in texts() for word in re.findall(r"\w+", text)}))),
}


@dataclass
class Vocabulary:
    """Tokens with their kinds and scores, in the order of their ids."""

    tokens: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def add(self, token: str, kind: gguf.TokenType, score: float = 0.0) -> None:
        """Append one; a known one stays as it is."""
        if token not in self.tokens:
            self.tokens.append(token)
            self.kinds.append(kind)
            self.scores.append(score)


def write(path: Path, model: TinyModel) -> None:
    """Write a model as GGUF."""
    words = _vocabulary(model.script)
    rng = np.random.default_rng(7)
    embedding = rng.standard_normal((len(words.tokens), WIDTH))
    # Rows of RMS 1 make the RMS norm the identity.
    embedding *= np.sqrt(WIDTH) / np.linalg.norm(embedding, axis=1, keepdims=True)
    output = 0.02 / np.sqrt(WIDTH) * rng.standard_normal(embedding.shape)
    for before, after in _successors(words.tokens, model):
        output[after] += embedding[before] * (SURENESS / WIDTH)
    writer = gguf.GGUFWriter(path, "llama")
    _write_figures(writer, len(words.tokens))
    _write_tokeniser(writer, words, model.template)
    _write_tensors(writer, embedding, output, rng)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary(script: Sequence[str]) -> Vocabulary:
    words = Vocabulary()
    words.add("<unk>", gguf.TokenType.UNKNOWN)
    for token in ("<s>", "</s>", *ROLES):
        words.add(token, gguf.TokenType.CONTROL)
    for byte in range(256):  # whatever a person types becomes tokens through these
        words.add(f"<0x{byte:02X}>", gguf.TokenType.BYTE)
    for piece in (*map(chr, range(33, 127)), SPACE, *_merged(script)):
        words.add(piece, gguf.TokenType.NORMAL, float(len(piece)) if len(piece) > 1 else -10.0)
    return words


def _merged(script: Iterable[str]) -> Iterable[str]:
    """SentencePiece builds a word letter by letter, so each of its beginnings must be a token."""
    for word in script:
        yield from (word[:size] for size in range(1, len(word) + 1))
        yield from word


def _successors(tokens: list[str], model: TinyModel) -> Iterable[tuple[int, int]]:
    chain = [tokens.index(token) for token in (ASSISTANT, *model.script)]
    yield from pairwise(chain)
    yield chain[-1], chain[1] if model.endless else tokens.index("</s>")


def _write_figures(writer: gguf.GGUFWriter, tokens: int) -> None:
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(64)
    writer.add_head_count(4)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // 4)
    writer.add_vocab_size(tokens)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _write_tokeniser(writer: gguf.GGUFWriter, words: Vocabulary, template: str) -> None:
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words.tokens)
    writer.add_token_scores(words.scores)
    writer.add_token_types(words.kinds)
    writer.add_bos_token_id(words.tokens.index("<s>"))
    writer.add_eos_token_id(words.tokens.index("</s>"))
    writer.add_unk_token_id(words.tokens.index("<unk>"))
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(template)


def _write_tensors(writer: gguf.GGUFWriter, embedding: Matrix, output: Matrix, rng: np.random.Generator) -> None:
    head = WIDTH // 4
    one = np.ones(WIDTH, np.float32)
    random_shapes = {
        "attn_q": (WIDTH, WIDTH),
        "attn_k": (head, WIDTH),
        "attn_v": (head, WIDTH),
        "ffn_gate": (64, WIDTH),
    }
    random_shapes["ffn_up"] = (64, WIDTH)
    zero_shapes = {"attn_output": (WIDTH, WIDTH), "ffn_down": (WIDTH, 64)}
    writer.add_tensor("token_embd.weight", embedding.astype(np.float16))
    writer.add_tensor("output_norm.weight", one)
    writer.add_tensor("output.weight", output.astype(np.float16))
    writer.add_tensor("blk.0.attn_norm.weight", one)
    writer.add_tensor("blk.0.ffn_norm.weight", one)
    for name, shape in random_shapes.items():
        writer.add_tensor(f"blk.0.{name}.weight", (rng.standard_normal(shape) * 0.02).astype(np.float16))
    for name, shape in zero_shapes.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float16))


if __name__ == "__main__":
    for name, model in MODELS.items():
        write(Path(sys.argv[1]) / f"tiny-{name}.gguf", model)
