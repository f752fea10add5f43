"""The tables of ``room``: the board, executives, asks, noes, accounts to look after."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from cxdash.facts import Cell, Interval, Row
from cxdash.facts import format as fmt
from cxdash.facts.words import quoted
from cxdash.panel import month_end
from cxdash.questions.judgement import LEVEL
from cxdash.questions.room.alerts import Suggestion
from cxdash.questions.room.asks import Asked
from cxdash.questions.room.findings import Findings
from cxdash.questions.room.gate import Card
from cxdash.questions.room.people import LANGUAGE, Seat
from cxdash.questions.room.series import Series
from cxdash.register import Kept
from cxdash.register.kinds.room import (
    EVIDENCE,
    FUNCTIONS,
    OUTCOMES,
    REASONS,
    SIGNALS,
    STANCES,
    STATES,
    SUPPLIERS,
    Alert,
    Signal,
)
from cxdash.stats.control import individuals
from cxdash.stats.estimate import z_of_level
from cxdash.stats.shifts import FEWEST_POINTS

__all__ = ["BY_MONTH", "tables"]

_CENTS: Final = 2
_Z: Final = z_of_level(LEVEL)
_SAMPLE: Final = "sample"
#: Card of the board to the table with its months.
BY_MONTH: Final[Mapping[str, str]] = {
    "customers": "customers_by_month",
    "competition": "competition_by_month",
    "employees": "employees_by_month",
}


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; ``urgency`` always."""
    made: dict[str, Sequence[Row]] = {
        "urgency": [_card(card) for card in found.board.cards],
        "executives": [_seat(seat, found) for seat in found.seats],
        "asks": [_ask(one, found) for one in found.asks],
        "noes": [_no(one, found) for one in found.noes],
        "by_reason": [
            {
                "reason": REASONS[one.reason],
                "noes": one.noes,
                "asked_again": one.again,
                "became_yes": one.yes,
                "won_share": one.share.estimate,
                "won_low": one.share.low,
                "won_high": one.share.high,
            }
            for one in found.reasons
        ],
        "suggested": [_suggested(one) for one in found.suggestions],
        "alerts": [_alert(one, found) for one in found.alerts],
        "noted": [_signal(one) for one in found.signals],
    }
    for name, series in found.board.series.items():
        made[BY_MONTH[name]] = _months(series)
    return {name: rows for name, rows in made.items() if rows or name == "urgency"}


def _card(card: Card) -> Row:
    """One card; the step of a share is in percentage points."""
    pressing = card.verdict == "urgent"
    is_share = card.unit == "share"
    size, low, high = (
        100 * end if is_share and end is not None else end
        for end in (card.value, card.low, card.high)
    )
    return {
        "label": card.label,
        "verdict": card.verdict,
        "unit": "points" if is_share else card.unit,
        "size": size,
        "low": low,
        "high": high,
        "began": card.since.isoformat() if card.since and pressing else "",
        "why": card.why,
        "levels": _levels(card),
        "p_board": card.p_adjusted,
        "newest": card.newest.isoformat() if card.newest else "nothing",
        "n": card.n,
        "source": card.name,
    }


def _levels(card: Card) -> str:
    """Where the figure lay before the step and lies since."""
    if card.before is None or card.after is None:
        return ""
    before, after = fmt.pair(
        card.before, card.after, card.unit, difference=Interval(card.low or 0.0, card.high or 0.0)
    )
    return f"{before}, then {after}"


def _months(series: Series) -> list[Row]:
    """The months of a figure with the limits of its ordinary ups and downs."""
    if len(series.months) < FEWEST_POINTS or np.ptp(series.share) == 0:
        return []
    chart = individuals(series.share, series.errors)
    rows: list[Row] = []
    for place, month in enumerate(series.months):
        day = month_end(month)
        level, half = float(series.share[place]), _Z * float(series.errors[place])
        rows.append(
            {
                "period": f"{day.year}-{day.month:02d}",
                "share": level,
                "low": max(0.0, level - half),
                "high": level + half,
                "n": round(float(series.of[place])),
                "centre": chart.centre,
                "limit_low": max(0.0, float(chart.low[place])),
                "limit_high": float(chart.high[place]),
                "outside": bool(chart.outside[place]),
            }
        )
    return rows


