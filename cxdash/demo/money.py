"""What the demo company bills: contract terms, invoices, refunds, and what finance signs off."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxdash.demo.calendar import Calendar, Days
from cxdash.demo.company import REASONS_LEFT
from cxdash.demo.customers import NEVER, Customers

__all__ = ["control_totals", "draw_invoices", "draw_subscriptions"]

Ints = npt.NDArray[np.int64]


def draw_subscriptions(
    customers: Customers, calendar: Calendar, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a contract term. A new amount ends a term and starts the next the same day.

    Only the last term of a customer who leaves ends for good. Terms of those who gave notice
    before the last exported day show their end even where it lies ahead; no other future is shown.
    """
    months = calendar.months
    who, month = _term_starts(customers, months)
    last = np.append(who[1:] != who[:-1], True)
    opening = np.insert(last[:-1], 0, True)
    started = np.where(
        opening, customers.started_on[who], _billing_day(customers, who, month, calendar)
    )
    following = np.append(started[1:], np.datetime64("NaT", "D"))
    announced = (customers.left_month < NEVER) & (
        (customers.cancelled_on <= calendar.last_day) | (customers.left_on <= calendar.last_day)
    )
    says_end = last & announced[who]
    nothing = np.datetime64("NaT", "D")
    left = np.where(says_end, customers.left_on[who], nothing)
    notice = np.where(says_end, np.maximum(customers.cancelled_on[who], started), nothing)
    number = np.arange(len(who)) - np.maximum.accumulate(np.where(opening, np.arange(len(who)), 0))
    reason = _reasons(customers, rng)[who]
    return pd.DataFrame(
        {
            "subscription_id": [
                f"SUB-{customer}-{term + 1}"
                for customer, term in zip(customers.ids[who], number, strict=True)
            ],
            "customer_id": customers.ids[who],
            "plan_code": customers.plan[who],
            "started_on": started,
            "ended_on": np.where(last, left, following),
            "cancelled_on": notice,
            "reason": [why if ends else None for why, ends in zip(reason, says_end, strict=True)],
            "cents": customers.cents[who, month],
        }
    )


def draw_invoices(
    customers: Customers, calendar: Calendar, rng: np.random.Generator
) -> pd.DataFrame:
    """Monthly payments in advance, setup fees of joiners, refunds and goodwill credits."""
    months = calendar.months
    month_grid = np.arange(months)[None, :]
    here = (customers.start_month[:, None] <= month_grid) & (
        customers.left_month[:, None] >= month_grid
    )
    who, month = np.nonzero(here)
    day = _billing_day(customers, who, month, calendar)
    left = customers.left_on[who]
    paid = np.isnat(left) | (left > day)
    who, month, day = who[paid], month[paid], day[paid]
    cents = _amount_in_force(customers, who, month)
    kinds = [
        _rows(customers, who, day, cents, "recurring"),
        _setup_fees(customers, rng),
        _credits(customers, who, month, day, cents, rng),
        _closing_refunds(customers, who, day, cents, rng),
    ]
    frame = pd.concat(kinds, ignore_index=True)
    frame = frame[frame["dated"] <= calendar.last_day]
    frame = frame.sort_values(["dated", "customer_id", "kind"], kind="stable", ignore_index=True)
    prefix = np.where(frame["kind"] == "refund", "re", "ch")
    ids = [f"{kind}_{number:07d}" for number, kind in enumerate(prefix, start=1)]
    frame.insert(0, "invoice_id", ids)
    return frame


def control_totals(
    invoices: pd.DataFrame, customers: Customers, calendar: Calendar
) -> pd.DataFrame:
    """What finance signed, month by month: long form, ``measure`` and ``cents`` (or a count).

    ``value`` is in cents for the money measures and a number of customers for ``customers``.
    """
    month = calendar.month_of(invoices["dated"].to_numpy(dtype="datetime64[D]"))
    rows = []
    for kind, measure in (
        ("recurring", "recurring_revenue"),
        ("one-off", "one_off_revenue"),
        ("refund", "refunds"),
    ):
        chosen = (invoices["kind"] == kind).to_numpy()
        cents = invoices["cents"].to_numpy()[chosen]
        sums = np.zeros(calendar.months, dtype=np.int64)
        np.add.at(sums, month[chosen], cents)
        rows += [(number, measure, int(value), True) for number, value in enumerate(sums)]
    rows += [
        (number, "customers", int(customers.active_at_end_of(number).sum()), False)
        for number in range(calendar.months)
    ]
    frame = pd.DataFrame(rows, columns=["month", "measure", "value", "is_money"])
    frame["period"] = calendar.month_start(frame["month"].to_numpy())
    return frame.sort_values(["month", "measure"], kind="stable", ignore_index=True)


