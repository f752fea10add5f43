"""The claim as its own question states it, beside the same difference by a straight line.

Nothing on the page may contradict another page in silence: where the two figures are not the same,
how far apart they are and what is calculated differently is said in plain words.
"""

from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.questions.examine.exhibits import Exhibit
from cxdash.questions.examine.stand import Stand, interval
from cxdash.questions.examine.ways import Verdict, verdict

__all__ = ["AS_STATED", "apart", "conflict", "marked", "own_doubt", "rests", "statement"]

AS_STATED: Final = "The claim as stated"
_ALL_OF_IT: Final = "worth.excess"  # the one sum that is nothing but the difference in money
_AS_EXAMINED: Final = "The claim as examined"  # its question states no difference of its own
_OTHER_MODEL: Final = (
    "A straight line takes the same points off or on for everybody and looks only at those who "
    "answered. The claim's own model works in log odds of leaving, so an answer moves those who "
    "hardly ever leave by little; it learns from the silent too, and holds back what rests on few "
    "leavers."
)
_COUNTED_ONLY: Final = "The claim counts customers as they are, with nothing held equal."


def marked(stand: Stand) -> str:
    """What the first row and mark of the curve are called."""
    return AS_STATED if stand.stated.estimate is not None else _AS_EXAMINED


def rests(stand: Stand) -> str:
    """For money and figures of another kind: which claim is examined; empty for a claim itself."""
    if not stand.claim.is_money:
        return _of_another_claim(stand)
    money = stand.stated.money
    told = "" if money is None or money.value is None else f", {fmt.fact_text(money)},"
    part = "" if stand.claim.fact_id == _ALL_OF_IT else " in part"
    bad, good = stand.ends
    return (
        f"This money{told} rests{part} on the claim that {bad} leave at another rate than {good}. "
        "That claim is examined, not the sum."
    )


def _of_another_claim(stand: Stand) -> str:
    """That no difference is stated: neither one, nor a step between customers who differ."""
    figure = stand.stated.figure
    if figure is None or stand.claim.is_difference or ".driver." in figure.id:
        return ""
    bad, good = stand.ends
    told = f", {stand.stated.in_words}," if stand.stated.in_words else ""
    return (
        f"This figure{told} is of another kind. What is examined is the claim that {bad} leave at "
        f"another rate than {good}."
    )


def own_doubt(stand: Stand) -> str:
    """That the claim is open by its own figure, where a clear difference is examined below it."""
    if not (stand.is_open and stand.clear):
        return ""
    told = "" if rests(stand) else f", {stand.stated.in_words}"
    return f"Cannot tell by the claim's own figure{told}: its range holds zero."


def conflict(stand: Stand) -> str:
    """One sentence where what is examined does not say what the claim says; else empty."""
    if stand.stated.estimate is None:
        return "" if _step_agrees(stand) else _step_apart(stand)
    return "" if _agree(stand) else _by_line(stand)


def apart(stand: Stand) -> str:
    """How far a straight line is from the claim's own figure, and why; empty if nothing is seen."""
    if stand.stated.estimate is None or _printed(stand, plain=True) == _printed(stand, plain=False):
        return ""
    far = abs(stand.base.estimate.estimate - stand.own.estimate)
    size = fmt.gap(far, stand.unit)
    why = _COUNTED_ONLY if stand.claim.is_counted else _OTHER_MODEL
    return f"The two are {size} apart. {why}"


def statement(stand: Stand) -> Exhibit:
    """What the claim says, and whether a plainer way of calculating gives the same."""
    if stand.stated.estimate is None:
        return _of_another_kind(stand)
    said = [f"{AS_STATED}: {stand.sentence}", _by_line(stand)]
    if stand.sampled:
        said.append(
            f"The straight line looked at {fmt.count(stand.customers)} of "
            f"{fmt.count(stand.known)} customers."
        )
    said.append(apart(stand) or "Both come out the same.")
    found = verdict(stand.own, stand.base.estimate)
    return Exhibit("Does a straight line give the claim's own figure?", " ".join(said), found)


def _of_another_kind(stand: Stand) -> Exhibit:
    """The claim states a step, a skill or nothing: what is examined is the difference below it."""
    question, figure = "What does the claim say, and what is examined?", stand.stated.figure
    examined = f"Examined is the difference between the two ends: {stand.sentence}"
    if figure is None or not stand.stated.in_words:
        return Exhibit(question, f"It states no figure of its own. {examined}", "cannot tell")
    said = f"{AS_STATED}, {stand.stated.in_words}. That is another kind of number. {examined}"
    return Exhibit(question, said, _same_way(stand))


def _same_way(stand: Stand) -> Verdict:
    """Whether the step a driver states goes the way the difference does.

    A step leads towards the good end, the difference is bad end minus good end: so their signs
    are opposite where they agree.
    """
    figure = stand.stated.figure
    if figure is None or figure.value is None or figure.interval is None:
        return "cannot tell"
    if figure.interval.holds(0.0) or ".driver." not in figure.id:
        return "cannot tell"
    if not stand.clear:
        return "weaker"
    return "holds" if figure.value * stand.own.estimate < 0 else "breaks"


def _step_agrees(stand: Stand) -> bool:
    """Whether the step of a driver and the difference below it are both open, or go one way."""
    figure = stand.stated.figure
    if figure is None or figure.interval is None or ".driver." not in figure.id:
        return True
    if figure.interval.holds(0.0) == stand.clear:
        return False
    return not stand.clear or _same_way(stand) == "holds"


def _step_apart(stand: Stand) -> str:
    told = "" if own_doubt(stand) else f": {stand.stated.in_words}"
    return (
        f"The step its own question states does not say the same{told}. Another model tells it, "
        "which gives what one step goes with, not the whole way between the ends."
    )


def _by_line(stand: Stand) -> str:
    plain = stand.base.estimate
    given = "By a straight line"
    if stand.held_equal:
        given = f"{given}, with the same things held equal"
        if not stand.held_by_claim:
            given = f"By a straight line, with {fmt.listed(stand.held_equal)} held equal"
    return wording.again(
        given,
        difference=interval(plain),
        estimate=plain.estimate,
        unit=stand.unit,
        expected=stand.own.estimate,
    )


def _agree(stand: Stand) -> bool:
    """Whether both leave it open, or both say the same way clearly."""
    if stand.clear != stand.plainly_clear:
        return False
    return not stand.clear or stand.own.estimate * stand.base.estimate.estimate > 0


def _printed(stand: Stand, *, plain: bool) -> str:
    shown = stand.base.estimate if plain else stand.own
    return fmt.gap(shown.estimate, stand.unit, interval=interval(shown))
