"""A company that gave half its customers a chatbot: cheap first contacts, dear second ones.

The truth is known: what a customer and month costs before and after, and how many leave.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from cxdash.register import built
from cxdash.register.kinds.initiatives import Initiative

STARTS = date(2025, 1, 1)
MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Per customer and month: chance of a question, cost of a first answer by bot and by hand, how
    many come back by phone, what that costs, and the chance to leave.
    """

    customers: int = 400
    asks: float = 0.4
    by_hand: float = 10.0
    by_bot: float = 2.0
    again: float = 0.05
    again_by_bot: float = 0.45
    call: float = 28.0
    leaves: float = 0.004
    leaves_by_bot: float = 0.03
    pays: float = 50.0


def fill(company, world=None, *, seed=1, roster="chatbot", arms=True):
    """A year and a half of contacts; from STARTS on even customers talk to the bot first."""
    world = world or World()
    rng = np.random.default_rng(seed)
    for number in range(world.customers):
        name, exposed = f"c{number:04}", number % 2 == 0
        company.add(
            "customers",
            customer_id=name,
            segment="Small" if exposed else "Large",
            row_key=name,
        )
        if exposed or arms:
            company.add(
                "pilot_roster",
                pilot=roster,
                customer_id=name,
                arm="treated" if exposed else "control",
                assigned_on="2024-12-20",
            )
        gone = _contacts(company, rng, world, name, exposed)
        end = f"{2024 + gone // 12}-{gone % 12 + 1:02}-28" if gone < 18 else None
        company.contract(name, "2023-01-01", end, amount=world.pays)
    company.pays("c0001", "2025-06-30", 1)


def _contacts(company, rng, world, name, exposed):
    """Contacts of a customer over 18 months; gives the month of leaving, 18 for none."""
    for month in range(18):
        bot = exposed and month >= 12
        if rng.random() < world.asks:
            cost = world.by_bot if bot else world.by_hand
            _contact(company, name, month, 5, "bot" if bot else "phone", cost)
            if rng.random() < (world.again_by_bot if bot else world.again):
                _contact(company, name, month, 9, "phone", world.call)
        if rng.random() < (world.leaves_by_bot if bot else world.leaves):
            return month
    return 18


def _contact(company, name, month, day, channel, cost):
    company.add(
        "contacts",
        contact_id=f"{name}-{month}-{day}",
        customer_id=name,
        contacted_at=f"{2024 + month // 12}-{month % 12 + 1:02}-{day:02} 10:00",
        channel=channel,
        cost=cost,
        currency="USD",
        resolved_first=day == 9 or channel == "phone",
    )


def chatbot(**more):
    """The initiative as somebody would enter it."""
    return built(
        Initiative,
        {
            "name": "Answer by a chatbot",
            "aim": "cut_cost",
            "status": "running",
            "line": "cost",
            "need": "Customers who wait for an answer",
            "behaviour": "They get it without calling",
            "falsifier": "They call again as often",
            "owner": "Ana",
            "starts": STARTS,
            "roster": "chatbot",
        }
        | more,
    )
