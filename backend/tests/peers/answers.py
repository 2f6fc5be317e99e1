"""What a double says for each of its models: the answer as tokens, their pace, and the trouble on the way.

A model's name is its behaviour: `pace-20-100` is 100 tokens, one every 20 ms; `bulk-8000` is 8 MB at once;
`fault-cut-5` breaks off after 5 tokens.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

Trouble = Literal["hang", "html", "reset", "noise", "cut", "stall", "garbage", "badutf8", "longline", "error-chunk"]

TROUBLE_BEFORE_THE_HEAD: Final = ("hang", "html", "reset", "noise")
TROUBLE_AFTER_TOKENS: Final = ("cut", "stall", "garbage", "badutf8", "longline", "error-chunk")
STATUSES: Final = {
    400: "No models loaded. Please load a model in the developer page or use the 'lms load' command.",
    401: "An LM Studio API token is required. You sent {key}.",
    403: "The token {key} may not do this.",
    404: "The model '{model}' does not exist.",
    413: "The body is too large.",
    429: "Slow down.",
    500: "The model has crashed without additional information. (Exit code: 6). Token: {key}",
    503: "Loading model.",
    529: "Overloaded",
}
TOO_LONG: Final = (
    "Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length "
    "of only 8192 tokens, which is not enough."
)
WISH_FOR_A_TITLE: Final = "Give the conversation below a title"
TITLE: Final = '**Title:** "A name from the model."'
ORDINARY: Final = ("tiny-chat-1b", "tiny-think-1b", "tiny-eyes-2b")
SHOWN: Final = (
    "pace-20-10",
    "bulk-8000",
    "pace-20-400",
    "pace-5-60",
    "pace-20-100",
    "pace-20-1000",
    "pace-50-200",
    "pace-100-400",
    *(f"fault-{status}" for status in STATUSES),
    "fault-badutf8",
    "fault-context",
    "fault-cut-1",
    "fault-cut-5",
    "fault-drip-200",
    "fault-error-chunk",
    "fault-garbage",
    "fault-hang",
    "fault-html",
    "fault-inject",
    "fault-longline",
    "fault-nodone",
    "fault-noise",
    "fault-nousage",
    "fault-reset",
    "fault-slow-first-1500",
    "fault-stall-3",
    "fault-think-inline",
)
"""Names with behaviour that the lists show; other numbers work too."""

_PACE: Final = re.compile(r"pace-(\d+)-(\d+)")
_BULK: Final = re.compile(r"bulk-(\d+)")
_FAULT: Final = re.compile(r"fault-(?:(\d{3})|([a-z]+[a-z0-9-]*?)(?:-(\d+))?)")
_SPLIT_TAGS: Final = ("<thi", "nk>", "I give", " an echo.", "</th", "ink>\n\n")
_FALSE_EVENTS: Final = ("id: 9\n", "event: done\n", "data: {}\n\n", "<script>alert(1)</script>")
_TOKEN: Final = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True)
class Plan:
    """One answer.

    Attributes:
        tokens: The text.
        thoughts: Reasoning before it, in the field of its own.
        pause: Seconds before each token.
        first_pause: Seconds before the first of all.
        status: Refuse with this one.
        message: What the refusal says.
        trouble: What goes wrong,
        after: and after how many tokens.
        usage: Whether figures are sent to who asks for them.
        done: Whether the end is said.
        finish_reason: Why it ends.
    """

    tokens: tuple[str, ...]
    thoughts: tuple[str, ...] = ()
    pause: float = 0.0
    first_pause: float = 0.0
    status: int = 200
    message: str = ""
    trouble: Trouble | None = None
    after: int = 0
    usage: bool = True
    done: bool = True
    finish_reason: str = "stop"

    def cut_to(self, most: int | None) -> "Plan":
        """At most so many tokens."""
        if most is None or most < 0 or most >= len(self.tokens):
            return self
        return replace(self, tokens=self.tokens[:most], finish_reason="length")


def plan_for(model: str, question: str, pause: float) -> Plan | None:
    """The behaviour that a model's name stands for; None when there is no such model.

    Args:
        model: Its name.
        question: The last thing that a person said.
        pause: Seconds between the tokens of ordinary models.
    """
    said = TITLE if question.startswith(WISH_FOR_A_TITLE) else echo(question)
    plain = Plan(tokens_of(said), pause=pause)
    if model == "tiny-think-1b":
        return replace(plain, thoughts=tokens_of("The person wants an echo. I give it."))
    if model in ORDINARY:
        return plain
    if found := _PACE.fullmatch(model):
        return Plan(counted(int(found[2])), pause=int(found[1]) / 1_000)
    if found := _BULK.fullmatch(model):
        return Plan(tuple(token.ljust(1_000, ".") for token in counted(int(found[1]))))
    return _fault(model, plain) if model.startswith("fault-") else None


def echo(question: str) -> str:
    """The ordinary answer: Markdown with the question in it and a code block."""
    return (
        f"You asked: {question}\n\n## An echo, nothing more\n\n- It is **the same** for the same question.\n"
        f"- It comes word by word.\n\n```python\nprint({question!r})\n```\n\nThat is all."
    )


def counted(number: int) -> tuple[str, ...]:
    """So many tokens that can be told apart."""
    return tuple(f"tok{place} " for place in range(number))


def tokens_of(text: str) -> tuple[str, ...]:
    """Words with the space before them; together they are the text again."""
    return tuple(_TOKEN.findall(text))


def _fault(model: str, plain: Plan) -> Plan | None:
    if not (found := _FAULT.fullmatch(model)):
        return None
    status, name, figure = found[1], found[2], int(found[3] or 3)
    if status:
        known = int(status) in STATUSES
        return replace(plain, status=int(status), message=STATUSES[int(status)]) if known else None
    changes: dict[str, dict[str, Any]] = {
        "context": {"status": 400, "message": TOO_LONG},
        "drip": {"pause": figure / 1_000},
        "slow-first": {"first_pause": figure / 1_000},
        "think-inline": {"tokens": (*_SPLIT_TAGS, *plain.tokens)},
        "inject": {"tokens": (*_FALSE_EVENTS, *plain.tokens)},
        "nousage": {"usage": False},
        "nodone": {"done": False},
        **{key: {"trouble": name} for key in TROUBLE_BEFORE_THE_HEAD},
        **{key: {"trouble": name, "after": figure, "tokens": counted(figure + 10)} for key in TROUBLE_AFTER_TOKENS},
    }
    return replace(plain, **changes[name]) if name in changes else None
