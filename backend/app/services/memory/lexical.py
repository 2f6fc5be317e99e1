"""Pure: which of a person's memories a question is about, by the words that they share."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from app.core.words import folded, is_unspaced, searchable

STEM: Final = 5
"""Characters by which words are compared: `allergic` and `allergies` are one."""
_WORD: Final = re.compile(r"\w+")
_COMMON: Final = frozenset(
    _WORD.findall("""
    a aber about after al algo all als also am an and any are as at au auf aus aux avec be because been bei bin
    bist but by can ce ces cette como con could cual cuando da dans das dass de del dem den der des did die dir do
    does du ein eine einem einen einer el ella elle en er eres es est esta este esto estoy et for from fue fur get
    give go ha habe had has hast hat have hay he her him his how i ich if ihr il ils im in into is ist it its j ja
    je just kann know l la las le les let leur like lo los ma mais make many may me mein meine meinem meinen
    meiner mes mi mich mine mir mis mit moi mon more most much muy my nach ne need nicht no noch nos not nous now
    nur o oder of on one or ou our out over par para pas pero please por porque pour qu que qui quien remember sa
    say se sein ser ses she should si sich sie sin sind so sobre some son soy su suis sur sus ta te tell tengo tes
    than that the their them then there these they this those tiene to toi ton too tu tus uber um un una und une
    uno uns up us use user very von vor vos votre vous want war was way we well wer were what when where which who
    whom whose why wie will wir wird with wo would y ya yo you your zu zum zur
    """)
)
"""English, Spanish, German and French words that are in every sentence, without accents."""


def stems(text: str) -> frozenset[str]:
    """What a text is about: the beginnings of its words; each character of a script without spaces."""
    words = _WORD.findall(folded(searchable(text)))
    return frozenset(
        word[:STEM] for word in words if word not in _COMMON and (len(word) > 1 or is_unspaced(word) or word.isdigit())
    )


class Lexicon:
    """A person's memories, ready to be asked: which words stand in which, and how rare each is.

    Args:
        texts: The memories.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        held = [stems(text) for text in texts]
        for place, each in enumerate(held):
            for stem in each:
                self._places[stem].append(place)
        self._unknown = math.log1p(len(held)) ** 2
        self._weights = {stem: math.log1p(len(held) / len(found)) ** 2 for stem, found in self._places.items()}
        self._lengths = [math.sqrt(sum(self._weights[stem] for stem in each)) for each in held]

    def scores(self, question: str) -> dict[int, float]:
        """How much memories have to do with a question: the cosine of their words, where rare ones weigh more.

        Args:
            question: What is asked.

        Returns:
            Places of memories that share a word with it → a number up to 1, which is the same words.
        """
        asked = stems(question)
        shared: defaultdict[int, float] = defaultdict(float)
        for stem in asked:
            for place in self._places.get(stem, ()):
                shared[place] += self._weights[stem]
        length = math.sqrt(sum(self._weights.get(stem, self._unknown) for stem in asked))
        return {place: weight / (length * self._lengths[place]) for place, weight in shared.items()}
