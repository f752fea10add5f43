"""Where customers are met: places, the stages they belong to, and what happened there.

A place is what a survey answer calls its touchpoint (or its survey, where it names none), or the
reason and channel of a contact. Stages are sets of places; a place may belong to several.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdash.panel.build import Panel
from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["Met", "Place", "met_at", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """``what`` is ``answer`` or ``contact``; ``name`` a touchpoint, survey or reason, which may be
    empty; ``channel`` that of a contact; ``met`` how often anybody was met there.
    """

    what: str
    name: str
    channel: str
    met: int


@dataclass(frozen=True, slots=True)
class Met:
    """What happened at the stages, of customers that are known.

    Parameters
    ----------
    days
        One row a stage (its number), customer and day: contacts, minutes (of ``timed`` contacts),
        cost (of ``priced`` ones).
    answers
        One row a stage, item, customer and band over the last twelve months: variant,
        high_is_good, n, total (sum of the answers).
    stays
        customer_id, started_on, left_on, notice_on: stretches as a customer.
    people
        customer_id, segment and the other columns customers can be filtered by.
    """

    days: pd.DataFrame
    answers: pd.DataFrame
    stays: pd.DataFrame
    people: pd.DataFrame


def places(view: Reader, as_of: date) -> tuple[Place, ...]:
    """Every place up to that day, the busiest first."""
    return view.kept("journey places", as_of, lambda: _places(view, as_of), room=2)


def _places(view: Reader, as_of: date) -> tuple[Place, ...]:
    with without_farewells(view, as_of) as cur:
        rows = cur.execute(
            f"SELECT * FROM ({relation('journey_places', as_of=as_of)}) "
            "ORDER BY met DESC, what, place, channel"
        ).fetchall()
    return tuple(Place(*row) for row in rows)


def met_at(
    view: Reader, built: Panel, stages: Iterable[tuple[Place, ...]], *, since: date, as_of: date
) -> Met:
    """What happened at each of the stages, in their order; answers and money of the time after
    ``since``.
    """
    own = [
        (number, place.what, place.name, place.channel)
        for number, held in enumerate(stages)
        for place in held
    ]
    with without_farewells(view, as_of) as cur:
        cur.execute(
            "CREATE OR REPLACE TEMP TABLE journey_stages "
            "(stage INTEGER, what VARCHAR, place VARCHAR, channel VARCHAR)"
        )
        if own:
            cur.executemany("INSERT INTO journey_stages VALUES (?, ?, ?, ?)", own)
        days = relation("journey_met", as_of=as_of, currency=built.currency or "XXX")
        answers = relation("journey_answers", since=since, as_of=as_of)
        found = Met(
            days=cur.execute(f"SELECT * FROM ({days}) ORDER BY stage, customer_id, met_on").df(),
            answers=cur.execute(
                f"SELECT * FROM ({answers}) ORDER BY stage, item, variant, customer_id, band"
            ).df(),
            stays=cur.execute(
                f"SELECT * FROM ({relation('journey_stays')}) ORDER BY customer_id, started_on"
            ).df(),
            people=cur.execute("SELECT * FROM panel_people ORDER BY customer_id").df(),
        )
        cur.execute("DROP TABLE journey_stages")
    return found
