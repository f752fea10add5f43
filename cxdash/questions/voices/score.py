"""How far the score lies from the score without a theme, as counted and among like customers.

One answer counts once, whatever fields of it speak of the theme. Like customers share the finest
groups of the customer list (segment, plan, region) that still leave enough answers in each to
compare. Answers that came with a goodbye are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts.definitions import definition
from cxdash.panel import Item, items
from cxdash.panel.answers import item_answers
from cxdash.questions.contribution import Measure, measure_of
from cxdash.questions.design import GROUPS, text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.setting import chosen
from cxdash.questions.voices.heard import Heard
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.estimate import Estimate
from cxdash.stats.left_out import LeftOut, left_out
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.scores import mean_score
from cxdash.store import Reader

__all__ = ["Apart", "Scored", "scored"]

Mask = NDArray[np.bool_]

ALARM: Final = 0.05
_FEWEST: Final = 30  # answers with a comment, below which nothing is compared
_IN_A_GROUP: Final = 40  # answers a group should hold
_COVERED: Final = 0.8  # share of the answers that must lie in such groups


@dataclass(frozen=True, slots=True)
class Apart:
    """One theme; both estimates in the unit of a change of the score."""

    theme: Spoken
    raw: Estimate
    within: Estimate | None
    p_adjusted: float
    n: int
    customers: int

    @property
    def is_told(self) -> bool:
        """Whether something is left among like customers, all themes allowed for."""
        clear = self.within is not None and (self.within.low > 0 or self.within.high < 0)
        return clear and self.p_adjusted < ALARM


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one item beside comments, and what leaving each theme out makes of it.

    ``groups`` are held equal; ``n`` answers have a comment beside them, of ``customers`` people.
    """

    item: Item
    measure: Measure
    level: Estimate
    groups: tuple[str, ...]
    themes: Mapping[str, Apart]
    n: int
    customers: int


def scored(
    view: Reader, metric: str | None, said: Heard, keep: Mask, themes: Sequence[Spoken]
) -> Scored | None:
    """The item asked for, or the main one of those with comments; None without enough answers.

    Raises
    ------
    UsageError
        The metric was not imported.
    """
    imported = items(view)
    if not imported:
        return None
    for item in _in_order(imported, metric):
        found = _scored(view, item, said, keep, themes)
        if found is not None:
            return found
    return None


def _in_order(imported: tuple[Item, ...], metric: str | None) -> tuple[Item, ...]:
    first = chosen(imported, metric)
    if metric is not None:
        return (first,)
    return (first, *(item for item in imported if item is not first))


def _scored(
    view: Reader, item: Item, said: Heard, keep: Mask, themes: Sequence[Spoken]
) -> Scored | None:
    measure = measure_of(definition(item.variant), high_is_good=item.high_is_good)
    usable = keep & (said.rows["knows"] == 0).to_numpy(np.bool_)
    last = said.rows["answered_on"].max()
    if pd.isna(last):
        return None
    answers = item_answers(view, item, last.date())
    answers = answers[~answers["after_goodbye"].to_numpy(np.bool_)].drop_duplicates("row_key")
    place = pd.Index(answers["row_key"]).get_indexer(said.rows["row_key"])
    usable &= place >= 0
    spoken = np.zeros((len(answers), 1 + len(themes)), dtype=np.bool_)
    says = np.column_stack([np.ones(int(usable.sum()), bool), *(t.says[usable] for t in themes)])
    np.logical_or.at(spoken, place[usable], says)
    own = answers[spoken[:, 0]].reset_index(drop=True)
    if len(own) < _FEWEST:
        return None
    spoken = spoken[spoken[:, 0], 1:]
    values = measure.contributions(own["value"].to_numpy(np.float64)) * measure.factor
    who = own["customer_id"].where(own["customer_id"].notna(), "answer " + own["row_key"])
    customer = np.asarray(pd.factorize(who)[0])
    groups, codes = _groups(own)
    found = {
        theme.id: left_out(values, spoken[:, k], codes, customer, level=LEVEL)
        for k, theme in enumerate(themes)
        if theme.is_steady
    }
    return Scored(
        item=item,
        measure=measure,
        level=mean_score(values, level=LEVEL),
        groups=groups,
        themes=_apart(found, themes, spoken, customer),
        n=len(own),
        customers=int(np.unique(customer).size),
    )


def _groups(own: pd.DataFrame) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The finest groups that most answers can be compared in, and the group of each answer."""
    for columns in (GROUPS, GROUPS[:2], GROUPS[:1]):
        named = [column for column in columns if len(set(text_of(own[column]))) > 1]
        if not named:
            continue
        text = pd.MultiIndex.from_arrays([text_of(own[column]) for column in named])
        codes = np.asarray(pd.factorize(text)[0], dtype=np.int64)
        sizes = np.bincount(codes)[codes]
        if (sizes >= _IN_A_GROUP).mean() >= _COVERED:
            return tuple(named), codes
    return (), np.zeros(len(own), dtype=np.int64)


def _apart(
    found: Mapping[str, LeftOut | None],
    themes: Sequence[Spoken],
    spoken: Mask,
    customer: NDArray[np.int64],
) -> dict[str, Apart]:
    told = {theme: one for theme, one in found.items() if one is not None}
    if not told:
        return {}
    p_values = adjusted_p_values([one.p_value for one in told.values()])
    by_id = {theme.id: (k, theme) for k, theme in enumerate(themes)}
    return {
        name: Apart(
            theme=by_id[name][1],
            raw=one.raw,
            within=one.within,
            p_adjusted=float(p),
            n=int(spoken[:, by_id[name][0]].sum()),
            customers=int(np.unique(customer[spoken[:, by_id[name][0]]]).size),
        )
        for (name, one), p in zip(told.items(), p_values, strict=True)
    }
