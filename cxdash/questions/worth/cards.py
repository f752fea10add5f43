"""The methods cards of ``worth``: how each number is made, so that a sceptic can redo it."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Interval
from cxdash.facts import format as fmt
from cxdash.questions.worth.findings import Findings
from cxdash.questions.worth.leaving import (
    ALL,
    DRAWS,
    FINANCE_ONLY,
    WITH_ANSWERS,
    Backtest,
    Group,
)

__all__ = ["cash_card", "excess_card", "gap_card", "plain_card", "rate_card", "stake_card"]

_LEAVING: Final = "cxdash.questions.worth.leaving.leaving"
_ALIKE: Final = (
    "Customers whose answers differ are alike in what nobody recorded, once what is held equal is "
    "equal; otherwise this describes them and says nothing of what changing an answer would do."
)
_STEADY: Final = (
    "The months ahead are like the windows learned from, but for a drift of about 10 %."
)
#: The E-value is worked out once, by the cross-examination, so that no claim has two.
_UNMEASURED: Final = (
    "Every defensible way of computing it, and how strong a cause nobody measured would have to "
    "be: cross-examine worth.gap_adjusted."
)
_ALONE: Final = "Customers leave independently of each other."


def stake_card(found: Findings, group: Group, *, answers: bool = True) -> Card:
    """Revenue at stake of a group, with or without the answers."""
    return Card(
        model=_model(found, answers=answers),
        formula="Σ over today's customers of chance of leaving within the horizon × monthly rate × "
        f"months; the 90 % range from {fmt.count(DRAWS)} draws of coefficients and leavers",
        sample=_learned(found),
        window=_window(found),
        exclusions=_left_out(found),
        assumptions=(_STEADY, _ALONE, "Everybody would go on paying today's rate."),
        validation=_foreseen(found, group) if answers else _ranked(found.backtest, FINANCE_ONLY),
        sensitivity=_without_answers(found) if answers else "",
        code=_LEAVING,
    )


def gap_card(found: Findings) -> Card:
    """The difference between the bands with finance and operations held equal."""
    return Card(
        model=_model(found, answers=True),
        formula="mean chance of leaving if everybody who answered were in the worst band, minus "
        "the same for the best band; interval by the delta method",
        sample=_learned(found),
        window=_window(found),
        exclusions=_left_out(found),
        assumptions=(_ALIKE,),
        validation=_gap_again(found),
        sensitivity=_UNMEASURED,
        code=_LEAVING,
    )


def excess_card(found: Findings) -> Card:
    """What the difference stands for in money."""
    return Card(
        model=_model(found, answers=True),
        formula="Σ over today's customers of the worst band of (chance as they are − chance as if "
        "in the best band) × monthly rate × months; interval by the delta method",
        sample=_learned(found),
        window=_window(found),
        exclusions=_left_out(found),
        assumptions=(_ALIKE, _STEADY),
        validation=_gap_again(found),
        sensitivity=_UNMEASURED,
        code=_LEAVING,
    )


def cash_card(found: Findings) -> Card:
    """Cash missing inside the window."""
    whole = stake_card(found, ALL)
    return Card(
        model=f"{whole.model}; ratio of sums for the time of leaving, bootstrap by customer",
        formula="revenue at stake × share of the window still to come when past leavers went, "
        "weighted by what they paid; distances to the limits combined as independent",
        sample=whole.sample,
        window=whole.window,
        exclusions=whole.exclusions,
        assumptions=(*whole.assumptions, "Leavers go at the same time of the window as before."),
        validation=whole.validation,
        sensitivity=whole.sensitivity,
        code="cxdash.stats.ratio.ratio_of_sums",
    )


def plain_card(found: Findings) -> Card:
    """The difference of two counted shares."""
    return Card(
        model="Difference of two counted shares",
        formula="left / windows in the worst band − left / windows in the best band; Newcombe's "
        "hybrid score interval",
        sample=f"{fmt.count(found.worst.n)} and {fmt.count(found.best.n)} closed windows",
        window=found.setting.period,
        exclusions=_left_out(found),
        assumptions=("Nothing is held equal: this describes and does not compare like with like.",),
        sensitivity=_held_equal_moves(found),
        code="cxdash.stats.proportions.share_difference",
    )


def rate_card(found: Findings, n: int, left: int) -> Card:
    """The counted share of one band that left."""
    return Card(
        model="Counted share",
        formula="windows that ended with the customer gone / closed windows; Wilson's interval",
        sample=f"{fmt.count(n)} closed windows, {fmt.count(left)} of them ended with the customer "
        "gone",
        window=found.setting.period,
        exclusions=_left_out(found),
        assumptions=("Each window tells as much as any other.",),
        code="cxdash.stats.proportions.share",
    )


def _model(found: Findings, *, answers: bool) -> str:
    known = "the band of the last answer and its link with size, " if answers else ""
    held = found.model.held_equal if found.model else ()
    unit = "customer-months" if found.setting.panel.contractual else "customer-windows"
    return (
        f"Logistic regression on {unit} (discrete-time survival), weak normal prior; predictors: "
        f"{known}{', '.join(held) or 'the period'}"
    )


def _learned(found: Findings) -> str:
    model = found.model
    if model is None:
        return ""
    return (
        f"{fmt.count(model.n)} closed windows of {found.setting.horizon} months, "
        f"{fmt.count(model.events)} of them ended with the customer gone"
    )


def _window(found: Findings) -> str:
    learned = f"learned from {found.setting.period}"
    test = found.backtest
    if test is None or not test.checks:
        return f"{learned}; no later window to test on"
    checked = test.checks[0]
    return (
        f"{learned}; for the test every window but the first was predicted from those before it, "
        f"the last fit on data to {checked.cutoff}"
    )


def _left_out(found: Findings) -> tuple[str, ...]:
    return tuple(_exclusions(found))


def _exclusions(found: Findings) -> Iterator[str]:
    yield "Customers who had said goodbye before a window began."
    if found.setting.item.after_goodbye:
        yield (
            f"{fmt.count(found.setting.item.after_goodbye)} answers given on or after the goodbye."
        )
    yield "Answers more than twelve months old, and windows before the first answer."
    for entry in found.setting.excluded:
        yield f"{entry.column}: {entry.reason}"
    for leak in found.model.leaks if found.model else ():
        yield (
            f"The column {leak.column}: one of its values knows the outcome "
            f"({fmt.count(leak.left)} of {fmt.count(leak.n)} left)."
        )


def _foreseen(found: Findings, group: Group) -> str:
    test = found.backtest
    if test is None or group not in test.expected:
        return ""
    stake = test.expected[group]
    low, high = fmt.count(round(stake.leavers_low)), fmt.count(round(stake.leavers_high))
    told = (
        f"One horizon ago it expected {fmt.count(round(stake.leavers))} leavers in this group "
        f"(range {low} to {high}); {fmt.count(test.leavers[group])} left."
    )
    ranked = _ranked(test, WITH_ANSWERS)
    return f"{told} {ranked}".strip()


def _ranked(test: Backtest | None, model: str) -> str:
    """How right a model was about windows it had not seen."""
    entry = next((one for one in test.checks if one.model == model), None) if test else None
    if entry is None:
        return ""
    area = f"area under the curve {entry.auc.estimate:.2f}, " if entry.auc else ""
    slope = entry.calibration.slope
    how = "everybody had the same chance" if slope is None else f"calibration slope {slope:.2f}"
    on = f"On {fmt.count(entry.n)} later windows with {fmt.count(entry.events)} leavers"
    return f"{on}: {area}{how}."


def _gap_again(found: Findings) -> str:
    test = found.backtest
    if test is None or test.gap is None:
        return ""
    seen = "showed again" if found.gap_confirmed else "did not show clearly"
    reach = fmt.spread(test.gap.low, test.gap.high, "share")
    return (
        f"On later windows the difference {seen}: {reach} beyond what finance and operations had "
        f"expected. {_ranked(test, WITH_ANSWERS)}"
    ).strip()


def _without_answers(found: Findings) -> str:
    if found.model is None:
        return ""
    currency = found.setting.currency or "count"
    plain = found.model.without_answers
    size = fmt.number(plain.estimate, currency, interval=Interval(plain.low, plain.high))
    return (
        f"Without any answer the same sum over all customers is {size} "
        f"({fmt.spread(plain.low, plain.high, currency)})."
    )


def _held_equal_moves(found: Findings) -> str:
    if found.model is None:
        return ""
    gap = found.model.gap
    reach = fmt.spread(gap.low, gap.high, "share")
    return f"With finance and operations held equal it is {reach}."
