"""What the demo company wrote down: events that are true in its world, and who answers for what.

Nothing here is made up for effect: the pilots start on their days, and each desk that begs for full
marks begins on the day its bonus was tied to them. There was no general price rise, no outage that
hit everybody and no season, so none is listed. Survey waves are no events.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from cxdash.demo.pilots import idle_month
from cxdash.demo.world import World

__all__ = ["events", "metric_register"]

_BONUS: Final = "Bonus of {} tied to full marks in the survey after a ticket"
_IDLE: Final = "Pilot begins: a check-in e-mail every month to a random half of the other accounts"
_PILOT: Final = "Pilot begins: a named contact for a random half of the accounts invited to it"


def events(world: World) -> pd.DataFrame:
    """One row an event, in order of the day: event_id, dated, event_kind, what, metric, unit,
    source.
    """
    pilot = world.calendar.month_start(world.pilot_month).item()
    rows: list[tuple[Any, ...]] = [(pilot, "other", _PILOT, None, None, "Head of service")]
    idle = world.calendar.month_start(idle_month(world)).item()
    rows.append((idle, "other", _IDLE, None, None, "Marketing"))
    rows += [
        (day.item(), "incentive", _BONUS.format(unit), "csat", unit, "Human resources")
        for unit, day in world.support.begging.items()
    ]
    rows.sort(key=lambda row: (row[0], row[2]))
    names = ["dated", "event_kind", "what", "metric", "unit", "source"]
    frame = pd.DataFrame(rows, columns=names)
    frame["dated"] = frame["dated"].astype("datetime64[ns]")
    frame.insert(0, "event_id", [f"EV-{number:02d}" for number in range(1, len(frame) + 1)])
    return frame


def metric_register(world: World) -> pd.DataFrame:
    """One row a metric: metric, owner, goal, decision, decided_on, note.

    Decisions are those of :func:`events`: the pilot and the bonus. Some metrics have nobody.
    """
    calendar = world.calendar
    pilot = calendar.month_start(world.pilot_month) - np.timedelta64(21, "D")
    bonus = min(world.support.begging.values())
    rows = [
        ("nps", "Head of service", "40 by the end of the year", "Try a named contact", pilot.item(),
         None),
        ("csat", "Support operations", "85 % at every desk", "Tie the desks' bonus to full marks",
         bonus.item(), None),
        ("ces", None, None, None, None, "Asked since the survey was set up"),
        ("fcr", "Support operations", "70 %", None, None, None),
        ("relationship_health", "Account management", None, None, None,
         "Typed in by the account manager"),
        ("app_look_and_feel", None, None, None, None, None),
    ]  # fmt: skip
    names = ["metric", "owner", "goal", "decision", "decided_on", "note"]
    frame = pd.DataFrame(rows, columns=names)
    frame["decided_on"] = pd.to_datetime(frame["decided_on"])
    return frame
