"""The two pilots of the demo company: one that keeps customers, and one that does nothing at all.

Both were drawn by lot. The first is part of how customers leave (``Parameters.pilot_effect``). The
second has no place in the process, so whatever its groups differ by is chance: an honest reading
of it finds nothing.
"""

from typing import Final

import numpy as np
import pandas as pd

from cxdash.demo.world import World

__all__ = ["IDLE_MONTHS", "IDLE_PILOT", "PILOT", "idle_month", "roster"]

PILOT: Final = "named-contact"
IDLE_PILOT: Final = "check-in-email"
#: Months the pilot without an effect has run by the last exported day.
IDLE_MONTHS: Final = 9
_IDLE_SHARE: Final = 0.7
_ARMS: Final = {1: "pilot", 2: "control"}
# A stream of its own, so that the rest of the company stays what it is for each seed.
_STREAM: Final = 71


def idle_month(world: World) -> int:
    """Month index in which the pilot without an effect starts."""
    return max(world.calendar.months - IDLE_MONTHS, 0)


def roster(world: World) -> pd.DataFrame:
    """One row a customer of either pilot: pilot, customer_id, arm, assigned_on."""
    who, members = world.customers, world.pilot_members
    working = _rows(world, PILOT, members, who.pilot_arm[members], world.pilot_month)
    rng = np.random.default_rng([world.seed, _STREAM])
    asked = rng.random(len(who.ids)) < _IDLE_SHARE
    arms = np.where(rng.random(len(who.ids)) < 0.5, 1, 2)
    month = idle_month(world)
    free = who.active_at_end_of(month - 1) & (who.pilot_arm == 0) & asked
    chosen = np.flatnonzero(free)
    return pd.concat(
        [working, _rows(world, IDLE_PILOT, chosen, arms[chosen], month)], ignore_index=True
    )


def _rows(
    world: World,
    pilot: str,
    members: np.ndarray[tuple[int], np.dtype[np.int64]],
    arms: np.ndarray[tuple[int], np.dtype[np.int64]],
    month: int,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pilot": pilot,
            "customer_id": world.customers.ids[members],
            "arm": [_ARMS[int(arm)] for arm in arms],
            "assigned_on": world.calendar.month_start(month),
        }
    )
