"""On which scale a column of answers may lie, judged by its numbers or its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts.definitions import definition
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.vocabulary import AnswerWords, normal, vocabulary

__all__ = ["AnswerScale", "scales_of", "told_by", "unanswered"]

# How help desks say that nobody answered.
_UNANSWERED: Final = frozenset({"offered", "unoffered", "not offered"})
_LED: Final = re.compile(r"(\d{1,2})(?:(?:\s*[-–—:=.)(]\s*|\s+)(\D.*))?", re.DOTALL)
_ENDS: Final = re.compile(
    r"[(\[,]\s*(?:scale|skala)?\s*([01])(?:\s*=[^,;)\]]*)?\s*(?:-|–|,|;|/|to|bis|a|à)\s*"
    r"(4|5|7|10)\b"
)


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """Numbers a column's answers stand for.

    ``values`` are answers in words with their numbers, those nobody gave included; ``met`` those
    that stand in the file. ``ends_known`` says that the words tell both ends; ``about`` what they
    speak of; ``turned`` that the lowest number stands beside the best word.
    """

    low: float
    high: float
    answers: int
    values: tuple[tuple[str, float], ...] = ()
    ends_known: bool = False
    about: str = ""
    turned: bool = False
    met: frozenset[str] = frozenset()

    @property
    def told(self) -> str:
        if self.about:
            said = [f"{word!r} is {at:g}" for word, at in self.values if word in self.met]
            return f"Its answers are words: {', '.join(said)}.{self._ends_not_met}"
        if self.answers == 1:
            return f"Its only answer is {self.low:g}."
        return f"Its {self.answers:,} answers run from {self.low:g} to {self.high:g}."

    @property
    def _ends_not_met(self) -> str:
        """What the ends of the scale would be called, where no cell says so."""
        given = {at for word, at in self.values if word in self.met}
        ends = [
            f"{end:g} would be {next(word for word, at in self.values if at == end)!r}"
            for end in (self.low, self.high)
            if end not in given
        ]
        return f" No cell says so, but {' and '.join(ends)}." if ends else ""

    def holds(self, variant: str) -> bool:
        """Whether all answers lie on the variant's scale."""
        meant = definition(variant)
        low, high = meant.scale_low, meant.scale_high
        if low is None or high is None:
            return False
        if self.ends_known:
            return (low, high) == (self.low, self.high)
        return low <= self.low and self.high <= high


def scales_of(shape: Shapes) -> tuple[AnswerScale, ...]:
    """The scales a column's answers may lie on; none when its cells are no answers on a scale."""
    if shape.values and (asked := unanswered(shape)):
        said = {cell: n for cell, n in shape.values.items() if cell not in asked}
        shape = replace(shape, values=said, filled=sum(said.values()), distinct=len(said))
    if not shape.values:
        return ()
    led = _led_by_number(shape)
    if led is not None:
        return (led,)
    if shape.all("whole"):
        return _by_numbers(shape)
    return _in_words(shape) or _by_numbers(shape)


def unanswered(shape: Shapes) -> tuple[str, ...]:
    """Cells that say a customer was asked, or not, and nothing was answered: ``Offered``."""
    return tuple(cell for cell in shape.values or () if normal(cell) in _UNANSWERED)


def told_by(text: str, scales: Sequence[AnswerScale]) -> tuple[AnswerScale, ...]:
    """The scales, with the ends a question itself tells: ``(0-10)``, ``(1 = bad, 5 = good)``."""
    match = _ENDS.search(text)
    if not match:
        return tuple(scales)
    low, high = float(match[1]), float(match[2])
    return tuple(
        replace(scale, low=low, high=high, ends_known=True)
        if not scale.ends_known and low <= scale.low and scale.high <= high
        else scale
        for scale in scales
    )


def _by_numbers(shape: Shapes) -> tuple[AnswerScale, ...]:
    if not shape.most("whole") or shape.low is None or shape.high is None:
        return ()
    if shape.high > 11 or shape.low < -1:
        return ()
    return (AnswerScale(shape.low, shape.high, shape.filled),)


def _in_words(shape: Shapes) -> tuple[AnswerScale, ...]:
    """The first list of answers of each length that holds all of the column's."""
    cells = {cell: normal(cell) for cell in shape.values or ()}
    found: dict[tuple[int, int], AnswerScale] = {}
    for words in vocabulary().answers:
        at = words.places(frozenset(cells.values()))
        if at is None or (words.low, words.high) in found:
            continue
        found[words.low, words.high] = AnswerScale(
            words.low,
            words.high,
            shape.filled,
            _spelled(words, {cell: at[word] for cell, word in cells.items()}),
            ends_known=True,
            about=words.about,
            met=frozenset(cell.lower() for cell in cells),
        )
    return tuple(found.values())


def _spelled(words: AnswerWords, seen: dict[str, int]) -> tuple[tuple[str, float], ...]:
    """Every answer of the list, so that one nobody gave this time is known next time."""
    lowered = {cell.lower(): float(number) for cell, number in seen.items()}
    pairs = dict(sorted(lowered.items(), key=lambda pair: (pair[1], pair[0])))
    for number, ways in enumerate(words.levels, start=words.low):
        if number not in pairs.values():
            pairs |= {way: float(number) for way in ways.values() if way not in pairs}
    return tuple(pairs.items())


def _led_by_number(shape: Shapes) -> AnswerScale | None:
    """Answers such as ``10 - Extremely likely``, if every cell begins with its number."""
    if not shape.counts["led_by_number"]:
        return None
    found = {cell: _LED.fullmatch(cell) for cell in shape.values or ()}
    if not all(found.values()):
        return None
    numbers = {cell: float(match[1]) for cell, match in found.items() if match}
    words = {normal(match[2]): float(match[1]) for match in found.values() if match and match[2]}
    low, high = min(numbers.values()), max(numbers.values())
    if high > 11:
        return None
    values = tuple((cell, number) for cell, number in numbers.items() if not cell.isdigit())
    return AnswerScale(low, high, shape.filled, values, turned=_is_turned(words))


def _is_turned(words: dict[str, float]) -> bool:
    """Whether the words get worse as the numbers grow."""
    for known in vocabulary().answers:
        at = known.places(frozenset(words))
        if at and len(at) > 1:
            best, worst = max(at, key=lambda word: at[word]), min(at, key=lambda word: at[word])
            return words[best] < words[worst]
    return False
