"""The urgency board: five sources of urgency, each through the same gate.

Which five comes from what makes leaders act: competitors, customers who leave, employees who leave,
new leadership, and what a month of waiting costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from cxdash.facts import Answer, Fact
from cxdash.panel import Panel, events
from cxdash.questions.judgement import LEVEL
from cxdash.questions.room.gate import Card, judged, of_series, stale
from cxdash.questions.room.series import Series, customers_lost, employees_lost, rivals_named
from cxdash.questions.setting import Setting
from cxdash.questions.worth.findings import Findings, find
from cxdash.register import Kept
from cxdash.register.kinds.room import Signal
from cxdash.stats.estimate import p_of_z, z_of_level
from cxdash.stats.value import cost_of_waiting
from cxdash.store import Reader

__all__ = ["Board", "board"]

_NEW_DAYS: Final = 183  # a new leader sets priorities in the first half year
_DAYS_A_MONTH: Final = 30.4375
_COMPETITOR: Final = "competitor"


@dataclass(frozen=True, slots=True)
class Board:
    """The cards, and the monthly figures behind three of them, by the card's name."""

    cards: tuple[Card, ...]
    series: dict[str, Series]

    @property
    def pressing(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.verdict == "urgent")

    @property
    def untold(self) -> tuple[Card, ...]:
        """Cards of which nothing can be told, or nothing of late."""
        return tuple(card for card in self.cards if card.verdict in ("cannot tell", "stale"))


def board(
    view: Reader,
    built: Panel,
    month: int,
    today: date,
    *,
    setting: Setting | None,
    worth: Answer | None,
    noted: Sequence[Kept[Signal]],
) -> Board:
    """Every card on a day; ``month`` (index) is the last the data covers by then.

    ``setting`` and ``worth`` are those of the question worth, None where nobody answered anything.
    """
    first = built.first_month or 0
    names = [
        name
        for one in noted
        if one.record.kind_of == _COMPETITOR
        for name in (one.record.name, *one.record.also)
    ]
    series = {
        "customers": customers_lost(view, first, month),
        "competition": rivals_named(view, names, first, month),
        "employees": employees_lost(view, month),
    }
    tested = [of_series(_BLANK[name], series[name], today) for name in series]
    cards = judged([*tested, _leadership(view, today), _waiting(view, today, setting, worth)])
    return Board(cards, series)


def _leadership(view: Reader, today: date) -> Card:
    """What is on record needs no test: it happened or it did not."""
    card = _BLANK["leadership"]
    known = [event for event in events(view) if event.day <= today]
    changes = [event for event in known if event.kind == "leadership"]
    if not changes:
        why = "no change of leadership is on record" if known else "no list of events is loaded"
        return replace(card, verdict="not urgent" if known else "cannot tell", why=why)
    last = changes[-1]
    age = today - last.day
    fresh = age <= timedelta(days=_NEW_DAYS)
    return replace(
        card,
        verdict="urgent" if fresh else "not urgent",
        why=f"on record: {last.what}" if fresh else "the last change is over half a year ago",
        value=age.days / _DAYS_A_MONTH,
        since=last.day,
        newest=last.day,
        n=len(changes),
    )


def _waiting(view: Reader, today: date, setting: Setting | None, worth: Answer | None) -> Card:
    card = _BLANK["waiting"]
    if setting is None or worth is None:
        return replace(card, why="nobody's answers are loaded")
    late = stale(setting.as_of, today)
    if late:
        return replace(card, verdict="stale", why=late, newest=setting.as_of)
    excess = next((fact for fact in worth.facts if fact.id == "worth.excess"), None)
    found = find(view, setting)
    if excess is None or excess.value is None or excess.interval is None:
        return replace(card, why=_withheld(excess))
    months, money = setting.horizon, excess.interval
    return replace(
        card,
        unit=excess.unit,
        value=cost_of_waiting(excess.value, months),
        low=cost_of_waiting(money.low, months),
        high=cost_of_waiting(money.high, months),
        since=setting.as_of,
        newest=setting.as_of,
        p_value=_p_of(found),
        n=excess.n,
        grade=excess.grade,
    )


def _withheld(excess: Fact | None) -> str:
    return excess.caveats[0].rstrip(".") if excess and excess.caveats else "money is withheld"


def _p_of(found: Findings) -> float:
    """Of "unhappy customers leave no more often", as counted and held equal, the larger one."""
    if found.gap is None or found.model is None:
        return 1.0
    gap = found.model.gap
    error = (gap.high - gap.low) / (2 * z_of_level(LEVEL))
    if gap.estimate <= 0 or found.gap.estimate <= 0 or error <= 0:
        return 1.0
    return max(found.gap.p_value, p_of_z(gap.estimate / error))


_BLANK: Final = {
    card.name: card
    for card in (
        Card(
            name="customers",
            label="Customers lost in a month",
            definition="monthly_loss",
            unit="share",
            of="customer-months",
        ),
        Card(
            name="competition",
            label="Customers who name a competitor",
            definition="rival_mentions",
            unit="share",
            of="comments and reasons",
        ),
        Card(
            name="employees",
            label="Employees who leave in a month",
            definition="employee_turnover",
            unit="share",
            of="employee-months",
        ),
        Card(
            name="leadership",
            label="Months since leadership changed",
            definition="findings",
            unit="months",
            of="events",
        ),
        Card(
            name="waiting",
            label="Cost of waiting a month",
            definition="cost_of_waiting",
            unit="count",
            of="customers",
        ),
    )
}
