"""The ranking, what is not done, and what a pilot would be worth, as tables."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Cell, Row
from cxdash.facts import format as fmt
from cxdash.questions.priorities.facts import Findings
from cxdash.questions.priorities.ranking import Candidate, Ranking
from cxdash.stats.ranking import Placed

__all__ = ["tables"]


def tables(told: Findings) -> Mapping[str, Sequence[Row]]:
    """Every table that has a row; the ranking always."""
    made: dict[str, Sequence[Row]] = {
        "ranking": list(_ranking(told)),
        "not_doing": list(_not_doing(told)),
        "pilots_worth": list(_pilots(told)),
    }
    return {name: rows for name, rows in made.items() if rows or name != "pilots_worth"}


def _ranking(told: Findings) -> Iterator[Row]:
    ranking = told.ranking
    for place in ranking.places:
        one = ranking.ranked[place.row]
        yield _row(one, place_words(place), "do" if one in ranking.chosen else "not now") | {
            "top_share": place.top_share,
            "chosen_share": float(ranking.shares[place.row]),
            "money_a_day": (one.worth.value if one.worth else 0.0) / one.days,
            "place_low": place.place_low,
            "place_high": place.place_high,
        }
    for one in ranking.apart:
        yield _row(one, one.why_not, "find out first")


def _row(one: Candidate, place: str, choice: str) -> dict[str, Cell]:
    """A row with the columns in the order in which they are read; what ranks it is empty yet."""
    worth = one.worth
    return {
        "name": one.plan.name,
        "ranked": place,
        "choice": choice,
        "value": worth.value if worth else None,
        "low": worth.interval.low if worth else None,
        "high": worth.interval.high if worth else None,
        "top_share": None,
        "effort_days": one.days or None,
        "cost": one.cost or None,
        "grade": worth.grade.name if worth else "",
        "basis": worth.basis if worth else "nothing measured",
        "customers": one.reached.customers,
        "chosen_share": None,
        "money_a_day": None,
        "place_low": None,
        "place_high": None,
        "initiative": one.plan.id,
    }


def place_words(place: Placed) -> str:
    """``1`` or, where the order cannot be told, ``1–3``."""
    if place.place_low == place.place_high:
        return str(place.place_low)
    return f"{place.place_low}–{place.place_high}"


def _not_doing(told: Findings) -> Iterator[Row]:
    ranking, months = told.ranking, told.months
    for one in told.candidates:
        if one in ranking.chosen:
            continue
        worth = one.worth
        yield {
            "name": one.plan.name,
            "why": why_not(one, ranking),
            "waiting": worth.value / months if worth else None,
            "low": worth.interval.low / months if worth else None,
            "high": worth.interval.high / months if worth else None,
            "customers": one.reached.customers,
            "grade": worth.grade.name if worth else "",
            "initiative": one.plan.id,
        }


def why_not(one: Candidate, ranking: Ranking) -> str:
    """Why something is not done now, in words."""
    if not one.is_ranked:
        return f"{one.why_not}; a pilot would tell" if one.worth else one.why_not
    if one.net <= 0:
        return "brings no more than it costs in these months"
    place = ranking.ranked.index(one)
    near = ranking.shares[place]
    said = "what is done instead returns more within the limits"
    share = fmt.number(float(near), "share")
    return f"{said}; it would be chosen in {share} of what the ranges allow"


def _pilots(told: Findings) -> Iterator[Row]:
    for one in told.trials:
        worth = one.candidate.worth
        yield {
            "name": one.candidate.plan.name,
            "pilot_money": one.pilot.worth,
            "exact_money": one.exact.worth,
            "changes": one.pilot.changes,
            "customers_each": one.each,
            "basis": worth.basis if worth else "",
            "grade": worth.grade.name if worth else "",
            "customers": 2 * one.each,
            "initiative": one.candidate.plan.id,
        }
