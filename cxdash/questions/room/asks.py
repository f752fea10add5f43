"""What was asked and what came of it: every no with its reason, and whether it is time again.

A no that was asked again belongs to the ask that came back to it: whether it became a yes is looked
up along that chain, however long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts.words import quoted
from cxdash.questions.goals.figures import figure
from cxdash.questions.goals.measures import measured
from cxdash.register import Kept, find
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import FILES, REASONS, Ask
from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import customers_needed, share
from cxdash.store import Reader

__all__ = ["Asked", "ByReason", "asked", "by_reason", "won"]

READ: Final = ("scale", "adjust", "stop", "cannot_tell")  # verdicts of a pilot that was read
_LEVEL: Final = 0.95  # a pilot is planned with false alarms of 5 %, two-sided
_NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask on a day.

    Parameters
    ----------
    again
        The asks that came back to it, oldest first.
    became_yes
        Whether it or an ask that came back to it was answered with a yes.
    due, why
        Whether it is time to ask again, and the sentence that says why or what is waited for.
    needed
        Customers in each half of a pilot that would show the smallest effect that convinces; None
        where nobody asked for more customers, or named that effect.
    """

    kept: Kept[Ask]
    again: tuple[str, ...]
    became_yes: bool
    due: bool
    why: str
    needed: int | None

    @property
    def is_no(self) -> bool:
        return self.kept.record.outcome == _NO


@dataclass(frozen=True, slots=True)
class ByReason:
    """Noes of one reason: how many, how many were asked again, how many became a yes."""

    reason: str
    noes: int
    again: int
    yes: int
    share: Estimate


def asked(
    view: Reader,
    asks: Sequence[Kept[Ask]],
    *,
    today: date,
    month: int | None,
    pilots: Mapping[str, str],
) -> tuple[Asked, ...]:
    """Every ask with its trigger looked at.

    ``month`` is the last month the data covers, ``pilots`` the verdict of each planned pilot.
    """
    later: dict[str, list[Kept[Ask]]] = {}
    for one in asks:
        if one.record.follows:
            later.setdefault(one.record.follows, []).append(one)
    return tuple(_asked(view, one, later, today, month, pilots) for one in asks)


def by_reason(found: Sequence[Asked]) -> tuple[ByReason, ...]:
    """Noes by reason, the commonest first."""
    made = []
    for reason in REASONS:
        own = [one for one in found if one.is_no and one.kept.record.reason == reason]
        if own:
            yes = sum(one.became_yes for one in own)
            again = sum(bool(one.again) for one in own)
            made.append(ByReason(reason, len(own), again, yes, share(yes, len(own))))
    return tuple(sorted(made, key=lambda one: -one.noes))


def won(found: Sequence[Asked]) -> Estimate | None:
    """Share of decided matters that are a yes by now; asks that came back count with the first."""
    decided = [
        one
        for one in found
        if not one.kept.record.follows and (one.kept.record.outcome != "open" or one.again)
    ]
    return share(sum(one.became_yes for one in decided), len(decided)) if decided else None


def _asked(
    view: Reader,
    kept: Kept[Ask],
    later: Mapping[str, Sequence[Kept[Ask]]],
    today: date,
    month: int | None,
    pilots: Mapping[str, str],
) -> Asked:
    chain = _chain(kept.id, later, frozenset())
    yes = any(one.record.outcome == "yes" for one in (kept, *chain))
    due, why = False, ""
    if kept.record.outcome == _NO and not chain:
        due, why = _trigger(view, kept, today, month, pilots)
    return Asked(
        kept=kept,
        again=tuple(one.id for one in chain),
        became_yes=yes,
        due=due,
        why=why,
        needed=_needed(view, kept.record, month) if kept.record.outcome == _NO else None,
    )


def _chain(
    entry: str, later: Mapping[str, Sequence[Kept[Ask]]], seen: frozenset[str]
) -> tuple[Kept[Ask], ...]:
    """Asks that came back to an ask, directly or through others; a circle is walked once."""
    found: list[Kept[Ask]] = []
    for one in later.get(entry, ()):
        if one.id not in seen and one.id != entry:
            found += [one, *_chain(one.id, later, seen | {entry, one.id})]
    return tuple(found)


def _trigger(
    view: Reader,
    kept: Kept[Ask],
    today: date,
    month: int | None,
    pilots: Mapping[str, str],
) -> tuple[bool, str]:
    """Whether what was to bring it back has happened, and the words for either."""
    ask = kept.record
    if ask.trigger == "day" and ask.trigger_day:
        come, said = today >= ask.trigger_day, fmt.day(ask.trigger_day)
        return come, f"the day has come: {said}" if come else f"waits for {said}"
    if ask.trigger == "pilot_read":
        read = pilots.get(ask.pilot) in READ
        plan = find(view, PilotPlan, ask.pilot)
        name = quoted(plan.title if plan else ask.pilot)
        return read, f"the pilot {name} was read" if read else f"waits for the read-out of {name}"
    if ask.trigger == "file":
        return _file(view, ask)
    if ask.trigger == "measure" and month is not None:
        return _measure(view, ask, month)
    return False, "nothing was named that would bring it back"


def _file(view: Reader, ask: Ask) -> tuple[bool, str]:
    what = FILES[ask.trigger_file].lower()
    since = ask.decided_on or ask.asked_on
    rows = view.rows(
        "SELECT min(imported_at) AS at FROM imports "
        "WHERE kind = ? AND undone_at IS NULL AND CAST(imported_at AS DATE) >= ?",
        [ask.trigger_file, since or date.min],
    )
    loaded = rows[0]["at"]
    if loaded is None:
        return False, f"waits for a file of {what}"
    return True, f"a file of {what} was loaded on {fmt.day(loaded.date())}"


def _measure(view: Reader, ask: Ask, month: int) -> tuple[bool, str]:
    reading = measured(view, ask.trigger_measure, ask.trigger_rating, month)
    line, ends = reading.typed(ask.trigger_value), reading.ends
    if ends is None or line is None:
        return False, f"waits for {reading.label}, which cannot be told: {reading.why}"
    side = ask.trigger_side or ("below" if reading.better == "lower" else "above")
    above = side == "above"
    passed = ends[0] >= line if above else ends[1] <= line
    wanted = f"{'at least' if above else 'at most'} {fmt.number(line, reading.unit)}"
    stands = fmt.fact_text(figure("room.trigger", ask.title, reading))
    if passed:
        return True, f"{reading.label} passed the line: {stands}, {wanted} was asked for"
    return False, f"waits until {reading.label} is {wanted} with its whole range; it is {stands}"


def _needed(view: Reader, ask: Ask, month: int | None) -> int | None:
    """Customers in each half that show the effect, at the share of customers lost in a year."""
    if ask.wanted != "sample" or not ask.least_effect or month is None:
        return None
    lost = measured(view, "customers_lost", "", month).value
    if lost is None or not 0 < ask.least_effect < lost:
        return None
    return customers_needed(lost, lost - ask.least_effect, level=_LEVEL)
