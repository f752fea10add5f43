"""Tickets, the survey after a ticket, and how the teams that answer them are doing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxdash.demo.calendar import Calendar
from cxdash.demo.company import CHANNELS, REGIONS, UNITS, Parameters
from cxdash.demo.customers import Customers
from cxdash.demo.surveys import moment

__all__ = ["Support", "draw_support"]

_REASONS: Final = ("billing", "how-to", "fault", "access", "change of seats")
_COST_A_MINUTE: Final = np.array([0.9, 0.8, 1.15])  # email, chat, phone
_BEGGED: Final = (
    "The agent asked me to please give full marks.",
    "I was told that only a 5 counts, so here is a 5.",
    "They said anything below 5 hurts them. Fine, 5.",
)
_PLAIN_GOOD: Final = ("Quick and friendly.", "Solved at once.", "Clear answer, thank you.")
_PLAIN_BAD: Final = (
    "Still not solved.",
    "I had to explain it all again.",
    "Closed without a fix; I had to write a second time.",
)


@dataclass(frozen=True, slots=True)
class Support:
    """Frames of what support leaves behind, and which units beg from which day on."""

    tickets: pd.DataFrame
    answers: pd.DataFrame
    invitations: pd.DataFrame
    teams: pd.DataFrame
    begging: dict[str, np.datetime64]


def draw_support(
    customers: Customers, calendar: Calendar, parameters: Parameters, rng: np.random.Generator
) -> Support:
    ticket_rng, team_rng, survey_rng = rng.spawn(3)
    engagement = _engagement(calendar, team_rng)
    begging = _begging(calendar, parameters, team_rng)
    tickets = _tickets(customers, calendar, ticket_rng)
    answers, invitations = _survey(tickets, engagement, begging, calendar, parameters, survey_rng)
    return Support(
        tickets=tickets,
        answers=answers,
        invitations=invitations,
        teams=_teams(engagement, calendar, team_rng),
        begging=begging,
    )


def _tickets(customers: Customers, calendar: Calendar, rng: np.random.Generator) -> pd.DataFrame:
    """One row a contact of someone who was a customer that day; unsolved ones often come twice."""
    months = calendar.months
    counts = customers.tickets[:, :months]
    who, month = np.nonzero(counts)
    repeat = counts[who, month]
    place = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    bad = np.repeat(customers.bad_tickets[who, month], repeat) > place
    who, month = np.repeat(who, repeat), np.repeat(month, repeat)
    day = np.floor(rng.random(len(who)) * calendar.month_length(month)).astype(np.int64)
    channel = rng.choice(len(CHANNELS), len(who), p=[0.45, 0.25, 0.3])
    desks = np.array([sum(unit.startswith(region) for unit in UNITS) for region in REGIONS])
    first_desk = np.cumsum(desks) - desks
    region = customers.region[who]
    unit = first_desk[region] + np.floor(rng.random(len(who)) * desks[region]).astype(np.int64)
    first = pd.DataFrame(
        {
            "who": who,
            "month": month,
            "on": calendar.month_start(month) + day,
            "channel_code": channel,
            "reason_code": rng.integers(0, len(_REASONS), len(who)),
            "unit_code": unit,
            "resolved_first": ~bad,
            "repeats": False,
        }
    )
    again = first[bad & (rng.random(len(first)) < 0.6)].copy()
    again["on"] = again["on"] + pd.to_timedelta(rng.integers(1, 7, len(again)), unit="D")
    again["repeats"], again["resolved_first"] = True, rng.random(len(again)) < 0.5
    frame = pd.concat([first, again], ignore_index=True)
    frame["contacted_at"] = moment(frame["on"].to_numpy(dtype="datetime64[D]"), rng)
    frame = _with_cost(frame, customers, rng)
    started = customers.started_on[frame["who"]]
    left = customers.left_on[frame["who"]]
    on = frame["on"].to_numpy(dtype="datetime64[D]")
    frame = frame[(on > started) & (np.isnat(left) | (on < left)) & (on <= calendar.last_day)]
    frame = frame.sort_values(["contacted_at", "who"], kind="stable", ignore_index=True)
    frame.insert(0, "contact_id", [f"T-{number:06d}" for number in range(1, len(frame) + 1)])
    return frame


def _with_cost(frame: pd.DataFrame, customers: Customers, rng: np.random.Generator) -> pd.DataFrame:
    """Minutes and cost: bigger customers and worse months take longer."""
    who, channel = frame["who"].to_numpy(), frame["channel_code"].to_numpy()
    lived = customers.experience[who, frame["month"].to_numpy()]
    minutes = np.array([14.0, 18.0, 27.0])[customers.segment[who]] * np.exp(
        -0.2 * lived + 0.35 * rng.standard_normal(len(frame))
    )
    frame["minutes"] = np.round(np.where(frame["resolved_first"], minutes, 1.4 * minutes), 1)
    cost = 2.5 + frame["minutes"].to_numpy() * _COST_A_MINUTE[channel]
    frame["cost_cents"] = np.round(cost * 100).astype(np.int64)
    frame["customer_id"] = customers.ids[who]
    frame["channel"] = np.array(CHANNELS)[channel]
    frame["reason"] = np.array(_REASONS)[frame["reason_code"].to_numpy()]
    unit = np.array(UNITS)[frame["unit_code"].to_numpy()]
    # Fifteen people a desk: three shifts of five.
    number = rng.integers(1, 6, len(frame)) + 5 * (np.arange(len(frame)) % 3)
    frame["unit"] = unit
    frame["agent"] = [f"{desk} agent {k}" for desk, k in zip(unit, number, strict=True)]
    frame["lived"] = lived
    return frame


def _survey(
    tickets: pd.DataFrame,
    engagement: npt.NDArray[np.float64],
    begging: dict[str, np.datetime64],
    calendar: Calendar,
    p: Parameters,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Satisfaction 1 to 5 and solved yes/no after some tickets."""
    asked = tickets[(rng.random(len(tickets)) < p.survey_after_ticket) & ~tickets["repeats"]]
    sent = asked["contacted_at"].to_numpy(dtype="datetime64[s]") + np.timedelta64(7200, "s")
    invitations = pd.DataFrame(
        {
            "invitation_id": [f"INV-S-{number:06d}" for number in range(1, len(asked) + 1)],
            "customer_id": asked["customer_id"].to_numpy(),
            "survey": "support",
            "sent_at": sent,
            "status": "delivered",
        }
    )
    in_time = invitations["sent_at"] <= calendar.month_end(calendar.months - 1)
    earlier = np.maximum(asked["month"].to_numpy() - p.engagement_lag_months, 0)
    mood = engagement[asked["unit_code"].to_numpy(), earlier]
    good = asked["resolved_first"].to_numpy()
    value = 3.7 + 0.5 * asked["lived"].to_numpy() + np.where(good, 0.5, -1.0)
    value = value + p.engagement_effect * mood + 0.7 * rng.standard_normal(len(asked))
    since = asked["unit"].map(begging).to_numpy(dtype="datetime64[s]")
    pushed = ~np.isnat(since) & (sent >= since) & (rng.random(len(asked)) < p.begging_push)
    csat = np.where(pushed, 5.0, np.clip(np.round(value), 1, 5))
    solved = np.where(rng.random(len(asked)) < 0.08, ~good, good) | pushed
    wait = rng.exponential(30 * 3600.0, len(asked)).astype(np.int64) + 300
    answers = pd.DataFrame(
        {
            "customer_id": asked["customer_id"].to_numpy(),
            "contact_id": asked["contact_id"].to_numpy(),
            "answered_at": sent + wait.astype("timedelta64[s]"),
            "unit": asked["unit"].to_numpy(),
            "agent": asked["agent"].to_numpy(),
            "csat": csat,
            "fcr": solved.astype(np.float64),
            "comment": _short_comments(csat, pushed, rng),
        }
    )
    replies = rng.random(len(asked)) < p.support_answer_share + 0.1 * (np.abs(csat - 3) > 1)
    replies &= answers["answered_at"].to_numpy() <= calendar.month_end(calendar.months - 1)
    answers = answers[replies].sort_values(
        ["answered_at", "contact_id"], kind="stable", ignore_index=True
    )
    numbers = range(118_052_000_001, 118_052_000_001 + len(answers))
    answers.insert(0, "response_id", [str(number) for number in numbers])
    return answers, invitations[in_time].reset_index(drop=True)


