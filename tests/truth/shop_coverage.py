"""How often ``worth`` is right about a shop without contracts, where the truth is known."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from churn_worlds import answer, put
from numpy.typing import NDArray
from trial import Study, Trial, at_least, covers, over

from cxdash.facts import Scope
from cxdash.panel import month_end, settled
from cxdash.questions.design import band_of
from cxdash.questions.setting import prepare
from cxdash.questions.worth.bands import SMALLEST
from cxdash.questions.worth.facts import facts_by_id
from cxdash.questions.worth.findings import Findings, find
from cxdash.store import Database

Reals = NDArray[np.float64]

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
HORIZON = 6
CUSTOMERS = 1_500
BETWEEN = 30.0  # days from one purchase to the next, on average
ASKED = 0.2  # share of purchases after which a customer answers
GOES, GOES_UNHAPPY = 0.008, 0.035  # a month
STUDY = Study(
    title="A shop without contracts: who stops buying",
    simulated="1,500 customers who buy about once a month until they silently stop; a third is "
    "unhappy and stops four times as often. They answer after some purchases. In a second shop the "
    "answers are given to customers at random.",
    targets=(
        covers("rate."),
        covers("stake."),
        covers("nothing"),
        at_least("link", 0.90, "a real gap is beyond noise with recency held equal"),
    ),
    few=4,
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop and its customers.

    ``chance`` is that of stopping, a day; ``told`` whether a customer answers as an unhappy one
    does. ``bought`` holds all purchases in days from the first, also those nobody knows of yet.
    """

    chance: Reals
    told: NDArray[np.bool_]
    bought: pd.DataFrame

    @classmethod
    def made(cls, rng: np.random.Generator, *, linked: bool) -> "Shop":
        unhappy = rng.random(CUSTOMERS) < 1 / 3
        chance = np.where(unhappy, GOES_UNHAPPY, GOES) / 30.4
        starts = rng.integers(0, 500, CUSTOMERS).astype(float)
        stops = starts + rng.exponential(1 / chance)
        days = (LAST - FIRST).days + 31 * (HORIZON + 1)
        waits = rng.exponential(BETWEEN, (CUSTOMERS, 3 * days // int(BETWEEN)))
        waits[:, 0] = starts
        at = waits.cumsum(axis=1)
        who, _ = np.nonzero(alive := at < np.minimum(stops, days)[:, None])
        bought = pd.DataFrame({"who": who, "day": np.floor(at[alive]).astype(int)})
        bought["paid"] = rng.integers(20, 80, len(bought))
        return cls(chance, unhappy if linked else rng.permutation(unhappy), bought)

    def fill(self, db: Database, rng: np.random.Generator) -> None:
        known = self.bought[self.bought["day"] <= (LAST - FIRST).days]
        known = known.reset_index(drop=True)
        names = np.array([f"s{number:04}" for number in range(CUSTOMERS)], dtype=object)
        dated = [FIRST + timedelta(days=int(day)) for day in known["day"]]
        paid = pd.DataFrame({"customer_id": names[known["who"]], "dated": dated})
        paid["amount"] = known["paid"]
        said = rng.random(len(known)) < ASKED
        middle = np.where(self.told[known["who"]], 4.0, 9.0)
        answers = paid[said].reset_index(drop=True)
        answers = answers.rename(columns={"dated": "answered_at"}).assign(
            survey="w", nps=rng.normal(middle[said], 1.5).round().clip(0, 10).astype(int)
        )
        paid = paid.assign(currency="USD", revenue_kind="one-off")
        with db.writing() as cur:
            put(cur, "customers", pd.DataFrame({"customer_id": names}), names)
            put(cur, "revenue", paid, [f"r{number}" for number in range(len(paid))])
            answer(cur, answers, "a", ("nps",), variant="nps.0-10")

    def chances(self, rows: pd.DataFrame, day: date, *, months: tuple[int, int]) -> Reals:
        """Chance of buying nothing between so many months after a month's end and so many.

        Who has not stopped stops after an exponential time and buys at random until then. Whether a
        silent customer has stopped is not known: D. Schmittlein, D. Morrison and R. Colombo,
        Management Science 33 (1987), for known rates.
        """
        month = 12 * day.year + day.month - 1
        start, end = ((month_end(month + ahead) - day).days for ahead in months)
        stop, buy = self.chance[_who(rows)], 1 / BETWEEN
        both, idle = stop + buy, rows["idle_days"].to_numpy(np.float64)
        alive = 1 / (1 + stop / both * np.expm1(both * idle))
        gone, still = 1 - np.exp(-stop * start), np.exp(-stop * start)
        silent = np.exp(-both * (end - start))
        chance = gone + still * (stop / both * (1 - silent) + silent)
        return 1 - alive + alive * chance

    def pays(self, who: NDArray[np.int64], start: date, end: date) -> Reals:
        """What each customer really pays after the one day and up to the other."""
        days = self.bought["day"].between((start - FIRST).days + 1, (end - FIRST).days)
        paid = self.bought[days].groupby("who")["paid"].sum()
        return paid.reindex(who, fill_value=0).to_numpy(np.float64)


def trials(seed: int) -> list[Trial]:
    """A shop whose unhappy customers stop, and one where answers say nothing."""
    rng = np.random.default_rng(seed)
    return [*_linked(seed, rng), *_random(seed, rng)]


def _found(shop: Shop, rng: np.random.Generator) -> tuple[Findings, tuple[int, int]]:
    """What ``worth`` finds, and from and to which month of a window it looks for purchases."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        shop.fill(db, rng)
        with settled(db) as view:
            setting = prepare(view, Scope(metric="nps", horizon=HORIZON))
            assert setting is not None
            return find(view, setting), (max(HORIZON - setting.panel.idle_months, 0), HORIZON)


def _linked(seed: int, rng: np.random.Generator) -> Iterator[Trial]:
    shop = Shop.made(rng, linked=True)
    found, months = _found(shop, rng)
    marks, model = found.setting.marks, found.model
    assert model is not None
    closed, base = marks.closed, marks.base
    chance = np.empty(len(closed))
    for landmark in marks.closed_months:
        rows = (closed["landmark"] == landmark).to_numpy()
        chance[rows] = shop.chances(closed[rows], month_end(landmark), months=months)
    own = band_of(closed)
    for band in found.all_bands:
        if band.rate is not None and band.n >= SMALLEST:
            expected = chance[own == band.name].mean()
            yield Trial(seed, f"rate.{band.name}", band.rate.low <= expected <= band.rate.high)
    yield Trial(seed, "link", model.gap.low > 0)
    opens, *ends = [month_end(marks.today + ahead) for ahead in (0, *months)]
    gone = shop.pays(_who(base), *ends) == 0
    money = base["rate"].to_numpy(np.float64) * HORIZON
    stake = model.stakes["all", ""]
    yield Trial(seed, "stake.money", bool(stake.low <= money[gone].sum() <= stake.high))
    missing = (money - shop.pays(_who(base), opens, ends[-1]))[gone].sum()
    cash = facts_by_id(found)["worth.at_stake_cash"].interval
    assert cash is not None
    yield Trial(seed, "stake.cash", bool(cash.low <= missing <= cash.high))
    yield Trial(seed, "stake.leavers", bool(stake.leavers_low <= gone.sum() <= stake.leavers_high))


def _random(seed: int, rng: np.random.Generator) -> Iterator[Trial]:
    found, _ = _found(Shop.made(rng, linked=False), rng)
    assert found.model is not None
    yield Trial(seed, "nothing", found.model.gap.low <= 0 <= found.model.gap.high)


def _who(rows: pd.DataFrame) -> NDArray[np.int64]:
    return np.asarray(rows["customer_id"].str[1:].astype(int), np.int64)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of shops in which each thing held, and out of how many."""
    return over(trials, seeds, workers)
