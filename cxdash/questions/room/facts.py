"""The Facts of ``room``: a card of the urgency board each, and how asks fare."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Fact, Grade, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.room.findings import Findings
from cxdash.questions.room.gate import Card

__all__ = ["card_fact", "facts"]

_STEP: Final = (
    "Largest step for the worse over every month of the last year it can begin in, against months "
    "in another order and a series in which a month takes over from the one before; corrected for "
    "all cards (Holm)."
)
_RECORD: Final = "Read in the register of events; it happened or it did not."
_WAITING: Final = (
    "Expected loss beyond that of happy customers, by the month, as the question worth answers it."
)
_TYPED: Final = "Counted in what people entered."


def facts(found: Findings) -> tuple[Fact, ...]:
    return (
        *(card_fact(card, found) for card in found.board.cards),
        *_asks(found),
    )


def card_fact(card: Card, found: Findings) -> Fact:
    """A card of the board as a Fact; without a value it says why."""
    return Fact(
        id=f"room.urgency.{card.name}",
        label=_label(card),
        value=card.value,
        interval=card.interval if card.value is not None else None,
        unit=card.unit,
        method=_method(card),
        n=card.n,
        population="all customers" if card.name != "employees" else "all units that may be told",
        period=_period(card, found),
        definition=_definition(card),
        caveats=() if card.value is not None else (f"{card.verdict.capitalize()}: {card.why}.",),
    )


def _label(card: Card) -> str:
    if card.step is not None:
        return f"{card.label}: step since {fmt.month(card.since)}" if card.since else card.label
    return card.label


def _definition(card: Card) -> str:
    return "monthly_step" if card.step is not None else card.definition


def _method(card: Card) -> Method:
    if card.name == "leadership":
        return Method(description=_RECORD, assertion=True)
    if card.name == "waiting":
        is_validated = card.grade == Grade.C
        return Method(
            description=_WAITING,
            adjusted_for=("what finance and service knew",),
            validated_out_of_time=is_validated,
        )
    return Method(description=_STEP)


def _period(card: Card, found: Findings) -> str:
    newest = card.newest or found.as_of
    return f"up to {newest.isoformat()}"


def _asks(found: Findings) -> Iterator[Fact]:
    rate = found.won
    yield Fact(
        id="room.asks.won",
        label="Asks that are a yes by now",
        value=rate.estimate if rate else None,
        interval=Interval(rate.low, rate.high, rate.level) if rate else None,
        unit="share",
        method=Method(
            description=f"{_TYPED} Asks that came back count with the first.", assertion=True
        ),
        n=rate.n if rate else 0,
        population="asks that were decided",
        period=f"as entered by {found.today.isoformat()}",
        definition="asks_won",
        caveats=() if rate else ("No ask was decided yet.",),
    )
    yield _counted(found, "room.asks.due", "Noes it is time to ask again", len(found.due))
    yield _counted(
        found, "room.people.overdue", "Executives nobody has spoken to for too long",
        sum(seat.overdue for seat in found.seats),
    )  # fmt: skip
    yield _counted(found, "room.alerts.overdue", "Alerts past their day", len(found.overdue))


def _counted(found: Findings, fact_id: str, label: str, count: int) -> Fact:
    return Fact(
        id=fact_id,
        label=label,
        value=float(count),
        unit="count",
        method=Method(description=_TYPED, assertion=True),
        n=count,
        population="what people entered",
        period=f"on {found.today.isoformat()}",
        definition="findings",
    )
