"""On which scale a column of answers may lie, judged by its numbers or its words."""

import re
from dataclasses import dataclass
from typing import Final

from cxdash.facts.definitions import definition
from cxdash.intake.mapping import ScoreSpec
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.vocabulary import Item, vocabulary

__all__ = ["AnswerScale", "score_spec", "variants"]

_SURE_ANSWERS: Final = 20


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """Numbers a column's answers stand for."""

    low: float
    high: float
    answers: int
    distinct: int
    values: tuple[tuple[str, float], ...] = ()
    ends_known: bool = False

    @classmethod
    def of(cls, shape: Shapes) -> "AnswerScale | None":
        """The scale of a column of answers; None when its cells are no answers on a scale."""
        if shape.values is None:
            return None
        led = _led_by_number(shape)
        if led is not None:
            numbers = [number for _, number in led]
            words = tuple((cell, number) for cell, number in led if not cell.isdigit())
            return cls(min(numbers), max(numbers), shape.filled, shape.distinct, words)
        for ends, words_of_scale in vocabulary().words:
            if shape.values and all(cell.lower() in words_of_scale for cell in shape.values):
                if shape.all("whole"):
                    continue
                # The whole list, so that a word nobody used this time is known next time.
                words = tuple(words_of_scale.items())
                return cls(*ends, shape.filled, shape.distinct, words, ends_known=True)
        if not shape.most("whole") or shape.low is None or shape.high is None:
            return None
        if shape.high > 11 or shape.low < -1:
            return None
        return cls(shape.low, shape.high, shape.filled, shape.distinct)

    @property
    def told(self) -> str:
        if self.answers == 1:
            return f"Its only answer is {self.low:g}."
        return f"Its {self.answers:,} answers run from {self.low:g} to {self.high:g}."

    def settles(self, item: Item) -> str:
        """The variant the answers leave no doubt about, else empty."""
        if item.name == "nps":
            # The question is asked from 0 to 10 by definition; answers of 1 to 5 only are suspect.
            suspect = self.high <= 7 and self.low >= 1
            return "" if suspect and self.answers >= _SURE_ANSWERS else "nps.0-10"
        if item.name == "fcr":
            return "fcr.survey" if (self.low, self.high) == (0, 1) else ""
        if item.name in ("csat", "rating") and self.answers >= _SURE_ANSWERS:
            variant = item.variants[0]
            meant = definition(variant)
            ends = (meant.scale_low, meant.scale_high)
            return variant if (self.low, self.high) == ends and not self.values else ""
        return ""

    def holds(self, variant: str) -> bool:
        meant = definition(variant)
        low, high = meant.scale_low, meant.scale_high
        if self.ends_known:
            return (low, high) == (self.low, self.high)
        return low is not None and high is not None and low <= self.low and self.high <= high


def _led_by_number(shape: Shapes) -> list[tuple[str, float]] | None:
    """Numbers of answers such as ``10 - Extremely likely``, if every cell can be told so."""
    if not shape.counts["led_by_number"]:
        return None
    found = [
        (cell, re.fullmatch(r"(\d{1,2})(?:\s*[-–—:=.)(]\s*\S.*)?", cell))
        for cell in shape.values or ()
    ]
    if not all(match for _, match in found):
        return None
    return [(cell, float(match[1])) for cell, match in found if match]


def variants(item: Item | None, scale: AnswerScale | None) -> tuple[tuple[str, str], ...]:
    """Variants the answers fit, the item's own first, each with its direction."""
    general = ("rating.1-5", "rating.0-10", "rating.1-7", "rating.1-10")
    everything = ("nps.0-10", "csat.1-5.top2", "csat.1-7.top3", "ces.1-7.agree", "ces.1-5.agree")
    names = dict.fromkeys([*(item.variants if item else ()), *general, *everything])
    options: list[tuple[str, str]] = []
    for variant in names:
        if scale is not None and not scale.holds(variant):
            continue
        title = definition(variant).name
        options.append((variant, f"{title}; the highest number is the best"))
        if not variant.startswith(("nps", "fcr")):
            options.append((f"{variant}:low_is_good", f"{title}; the lowest number is the best"))
    return tuple(options)


def score_spec(
    name: str,
    shape: Shapes,
    variant: str,
    values: tuple[tuple[str, float], ...],
    *,
    high_is_good: bool = True,
) -> ScoreSpec:
    meant = definition(variant)
    low, high = meant.scale_low or 0.0, meant.scale_high or 0.0
    fitting = tuple((word, number) for word, number in values if low <= number <= high)
    return ScoreSpec(name, shape.name, variant, low, high, high_is_good, fitting)
