"""Which published variants answers on a scale may be: settled by the answers, or offered."""

from collections.abc import Sequence
from typing import Final

from cxdash.facts.definitions import definition
from cxdash.intake.mapping import ScoreSpec
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.scales import AnswerScale
from cxdash.intake.recognition.vocabulary import Item

__all__ = ["score_spec", "settled", "variants"]

_SURE_ANSWERS: Final = 20
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
