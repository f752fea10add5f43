"""The ground a question stands on: what the data can carry, counted before anything is
estimated.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cxdash.panel.build import Panel
from cxdash.panel.pilots import Pilot, pilots
from cxdash.panel.spending import priced
from cxdash.panel.sums import Sums, Uncompared, two_sums, uncompared
from cxdash.store import Reader

__all__ = ["FILTERS", "Ground", "Item", "ground", "items"]

# Columns of the customer list a question can be narrowed by.
FILTERS = ("segment", "plan", "region", "industry", "owner", "acquired_by")


@dataclass(frozen=True, slots=True)
class Item:
    """A survey item that was imported: its name, variant, and how many current answers it has.

    ``after_goodbye`` counts answers given on or after the day the customer said goodbye.
    ``first_usable`` is the day of the first answer that is matched and was given before that.
    """

    name: str
    variant: str
    high_is_good: bool
    n: int
    matched: int
    after_goodbye: int
    first: date
    last: date
    first_usable: date | None = None

    @property
    def match_rate(self) -> float:
        """Share of answers whose customer is known from finance or the customer list, 0 to 1."""
        return self.matched / self.n


@dataclass(frozen=True, slots=True)
class Ground:
    """Counts about the data as a whole.

    Parameters
    ----------
    customers
        Customers with at least one spell.
    repeat_customers
        Without contracts: customers who bought on at least two days; with contracts all.
    revenue_rows, revenue_unplaced, revenue_unconverted
        Revenue rows; those without a customer or day; those in a currency without a rate.
    contracts_unconverted, costs_unconverted
        Contracts and contacts whose amount is in a currency without a rate.
    currencies
        Currencies of the revenue and the contracts.
    has_costs
        Whether contacts carry a cost.
    has_notices
        Whether subscriptions say when they were cancelled, apart from when they end.
    has_invitations
        Whether it is known who was invited.
    samples
        Notes of imports that a person declared to be samples.
    is_demo
        Whether anything of the demo company is loaded.
    sources
        One line an import that still counts.
    pilots
        Pilots whose customers are in the data.
    sums
        What contracts come to beside what was invoiced, by currency, where both are loaded.
    uncompared
        Customers of whom the two are in different currencies.
    priced
        Whether nearly all contracts name an amount, so that they say what is paid.
    """

    customers: int
    repeat_customers: int
    revenue_rows: int
    revenue_unplaced: int
    revenue_unconverted: int
    contracts_unconverted: int
    costs_unconverted: int
    currencies: tuple[str, ...]
    has_costs: bool
    has_notices: bool
    has_invitations: bool
    samples: tuple[str, ...]
    is_demo: bool
    sources: tuple[str, ...]
    pilots: tuple[Pilot, ...] = ()
    sums: tuple[Sums, ...] = ()
    uncompared: tuple[Uncompared, ...] = ()
    priced: bool = False


def items(view: Reader) -> tuple[Item, ...]:
    """Every survey item, the one with most answers first; two variants of an item stay apart.

    Counted once for each state of the data.
    """
    return view.kept("items", (), lambda: _items(view), room=1)


def _items(view: Reader) -> tuple[Item, ...]:
    rows = view.rows(
        "SELECT item AS name, variant, high_is_good, count(*) AS n, "
        "count(*) FILTER (WHERE matched) AS matched, "
        "count(*) FILTER (WHERE after_goodbye) AS after_goodbye, "
        "min(answered_on) AS first, max(answered_on) AS last, "
        "min(answered_on) FILTER (WHERE matched AND NOT after_goodbye) AS first_usable "
        "FROM panel_answers GROUP BY ALL ORDER BY n DESC, name, variant"
    )
    return tuple(Item(**row) for row in rows)


def ground(view: Reader, built: Panel) -> Ground:
    """Count what the data can carry; once for each state of the data."""
    return view.kept("ground", (), lambda: _ground(view, built), room=1)


def _ground(view: Reader, built: Panel) -> Ground:
    money = view.rows(
        "SELECT count(*) AS n, "
        "count(*) FILTER (WHERE customer_id IS NULL OR dated IS NULL) AS unplaced, "
        "count(*) FILTER (WHERE amount IS NULL) AS unconverted FROM panel_money"
    )[0]
    contracts = view.rows(
        "SELECT count(*) AS n FROM panel_contracts WHERE has_amount AND monthly_amount IS NULL"
    )[0]["n"]
    foreign = view.rows(
        "SELECT count(*) AS n FROM contacts AS t WHERE is_current AND cost IS NOT NULL "
        "AND currency <> ? AND NOT EXISTS (SELECT 1 FROM panel_rates AS x "
        "WHERE x.currency = t.currency AND x.valid_from <= CAST(t.contacted_at AS DATE))",
        [built.currency or ""],
    )[0]["n"]
    spells = view.rows("SELECT count(DISTINCT customer_id) AS n FROM panel_spells")[0]["n"]
    costs = view.rows("SELECT count(cost) AS n FROM contacts WHERE is_current")[0]["n"]
    imports = view.rows(
        "SELECT import_id, kind, file_name, completeness, is_demo FROM imports "
        "WHERE undone_at IS NULL ORDER BY import_id"
    )
    return Ground(
        customers=spells,
        repeat_customers=spells if built.contractual else _repeat(view),
        revenue_rows=money["n"],
        revenue_unplaced=money["unplaced"],
        revenue_unconverted=money["unconverted"],
        contracts_unconverted=contracts,
        costs_unconverted=foreign,
        currencies=_currencies(view),
        has_costs=bool(costs),
        has_notices=_has_notices(view),
        has_invitations=bool(
            view.rows("SELECT count(*) AS n FROM invitations WHERE is_current")[0]["n"]
        ),
        samples=tuple(_source(row) for row in imports if row["completeness"] == "sample"),
        is_demo=any(row["is_demo"] for row in imports),
        sources=tuple(_source(row) for row in imports),
        pilots=tuple(pilots(view)),
        sums=two_sums(view, built),
        uncompared=uncompared(view, built),
        priced=priced(view),
    )


def _has_notices(view: Reader) -> bool:
    found = view.rows(
        "SELECT count(cancelled_on) AS notices, count(ended_on) AS ends FROM subscriptions "
        "WHERE is_current"
    )[0]
    return bool(found["notices"]) or not found["ends"]


def _repeat(view: Reader) -> int:
    found = view.rows(
        "SELECT count(*) AS n FROM (SELECT customer_id FROM ("
        "SELECT customer_id, dated FROM panel_money WHERE amount_paid > 0 AND dated IS NOT NULL "
        "UNION SELECT customer_id, ordered_on FROM panel_purchases WHERE ordered_on IS NOT NULL"
        ") WHERE customer_id IS NOT NULL GROUP BY customer_id HAVING count(DISTINCT dated) > 1)"
    )
    return int(found[0]["n"])


def _currencies(view: Reader) -> tuple[str, ...]:
    rows = view.rows(
        "SELECT currency FROM panel_money UNION SELECT currency FROM subscriptions "
        "WHERE is_current AND currency IS NOT NULL ORDER BY currency"
    )
    return tuple(row["currency"] for row in rows)


def _source(row: dict[str, Any]) -> str:
    return f"import {row['import_id']}: {row['file_name']} ({row['kind']})"
