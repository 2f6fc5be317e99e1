"""Which embedding model there is at home, and how near two texts must be in its space before that means something."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, pstdev
from typing import Final

from app.core.errors import OmniError
from app.providers.base import Model, ProviderError, Vector
from app.providers.registry import ProviderRegistry
from app.services.memory.vectors import cosine, unit

CHARS: Final = 1_000
"""Of a text go into its vector: many embedding models take no more than 512 tokens."""
UNASKED: Final = 0.01
"""Of the questions that no memory answers may bring one in."""
_PAIRS: Final = (
    ("My sister lives in Lisbon.", "In which city is my sister's home?"),
    ("I am allergic to shellfish.", "Which seafood should I avoid?"),
    ("We keep three chickens behind the house.", "What animals do we have?"),
    ("My car is a red van from 1998.", "What do I drive?"),
    ("I play the cello on Sundays.", "Which instrument do I practise?"),
    ("The office is on the fourth floor.", "Where in the building is work?"),
    ("I have been learning Japanese for a year.", "Which language is being studied?"),
    ("Our daughter starts school in autumn.", "When do lessons begin for the child?"),
)
"""A fact and a question about it; a fact has nothing to do with the questions about the others."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What nearness means in one space: every model calls unrelated texts near in another measure.

    Attributes:
        mean: Of the cosine between texts that have nothing to do with each other.
        spread: Its standard deviation.
        related: Of the cosine between a fact and a question about it, the mean.
    """

    mean: float
    spread: float
    related: float

    @classmethod
    def of(cls, facts: Sequence[Vector], questions: Sequence[Vector]) -> "Scale":
        """Learn from pairs: each fact belongs to the question in its place and to no other."""
        apart = [
            cosine(fact, question)
            for place, fact in enumerate(facts)
            for other, question in enumerate(questions)
            if place != other
        ]
        pairs = [cosine(fact, question) for fact, question in zip(facts, questions, strict=True)]
        return cls(fmean(apart), pstdev(apart), fmean(pairs))

    def score(self, near: float, among: int) -> float:
        """How much a nearness means, from 0 to 1.

        Args:
            near: The cosine.
            among: How many memories were looked at: of more, more are near by chance. What one of them would reach
                by chance in one question of a hundred means nothing yet (Bonferroni's bound for normal values).
        """
        floor = self.mean + self.spread * NormalDist().inv_cdf(1 - UNASKED / max(among, 1))
        return min(1.0, max(0.0, (near - floor) / max(self.related - floor, 0.1)))


@dataclass(frozen=True, slots=True)
class Space:
    """An embedding model; `name` stands beside every vector of it."""

    provider: str
    model: str

    @property
    def name(self) -> str:
        return f"{self.provider}/{self.model}"


class Embedder:
    """Makes vectors with a model at home.

    Args:
        registry: The model servers.
        wanted: The model that the settings name, alone or with its server before a slash; None for the first that is
            in memory, since asking for another would push the chat model out.
    """

    def __init__(self, registry: ProviderRegistry, wanted: str | None) -> None:
        self._registry = registry
        self._wanted = wanted
        self._scales: dict[str, Scale] = {}

    async def space(self) -> Space | None:
        """The embedding model that is there now."""
        models = (await self._registry.catalogue()).models
        fit = [model for model in models if model.location == "home" and self._fits(model)]
        return Space(fit[0].provider, fit[0].id) if fit else None

    def scale(self, space: Space) -> Scale | None:
        """What nearness means in a space; None until something was embedded there."""
        return self._scales.get(space.name)

    async def embed(self, space: Space, texts: Sequence[str]) -> list[Vector | None]:
        """Vectors of length 1, in the order of the texts; None where a text points nowhere.

        Raises:
            ProviderError: The model does not answer as it should.
        """
        learn = [] if space.name in self._scales else [text for pair in _PAIRS for text in pair]
        try:
            provider = self._registry.get(space.provider)
            made = await provider.embed(space.model, [*learn, *(text[:CHARS] for text in texts)])
        except ProviderError:
            raise
        except OmniError as error:
            raise ProviderError from error
        vectors = [unit(vector) for vector in made]
        known = [vector for vector in vectors[: len(learn)] if vector]
        if learn:
            if len(known) < len(learn):
                raise ProviderError
            self._scales[space.name] = Scale.of(known[::2], known[1::2])
        return vectors[len(learn) :]

    def _fits(self, model: Model) -> bool:
        if self._wanted is not None:
            return self._wanted in {model.id, f"{model.provider}/{model.id}"}
        return model.kind == "embedding" and model.loaded is not False
