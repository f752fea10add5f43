"""Everything found for one question: comments, themes, what goes with them, quotes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cxdash.facts import Scope
from cxdash.panel import Ground, Panel, ground, month_end, stamp
from cxdash.questions.basis import customers_of
from cxdash.questions.churn.stage import ChurnStage, stage
from cxdash.questions.progress import tell
from cxdash.questions.setting import month_of
from cxdash.questions.voices.effects import Behaviour, behaviour
from cxdash.questions.voices.heard import Heard, heard
from cxdash.questions.voices.lived import Effect, Outcome
from cxdash.questions.voices.quotes import Quote, drawn, of_the_day
from cxdash.questions.voices.score import Scored, scored
from cxdash.questions.voices.theme import Spoken, spoken_themes
from cxdash.store import Reader

__all__ = ["Found", "find"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """What the Answer is made of.

    Parameters
    ----------
    keep
        Shape (comments,): those the scope's filters pass.
    themes
        Named ones first, then those found, each by how many comments speak of it.
    stage
        None where nothing says who is a customer.
    quotes
        By theme id.
    """

    scope: Scope
    as_of: date
    panel: Panel
    ground: Ground
    said: Heard
    keep: Mask
    themes: tuple[Spoken, ...]
    stage: ChurnStage | None
    scored: Scored | None
    behaviour: Behaviour
    quotes: Mapping[str, tuple[Quote, ...]]
    of_the_day: tuple[Quote, ...]

    @property
    def steady(self) -> tuple[Spoken, ...]:
        return tuple(theme for theme in self.themes if theme.is_steady)

    @property
    def comments(self) -> int:
        """Comments that the filters pass."""
        return int(self.keep.sum())

    @property
    def population(self) -> str:
        return customers_of("everybody who wrote", "customers who wrote, with", self.scope)

    @property
    def period(self) -> str:
        days = self.said.rows["answered_on"][self.keep]
        return f"{days.min().date().isoformat()} to {days.max().date().isoformat()}"

    def effect(self, theme: Spoken, outcome: Outcome) -> Effect | None:
        """What was found for a theme; None where it was not compared."""
        return next(
            (e for e in self.behaviour.effects if e.theme.id == theme.id and e.outcome == outcome),
            None,
        )

    def count(self, theme: Spoken) -> int:
        """Comments that speak of it, of those the filters pass."""
        return int((theme.says & self.keep).sum())


def find(view: Reader, scope: Scope) -> Found | None:
    """Read, find themes, compare; None where nobody wrote anything by the day.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    built = stamp(view)
    if built is None or built.last_month is None or built.newest_day is None:
        return None
    as_of = month_end(month_of(built, scope.as_of)) if scope.as_of else built.newest_day
    base = stage(view, scope)
    said = heard(view, as_of)
    keep = _kept(said, scope)
    if not keep.any():
        return None
    tell("Looking for themes", 0.4)
    themes = spoken_themes(view, built, said)
    tell("Setting themes beside what customers did", 0.85)
    return Found(
        scope=scope,
        as_of=as_of,
        panel=built,
        ground=ground(view, built),
        said=said,
        keep=keep,
        themes=themes,
        stage=base,
        scored=scored(view, scope.metric, said, keep, themes),
        behaviour=behaviour(base, said, themes) if base and themes else Behaviour(),
        quotes={theme.id: drawn(theme, said, keep, as_of) for theme in themes if theme.is_steady},
        of_the_day=of_the_day(said, keep, as_of),
    )


def _kept(said: Heard, scope: Scope) -> Mask:
    keep = np.ones(len(said.rows), dtype=np.bool_)
    for column, value in scope.where:
        keep &= (said.rows[column].fillna("").astype(str) == value).to_numpy(np.bool_)
    return keep
