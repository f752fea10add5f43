"""On which scale a column of answers may lie, judged by its numbers or its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts.definitions import definition
from cxdash.intake.mapping import ScoreSpec
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.vocabulary import AnswerWords, Item, normal, vocabulary

__all__ = ["AnswerScale", "scales_of", "score_spec", "settled", "told_by", "variants"]

_SURE_ANSWERS: Final = 20
_LED: Final = re.compile(r"(\d{1,2})(?:(?:\s*[-–—:=.)(]\s*|\s+)(\D.*))?", re.DOTALL)
_ENDS: Final = re.compile(
    r"[(\[,]\s*(?:scale|skala)?\s*([01])(?:\s*=[^,;)\]]*)?\s*(?:-|–|,|;|/|to|bis|a|à)\s*"
    r"(4|5|7|10)\b"
)
_GENERAL: Final = ("rating.1-5", "rating.0-10", "rating.1-7", "rating.1-10")
_OTHERS: Final = (
    *("nps.0-10", "csat.1-5.top2", "csat.1-7.top3", "csat.1-4.top2", "csat.1-10.mean"),
    *("ces.1-7.agree", "ces.1-5.agree", "fcr.survey"),
)
# What answers in such words usually are, beside a plain rating.
_BY_WORDS: Final = {
    "satisfaction": ("csat.1-5.top2", "csat.1-7.top3", "csat.1-4.top2"),
    "ease": ("ces.1-5.agree", "ces.1-7.agree"),
    "yes": ("fcr.survey",),
}


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """Numbers a column's answers stand for.

    ``values`` are answers in words with their numbers; ``ends_known`` says that the words tell both
    ends; ``about`` what they speak of; ``turned`` that the lowest number stands beside the best
    word.
    """

    low: float
    high: float
    answers: int
    values: tuple[tuple[str, float], ...] = ()
    ends_known: bool = False
    about: str = ""
    turned: bool = False

    @property
    def told(self) -> str:
        if self.about:
            said = ", ".join(f"{word!r} is {number:g}" for word, number in self.values[:8])
            return f"Its answers are words: {said}."
        if self.answers == 1:
            return f"Its only answer is {self.low:g}."
        return f"Its {self.answers:,} answers run from {self.low:g} to {self.high:g}."

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
    if not shape.values:
        return ()
    led = _led_by_number(shape)
    if led is not None:
        return (led,)
    if shape.all("whole"):
        return _by_numbers(shape)
    return _in_words(shape) or _by_numbers(shape)


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
    """Whether the words beside the numbers get worse as the numbers grow."""
    for known in vocabulary().answers:
        at = known.places(frozenset(words))
        if at and len(at) > 1:
            best, worst = max(at, key=lambda word: at[word]), min(at, key=lambda word: at[word])
            return words[best] < words[worst]
    return False


def settled(item: Item, scales: Sequence[AnswerScale], *, exact: bool) -> str:
    """The variant the answers leave no doubt about, else empty."""
    if len(scales) != 1 or scales[0].turned:
        return ""
    scale = scales[0]
    ends = (scale.low, scale.high)
    enough = scale.answers >= _SURE_ANSWERS
    if item.name == "nps":
        # The question is asked from 0 to 10 by definition; answers of 1 to 5 only are suspect.
        suspect = scale.high <= 7 and scale.low >= 1
        whole = ends == (0, 10) and (enough or scale.ends_known)
        sure = not (suspect and enough) if exact else whole
        return "nps.0-10" if sure and not scale.about else ""
    if not exact:
        return ""
    if item.name == "fcr":
        return "fcr.survey" if ends == (0, 1) else ""
    if item.name in ("csat", "rating") and enough and not scale.values:
        variant = item.variants[0]
        meant = definition(variant)
        return variant if ends == (meant.scale_low, meant.scale_high) else ""
    return ""


def variants(item: Item | None, scales: Sequence[AnswerScale]) -> tuple[tuple[str, str], ...]:
    """Variants the answers fit, the item's own first, each with its direction."""
    by_words = [variant for scale in scales for variant in _BY_WORDS.get(scale.about, ())]
    own = item.variants if item else ()
    names = dict.fromkeys([*own, *by_words, *_GENERAL, *_OTHERS])
    if scales:
        # Words that fit several scales most likely lie on the shortest, which is listed first.
        names = dict.fromkeys(sorted(names, key=lambda name: not scales[0].holds(name)))
    turned = any(scale.turned for scale in scales)
    options: list[tuple[str, str]] = []
    for variant in names:
        if scales and not any(scale.holds(variant) for scale in scales):
            continue
        title = definition(variant).name
        both = [
            (variant, f"{title}; the highest number is the best"),
            (f"{variant}:low_is_good", f"{title}; the lowest number is the best"),
        ]
        if variant.startswith(("nps", "fcr")):
            both = both[:1]
        options += reversed(both) if turned else both
    return tuple(options)


def score_spec(
    name: str,
    shape: Shapes,
    variant: str,
    scales: Sequence[AnswerScale],
    *,
    high_is_good: bool = True,
) -> ScoreSpec:
    """A score read from a column, with the words that stand for numbers on the variant's scale."""
    meant = definition(variant)
    low, high = meant.scale_low or 0.0, meant.scale_high or 0.0
    fitting = next((scale for scale in scales if scale.holds(variant)), None)
    values = fitting.values if fitting else ()
    return ScoreSpec(
        name,
        shape.name,
        variant,
        low,
        high,
        high_is_good,
        tuple((word, number) for word, number in values if low <= number <= high),
    )
