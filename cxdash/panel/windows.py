"""Windows: who was a customer on a day, what was known of them by then, and what happened after.

A landmark is a month end L. Predictors are the state at L: the last answer to every survey item in
the twelve months before, tenure, what the customer pays and how that moved, contacts. The outcome
is what happened in the ``horizon`` months after L. Landmarks lie one horizon apart, so windows of
one customer never overlap and every customer-month is looked at once; the last landmark, on the day
of the question, has no outcome yet: that is the base whose future is at stake.

Taking a customer's *last* answer before a fixed day, rather than the last answer ever, matters:
those who left stop answering, so choosing by a later silence would let the outcome pick the
predictor. For the same reason surveys and contacts that come with a goodbye are looked past
(:mod:`cxdash.panel.farewells`): the answer before them is the last. Method: landmarking, H. C. van
Houwelingen, Scandinavian Journal of Statistics 34 (2007).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts.definitions import definition
from cxdash.panel.build import MEMORY_MONTHS, Panel
from cxdash.panel.farewells import without_farewells
from cxdash.panel.ground import Item, items
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.store import Reader

__all__ = ["RECENT_MONTHS", "Landmarks", "Windows", "paid_so_far", "windows"]

MOST_WINDOWS: Final = 8
RECENT_MONTHS: Final = 3  # how far back contacts and a change of price are looked at
_PLACES: Final = 1_000_003  # a prime: hashed customers are spread over so many places


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Customer-windows with the answers to one survey item.

    ``rows`` are those of :class:`Windows` plus ``band`` (None: did not answer this item), ``score``
    and ``answered_days_ago`` (from the landmark).
    """

    rows: pd.DataFrame
    closed_months: tuple[int, ...]
    today: int
    horizon: int

    @property
    def closed(self) -> pd.DataFrame:
        """Customer-windows that are over, of customers who had not said goodbye before."""
        rows = self.rows
        return rows[rows["closed"] & (rows["under_notice"] == 0)]

    @property
    def base(self) -> pd.DataFrame:
        """Customers on the day of the question who have not said goodbye."""
        rows = self.rows
        return rows[(rows["landmark"] == self.today) & (rows["under_notice"] == 0)]

    @property
    def leaving(self) -> pd.DataFrame:
        """Customers on the day of the question who have already said goodbye."""
        rows = self.rows
        return rows[(rows["landmark"] == self.today) & (rows["under_notice"] == 1)]


@dataclass(frozen=True, slots=True)
class Windows:
    """Customer-windows with the last answer to every survey item.

    Parameters
    ----------
    rows
        One row a customer and landmark, in the order of landmark and customer: customer_id,
        landmark (month index), ends_on, closed, under_notice, tenure_months, rate (money a month),
        rate_earlier (three months before; missing for newer customers and without contracts),
        idle_days (without contracts: since the last purchase), contacts_before and
        unresolved_before (in the three months before), heard (answered anything), invited, segment,
        plan, region, industry, owner, acquired_by, and, where closed: left_within (0/1), with
        contracts left_month (from 1: the month of the window in which the customer was last there)
        and window_left (share of the window that was left), rate_after, revenue_after, cost_after,
        contacts_after.
    items
        Survey items, in the order of the columns below; ``first_usable`` looks past surveys that
        come with a goodbye.
    scores, bands, age_days
        Shape (rows, items): the last answer on the item's own scale, the position of its band in
        the definition (-1: none) and how old it was; score and age are nan where not answered.
    closed_months, today
        Landmarks whose windows are over, oldest first; the one without an outcome yet.
    """

    rows: pd.DataFrame
    items: tuple[Item, ...]
    scores: NDArray[np.float64]
    bands: NDArray[np.int8]
    age_days: NDArray[np.float64]
    closed_months: tuple[int, ...]
    today: int
    horizon: int

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        """Windows that are over, of customers who had not said goodbye before; shape (rows,)."""
        rows = self.rows
        return (rows["closed"] & (rows["under_notice"] == 0)).to_numpy(np.bool_)

    @property
    def is_base(self) -> NDArray[np.bool_]:
        """Customers on the day of the question who have not said goodbye; shape (rows,)."""
        rows = self.rows
        on_day = (rows["landmark"] == self.today) & (rows["under_notice"] == 0)
        return on_day.to_numpy(np.bool_)

    def part(self, keep: NDArray[np.bool_]) -> "Windows":
        """The windows for which ``keep`` (shape (rows,)) holds."""
        return replace(
            self,
            rows=self.rows[keep].reset_index(drop=True),
            scores=self.scores[keep],
            bands=self.bands[keep],
            age_days=self.age_days[keep],
        )

    def where(self, column: str, value: str) -> "Windows":
        """The windows of customers with that value in a column of the customer list."""
        return self.part((self.rows[column].fillna("").astype(str) == value).to_numpy(np.bool_))

    def sample(self, customers: int) -> "Windows":
        """All windows of at most about so many customers, the same ones every time.

        Customers are chosen by a hash of their number, so the choice knows nothing of them. A
        sample of n rows out of N widens intervals by about the square root of N / n.
        """
        ids = self.rows["customer_id"].astype(str)
        known = ids.nunique()
        if known <= customers:
            return self
        place = pd.util.hash_array(ids.to_numpy(dtype=object)) % _PLACES
        return self.part(np.asarray(place < _PLACES * customers / known))

    def number_of(self, item: Item) -> int:
        """The column of an item."""
        return next(
            n
            for n, own in enumerate(self.items)
            if (own.name, own.variant) == (item.name, item.variant)
        )

    def key_of(self, number: int) -> str:
        """The name of the item of a column; with its variant where two items share the name."""
        item = self.items[number]
        is_shared = sum(other.name == item.name for other in self.items) > 1
        return f"{item.name}@{item.variant}" if is_shared else item.name

    def of(self, item: Item) -> Landmarks:
        """The windows with the answers to one item.

        Landmarks before the first answer to it are left out: nobody can be told from anybody there.
        """
        number = self.number_of(item)
        known_from = self.items[number].first_usable
        position = self.bands[:, number]
        names = [band.name for band in definition(item.variant).bands]
        band = np.array([*names, None], dtype=object)[position]
        rows = self.rows.assign(
            band=band, score=self.scores[:, number], answered_days_ago=self.age_days[:, number]
        )
        first = month_index(known_from) if known_from else self.today + 1
        closed = tuple(month for month in self.closed_months if month >= first)
        known = rows["landmark"].isin((*closed, self.today))
        return Landmarks(rows[known].reset_index(drop=True), closed, self.today, self.horizon)


