"""What customers who spoke of a theme did afterwards.

A window belongs to a customer who wrote something in the twelve months before it began; the theme
was spoken of or not by then; what happened in the months after is the outcome. So those who spoke
of the theme are compared with others who wrote too, and no comment knows what followed it. Comments
that came with a goodbye are left out. Leaving is modelled as everywhere else
(:mod:`cxdash.questions.chance`); the change of spend of those who stayed is a straight line, errors
by customer. Held equal are what finance and operations knew, the groups of the customer list, and
having written of the theme that goes with the outcome most surely.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cxdash.questions.churn.stage import ChurnStage
from cxdash.questions.voices.heard import Heard
from cxdash.questions.voices.leaving import leaving
from cxdash.questions.voices.lived import Effect, lived
from cxdash.questions.voices.spend import spend
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.proportions import adjusted_p_values

__all__ = ["Behaviour", "behaviour"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What goes with themes.

    ``today`` and ``revenue`` hold, by theme id, today's customers who speak of it and what they pay
    over the horizon (None where money is withheld). ``untried`` says, by theme id, why a theme was
    not compared; ``why_not`` why none was. ``customers`` of the ``wrote`` were looked at.
    """

    effects: tuple[Effect, ...] = ()
    today: dict[str, int] = field(default_factory=dict)
    revenue: dict[str, float] | None = None
    untried: dict[str, str] = field(default_factory=dict)
    why_not: str = ""
    windows: int = 0
    customers: int = 0
    wrote: int = 0


def behaviour(stage: ChurnStage, said: Heard, themes: Sequence[Spoken]) -> Behaviour:
    """What goes with each theme, for leaving and for the spend of those who stayed."""
    after = lived(stage, said, themes)
    today = {theme.id: int(after.spoke_today[:, k].sum()) for k, theme in enumerate(themes)}
    money = stage.conditions.money_allowed
    sums = after.revenue @ after.spoke_today if money else np.empty(0)
    revenue = {theme.id: float(sums[k]) for k, theme in enumerate(themes)} if money else None
    windows, customers = len(after.over.rows), after.customers
    if after.against:
        return Behaviour((), today, revenue, {}, after.against, windows, customers, after.wrote)
    tried, untried = after.tried(themes)
    found = [*leaving(after, themes, tried), *spend(after, themes, tried)]
    return Behaviour(
        effects=_looked_at_together(found),
        today=today,
        revenue=revenue,
        untried=untried,
        windows=windows,
        customers=customers,
        wrote=after.wrote,
    )


def _looked_at_together(found: Sequence[Effect]) -> tuple[Effect, ...]:
    """The effects with p-values that allow for all of them."""
    if not found:
        return ()
    p_values = adjusted_p_values([effect.p_value for effect in found])
    return tuple(
        replace(effect, p_adjusted=float(p)) for effect, p in zip(found, p_values, strict=True)
    )
