"""Sentences of an Answer that would say what its tables and Facts withhold.

A sentence is withheld when one of its figures is, as far as it is printed, a figure that is
withheld and stands nowhere else in the Answer; when it counts fewer customers than may be shown; or
when it tells a figure of one account. What is in doubt is withheld.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cxdash.privacy.rules import FEWEST_CUSTOMERS

__all__ = ["INSTEAD", "Sentences", "figures_in"]

INSTEAD: Final = (
    f"Part of this is withheld: it is about fewer than {FEWEST_CUSTOMERS} customers, or would tell "
    "of them."
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“0-9−$€£])")
_CLAUSE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“0-9−$€£])|(?<=;)\s+")
_FIGURE: Final = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>%|million|billion|thousand|percentage|points?|(?:bn|[km])\b))?"
)
_DAY: Final = re.compile(
    r"\b\d{4}-\d{2}(?:-\d{2})?\b|\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b(?:19|20)\d{2}\b"
)
_QUOTED: Final = re.compile(r"“[^”]*”")
_IN_BAND: Final = re.compile(r"\(\d+(?:\.\d+)?(?:–\d+(?:\.\d+)?)?\)")  # Unhappy (0–6)
_SPAN: Final = re.compile(r"\b\d+(?:\.\d+)?[  ](?:months?|years?|days?)\b")
_WORDS: Final = ("one", "two", "three", "four")
_PEOPLE: Final = r"(?:customers?|accounts?|people|persons?|companies)"
_FEW: Final = re.compile(
    rf"(?<![\d.,–−-])(?:[1-{FEWEST_CUSTOMERS - 1}]|{'|'.join(_WORDS)})"
    rf"(?: of (?:the )?[\d,]+)? (?:(?:un)?happy |neutral |silent |other |more |such |large )?"
    rf"{_PEOPLE}\b",
    re.IGNORECASE,
)
_ONE: Final = re.compile(
    r"\baccount\b(?! for)|\b(?:one|single|largest|biggest) customer\b", re.IGNORECASE
)
_SCALES: Final = {
    "%": (0.01,),
    "percentage": (0.01,),
    "point": (1.0, 0.01),
    "points": (1.0, 0.01),
    "thousand": (1e3,),
    "k": (1e3,),
    "million": (1e6,),
    "m": (1e6,),
    "billion": (1e9,),
    "bn": (1e9,),
}
_TO: Final = ("–", " to ")
# 6 percentage points (range −1 to 13): the unit stands before the range alone.
_RANGE_OF_SHARES: Final = re.compile(
    r"(?<=\d)(?:%|[  ]percentage points?) \(range [−-]?[\d.]+(?:–| to )[−-]?[\d.]+(?=\))"
)
_MOST: Final = 1.000001


def figures_in(sentence: str) -> list[tuple[float, float]]:
    """Every figure a sentence may print, with half a unit of its last digit: (value, half)."""
    bare = _DAY.sub(" ", _SPAN.sub(" ", _IN_BAND.sub(" ", _QUOTED.sub(" ", sentence))))
    bare = _RANGE_OF_SHARES.sub(lambda match: f"{match[0]}%", bare)
    found = []
    following: tuple[float, ...] = (1.0,)
    for match in reversed(list(_FIGURE.finditer(bare))):
        text = match["number"].replace(",", "")
        _, _, digits = text.partition(".")
        zeros = len(text) - len(text.rstrip("0")) if not digits else 0
        half = 0.5 * 10.0 ** (zeros - len(digits))
        is_first_end = bare.startswith(_TO, match.end())
        # The first end of a range has its unit at the second.
        scales = _SCALES.get(match["scale"] or "", following if is_first_end else (1.0,))
        following = scales
        found += [(float(text) * scale, half * scale * _MOST) for scale in scales]
    return found


def _plainly(text: str) -> str:
    """Small letters, and "unhappy customers (0–6)" as "unhappy (0–6)"."""
    return text.casefold().replace(" customers", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure without its sign, withheld or not, and the names of what it is about."""

    figure: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentences:
    """Withholds sentences.

    ``secrets`` are the figures withheld, ``told`` those the Answer shows. A figure printed in a
    sentence that may be one of either is taken for that whose name the sentence says, and for the
    one shown where it says neither. ``gone`` are names of groups of which nothing is shown: no
    figure stands beside them.
    """

    secrets: frozenset[Figure]
    told: frozenset[Figure]
    gone: frozenset[str] = frozenset()

    def tells(self, sentence: str) -> bool:
        """Whether the sentence would tell what is withheld."""
        figures = figures_in(sentence)
        bare = _QUOTED.sub("“”", sentence)  # a name that people gave says nothing of anybody
        if _FEW.search(bare):
            return True
        if _ONE.search(bare) and (figures or "“" in sentence):
            return True
        if figures and any(_plainly(name) in _plainly(sentence) for name in self.gone):
            return True
        return any(self._may_be_secret(value, half, sentence) for value, half in figures)

    def _may_be_secret(self, value: float, half: float, sentence: str) -> bool:
        secret, told = (
            [one for one in among if abs(one.figure - value) <= half]
            for among in (self.secrets, self.told)
        )
        if not secret:
            return False
        named, shown_name = (
            any(name in sentence for one in among for name in one.names) for among in (secret, told)
        )
        return not (shown_name if named else told)

    def without(self, text: str, *, instead: str = INSTEAD, clauses: bool = False) -> str:
        """The text without the sentences that tell; ``instead`` stands once at its end.

        With ``clauses`` each part between semicolons is looked at by itself.
        """
        parts = (_CLAUSE if clauses else _SENTENCE).split(text)
        kept = [part for part in parts if not self.tells(part)]
        if len(kept) == len(parts):
            return text
        return " ".join([*kept, instead]) if instead else " ".join(kept)

    def of_all(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Each text without them, what is withheld as a whole only once."""
        return tuple(dict.fromkeys(self.without(text) for text in texts))
