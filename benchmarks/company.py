"""The company of the benchmark of the questions, put straight into the canonical tables.

Contracts with monthly invoices over two years, support contacts, invitations and answers to twelve
items. How content a customer is moves answers, contacts and leaving, so that models have something
to find. All is drawn from one seed.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.files import numbered, one_of
from cxdash.store import Database

SEED: Final = 24
MONTHS: Final = 24
FIRST_MONTH: Final = np.datetime64("2024-07")
ITEMS: Final = ("nps", *(f"item_{number:02d}" for number in range(1, 12)))
SEGMENTS: Final = ("SMB", "Mid-market", "Enterprise")
PLANS: Final = ("Basic", "Plus", "Pro")
REGIONS: Final = ("North", "South", "East", "West")
UNITS: Final = 60
LEAVING: Final = 0.012  # of the middle customer in a month
_ALIVE_DAYS: Final = 28

Vector = np.ndarray


@dataclass(frozen=True, slots=True)
class Size:
    """How many customers, answered questionnaires and support contacts."""

    customers: int = 100_000
    answers: int = 50_000
    contacts: int = 300_000


def fill(path: Path, size: Size) -> None:
    """Make the database of the company at ``path``."""
    draw = np.random.default_rng(SEED)
    with Database(path) as db, db.writing() as cur:
        people = _People.drawn(draw, size.customers)
        _put(cur, "customers", people.listed(draw))
        _put(cur, "subscriptions", people.contracts())
        _put(cur, "revenue", people.invoices(draw))
        _put(cur, "contacts", people.contacts(draw, size.contacts))
        whom = people.present(draw, 3 * size.answers)
        _put(cur, "invitations", people.invited(whom))
        whom = tuple(part[: size.answers] for part in whom)
        _put(cur, "responses", people.responses(draw, whom))
        _put(cur, "scores", people.scores(draw, whom))


@dataclass(frozen=True, slots=True)
class _People:
    """Per customer: id, content (standard normal), months of the start and the end, cents a month.

    Months count from the first of the data; the end is the first month without a contract.
    """

    ids: pa.Array
    content: Vector
    start: Vector
    end: Vector
    cents: Vector

    @classmethod
    def drawn(cls, draw: np.random.Generator, count: int) -> "_People":
        content = draw.standard_normal(count)
        start = draw.integers(-36, MONTHS - 2, count)
        risk = LEAVING * np.exp(-0.5 * content)
        stays = draw.geometric(np.clip(risk, 1e-4, 0.5))
        return cls(
            numbered("C", np.arange(count), 7),
            content,
            start,
            np.maximum(start, 0) + stays,
            np.exp(draw.normal(9.5, 1.0, count)).astype(np.int64),
        )

    def listed(self, draw: np.random.Generator) -> dict[str, pa.Array]:
        count = len(self.ids)
        return {
            "customer_id": self.ids,
            "segment": one_of(draw, SEGMENTS, count),
            "plan": one_of(draw, PLANS, count),
            "region": one_of(draw, REGIONS, count),
            "since": pa.array(_days(self.start)),
        }

    def contracts(self) -> dict[str, pa.Array]:
        over = self.end < MONTHS
        return {
            "subscription_id": self.ids,
            "customer_id": self.ids,
            "started_on": pa.array(_days(self.start)),
            "ended_on": pa.array(_days(self.end), mask=~over),
            "cancelled_on": pa.array(_days(self.end) - 20, mask=~over),
            "monthly_amount": pa.array(self.cents),
            "currency": _same("USD", len(self.ids)),
        }

    def invoices(self, draw: np.random.Generator) -> dict[str, pa.Array]:
        first = np.maximum(self.start, 0)
        paid = np.minimum(self.end, MONTHS) - first
        who = np.repeat(np.arange(len(self.ids)), paid)
        nth = np.arange(who.size) - np.repeat(np.cumsum(paid) - paid, paid)
        kind = draw.random(who.size)
        return {
            "customer_id": self.ids.take(pa.array(who)),
            "dated": pa.array(_days(first[who] + nth, 27)),
            "amount": pa.array(np.where(kind < 0.01, -1, 1) * self.cents[who]),
            "currency": _same("USD", who.size),
            "revenue_kind": pa.array(("recurring", "refund")).take(
                pa.array((kind < 0.01).astype(np.int8))
            ),
        }

    def present(self, draw: np.random.Generator, count: int) -> tuple[Vector, Vector]:
        """Random customers, each with a month in which the contract runs."""
        who = draw.integers(0, len(self.ids), count)
        first = np.maximum(self.start[who], 0)
        months = np.maximum(np.minimum(self.end[who], MONTHS) - first, 1)
        return who, first + (draw.random(count) * months).astype(np.int64)

    def contacts(self, draw: np.random.Generator, count: int) -> dict[str, pa.Array]:
        who, month = self.present(draw, count)
        return {
            "contact_id": numbered("T", np.arange(count), 9),
            "customer_id": self.ids.take(pa.array(who)),
            "contacted_at": pa.array(_moments(draw, month)),
            "channel": one_of(draw, ("phone", "e-mail", "chat"), count),
            "reason": one_of(draw, ("billing", "outage", "how to"), count),
            "minutes": pa.array(draw.exponential(12, count)),
            "resolved_first": pa.array(draw.random(count) < 0.7 + 0.05 * self.content[who]),
            "cost": pa.array(draw.integers(300, 3000, count)),
            "currency": _same("USD", count),
        }

    def invited(self, whom: tuple[Vector, ...]) -> dict[str, pa.Array]:
        who, month = whom
        return {
            "invitation_id": numbered("V", np.arange(who.size), 9),
            "customer_id": self.ids.take(pa.array(who)),
            "sent_at": pa.array(_days(month, 2).astype("datetime64[us]")),
            "survey": _same("relationship", who.size),
        }

    def responses(self, draw: np.random.Generator, whom: tuple[Vector, ...]) -> dict[str, pa.Array]:
        who, month = whom
        keys = numbered("R", np.arange(who.size), 9)
        return {
            "response_id": keys,
            "customer_id": self.ids.take(pa.array(who)),
            "answered_at": pa.array(_moments(draw, month)),
            "survey": _same("relationship", who.size),
            "unit": numbered("U", draw.integers(0, UNITS, who.size), 2),
            "row_key": keys,
        }

    def scores(self, draw: np.random.Generator, whom: tuple[Vector, ...]) -> dict[str, pa.Array]:
        who = whom[0]
        mood = self.content[who] + draw.standard_normal(who.size)
        items, answers = np.empty((2, len(ITEMS), who.size))
        for number in range(len(ITEMS)):
            felt = mood + draw.standard_normal(who.size)
            items[number] = number
            top = 10 if number == 0 else 5
            answers[number] = np.clip(np.round((0.65 + 0.12 * felt) * top), number > 0, top)
        code = items.ravel().astype(np.int64)
        nps = code == 0
        keys = numbered("R", np.tile(np.arange(who.size), len(ITEMS)), 9)
        return {
            "item": pa.array(ITEMS).take(pa.array(code)),
            "variant": pa.array(("rating.1-5", "nps.0-10")).take(pa.array(nps.astype(np.int8))),
            "value": pa.array(answers.ravel()),
            "scale_low": pa.array(np.where(nps, 0.0, 1.0)),
            "scale_high": pa.array(np.where(nps, 10.0, 5.0)),
            "high_is_good": pa.array(np.ones(code.size, dtype=bool)),
            "row_key": keys,
        }


def _put(cur: Any, table: str, columns: dict[str, pa.Array]) -> None:
    rows = pa.table(columns)
    cur.execute("SELECT nextval('import_ids')")
    import_id = cur.fetchall()[0][0]
    cur.execute(
        "INSERT INTO imports BY NAME SELECT ? AS import_id, ? AS kind, ? AS file_name, "
        "'' AS sha256, 0 AS bytes, '' AS layout, '' AS mapping, CAST([] AS VARCHAR[]) AS columns, "
        "'complete' AS completeness, false AS is_demo, ? AS rows_read, ? AS rows_loaded, "
        "0 AS rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
        "CAST(? AS TIMESTAMP) AS imported_at",
        [import_id, table, f"{table}.csv", rows.num_rows, rows.num_rows, date(2026, 7, 1)],
    )
    own = ["CAST(? AS INTEGER) AS import_id", "row_number() OVER () + 1 AS line_no"]
    own += ["true AS is_current"]
    if table != "scores":
        own += ["'' AS row_hash"]
    if "row_key" not in columns:
        own += ["CAST(row_number() OVER () AS VARCHAR) AS row_key"]
    money = [name for name in ("amount", "monthly_amount", "cost") if name in columns]
    exact = ", ".join(
        f"CAST(CAST({name} AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 4)) "
        f"AS {name}"
        for name in money
    )
    cells = f"* REPLACE ({exact})" if money else "*"
    cur.register("drawn", rows)
    cur.execute(
        f"INSERT INTO {table} BY NAME SELECT {cells}, {', '.join(own)} FROM drawn", [import_id]
    )
    cur.unregister("drawn")


def _days(month: Vector, day: int = 0) -> Vector:
    return (FIRST_MONTH + month).astype("datetime64[D]") + day


def _moments(draw: np.random.Generator, month: Vector) -> Vector:
    seconds = draw.integers(0, _ALIVE_DAYS * 86_400, month.size).astype("timedelta64[s]")
    return (_days(month).astype("datetime64[s]") + seconds).astype("datetime64[us]")


def _same(word: str, count: int) -> pa.Array:
    return pa.array([word]).take(pa.array(np.zeros(count, dtype=np.int8)))
