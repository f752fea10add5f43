"""The figures goals are measured by, worked out anew from what is loaded.

Each speaks of the twelve months to the end of a month, with its range at the level of all ranges.
Ranges of sums over customers come from drawing customers again, those of shares are score
intervals. Customers who appear in two years make two readings move together, so two of them are
never subtracted here: a reading is set beside a figure that somebody wrote down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.errors import UsageError
from cxdash.facts import format as fmt
from cxdash.facts.definitions import Better, definition
from cxdash.panel import Item, Panel, Periods, first_contacts, ground, items, month_end, stamp
from cxdash.panel.answers import item_answers
from cxdash.panel.monthly import teams_by_month, year_apart, year_served
from cxdash.questions.choices import metric_named
from cxdash.questions.conditions import check
from cxdash.questions.contribution import measure_of
from cxdash.questions.goals.reading import Reading
from cxdash.questions.judgement import LEVEL
from cxdash.register.kinds.goals import MEASURES, RATING
from cxdash.stats.proportions import share
from cxdash.stats.ratio import ratio_of_sums
from cxdash.stats.scores import mean_score
from cxdash.stats.waves import wave
from cxdash.store import Reader

__all__ = ["MONTHS", "measured"]

MONTHS: Final = 12
FEWEST: Final = 10  # people or contacts behind a figure
_FEWEST_MONTHS: Final = 6  # of employees' figures, for a range from month to month
_SEED: Final = 20_126
_ROOM: Final = 64
_MONEY: Final = frozenset({"revenue_kept", "revenue_kept_grown", "revenue_a_year"})

Vector = NDArray[np.float64]
Figures = tuple[float, float | None, float | None, int]


def measured(view: Reader, name: str, rating: str, month: int) -> Reading:
    """The figure of that name for the year that ends with ``month`` (index).

    ``rating`` is the survey item meant where the figure is a rating. A figure that cannot be
    worked out has no value and says why. Worked out once for each state of the data.
    """
    return view.kept(
        "measures", (name, rating, month), lambda: _measured(view, name, rating, month), room=_ROOM
    )


def _measured(view: Reader, name: str, rating: str, month: int) -> Reading:
    built = stamp(view)
    if built is None or built.last_month is None:
        return _untold(name, MEASURES[name], "nothing is loaded yet")
    if name == RATING:
        return _rated(view, rating, month)
    if name in _MONEY:
        against = check(built, ground(view, built), None, MONTHS).against_money
        if against:
            return _untold(name, MEASURES[name], against[0].short)
    return _WORKED_OUT[name](view, built, month)


def _customers_lost(view: Reader, built: Panel, month: int) -> Reading:
    rows = year_apart(view, month - MONTHS, month)
    told = partial(_told, "customers_lost", month, "logo_churn", "lower", "customers")
    if (built.first_month or 0) > month - MONTHS or len(rows) < FEWEST:
        return _untold("customers_lost", _label("customers_lost"), _no_year())
    found = share(int(rows["gone"].sum()), len(rows), level=LEVEL)
    method = "Customers of a year ago who are no longer there / customers of a year ago; Wilson"
    return told((found.estimate, found.low, found.high, len(rows)), "share", method)


def _revenue_kept(view: Reader, built: Panel, month: int, *, grown: bool) -> Reading:
    name = "revenue_kept_grown" if grown else "revenue_kept"
    rows = year_apart(view, month - MONTHS, month)
    if (built.first_month or 0) > month - MONTHS or len(rows) < FEWEST:
        return _untold(name, _label(name), _no_year())
    then, now = (rows[column].to_numpy(np.float64) for column in ("rate_then", "rate_now"))
    figures = _ratio(now if grown else np.minimum(now, then), then)
    if figures is None:
        return _untold(name, _label(name), "nobody paid anything a year ago")
    return _told(
        name,
        month,
        "nrr" if grown else "grr",
        "higher",
        "customers",
        figures,
        "share",
        "What the customers of a year ago pay a month today / what they paid then"
        f"{'' if grown else ', each at most what it was'}; customers drawn again",
    )


def _revenue_a_year(view: Reader, built: Panel, month: int) -> Reading:
    rows = year_served(view, month - MONTHS, month)
    told = partial(_told, "revenue_a_year", month, "revenue", "higher", "customers")
    total = float(rows["revenue"].sum())
    if rows.empty or built.currency is None:
        return _untold("revenue_a_year", _label("revenue_a_year"), "no revenue is loaded")
    method = "Sum of what customers paid in these months; exact, so without a range"
    return told((total, None, None, len(rows)), built.currency, method)


def _served(view: Reader, built: Panel, month: int, *, name: str, column: str) -> Reading:
    rows = year_served(view, month - MONTHS, month)
    top, months = (rows[one].to_numpy(np.float64) for one in (column, "months"))
    if rows.empty or not top.sum():
        return _untold(name, _label(name), "no contacts with their cost are loaded")
    figures = _ratio(top, months)
    if figures is None:
        return _untold(name, _label(name), "too few customers made contact")
    costs = name == "cost_to_serve"
    return _told(
        name,
        month,
        "cost_to_serve" if costs else "contacts_per_customer",
        "lower" if costs else "neither",
        "customers",
        figures,
        (built.currency or "XXX") if costs else "ratio",
        "Sum over customers / months as a customer; customers drawn again",
    )


def _solved_first(view: Reader, built: Panel, month: int) -> Reading:  # noqa: ARG001 - one signature
    start = month_end(month - MONTHS)
    solved, known = first_contacts(view, Periods(start, start, month_end(month))).get(1, (0, 0))
    if known < FEWEST:
        why = "fewer than ten contacts say whether they solved it"
        return _untold("solved_first", _label("solved_first"), why)
    found = share(solved, known, level=LEVEL)
    method = "Contacts solved at the first go / contacts that say so; Wilson"
    figures = (found.estimate, found.low, found.high, known)
    return _told("solved_first", month, "fcr.gross", "higher", "contacts", figures, "share", method)


def _employees_lost(view: Reader, built: Panel, month: int) -> Reading:  # noqa: ARG001 - one signature
    rows = teams_by_month(view)
    rows = rows[(rows["month"] > month - MONTHS) & (rows["month"] <= month)]
    if len(rows) < _FEWEST_MONTHS:
        why = "fewer than six months of team figures are loaded"
        return _untold("employees_lost", _label("employees_lost"), why)
    rates = (rows["departed"] / rows["heads"]).to_numpy(np.float64)
    found = mean_score(rates, level=LEVEL, step=float(1 / rows["heads"].mean()))
    low = max(0.0, found.low)
    method = "Mean share of employees who left in a month; range from month to month (Student)"
    figures = (found.estimate, low, found.high, round(float(rows["heads"].mean())))
    return _told(
        "employees_lost", month, "employee_turnover", "lower", "employees", figures, "share", method
    )


def _rated(view: Reader, rating: str, month: int) -> Reading:
    """The score of a survey item: each person once, with the mean of the year's answers."""
    imported = items(view)
    label = f"the rating of “{fmt.spoken(rating)}”"
    item = _meant(imported, rating)
    if item is None:
        return _untold(RATING, label, f"no one rating “{fmt.spoken(rating)}” is loaded")
    entry = definition(item.variant)
    measure = measure_of(entry, high_is_good=item.high_is_good)
    rows = _of_the_year(item_answers(view, item, month_end(month)), month)
    person = rows["customer_id"].where(rows["customer_id"].notna(), "answer " + rows["row_key"])
    adds = measure.contributions(rows["value"].to_numpy(np.float64))
    people = pd.Series(adds, dtype=np.float64).groupby(person.to_numpy()).mean()
    if len(people) < FEWEST:
        return _untold(RATING, label, "fewer than ten people answered in the year")
    found = wave(np.asarray(people, dtype=np.float64), measure.kind, level=LEVEL)
    figures = (found.estimate, found.low, found.high, found.n)
    method = f"{entry.name} of everybody who answered in the year, each once; as heard"
    told = _told(RATING, month, item.variant, entry.better, "people", figures, measure.unit, method)
    return replace(told, label=label)