def _seat(seat: Seat, found: Findings) -> Row:
    record = seat.kept.record
    open_asks = sum(
        one.kept.record.executive == seat.kept.id and one.kept.record.outcome == "open"
        for one in found.asks
    )
    return {
        "name": record.name,
        "stance": STANCES[record.stance],
        "sponsor": record.is_sponsor,
        "priorities": record.priorities or "not asked yet",
        "last_contact": _spoken(seat),
        "next_step": record.next_step or "none",
        "in_their_words": LANGUAGE[record.function],
        "horizon_months": record.horizon_months,
        "function": FUNCTIONS[record.function],
        "open_asks": open_asks,
        "overdue": seat.overdue,
        "executive": seat.kept.id,
    }


def _spoken(seat: Seat) -> str:
    last = seat.kept.record.last_contact
    if last is None:
        return "never noted"
    return f"{fmt.day(last)}, overdue" if seat.overdue else fmt.day(last)


def _ask(one: Asked, found: Findings) -> Row:
    record = one.kept.record
    return {
        "title": record.title,
        "executive": _name(record.executive, found),
        "outcome": OUTCOMES[record.outcome],
        "asked_on": record.asked_on.isoformat() if record.asked_on else None,
        "decided_on": record.decided_on.isoformat() if record.decided_on else "open",
        "amount": float(record.amount) if record.amount is not None else None,
        "comes_back_to": _title(record.follows, found),
        "yes_by_now": one.became_yes,
        "ask": one.kept.id,
    }


def _no(one: Asked, found: Findings) -> Row:
    record = one.kept.record
    return {
        "title": record.title,
        "executive": _name(record.executive, found),
        "reason": REASONS.get(record.reason, ""),
        "evidence_wanted": EVIDENCE.get(record.wanted, "none was named"),
        "ask_again": one.due,
        "because": _because(one, found),
        "supplied_by": SUPPLIERS.get(record.supplied_by, "nothing was named"),
        "least_effect": record.least_effect,
        "customers_in_each_half": one.needed,
        "opens_pilot": record.wanted == _SAMPLE and not one.again,
        "ask": one.kept.id,
    }


def _because(one: Asked, found: Findings) -> str:
    """Why it is time or not; an ask that came back is told by its title, and by its day."""
    if not one.again:
        return one.why
    later = {other.kept.id: other.kept.record for other in found.asks}
    told = [f"{quoted(later[entry].title)}{_on(later[entry].asked_on)}" for entry in one.again]
    return f"asked again as {fmt.listed(told)}"


def _on(day: date | None) -> str:
    return f" on {fmt.day(day)}" if day else ""


def _title(entry: str, found: Findings) -> str:
    return next((one.kept.record.title for one in found.asks if one.kept.id == entry), entry)


def _name(executive: str, found: Findings) -> str:
    return next((seat.name for seat in found.seats if seat.kept.id == executive), executive)


def _suggested(one: Suggestion) -> Row:
    return {
        "customer_id": one.customer,
        "revenue": round(one.revenue, _CENTS),
        "risk": one.risk,
        "risk_earlier": one.earlier,
        "silent": one.silent,
        "reason": one.reason,
    }


def _alert(one: Kept[Alert], found: Findings) -> Row:
    record = one.record
    late: Cell = one in found.overdue
    return {
        "customer_id": record.customer,
        "reason": record.reason,
        "revenue": float(record.revenue) if record.revenue is not None else None,
        "owner": record.owner,
        "due": record.due.isoformat() if record.due else None,
        "status": STATES[record.status],
        "overdue": late,
        "outcome": record.outcome or "none yet",
        "alert": one.id,
    }


def _signal(one: Kept[Signal]) -> Row:
    record = one.record
    return {
        "sort": SIGNALS[record.kind_of],
        "name": record.name,
        "noted_on": record.noted_on.isoformat() if record.noted_on else None,
        "noted": record.what or "",
        "told_by": record.source or "nobody named",
    }
