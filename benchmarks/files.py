"""The files of the benchmark: drawn from one seed, so that two runs read the same bytes."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

SEED: Final = 20
DAYS: Final = 900
FIRST_DAY: Final = np.datetime64(date(2024, 1, 1))
WORDS: Final = ("Helpful and quick.", "Waited, then had to call again.", 'They said "soon".', "")


def write(folder: Path, *, customers: int, answers: int, revenue: int) -> dict[str, int | Decimal]:
    """Write customers.csv, answers.csv and revenue.csv; the truth a loader must find in them."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(SEED)
    ids = numbered("C", np.arange(customers), 7)
    csv.write_csv(_customers(draw, ids), folder / "customers.csv")
    csv.write_csv(_answers(draw, ids, answers), folder / "answers.csv")
    cents = draw.integers(100, 500_000, revenue)
    csv.write_csv(_revenue(draw, ids, cents), folder / "revenue.csv")
    return {
        "customers": customers,
        "answers": answers,
        "revenue": revenue,
        "amount": Decimal(int(cents.sum())) / 100,
    }


def _customers(draw: np.random.Generator, ids: pa.Array) -> pa.Table:
    count = len(ids)
    return pa.table(
        {
            "customer_id": ids,
            "segment": one_of(draw, ("SMB", "Mid-market", "Enterprise"), count),
            "plan": one_of(draw, ("Basic", "Plus", "Pro"), count),
            "since": _days(draw, count),
        }
    )


def _answers(draw: np.random.Generator, ids: pa.Array, count: int) -> pa.Table:
    seconds = draw.integers(0, DAYS * 86_400, count).astype("timedelta64[s]")
    moments = pa.array(FIRST_DAY.astype("datetime64[s]") + seconds)
    return pa.table(
        {
            "response_id": numbered("R", np.arange(count), 9),
            "customer_id": ids.take(pa.array(draw.integers(0, len(ids), count))),
            "answered_at": pc.strftime(moments, format="%Y-%m-%d %H:%M:%S"),
            "survey": one_of(draw, ("relationship", "support"), count),
            "channel": one_of(draw, ("e-mail", "in app"), count),
            "touchpoint": one_of(draw, ("renewal", "ticket", "delivery"), count),
            "agent": numbered("A", draw.integers(0, 400, count), 3),
            "nps": pa.array(draw.integers(0, 11, count)),
            "csat": pa.array(draw.integers(1, 6, count)),
            "comment": one_of(draw, WORDS, count),
        }
    )


def _revenue(draw: np.random.Generator, ids: pa.Array, cents: np.ndarray) -> pa.Table:
    count = len(cents)
    return pa.table(
        {
            "invoice_id": numbered("I", np.arange(count), 9),
            "customer_id": ids.take(pa.array(draw.integers(0, len(ids), count))),
            "dated": _days(draw, count),
            "amount": _dollars(cents),
            "currency": pa.array(["USD"] * count),
            "revenue_kind": one_of(draw, ("recurring", "one-off"), count),
        }
    )


def numbered(letter: str, numbers: np.ndarray, width: int) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=width, padding="0")
    return pc.binary_join_element_wise(pa.scalar(letter), digits, "-")


def _dollars(cents: np.ndarray) -> pa.Array:
    rest = pc.utf8_lpad(pa.array(cents % 100).cast(pa.string()), width=2, padding="0")
    return pc.binary_join_element_wise(pa.array(cents // 100).cast(pa.string()), rest, ".")


def one_of(draw: np.random.Generator, words: tuple[str, ...], count: int) -> pa.Array:
    return pa.array(words).take(pa.array(draw.integers(0, len(words), count)))


def _days(draw: np.random.Generator, count: int) -> pa.Array:
    return pa.array(FIRST_DAY + draw.integers(0, DAYS, count).astype("timedelta64[D]"))
