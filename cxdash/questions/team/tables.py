"""The tables of ``team``: units side by side, links in both directions, what is drawn of them."""

from collections.abc import Sequence
from typing import Final

from cxdash.facts import Row
from cxdash.facts.words import begun
from cxdash.questions.team.find import Found, Link
from cxdash.questions.team.grids import OUTCOMES
from cxdash.questions.team.names import drawn_as, measure_name, outcome_name, outcome_unit
from cxdash.questions.team.units import UnitFigures
from cxdash.stats.estimate import Estimate

__all__ = ["tables"]

_BEFORE: Final = "employees first"
_AFTER: Final = "customers first"


def tables(found: Found) -> dict[str, Sequence[Row]]:
    """Every table that has something to show."""
    made: dict[str, Sequence[Row]] = {
        "teams": [_unit(unit) for unit in found.units],
        "links": [_link(found, link) for link in found.links],
        "directions": [row for link in _drawn(found) for row in _both(found, link)],
    }
    return {name: rows for name, rows in made.items() if rows}


def _unit(unit: UnitFigures) -> Row:
    score, left = unit.score, unit.left
    return {
        "unit": unit.unit,
        "headcount": round(unit.headcount, 1),
        "engagement": _rounded(unit.engagement, 2),
        "turnover_share": _rounded(unit.turnover, 4),
        "absence_share": _rounded(unit.absence, 4),
        "contacts_per_head": _rounded(unit.contacts, 2),
        "minutes_per_head": _rounded(unit.minutes, 0),
        "score": score.estimate if score else None,
        "score_low": score.low if score else None,
        "score_high": score.high if score else None,
        "n": score.n if score else 0,
        "left_rate": left.estimate if left else None,
        "left_low": left.low if left else None,
        "left_high": left.high if left else None,
        "served": left.n if left else 0,
        "months": unit.months,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _link(found: Found, link: Link) -> Row:
    own, lag = link.found, link.found.lag
    before, after, raw = link.before, link.after, link.raw
    step = found.grid.step if found.grid else 1
    return {
        "driver": f"{link.cause}.{link.outcome}",
        "label": f"{measure_name(link.cause)} and {outcome_name(found, link.outcome)}",
        "verdict": link.verdict,
        "unit": outcome_unit(link.outcome),
        "usual": own.spread,
        "before": before.estimate,
        "before_low": before.low,
        "before_high": before.high,
        "raw": raw.estimate,
        "raw_low": raw.low,
        "raw_high": raw.high,
        "after": after.estimate,
        "after_low": after.low,
        "after_high": after.high,
        "p_before": own.p_before,
        "p_after": own.p_after,
        "p_first": own.p_first,
        "lag_months": lag.periods * step if lag else None,
        "lag_low": lag.low * step if lag else None,
        "lag_high": lag.high * step if lag else None,
        "detectable": own.detectable * own.spread,
        "units": own.units,
        "periods": own.periods,
        "n": _behind(found, link),
    }


def _behind(found: Found, link: Link) -> int:
    """Answers behind a link, or unit-periods where nobody was asked."""
    if link.outcome == "score" and found.grid is not None:
        return found.grid.answers
    return link.found.before.n


def _drawn(found: Found) -> list[Link]:
    """Links with the first outcome there is: all in one unit."""
    aimed = next(
        (name for name in OUTCOMES if any(link.outcome == name for link in found.links)), ""
    )
    return [link for link in found.links if link.outcome == aimed]


def _both(found: Found, link: Link) -> list[Row]:
    cause, outcome = drawn_as(found, link.cause, link.outcome)
    return [
        _side(label, words, estimate, _behind(found, link))
        for label, words, estimate in (
            (f"{cause}, then {outcome}", _BEFORE, link.before),
            (f"{outcome}, then {cause}", _AFTER, link.after),
        )
    ]


def _side(label: str, side: str, estimate: Estimate, n: int) -> Row:
    return {
        "direction": begun(label),
        "side": side,
        "effect": estimate.estimate,
        "effect_low": estimate.low,
        "effect_high": estimate.high,
        "n": n,
    }
