"""What is counted and measured while the server runs, for Prometheus. Knows no person, no id and no text.

Labels are routes as they are declared, codes of the registry, ids of configured servers and a few words, so that their
number is bounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
PATIENT: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """A model server at this moment.

    Attributes:
        name: Its id.
        up: Whether it answered when last asked; None when it was not asked yet.
        cut_off: Whether its circuit is open.
        latency_ms: Of its catalogue, when last asked.
        waiting: People's questions that wait for a seat.
        taken: Answers that it gives.
    """

    name: str
    up: bool | None
    cut_off: bool
    latency_ms: float | None
    waiting: int
    taken: int


class Metrics:
    """Everything that is counted in this process."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._requests = Histogram(
            "omniai_request_seconds",
            "Time to the end of the answer; of streams, to their last event.",
            ("method", "route", "status"),
            buckets=QUICK,
            registry=own,
        )
        self._refused = Counter("omniai_errors", "Answers in the error shape.", ("code",), registry=own)
        self._answers = Counter(
            "omniai_answers", "Answers of models that ended.", ("provider", "status", "code"), registry=own
        )
        self._first = Histogram(
            "omniai_first_token_seconds", "From the question to the first token.", ("provider",), buckets=PATIENT,
            registry=own,
        )  # fmt: skip
        self._whole = Histogram(
            "omniai_answer_seconds", "From the question to the end of the answer.", ("provider",), buckets=PATIENT,
            registry=own,
        )  # fmt: skip
        self._tokens = Counter("omniai_tokens", "Tokens, as the servers count.", ("provider", "kind"), registry=own)
        waits = Histogram(
            "omniai_database_wait_seconds", "Time until a unit of work got its thread.", ("kind",), buckets=QUICK,
            registry=own,
        )  # fmt: skip
        self._waits = {kind: waits.labels(kind) for kind in ("read", "write")}
        self._lag = Histogram(
            "omniai_event_loop_lag_seconds", "By how much a timer came late.", buckets=QUICK, registry=own
        )
        self._streams = Gauge("omniai_active_answers", "Answers that are being written or wait.", registry=own)
        self._draining = Gauge("omniai_draining", "1 while the server shuts down.", registry=own)
        self._up = Gauge("omniai_provider_up", "1 when it answered when last asked.", ("provider",), registry=own)
        self._open = Gauge("omniai_provider_circuit_open", "1 when it is left alone.", ("provider",), registry=own)
        self._latency = Gauge(
            "omniai_provider_latency_seconds", "Of its list of models, when last asked.", ("provider",), registry=own
        )
        self._queue = Gauge("omniai_queue_length", "Questions that wait for a seat.", ("provider",), registry=own)
        self._seats = Gauge("omniai_seats_taken", "Answers that a server gives now.", ("provider",), registry=own)

    def request(self, method: str, route: str, status: int, seconds: float, code: str | None) -> None:
        """A request was answered, or left."""
        self._requests.labels(method, route, status).observe(seconds)
        if code is not None:
            self._refused.labels(code).inc()

    def answer(self, provider: str, status: str, code: str | None, seconds: float, first_seconds: float | None) -> None:
        """An answer ended."""
        self._answers.labels(provider, status, code or "none").inc()
        self._whole.labels(provider).observe(seconds)
        if first_seconds is not None:
            self._first.labels(provider).observe(first_seconds)

    def tokens(self, provider: str, prompt: int, completion: int) -> None:
        """An answer used tokens."""
        self._tokens.labels(provider, "prompt").inc(prompt)
        self._tokens.labels(provider, "completion").inc(completion)

    def waited(self, kind: str, seconds: float) -> None:
        """A unit of work waited for its thread; `kind` is `read` or `write`."""
        self._waits[kind].observe(seconds)

    def lagged(self, seconds: float) -> None:
        """The event loop was late."""
        self._lag.observe(seconds)

    def text(self, *, active: int, draining: bool, servers: Iterable[ServerFigures]) -> bytes:
        """Everything, in the text format of Prometheus.

        Args:
            active: Answers under way.
            draining: Whether the server shuts down.
            servers: The model servers now.
        """
        self._streams.set(active)
        self._draining.set(draining)
        for server in servers:
            if server.up is not None:
                self._up.labels(server.name).set(server.up)
            self._open.labels(server.name).set(server.cut_off)
            if server.latency_ms is not None:
                self._latency.labels(server.name).set(server.latency_ms / 1000)
            self._queue.labels(server.name).set(server.waiting)
            self._seats.labels(server.name).set(server.taken)
        return generate_latest(self._registry)