def _term_starts(customers: Customers, months: int) -> tuple[Ints, Ints]:
    """Customer and month of each contract term: the first one, then every change of amount.

    A change in the month of leaving never takes effect. Terms older than the exported months are
    not shown: the first term carries the amount in force when the export begins.
    """
    grid = np.arange(months)[None, :]
    begins = np.maximum(customers.start_month, 0)
    changed = np.zeros((customers.count, months), dtype=bool)
    changed[:, 1:] = customers.cents[:, 1:months] != customers.cents[:, : months - 1]
    inside = (grid > begins[:, None]) & (grid < customers.left_month[:, None])
    opens = (changed & inside) | (grid == begins[:, None])
    who, month = np.nonzero(opens)
    return who.astype(np.int64), month.astype(np.int64)


def _billing_day(customers: Customers, who: Ints, month: Ints, calendar: Calendar) -> Days:
    """The day of the month on which the customer started, in the given month."""
    first = customers.started_on.astype("datetime64[M]").astype("datetime64[D]")
    offset = (customers.started_on - first)[who]
    return np.asarray(calendar.month_start(month) + offset)


def _amount_in_force(customers: Customers, who: Ints, month: Ints) -> Ints:
    last_full = np.minimum(month, np.maximum(customers.left_month[who] - 1, 0))
    return customers.cents[who, np.maximum(last_full, np.maximum(customers.start_month[who], 0))]


def _rows(customers: Customers, who: Ints, dated: Days, cents: Ints, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "who": who,
            "customer_id": customers.ids[who],
            "dated": dated,
            "cents": cents,
            "kind": kind,
        }
    )


def _setup_fees(customers: Customers, rng: np.random.Generator) -> pd.DataFrame:
    who = np.flatnonzero((customers.start_month >= 0) & (customers.segment > 0))
    first = customers.cents[who, customers.start_month[who]]
    cents = (np.round(first * rng.uniform(0.5, 1.0, len(who)) / 100) * 100).astype(np.int64)
    return _rows(customers, who, customers.started_on[who], cents, "one-off")


def _credits(
    customers: Customers, who: Ints, month: Ints, day: Days, cents: Ints, rng: np.random.Generator
) -> pd.DataFrame:
    """A goodwill credit now and then, mostly in bad months."""
    chance = 0.004 * np.exp(-0.8 * customers.experience[who, month])
    given = rng.random(len(who)) < chance
    share = rng.uniform(0.1, 0.5, int(given.sum()))
    back = -np.round(cents[given] * share).astype(np.int64)
    later = rng.integers(2, 15, int(given.sum()))
    return _rows(customers, who[given], day[given] + later, back, "refund")


def _closing_refunds(
    customers: Customers,
    who: Ints,
    day: Days,
    cents: Ints,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Some who leave in the middle of a paid month get the rest back."""
    left = customers.left_on[who]
    inside = ~np.isnat(left) & (left > day) & (left < day + 28)
    given = inside & (rng.random(len(who)) < 0.4)
    unused = 1 - (left[given] - day[given]).astype(np.int64) / 30
    back = -np.round(cents[given] * unused).astype(np.int64)
    later = rng.integers(1, 10, int(given.sum()))
    frame = _rows(customers, who[given], left[given] + later, back, "refund")
    return frame[frame["cents"] < 0]


def _reasons(customers: Customers, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    """Why they say they left; unhappy ones name service and features more often."""
    unhappy = customers.experience_mean < -0.2
    draw = rng.random(customers.count)
    shares = np.where(
        unhappy[:, None],
        np.array([0.4, 0.65, 0.8, 0.95, 1.0]),
        np.array([0.12, 0.3, 0.55, 0.8, 1.0]),
    )
    code = np.minimum((draw[:, None] > shares).sum(axis=1), len(REASONS_LEFT) - 1)
    return np.asarray(np.array(REASONS_LEFT)[code])
