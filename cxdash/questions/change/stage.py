"""What ``change`` stands on: the answers of two periods, counted and sorted, before any estimate.

Left out are answers given on or after the day a customer said goodbye: an exit survey would make
every month of many leavers look like a month of bad opinions. Each customer counts once a period,
with the mean of his or her answers; an answer whose customer is not known counts on its own.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.facts.definitions import definition
from cxdash.panel import (
    Event,
    Item,
    Periods,
    events,
    ground,
    items,
    month_index,
    periods,
    stamp,
)
from cxdash.panel.answers import customers_on, customers_with, item_answers, standings
from cxdash.questions.basis import Basis, customers_of
from cxdash.questions.conditions import check
from cxdash.questions.contribution import Measure, measure_of
from cxdash.questions.setting import chosen, month_of
from cxdash.store import Reader

__all__ = ["Stage", "by_person", "during", "stage"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stage(Basis):
    """Answers up to the day of the question, narrowed to the scope's filters.

    Parameters
    ----------
    both
        The two periods compared.
    answers
        One row an answer that counts: person (the customer, or the answer itself), customer_id,
        answered_on, value, adds (what it contributes), segment, survey, touchpoint, channel.
    standings
        One row a known customer who answered in one of the periods, as
        :func:`cxdash.panel.answers.standings`.
    customers
        Customers on the day of the question; 0 where nothing says who is one.
    after_goodbye
        Answers of the two periods left out because they were given after the goodbye.
    filtered_unknown
        Answers of the two periods left out because filters need a known customer.
    events
        Events of the register that concern the item, the earliest first.
    """

    item: Item
    measure: Measure
    both: Periods
    answers: pd.DataFrame
    standings: pd.DataFrame
    customers: int
    after_goodbye: int
    filtered_unknown: int
    events: tuple[Event, ...]

    @property
    def population(self) -> str:
        """Whom the Answer speaks of."""
        return customers_of("everybody who answered", "customers who answered, with", self.scope)

    @property
    def month(self) -> int:
        """Month index of the day of the question."""
        return month_index(self.as_of)


def stage(view: Reader, scope: Scope) -> Stage | None:
    """The stage for the scope's metric, or None when no survey answer is loaded.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    built = stamp(view)
    imported = items(view)
    if built is None or not imported or built.last_month is None:
        return None
    item = chosen(imported, scope.metric)
    both = periods(month_of(built, scope.as_of), scope.horizon)
    _refuse_empty_filter(view, scope)
    measure = measure_of(definition(item.variant), high_is_good=item.high_is_good)
    rows = item_answers(view, item, both.until)
    kept, filtered_unknown = _narrowed(rows, scope, both)
    late = kept["after_goodbye"].to_numpy(np.bool_)
    counted = kept[~late].reset_index(drop=True)
    data = ground(view, built)
    return Stage(
        scope=scope,
        panel=built,
        ground=data,
        item=item,
        measure=measure,
        conditions=check(built, data, item, scope.horizon),
        as_of=both.until,
        both=both,
        answers=counted.assign(
            person=counted["customer_id"].where(
                counted["customer_id"].notna(), "answer " + counted["row_key"]
            ),
            adds=measure.contributions(counted["value"].to_numpy(np.float64)),
        ),
        standings=standings(view, item, both),
        customers=customers_on(view, month_index(both.until), scope.where),
        after_goodbye=len(during(kept[late], both.before_from, both.until)),
        filtered_unknown=filtered_unknown,
        events=_concerning(events(view, metric=item.name), scope),
    )


def during(answers: pd.DataFrame, after: date, until: date) -> pd.DataFrame:
    """Answers given after one day and up to another."""
    day = answers["answered_on"].to_numpy(dtype="datetime64[D]")
    return answers[(day > np.datetime64(after)) & (day <= np.datetime64(until))]


def by_person(answers: pd.DataFrame) -> "pd.Series[float]":
    """What each person contributes: the mean over his or her answers, indexed by person."""
    return answers.groupby("person", sort=True)["adds"].mean()


def _refuse_empty_filter(view: Reader, scope: Scope) -> None:
    if scope.where and not customers_with(view, scope.where):
        wish = ", ".join(f"{column}={value}" for column, value in scope.where)
        raise UsageError(
            f"No customer has {wish}.",
            do_next="See the values on the Catalogue page, or drop the filter.",
        )


def _narrowed(rows: pd.DataFrame, scope: Scope, both: Periods) -> tuple[pd.DataFrame, int]:
    """Rows the filters pass; and how many of the two periods they drop for want of a customer."""
    if not scope.where:
        return rows, 0
    keep = np.ones(len(rows), dtype=np.bool_)
    for column, value in scope.where:
        keep &= (rows[column].fillna("").astype(str) == value).to_numpy(np.bool_)
    unknown = rows["customer_id"].isna().to_numpy(np.bool_)
    dropped = during(rows[unknown & ~keep], both.before_from, both.until)
    return rows[keep], len(dropped)


def _concerning(found: tuple[Event, ...], scope: Scope) -> tuple[Event, ...]:
    """Events of the segment asked about, or of no segment in particular."""
    wanted = dict(scope.where).get("segment")
    return tuple(event for event in found if wanted is None or event.segment in (None, wanted))