def windows(view: Reader, built: Panel, *, as_of_month: int, horizon: int) -> Windows:
    """The windows of all customers, ending on the last day of ``as_of_month``.

    The first landmark is the first month end, counted back in horizons, that has any usable answer
    behind it; without any answer, the first the data covers. Worked out once for each state of the
    data.
    """
    return view.kept(
        "windows",
        (as_of_month, horizon),
        lambda: _windows(view, built, as_of_month, horizon),
        room=3,
    )


def _windows(view: Reader, built: Panel, as_of_month: int, horizon: int) -> Windows:
    asked = _asked(view, month_end(as_of_month))
    known = [month_index(item.first_usable) for item in asked if item.first_usable]
    earliest = min(known, default=0)
    closed = [
        month
        for month in range(as_of_month - horizon, (built.first_month or 0) - 1, -horizon)
        if month >= earliest
    ][:MOST_WINDOWS]
    closed.reverse()
    found = relation(
        "window_rows",
        as_of_month=as_of_month,
        horizon=horizon,
        memory_months=MEMORY_MONTHS,
        recent_months=RECENT_MONTHS,
        contractual=int(built.contractual),
        pause_months=max(horizon - built.idle_months, 0),
        landmarks=(*closed, as_of_month),
    )
    with without_farewells(view, month_end(as_of_month)) as cur:
        cur.execute(f"CREATE OR REPLACE TEMP TABLE delivered AS {relation('delivered')}")
        # The order is fixed so that a seed gives the same draws every time.
        cur.execute(
            "CREATE OR REPLACE TEMP TABLE window_rows AS SELECT row_number() OVER () - 1 AS pos, * "
            f"FROM (SELECT * FROM ({found}) ORDER BY landmark, customer_id)"
        )
        rows = cur.execute("SELECT * EXCLUDE (pos) FROM window_rows ORDER BY pos").df()
        answered = relation("window_answers", memory_months=MEMORY_MONTHS)
        cells = cur.execute(answered).fetchnumpy()
        cur.execute("DROP TABLE window_rows")
        cur.execute("DROP TABLE delivered")
    shape = (len(rows), len(asked))
    place = np.asarray(cells["pos"], np.int64), np.asarray(cells["item_no"], np.int64)
    scores, ages = np.full(shape, np.nan), np.full(shape, np.nan)
    bands = np.full(shape, -1, dtype=np.int8)
    scores[place] = np.asarray(cells["value"], np.float64)
    bands[place] = np.asarray(cells["band_position"], np.int8)
    ages[place] = np.asarray(cells["age_days"], np.float64)
    return Windows(rows, asked, scores, bands, ages, tuple(closed), as_of_month, horizon)


def _asked(view: Reader, as_of: date) -> tuple[Item, ...]:
    """Every survey item in the order of the columns; an answer that came with a goodbye is never
    the first usable one.
    """
    with without_farewells(view, as_of) as cur:
        rows = cur.execute(relation("first_usable")).fetchall()
    first = {(name, variant): day for name, variant, day in rows}
    known = sorted(items(view), key=lambda item: (item.name, item.variant))
    return tuple(replace(one, first_usable=first.get((one.name, one.variant))) for one in known)


def paid_so_far(view: Reader, *, item: str, variant: str, as_of: date) -> pd.DataFrame:
    """One row a customer who answered and paid: customer_id, paid (money up to that day), band."""
    sql = relation("paid", item=item, variant=variant, as_of=as_of)
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY customer_id").df()
