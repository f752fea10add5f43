"""Who the customers are, what they live through each month, and when they leave.

The path of every customer - experience, price, risk of leaving - is drawn for all months, also
after leaving and beyond the exported months, and does not depend on whether the customer left.
Leaving is then one independent draw a month given that path, so the true probability of leaving is
known for any customer and any window. The baseline risk does not depend on the calendar.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cxdash.demo.calendar import Calendar, Days
from cxdash.demo.company import INDUSTRIES, REGIONS, Parameters

__all__ = ["NEVER", "Customers", "draw_customers"]

Reals = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER: Final = 10_000  # month index of leaving for those who stay through every simulated month
_BURN_IN: Final = 12  # months before the first exported one, so that shocks start in balance


@dataclass(frozen=True, slots=True)
class Customers:
    """N customers over T months (exported and future). Codes index the tuples of ``company``.

    ``cents`` is the monthly amount in force at the end of each month. ``hazard`` is 0 up to and
    including the month of the start. ``left_month`` is the month index in which the customer
    leaves, ``NEVER`` if not within T. ``left_on`` is the first day no longer a customer.
    """

    ids: npt.NDArray[np.str_]
    segment: Ints
    plan: Ints
    region: Ints
    industry: Ints
    owner: Ints
    earned: Flags
    start_month: Ints
    started_on: Days
    experience_mean: Reals
    experience: Reals
    tickets: Ints
    bad_tickets: Ints
    cents: Ints
    hazard: Reals
    left_month: Ints
    left_on: Days
    cancelled_on: Days
    pilot_arm: Ints

    @property
    def count(self) -> int:
        return len(self.ids)

    def active_at_end_of(self, month: int) -> Flags:
        """Customers on the last day of a month."""
        return (self.start_month <= month) & (self.left_month > month)


def draw_customers(
    count: int, calendar: Calendar, parameters: Parameters, rng: np.random.Generator
) -> Customers:
    """Draw all customers and their whole paths."""
    who, path, money, leaving, pilot = rng.spawn(5)
    p, total = parameters, calendar.total
    segment = who.choice(3, count, p=p.segment_share)
    plan = np.clip(segment + who.choice([-1, 0, 1], count, p=[0.15, 0.7, 0.15]), 0, 2)
    start_month = _start_months(count, calendar, p, who)
    start_day = who.integers(1, 29, count)
    started_on = calendar.month_start(start_month) + (start_day - 1)

    mean = _by(p.experience_by_segment, segment) + p.experience_spread * path.standard_normal(count)
    experience, tickets, bad = _experience(mean, segment, total, p, path)
    tenure = np.maximum(np.arange(total)[None, :] - start_month[:, None], 0)
    cents, steep = _amounts(segment, tenure, experience, p, money)

    arm = _pilot_arms(count, p, pilot)
    log_odds = (
        p.leave_intercept
        + p.leave_by_experience * experience
        + p.leave_by_log_tenure * np.log((tenure + 1) / 24)
        + _by(p.leave_by_segment, segment)[:, None]
        + p.leave_by_price_rise * _recently(steep, p.price_effect_months)
        + p.leave_by_bad_ticket * (bad > 0)
    )
    pilot_from = max(calendar.months - p.pilot_months, 0)
    treated_months = np.zeros(total, dtype=bool)
    treated_months[pilot_from : pilot_from + p.pilot_months] = True
    log_odds += p.pilot_effect * ((arm == 1)[:, None] & treated_months[None, :])
    hazard = np.where(tenure > 0, 1 / (1 + np.exp(-log_odds)), 0.0)

    leaves = leaving.random((count, total)) < hazard
    left_month = np.where(leaves.any(axis=1), leaves.argmax(axis=1), NEVER)
    left_on, cancelled_on = _leaving_days(left_month, calendar, p, leaving)
    return Customers(
        ids=np.array([f"{10001 + number:06d}" for number in range(count)]),
        segment=segment,
        plan=plan,
        region=who.integers(0, len(REGIONS), count),
        industry=who.integers(0, len(INDUSTRIES), count),
        owner=who.integers(0, 18, count),
        earned=who.random(count) < 1 / (1 + np.exp(0.5 - 0.6 * mean)),
        start_month=start_month,
        started_on=started_on,
        experience_mean=mean,
        experience=experience,
        tickets=tickets,
        bad_tickets=bad,
        cents=cents,
        hazard=hazard,
        left_month=left_month,
        left_on=left_on,
        cancelled_on=np.where(
            np.isnat(cancelled_on), cancelled_on, np.maximum(cancelled_on, started_on)
        ),
        pilot_arm=arm,
    )


def _by(values: tuple[float, float, float], segment: Ints) -> Reals:
    return np.asarray(values)[segment]


def _start_months(count: int, calendar: Calendar, p: Parameters, rng: np.random.Generator) -> Ints:
    """Negative for customers present at the start, 0 or later for those who join."""
    tenure = np.minimum(rng.geometric(1 / p.tenure_mean_months, count), p.tenure_longest_months)
    joins = rng.integers(0, calendar.months, count)
    return np.where(rng.random(count) < p.present_at_start, -tenure, joins)


def _experience(
    mean: Reals, segment: Ints, total: int, p: Parameters, rng: np.random.Generator
) -> tuple[Reals, Ints, Ints]:
    """Latent experience, tickets and tickets gone wrong, each customers x months."""
    count, length = len(mean), total + _BURN_IN
    innovation = p.swing_spread * np.sqrt(1 - p.swing_memory**2)
    swing = np.empty((count, length))
    swing[:, 0] = p.swing_spread * rng.standard_normal(count)
    for month in range(1, length):
        step = innovation * rng.standard_normal(count)
        swing[:, month] = p.swing_memory * swing[:, month - 1] + step
    calm = mean[:, None] + swing
    tickets = rng.poisson(_by(p.tickets_a_month, segment)[:, None] * np.exp(-0.35 * calm))
    bad = rng.binomial(tickets, 1 / (1 + np.exp(1.3 + 0.4 * calm)))
    blows = p.outage_shock * (rng.random((count, length)) < p.outage_chance)
    blows = blows + p.ticket_shock * np.minimum(bad, 2)
    shock = np.zeros((count, length))
    for month in range(1, length):
        shock[:, month] = p.shock_memory * shock[:, month - 1] + blows[:, month]
    return (calm + shock)[:, _BURN_IN:], tickets[:, _BURN_IN:], bad[:, _BURN_IN:]


def _amounts(
    segment: Ints, tenure: Ints, experience: Reals, p: Parameters, rng: np.random.Generator
) -> tuple[Ints, Flags]:
    """Monthly amount in cents and the months with a steep price rise, customers x months."""
    count, total = tenure.shape
    first = _by(p.amount_median, segment) * np.exp(
        _by(p.amount_spread, segment) * rng.standard_normal(count)
    )
    rise = rng.uniform(p.rise_low, p.rise_high, (count, total))
    anniversary = (tenure > 0) & (tenure % 12 == 0)
    steep = anniversary & (rise >= p.steep_rise)
    lift = np.where(anniversary, np.log1p(rise), 0.0)
    running = tenure > 0
    grows = rng.random((count, total)) < p.grow_chance * np.exp(0.4 * experience)
    shrinks = rng.random((count, total)) < p.shrink_chance * np.exp(-0.4 * experience)
    lift += np.where(running & grows, rng.uniform(0.08, 0.35, (count, total)), 0.0)
    lift -= np.where(running & shrinks, rng.uniform(0.08, 0.35, (count, total)), 0.0)
    dollars = np.round(first[:, None] * np.exp(np.cumsum(lift, axis=1)))
    return (dollars * 100).astype(np.int64), steep


def _recently(flags: Flags, months: int) -> Flags:
    """True in the month of a flag and the months that follow it, ``months`` in all."""
    recent = flags.copy()
    for lag in range(1, months):
        recent[:, lag:] |= flags[:, :-lag]
    return recent


def _pilot_arms(count: int, p: Parameters, rng: np.random.Generator) -> Ints:
    """0 not asked, 1 pilot, 2 control; drawn for all, whoever has left by then drops out."""
    asked = rng.random(count) < p.pilot_share
    return np.where(asked, 1 + rng.integers(0, 2, count), 0)


def _leaving_days(
    left_month: Ints, calendar: Calendar, p: Parameters, rng: np.random.Generator
) -> tuple[Days, Days]:
    """First day no longer a customer and day of the notice; NaT for those who stay."""
    count = len(left_month)
    gone = left_month < NEVER
    month = np.where(gone, left_month, 0)
    length = calendar.month_length(month)
    at_random = np.floor(rng.random(count) * length).astype(np.int64)
    day = np.where(rng.random(count) < p.month_end_share, length - 1, at_random)
    left_on = calendar.month_start(month) + day
    earlier_length = calendar.month_length(month - 1)
    earlier = calendar.month_start(month - 1) + np.floor(rng.random(count) * earlier_length).astype(
        np.int64
    )
    cancelled_on = np.where(rng.random(count) < p.notice_share, earlier, left_on)
    nothing = np.datetime64("NaT", "D")
    return np.where(gone, left_on, nothing), np.where(gone, cancelled_on, nothing)
