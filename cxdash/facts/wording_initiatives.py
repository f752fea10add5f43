"""The grammar of what is done and what comes first: wishes, moved cost, places, and not doing.

The rules are those of :mod:`cxdash.facts.wording`: a saving or a loss comes out only where the
range lies wholly on one side of zero, and an order only where it can be told.
"""

from collections.abc import Sequence
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts.fact import Fact
from cxdash.facts.words import quoted

__all__ = [
    "LIKELY",
    "best_choice",
    "contradicting",
    "moved",
    "places",
    "planned",
    "worth_a_pilot",
]

LIKELY: Final = 0.05  # a chance below which nobody would make a pilot for it


def planned(initiatives: int, wishes: int, running: int) -> str:
    """``Of 7 initiatives 5 have a goal, an owner and a date; 2 are wishes. 3 are under way.``"""
    if not initiatives:
        return "No initiative has been entered."
    whole = initiatives - wishes
    under = f" {fmt.count(running)} {'is' if running == 1 else 'are'} under way." if running else ""
    if not whole:
        who = (
            "The one initiative is a wish"
            if wishes == 1
            else f"All {wishes} initiatives are wishes"
        )
        return f"{who}: without a goal, an owner and a date.{under}"
    of = fmt.counted(initiatives, "initiative", "initiatives")
    have = "has" if whole == 1 else "have"
    said = f"Of {of} {fmt.count(whole)} {have} a goal, an owner and a date"
    rest = f"; {fmt.count(wishes)} {'is a wish' if wishes == 1 else 'are wishes'}" if wishes else ""
    return f"{said}{rest}.{under}"


def contradicting(pairs: int, first: str, second: str) -> str:
    """That initiatives pull the same customers in different directions; the largest pair is named.

    How many customers they share stands in a table, where it may be withheld.
    """
    both = f"{quoted(first)} and {quoted(second)}"
    aims = "one to keep them or to sell them more, the other to serve them at less cost"
    if pairs == 1:
        return f"{both} touch the same customers, {aims}."
    return f"{fmt.count(pairs)} pairs touch the same customers, {aims}; among them {both}."


def moved(name: str, net: Fact, gross: Fact, elsewhere: Fact, months: int) -> str:
    """What serving at less cost came to: saved, moved or not to be told.

    ``elsewhere`` is what was moved and lost together.
    """
    what, over = quoted(name), f"over {fmt.number(months, 'months')}"
    if net.value is None or net.interval is None or gross.value is None:
        why = net.caveats[0] if net.caveats else "nothing was compared"
        return f"Cannot tell whether {what} saves money: {why[:1].lower()}{why[1:].rstrip('.')}."
    beside = "set beside customers who were not exposed"
    if net.interval.low > 0:
        return f"{what} saved {fmt.fact_text(net)} net {over}, {beside}."
    if net.interval.high < 0:
        loss = fmt.number(-net.value, net.unit, interval=net.interval)
        span = fmt.spread(-net.interval.high, -net.interval.low, net.unit)
        if gross.interval is not None and gross.interval.low > 0:
            return (
                f"{what} moved cost and did not save it: {fmt.fact_value(gross)} less for first "
                f"contacts, {fmt.fact_value(elsewhere)} more elsewhere, a net loss of {loss} "
                f"(range {span}) {over}, {beside}."
            )
        return f"{what} cost {loss} more than it saved (range {span}) {over}, {beside}."
    return (
        f"Cannot tell whether {what} saves money: net of what was moved and lost it lies anywhere "
        f"from {fmt.number(net.interval.low, net.unit, interval=net.interval)} to "
        f"{fmt.number(net.interval.high, net.unit, interval=net.interval)} {over}."
    )


def places(names: Sequence[str], tied: bool, measured: int, entered: int) -> str:
    """Which come first, or that the order among them cannot be told.

    ``names`` share the first place; ``measured`` of the ``entered`` ones can be ranked.
    """
    of = f"of the {fmt.count(measured)} of {fmt.counted(entered, 'initiative', 'initiatives')}"
    among = f"{of} whose value was measured"
    who = fmt.listed([quoted(name) for name in names])
    if measured == 1:
        of = fmt.counted(entered, "initiative", "initiatives")
        return f"Of {of} only {who} was measured, so there is nothing to rank it against."
    if not tied:
        return f"{who} comes first {among}, by value for each day of work."
    if len(names) == measured:
        return f"Cannot tell which comes first {among}: their ranges overlap."
    return (
        f"{who} share the first place {among}: their ranges overlap, so which of them is ahead "
        "cannot be told."
    )


def best_choice(names: Sequence[str], value: Fact | None, limits: str) -> str:
    """What fits into the limits and returns most."""
    if not names or value is None:
        return f"Within {limits} nothing that was measured returns more than it costs."
    best = f"Within {limits} the best choice is {fmt.listed([quoted(name) for name in names])}"
    if value.interval is None or value.interval.holds(0):
        return (
            f"{best}; whether it brings more than it costs cannot be told: it lies anywhere in "
            f"{fmt.fact_interval(value)} beyond its cost."
        )
    return f"{best}, {fmt.fact_text(value)} beyond what it costs."


def worth_a_pilot(name: str, worth: Fact, changes: float, each: int) -> str:
    """Which pilot would tell most."""
    chance = fmt.number(max(changes, LIKELY), "share")
    if worth.value is None or not worth.value > 0 or changes < LIKELY:
        return (
            f"No pilot of what can be valued would change the choice with a chance of {chance} or "
            "more."
        )
    return (
        f"The pilot that would change most is one of {quoted(name)}, with {fmt.count(each)} "
        f"customers in each group: it would change the choice with a chance of {chance}."
    )