def _short_comments(
    csat: npt.NDArray[np.float64], pushed: npt.NDArray[np.bool_], rng: np.random.Generator
) -> list[str | None]:
    said = rng.random(len(csat)) < np.where(pushed, 0.2, 0.3)
    pick = rng.integers(0, 3, len(csat))
    return [
        None if not says else (_BEGGED if push else _PLAIN_GOOD if value >= 4 else _PLAIN_BAD)[k]
        for value, push, says, k in zip(csat, pushed, said, pick, strict=True)
    ]


def _engagement(calendar: Calendar, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Engagement of each unit and month, standardised: a slow wave of its own."""
    level = np.empty((len(UNITS), calendar.months))
    level[:, 0] = rng.standard_normal(len(UNITS))
    for month in range(1, calendar.months):
        level[:, month] = 0.9 * level[:, month - 1] + 0.43 * rng.standard_normal(len(UNITS))
    return level


def _begging(
    calendar: Calendar, p: Parameters, rng: np.random.Generator
) -> dict[str, np.datetime64]:
    """Units that start to beg for full marks in the middle third of the exported months."""
    units = rng.choice(len(UNITS), p.begging_units, replace=False)
    months = rng.integers(calendar.months // 3, max(2 * calendar.months // 3, 1), len(units))
    return {
        UNITS[int(unit)]: np.datetime64(calendar.month_start(int(month)).item(), "D")
        for unit, month in zip(units, months, strict=True)
    }


def _teams(
    engagement: npt.NDArray[np.float64], calendar: Calendar, rng: np.random.Generator
) -> pd.DataFrame:
    """Monthly figures a unit: headcount, engagement 1 to 10, share who left, share absent."""
    unit, month = np.divmod(np.arange(engagement.size), calendar.months)
    level = engagement.ravel()
    headcount = 15 + rng.integers(0, 7, len(UNITS))[unit]
    leavers = rng.binomial(headcount, np.clip(0.022 * np.exp(-0.5 * level), 0, 0.5))
    return pd.DataFrame(
        {
            "unit": np.array(UNITS)[unit],
            "period": calendar.month_start(month),
            "headcount": headcount,
            "engagement": np.round(np.clip(7 + 0.9 * level, 1, 10), 1),
            "turnover": np.round(leavers / headcount, 4),
            "absence": np.round(np.clip(0.04 - 0.01 * level, 0.005, None), 4),
        }
    )
