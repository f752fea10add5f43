"""The hostile questions, each answered from the data: price, season, one account, and so on.

A reply says how the claim comes out in another way; its verdict says what that leaves of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.panel import month_end, month_index
from cxdash.panel.registers import Event
from cxdash.questions.chance import fit_chance
from cxdash.questions.examine.exposure import SAME_PRICE
from cxdash.questions.examine.rows import DEFINITIONS, MEMORIES
from cxdash.questions.examine.stand import Stand, interval
from cxdash.questions.examine.ways import HALF, Verdict, largest, verdict
from cxdash.stats.association import Association
from cxdash.stats.estimate import Estimate, z_of_level
from cxdash.stats.evidence import effective_answers
from cxdash.stats.logistic import NoConvergenceError

__all__ = ["Exhibit", "accounts_to_undo", "by_money", "dominant", "exhibits", "worst"]

Mask = NDArray[np.bool_]
LARGEST: Final = (1, 3, 10)
ENOUGH_WAYS: Final = 0.75
_ORDER: Final[Sequence[Verdict]] = ("holds", "weaker", "breaks")
_NAMED_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One hostile question, what the data replies, and what that leaves of the claim."""

    question: str
    reply: str
    verdict: Verdict


def exhibits(stand: Stand, prices: Sequence[Event]) -> tuple[Exhibit, ...]:
    """The questions about data and method, in the order they are usually asked.

    ``prices`` are the changes of price people have registered.
    """
    asked: list[Callable[[], Exhibit | None]] = [
        lambda: _mix(stand),
        lambda: _price(stand, prices),
        lambda: _season(stand),
        lambda: _accounts(stand),
        lambda: _windows(stand),
        lambda: _definitions(stand),
        lambda: _other_answers(stand),
        lambda: _who_answered(stand),
        lambda: _decided_before(stand),
        lambda: _model(stand),
        lambda: _forks(stand),
    ]
    return tuple(found for ask in asked if (found := ask()) is not None)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The least favourable of those that can tell."""
    told = [each for each in verdicts if each != "cannot tell"]
    return max(told, key=_ORDER.index) if told else "cannot tell"


def accounts_to_undo(stand: Stand) -> tuple[int, ...] | None:
    """Codes of the fewest customers found without whom the claim's range touches zero.

    The customers that move the estimate most towards the claim go first; how many must go is found
    by halving. None when the claim does not stand anyway, or more than half would have to go.
    """
    rows, sign = stand.rows, np.sign(stand.base.estimate.estimate)
    if not stand.stands:
        return None
    codes = np.unique(rows.customer)
    order = codes[np.argsort(-sign * stand.base.moves, kind="stable")]

    def undone(count: int) -> bool:
        found = rows.only(~np.isin(rows.customer, order[:count])).difference()
        if found is None:
            return True
        return bool(found.estimate.low <= 0 if sign > 0 else found.estimate.high >= 0)

    low, high = 0, len(order) // 2
    if high < 1 or not undone(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if undone(middle) else (middle, high)
    return tuple(int(code) for code in order[:high])


def dominant(stand: Stand) -> str | None:
    """The customer who alone makes up more than half of the claim's variance; None if nobody does.

    Whatever such a claim says, it says of that customer. Tried are the one who pays most, who may
    bend what is held equal, and the one who moves the estimate most.
    """
    rows = stand.rows
    codes = np.unique(rows.customer)
    tried = {
        int(rows.customer[largest(rows, 1)][0]),
        int(codes[int(np.argmax(np.abs(stand.base.moves)))]),
    }
    for code in sorted(tried):
        rest = rows.only(rows.customer != code).difference()
        if rest is not None and rest.error**2 < stand.base.error**2 / 2:
            return str(rows.ids[code])
    return None


def _mix(stand: Stand) -> Exhibit:
    said = _again(stand, "As counted, with nothing held equal", stand.raw)
    if not stand.held_equal:
        return Exhibit("Was it the mix of customers?", said, "cannot tell")
    adjusted = stand.own if stand.held_by_claim else stand.base.estimate
    held = wording.again(
        f"With {fmt.listed(stand.held_equal)} held equal",
        difference=interval(adjusted),
        estimate=adjusted.estimate,
        unit=stand.unit,
        expected=stand.own.estimate,
    )
    found: Verdict = "cannot tell"
    if not _open(stand.raw.estimate):
        found = verdict(stand.raw.estimate, adjusted)
    return Exhibit("Was it the mix of customers?", f"{said} {held}", found)


def _price(stand: Stand, prices: Sequence[Event]) -> Exhibit:
    question = "Was it price?"
    rows = stand.rows
    if not (rows.rate > 0).any():
        return Exhibit(question, "What customers pay is not loaded.", "cannot tell")
    if not stand.setting.panel.contractual:
        return Exhibit(
            question,
            "There are no contracts, so no price is known: what a customer spends says how often "
            "something was bought as well as what it cost.",
            "cannot tell",
        )
    new = np.isnan(rows.moved)
    same = ~new & (np.abs(rows.moved) <= SAME_PRICE)
    share = fmt.number(float(same.mean()), "share")
    found = rows.only(same).difference()
    told = [_again(stand, f"Among the {share} whose spend had not moved in three months", found)]
    if new.any():
        told.append(
            f"The {fmt.number(float(new.mean()), 'share')} who paid nothing three months before, "
            "such as new customers, are not among them."
        )
    verdicts = [_held(stand, found)]
    during = [
        int(month) for month in rows.months if any(_within(e, month, rows.horizon) for e in prices)
    ]
    if during:
        kept = rows.only(~np.isin(rows.landmark, during)).difference()
        days = fmt.listed(tuple(fmt.day(event.day) for event in prices))
        given = f"Without the windows in which prices changed ({days} in the register)"
        told.append(_again(stand, given, kept))
        verdicts.append(_held(stand, kept))
    return Exhibit(question, " ".join(told), worst(verdicts))


def _season(stand: Stand) -> Exhibit:
    question, rows = "Was it the season?", stand.rows
    if len(rows.months) < 2:
        return Exhibit(
            question, "There is only one window, so seasons are not seen.", "cannot tell"
        )
    found = rows.difference(controls="windows")
    said = _again(stand, "With each window held against itself only", found)
    alone = [rows.only(rows.landmark == month).difference() for month in rows.months]
    told = [one.estimate.estimate for one in alone if one is not None]
    same = sum(each * stand.own.estimate > 0 for each in told)
    if told and stand.clear:
        said += f" In {same} of {len(told)} windows taken alone it points the claim's way."
    return Exhibit(question, said, _held(stand, found))


def _accounts(stand: Stand) -> Exhibit:
    rows, told, verdicts = stand.rows, [], []
    for count in LARGEST:
        out = largest(rows, count)
        found = rows.only(~out).difference()
        verdicts.append(_held(stand, found))
        whose = "account" if count == 1 else f"{count} accounts"
        told.append(_again(stand, f"Without the largest {whose}", found))
        if verdicts[-1] == "breaks":
            told.append(f"It rests on {_named(stand, np.unique(rows.customer[out]))}.")
            break
    codes = np.unique(rows.customer)
    sign = np.sign(stand.base.estimate.estimate)
    most = codes[int(np.argmax(sign * stand.base.moves))]
    found = rows.only(rows.customer != most).difference()
    verdicts.append(_held(stand, found))
    name = wording.quoted(str(rows.ids[most]))
    told.append(_again(stand, f"Without the one account that speaks most for it, {name}", found))
    alone = dominant(stand)
    if alone is not None:
        rest = rows.only(rows.ids[rows.customer] != alone).difference()
        told.insert(
            0, f"More than half of all doubt is that of one account, {wording.quoted(alone)}."
        )
        told.append(_again(stand, f"Without {wording.quoted(alone)}", rest))
        left = rest.estimate.estimate / stand.own.estimate if rest else 0.0
        verdicts.append("holds" if left >= HALF else "breaks")
    if rows.leaving and (rows.rate > 0).any():
        counted = rows.difference(weight=rows.rate)
        told.append(_again(stand, "Counting each unit of revenue once, not each customer", counted))
        verdicts.append(by_money(stand, counted))
    return Exhibit("Was it one large account?", " ".join(told), worst(verdicts))


def by_money(stand: Stand, counted: Association | None) -> Verdict:
    """What counting money leaves of a claim about customers: open, it is weaker, not refuted."""
    if counted is not None and _open(counted.estimate):
        return "weaker" if stand.clear else "cannot tell"
    return _held(stand, counted)


def _windows(stand: Stand) -> Exhibit:
    told, verdicts = [], []
    for months, rows in stand.heard.items():
        if months == stand.setting.horizon:
            continue
        found = rows.difference()
        told.append(_again(stand, f"Looking {months} months ahead", found))
        pace = _paced(found, stand.setting.horizon / months)
        verdicts.append("cannot tell" if found is None else verdict(stand.own, pace))
    rows = stand.rows
    if len(rows.months) > 1:
        for given, month in (("oldest", rows.months[0]), ("newest", rows.months[-1])):
            found = rows.only(rows.landmark != month).difference()
            told.append(_again(stand, f"Without the {given} window", found))
            verdicts.append(_held(stand, found))
        newest = rows.only(rows.landmark == rows.months[-1]).difference()
        told.append(_again(stand, "In the newest window alone", newest))
    if not told:
        told.append("There is only one window and one horizon to look at.")
    return Exhibit("Would other windows say the same?", " ".join(told), worst(verdicts))


def _definitions(stand: Stand) -> Exhibit:
    rows, told, verdicts = stand.rows, [], []
    names = {
        "line": "As a straight line over the whole scale",
        "top": "With everybody outside the good end put together",
    }
    for definition in DEFINITIONS[1:]:
        if definition in rows.definitions:
            found = rows.difference(definition)
            told.append(_again(stand, names[definition], found))
            verdicts.append(_held(stand, found))
    short = min(MEMORIES)
    if short in rows.memories:
        found = rows.only(rows.recent(short)).difference()
        told.append(_again(stand, f"With answers of the last {short} months only", found))
        verdicts.append(_held(stand, found))
    if not rows.leaving:
        found = rows.difference(measure="share")
        told.append(_again(stand, "With each customer's change taken as a share of spend", found))
        verdicts.append(_held(stand, found))
    if not told:
        told.append("There is only one way of telling these customers apart.")
    return Exhibit("Would another definition say the same?", " ".join(told), worst(verdicts))


def _other_answers(stand: Stand) -> Exhibit | None:
    """A happy customer likes everything: is it this answer, or a mood in all of them?"""
    question, rows = "Is it this, or a mood in all answers?", stand.rows
    if not rows.answers.shape[1]:
        return None
    if rows.base == "answers":
        found = rows.difference(controls="all")
        said = _again(stand, "With the other answers not held equal", found)
        return Exhibit(question, said, _held(stand, found))
    found = rows.difference(controls="answers")
    said = _again(stand, "With the answers to all other items held equal as well", found)
    said += " This tells which answer carries the link, not whether there is one."
    return Exhibit(question, said, _held(stand, found))


def _who_answered(stand: Stand) -> Exhibit | None:
    question, rows = "Who answered, and who did not?", stand.rows
    if not rows.by_answer:
        return None
    share = float(rows.share_answered.mean())
    if not np.ptp(rows.share_answered) > 0:
        said = "Nothing that finance or operations know tells who answered from who did not."
        return Exhibit(question, said, "cannot tell")
    found = rows.difference(weight=rows.weight)
    worth = fmt.count(round(effective_answers(rows.weight)))
    said = _again(stand, "Weighted so that those who answered look like all customers", found)
    said += (
        f" The {fmt.count(rows.rows)} weighted windows count as {worth}; of customers like these "
        f"about {fmt.number(share, 'share')} had answered. Weights cannot repair what only the "
        "silent know."
    )
    return Exhibit(question, said, _held(stand, found))


def _decided_before(stand: Stand) -> Exhibit | None:
    """Those who have decided to leave may answer accordingly: the outcome before its sign."""
    rows, told, verdicts = stand.rows, [], []
    early = -(-rows.horizon // 3)
    if rows.leaving and stand.setting.panel.contractual:
        soon = (rows.outcome == 1) & (rows.left_month <= early)
        found = rows.only(~soon).difference()
        given = f"Without customers who were gone within the first {early} of {rows.horizon} months"
        told.append(_again(stand, given, found))
        verdicts.append(_held(stand, found) if found else "cannot tell")
    if rows.by_answer:
        found = rows.only(~rows.recent(1)).difference()
        told.append(_again(stand, "With answers at least a month old when the window began", found))
        verdicts.append(_held(stand, found))
    if not told:
        return None
    return Exhibit("Had they made up their mind before?", " ".join(told), worst(verdicts))


def _model(stand: Stand) -> Exhibit | None:
    question, rows = "Would another kind of model say the same?", stand.rows
    if not rows.leaving:
        return None
    found = _by_odds(stand)
    if found is None:
        return Exhibit(question, "The other model does not settle on these data.", "cannot tell")
    given = "By a model of odds instead of a straight line"
    if stand.stated.estimate is not None:  # the claim's own model learns from everybody
        given = "By a model of odds that learns from those who answered alone"
    said = wording.again(
        given,
        difference=interval(found),
        estimate=found.estimate,
        unit="share",
        expected=stand.own.estimate,
    )
    return Exhibit(question, said, verdict(stand.own, found))


def _forks(stand: Stand) -> Exhibit:
    curve = stand.curve
    ways = len(curve.ways)
    said = stand.in_how_many_ways
    if curve.opposing and not stand.is_open:
        said += f" In {fmt.count(curve.opposing)} it clearly points the other way."
    if curve.failed:
        said += f" {fmt.count(curve.failed)} more could not be computed: too few windows."
    found: Verdict = "breaks"
    if stand.is_open:
        found = "cannot tell"
    elif curve.holding >= ENOUGH_WAYS * ways:
        found = "holds"
    elif curve.agreeing >= ENOUGH_WAYS * ways:
        found = "weaker"
    return Exhibit("Was it computed until it came out?", said, found)


def _by_odds(stand: Stand) -> Estimate | None:
    """Unhappy minus happy by discrete-time survival, at the mix of all who answered."""
    rows = stand.rows
    own, others = rows.exposed("bands")
    held = np.column_stack([rows.held(rows.base), others])
    matrix = np.column_stack([own, held])
    frame = pd.DataFrame({"left_within": rows.outcome, "left_month": rows.left_month})
    deviation = np.full(matrix.shape[1], 2.5)
    try:
        fit = fit_chance(
            matrix,
            frame,
            deviation,
            horizon=rows.horizon,
            contractual=stand.setting.panel.contractual,
        )
    except NoConvergenceError:
        return None
    if fit is None:
        return None
    calm = np.column_stack([rows.held(rows.base), np.zeros_like(others)])
    equal = np.full(rows.rows, 1 / rows.rows)
    ends = [
        fit.gradient(np.column_stack([np.full(rows.rows, at), calm]), equal) for at in (1.0, 0.0)
    ]
    gap = ends[0][0] - ends[1][0]
    half = z_of_level(stand.base.estimate.level) * fit.deviation(ends[0][1] - ends[1][1])
    return Estimate(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        n=rows.rows,
        level=stand.base.estimate.level,
    )


def _again(stand: Stand, given: str, found: Association | None) -> str:
    return wording.again(
        given,
        difference=interval(found.estimate) if found else None,
        estimate=found.estimate.estimate if found else None,
        unit=stand.unit,
        expected=stand.own.estimate,
    )


def _held(stand: Stand, found: Association | None) -> Verdict:
    return verdict(stand.own, found.estimate if found else None)


def _open(estimate: Estimate) -> bool:
    return estimate.low <= 0 <= estimate.high


def _paced(found: Association | None, factor: float) -> Estimate | None:
    if found is None:
        return None
    own = found.estimate
    return Estimate(
        estimate=own.estimate * factor,
        low=own.low * factor,
        high=own.high * factor,
        n=own.n,
        level=own.level,
    )


def _within(event: Event, landmark: int, horizon: int) -> bool:
    return landmark < month_index(event.day) + 1 and event.day <= month_end(landmark + horizon)


def _named(stand: Stand, codes: NDArray[np.int64]) -> str:
    names = [wording.quoted(str(stand.rows.ids[code])) for code in codes[:_NAMED_MOST]]
    more = len(codes) - len(names)
    return fmt.listed((*names, *([f"{more} more"] if more else [])))
