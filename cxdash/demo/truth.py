"""What is true in a demo company: read from ``truth.json`` or taken from a world in memory.

Customers leave by chance with a known probability each month, so the true expected number of
leavers of any group in any window is known, and so is who really left. A month is a calendar month;
every window starts after a month end. The day of leaving is ``ended_on``, the first day no longer a
customer.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cxdash.demo.calendar import Calendar
from cxdash.demo.company import COMPANY, ITEMS
from cxdash.demo.customers import NEVER
from cxdash.demo.pilots import IDLE_PILOT, PILOT, idle_month
from cxdash.demo.register import events
from cxdash.demo.surveys import wave_months
from cxdash.demo.world import World
from cxdash.errors import UsageError

__all__ = ["Truth", "write_truth"]

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LARGEST_IN_JSON: Final = 40_000_000  # numbers of hazards and amounts, as bytes of text


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth about N customers over T months; the first ``calendar.months`` are exported.

    ``hazard`` (N x T) is the probability to leave in each month, 0 before and in the month of the
    start. ``amount`` (N x T) is the monthly amount at each month end, whether or not the customer
    is still there. ``left_month`` is a month index, ``NEVER`` for those who stay.
    """

    calendar: Calendar
    ids: npt.NDArray[np.str_]
    start_month: npt.NDArray[np.int64]
    left_month: npt.NDArray[np.int64]
    hazard: Reals
    amount: Reals
    experience_mean: Reals
    summary: dict[str, Any]

    @classmethod
    def of(cls, world: World) -> "Truth":
        """The truth of a world in memory."""
        who = world.customers
        return cls(
            calendar=world.calendar,
            ids=who.ids,
            start_month=who.start_month,
            left_month=who.left_month,
            hazard=np.round(who.hazard, 6),
            amount=who.cents / 100,
            experience_mean=np.round(who.experience_mean, 4),
            summary=_summary(world),
        )

    @classmethod
    def read(cls, folder: Path | str) -> "Truth":
        """Read ``truth.json``, and ``truth.parquet`` where the customers are kept there."""
        document = json.loads((Path(folder) / "truth.json").read_text(encoding="utf-8"))
        people = document.pop("customers")
        if people is None:
            people = pq.read_table(Path(folder) / "truth.parquet").to_pydict()
        calendar = Calendar(
            date.fromisoformat(document["last_exported_day"]),
            document["months_exported"],
            document["months_future"],
        )
        first = np.maximum(np.array(people["first_month"], dtype=np.int64), 0)
        left = [NEVER if day is None else day for day in people["left_month"]]
        return cls(
            calendar=calendar,
            ids=np.array(people["customer_id"]),
            start_month=calendar.month_of(np.array(people["started_on"], dtype="datetime64[D]")),
            left_month=np.array(left, dtype=np.int64),
            hazard=_spread(people["hazard"], first, calendar.total),
            amount=_spread(people["monthly_amount"], first, calendar.total),
            experience_mean=np.array(people["experience_mean"]),
            summary=document,
        )

    def is_customer(self, customer_ids: Sequence[str], month_end: date) -> Flags:
        """Whether each is a customer on that day."""
        rows, month = self._rows(customer_ids), self._month(month_end)
        return np.asarray((self.start_month[rows] <= month) & (self.left_month[rows] > month))

    def probability_of_leaving(
        self,
        customer_ids: Sequence[str],
        month_end: date,
        months: int,
        *,
        not_under_notice: bool = False,
    ) -> Reals:
        """True probability of leaving within ``months`` after a month end, for a customer that day.

        ``not_under_notice`` says that the customer had not said goodbye by then. Some of those who
        leave in the first month of the window had (notice is given a month ahead, by a known
        share), so the chance of that month is smaller.
        """
        rows, window = self._rows(customer_ids), self._window(month_end, months)
        hazard = self.hazard[rows, window].copy()
        if not_under_notice:
            early = float(self.summary["parameters"]["notice_share"])
            hazard[:, 0] = hazard[:, 0] * (1 - early) / (1 - hazard[:, 0] * early)
        return np.asarray(1 - np.prod(1 - hazard, axis=1))

    def left_within(self, customer_ids: Sequence[str], month_end: date, months: int) -> Flags:
        """Whether each really left within ``months`` after a month end, also beyond the exports."""
        rows, window = self._rows(customer_ids), self._window(month_end, months)
        left = self.left_month[rows]
        return np.asarray((left >= window.start) & (left < window.stop))

    def run_rate(self, customer_ids: Sequence[str], month_end: date) -> Reals:
        """Monthly amount in force on a month end, in dollars."""
        return np.asarray(self.amount[self._rows(customer_ids), self._month(month_end)])

    def revenue_lost(self, customer_ids: Sequence[str], month_end: date, months: int) -> Reals:
        """Run rate of the whole window for those who leave within it, 0 for those who stay.

        A customer who leaves in its last month counts in full: the revenue is gone from then on.
        """
        lost = self.left_within(customer_ids, month_end, months)
        return np.asarray(lost * self.run_rate(customer_ids, month_end) * months)

    def expected_revenue_lost(
        self, customer_ids: Sequence[str], month_end: date, months: int
    ) -> Reals:
        """True probability of leaving times the run rate of the whole window."""
        chance = self.probability_of_leaving(customer_ids, month_end, months)
        return np.asarray(chance * self.run_rate(customer_ids, month_end) * months)

    def _rows(self, customer_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        position = {str(name): number for number, name in enumerate(self.ids)}
        unknown = [name for name in customer_ids if name not in position]
        if unknown:
            raise UsageError(f"{unknown[0]!r} is not a customer of this demo company.")
        return np.array([position[name] for name in customer_ids], dtype=np.int64)

    def _month(self, month_end: date) -> int:
        month = int(self.calendar.month_of(month_end))
        if not 0 <= month < self.calendar.total:
            raise UsageError(f"{month_end} lies outside the simulated months.")
        if self.calendar.month_end(month) != np.datetime64(month_end, "D"):
            raise UsageError(f"Windows start after a month end; {month_end} is none.")
        return month

    def _window(self, month_end: date, months: int) -> slice:
        first = self._month(month_end) + 1
        if months < 1 or first + months > self.calendar.total:
            raise UsageError(
                f"Nothing is known about {months} months after {month_end}; the simulation ends "
                f"on {self.calendar.month_end(self.calendar.total - 1)}."
            )
        return slice(first, first + months)


def write_truth(folder: Path, world: World) -> Path:
    """Write ``truth.json``; for big companies the customers go to ``truth.parquet`` beside it."""
    people = _people(world)
    numbers = sum(len(row) for row in people["hazard"]) * 2
    large = numbers * 10 > _LARGEST_IN_JSON
    if large:
        pq.write_table(pa.table(people), folder / "truth.parquet")
    document = {**_summary(world), "customers": None if large else people}
    path = folder / "truth.json"
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return path


def _people(world: World) -> dict[str, list[Any]]:
    who = world.customers
    first = np.maximum(who.start_month, 0)
    hazard, amount = np.round(who.hazard, 6), who.cents / 100
    return {
        "customer_id": who.ids.tolist(),
        "started_on": [str(day) for day in who.started_on],
        "left_on": [None if np.isnat(day) else str(day) for day in who.left_on],
        "left_month": [None if month == NEVER else int(month) for month in who.left_month],
        "experience_mean": np.round(who.experience_mean, 4).tolist(),
        "first_month": first.tolist(),
        "hazard": [row[k:].tolist() for row, k in zip(hazard, first, strict=True)],
        "monthly_amount": [row[k:].tolist() for row, k in zip(amount, first, strict=True)],
    }


def _spread(rows: list[list[float]], first: npt.NDArray[np.int64], total: int) -> Reals:
    """Lists that begin in month ``first`` as a rectangle; 0 before."""
    grid = np.zeros((len(rows), total))
    for number, (row, start) in enumerate(zip(rows, first, strict=True)):
        grid[number, start:] = row
    return grid


def _summary(world: World) -> dict[str, Any]:
    calendar, p = world.calendar, world.parameters
    status = world.relationship["status"]
    return {
        "company": COMPANY,
        "seed": world.seed,
        "last_exported_day": str(calendar.end),
        "first_exported_month": str(calendar.first),
        "months_exported": calendar.months,
        "months_future": calendar.future,
        "parameters": asdict(p),
        "wave_months": wave_months(calendar, p.wave_every_months),
        "begging_units": {unit: str(day) for unit, day in world.support.begging.items()},
        "events": _events(world),
        "noise_item": ITEMS[-1],
        "echo_item": "relationship_health",
        "pilot": _pilot(world),
        "idle_pilot": _idle_pilot(world),
        "drift": _drift(world),
        "team_effect": {
            "on": "csat",
            "points": p.engagement_effect,
            "lag": p.engagement_lag_months,
        },
        "not_to_be_counted": {
            "previews": int((status == "preview").sum()),
            "unfinished": int((status == "unfinished").sum()),
        },
    }


def _events(world: World) -> list[dict[str, str]]:
    frame = events(world)
    listed = frame.assign(dated=frame["dated"].dt.strftime("%Y-%m-%d"))
    columns = ("event_id", "dated", "event_kind")
    return [
        dict(zip(columns, row, strict=True))
        for row in listed[list(columns)].itertuples(index=False, name=None)
    ]


def _pilot(world: World) -> dict[str, Any]:
    """The effect and what it means: true chance of leaving of the members with and without it."""
    p, who, members = world.parameters, world.customers, world.pilot_members
    window = slice(world.pilot_month, world.pilot_month + p.pilot_months)
    hazard = who.hazard[members, window]
    odds = hazard / (1 - hazard)
    treated = (who.pilot_arm[members] == 1)[:, None]
    lift = np.exp(p.pilot_effect)
    without = np.where(treated, odds / lift, odds)
    with_it = without * lift

    def mean_chance(each: Reals) -> float:
        return round(float(np.mean(1 - np.prod(1 - each / (1 + each), axis=1))), 6)

    return {
        "pilot": PILOT,
        "starts_on": str(world.calendar.month_start(world.pilot_month)),
        "months": p.pilot_months,
        "members": len(members),
        "log_odds": p.pilot_effect,
        "leaving_without": mean_chance(without),
        "leaving_with": mean_chance(with_it),
    }


def _idle_pilot(world: World) -> dict[str, Any]:
    """The pilot that does nothing: its two groups leave alike, but for chance."""
    return {
        "pilot": IDLE_PILOT,
        "starts_on": str(world.calendar.month_start(idle_month(world))),
        "log_odds": 0.0,
    }


def _drift(world: World) -> dict[str, float]:
    """Change of mean experience over the exported months, in two ways.

    ``present`` compares those present in the last and in the first month; it rises because the
    unhappy leave. ``same_people`` follows those of the first month, also after they left, and is
    about 0: on average nobody changes their mind.
    """
    who, last = world.customers, world.calendar.months - 1
    start = who.active_at_end_of(0)
    end = who.active_at_end_of(last)
    first_mean = float(who.experience[start, 0].mean())
    return {
        "present": round(float(who.experience[end, last].mean()) - first_mean, 4),
        "same_people": round(float(who.experience[start, last].mean()) - first_mean, 4),
    }
