"""The sentences of ``voices``. Directions come from the grammar in :mod:`cxdash.facts.wording`."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Fact, Interval, wording
from cxdash.facts import format as fmt
from cxdash.facts.wording_voices import money_beside, written_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.voices.facts import facts, money_fact
from cxdash.questions.voices.find import Found
from cxdash.questions.voices.lived import Effect
from cxdash.questions.voices.score import Apart, Scored
from cxdash.stats.themes import FEWEST_COMMENTS

__all__ = ["headline", "leaving_title", "score_title"]

_NAMED: Final = 3  # themes a headline names
_OTHERS: Final = (
    "Tools for comments show this figure alone, though a group that merely mentions a theme more "
    "often moves it too."
)


def headline(found: Found) -> str:
    """What goes with a theme beyond noise, or that none does; then what is written most."""
    if not found.themes:
        return wording.cannot_tell("what customers write about", _too_few(found))
    return " ".join(sentence for sentence in _headline(found) if sentence)


def _headline(found: Found) -> Iterator[str]:
    told = _clearest(found)
    if told is not None:
        yield _sentence(found, told)
        if told.money is not None:
            fact = money_fact(found, told, held=True)
            yield money_beside(told.theme.label, fact, horizon=found.scope.horizon)
    else:
        yield _none_told(found)
    often = sorted(found.steady, key=found.count, reverse=True)[:_NAMED]
    if often:
        known = _by_id(found)
        yield written_of({one.label: known[f"voices.{one.id}.share"] for one in often})


def _clearest(found: Found) -> Effect | None:
    """The theme beyond noise with the surest link, one that was shown again before others."""
    told = [effect for effect in found.behaviour.effects if effect.is_told]
    return min(told, key=lambda e: (e.confirmed is not True, e.p_value), default=None)


def _none_told(found: Found) -> str:
    subject = "which theme goes with leaving or with spending"
    if not found.behaviour.effects:
        reason = found.behaviour.why_not or _nobody(found)
        return wording.cannot_tell(subject, reason.removesuffix("."))
    looked = len({effect.theme.id for effect in found.behaviour.effects})
    return wording.cannot_tell(
        subject,
        f"of {fmt.counted(looked, 'theme', 'themes')} none stands out from noise once what finance "
        "knew is held equal and every look is allowed for",
    )


def _nobody(found: Found) -> str:
    if found.stage is None:
        return "nothing says who is a customer"
    return "no theme was spoken of by enough customers to compare them with others"


def _sentence(found: Found, effect: Effect) -> str:
    """What one effect says; its groups and its measure stand in it."""
    whom = f"customers who wrote of {wording.quoted(effect.theme.label)}"
    others = "customers who wrote of other things"
    held = _short(effect.held_equal)
    interval = Interval(effect.held.low, effect.held.high, LEVEL)
    if effect.outcome == "leaving":
        return wording.compare_rates(
            whom,
            others,
            did=f"left within {found.scope.horizon} months",
            difference=interval,
            estimate=effect.held.estimate,
            held_constant=held,
        )
    return wording.remaining(
        whom,
        others,
        measure="the change of spend of those who stayed",
        difference=interval,
        estimate=effect.held.estimate,
        held_equal=held,
    )


def _short(names: tuple[str, ...]) -> str:
    """A few of the names and how many more there are: a headline is no inventory."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} other things"
    return fmt.listed(names)


def leaving_title(found: Found) -> str:
    """The finding of the picture of leaving."""
    told = _clearest(found)
    if told is not None and told.outcome == "leaving":
        return _sentence(found, told)
    return _none_told(found)


def score_title(found: Found, apart: Apart) -> str:
    """The theme whose leaving out moves the score most, and what is left among like customers."""
    if found.scored is None:
        raise ValueError("no score was looked at")
    quoted = wording.quoted(apart.theme.label)
    measure, unit = fmt.spoken(found.scored.item.name), found.scored.measure.change_unit
    raw = Interval(apart.raw.low, apart.raw.high, LEVEL)
    first, second = "all answers", f"those without {quoted}"
    said = wording.compare(
        first, second, measure=measure, unit=unit, difference=raw, estimate=apart.raw.estimate
    )
    if apart.within is None or not found.scored.groups:
        return f"{said} {_OTHERS}"
    return f"{said} {_OTHERS} {_left_among_alike(found.scored, apart)}"


def _left_among_alike(scored: Scored, apart: Apart) -> str:
    """What leaving a theme out moves among like customers."""
    if apart.within is None:
        raise ValueError("no group of like customers holds answers of both kinds")
    groups = fmt.listed(scored.groups) if scored.groups else ""
    return wording.compare(
        "all answers",
        f"those without {wording.quoted(apart.theme.label)}",
        measure=fmt.spoken(scored.item.name),
        unit=scored.measure.change_unit,
        difference=Interval(apart.within.low, apart.within.high, LEVEL),
        estimate=apart.within.estimate,
        among=f"like customers ({groups} held equal)" if groups else "",
    )


def _too_few(found: Found) -> str:
    return (
        f"{fmt.counted(found.comments, 'comment is', 'comments are')} too few to find themes in; "
        f"{FEWEST_COMMENTS} in one language are needed"
    )


def _by_id(found: Found) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts(found)}