def _meant(imported: Sequence[Item], rating: str) -> Item | None:
    """The item that is called so, or alone measures it; None where none or several are meant."""
    try:
        name = metric_named(imported, rating)
    except UsageError:
        return None
    return next(one for one in imported if name in (one.name, f"{one.name}@{one.variant}"))


def _of_the_year(rows: pd.DataFrame, month: int) -> pd.DataFrame:
    """Answers of the year, without those given after the customer said goodbye."""
    day = rows["answered_on"].to_numpy(dtype="datetime64[D]")
    inside = (day > np.datetime64(month_end(month - MONTHS))) & ~rows["after_goodbye"].to_numpy(
        np.bool_
    )
    kept: pd.DataFrame = rows[inside].reset_index(drop=True)
    return kept


def _ratio(top: Vector, bottom: Vector) -> Figures | None:
    codes = np.arange(top.size, dtype=np.int64)
    found = ratio_of_sums(top, bottom, codes, rng=np.random.default_rng(_SEED), level=LEVEL)
    return (found.estimate, found.low, found.high, found.n) if found else None


def _told(
    name: str,
    month: int,
    variant: str,
    better: Better,
    of: str,
    figures: Figures,
    unit: str,
    method: str,
) -> Reading:
    value, low, high, n = figures
    period = f"{month_end(month - MONTHS).isoformat()} to {month_end(month).isoformat()}"
    return Reading(
        name, _label(name), value, low, high, unit, better, variant, n, of, period, method
    )


def _untold(name: str, label: str, why: str) -> Reading:
    return Reading(
        name, label, None, None, None, "count", "neither", "findings", 0, "", "", "", why
    )


def _label(name: str) -> str:
    return MEASURES[name].removesuffix(", share").lower()


def _no_year() -> str:
    return "no customers of a year before are known"


_WORKED_OUT: Final[Mapping[str, Callable[[Reader, Panel, int], Reading]]] = MappingProxyType(
    {
        "customers_lost": _customers_lost,
        "revenue_kept": partial(_revenue_kept, grown=False),
        "revenue_kept_grown": partial(_revenue_kept, grown=True),
        "revenue_a_year": _revenue_a_year,
        "cost_to_serve": partial(_served, name="cost_to_serve", column="contact_cost"),
        "contacts": partial(_served, name="contacts", column="contacts"),
        "solved_first": _solved_first,
        "employees_lost": _employees_lost,
    }
)
