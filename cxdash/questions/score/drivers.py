"""What goes before low scores: late deliveries, unsolved contacts, prices.

Every answer is set beside what had happened to that customer by then, so nothing that came after an
answer can seem to go before it. The effect of a step (deliver on time) is the mean change of the
chance of a low score over the answers that came without it, had only that been otherwise. Answers
of one customer count as one cluster. A driver is confirmed when the last third of the answers,
taken alone, shows it again.
"""

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.panel import circumstances, ground, items, month_end, stamp
from cxdash.questions.basis import customers_of
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.churn.effects import effects, ranks, raw_effect
from cxdash.questions.judgement import LEVEL
from cxdash.questions.score.found import ScoreDriver, ScoreDrivers
from cxdash.questions.score.steps import Given, ScoreStep, given
from cxdash.questions.setting import chosen, month_of
from cxdash.stats.clustered import by_cluster
from cxdash.stats.discrimination import auc
from cxdash.stats.estimate import Estimate
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic
from cxdash.stats.proportions import adjusted_p_values
from cxdash.store import Reader

__all__ = ["ScoreDriver", "ScoreDrivers", "score_drivers"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

LATER: Final = 1 / 3  # share of the answers, the newest ones, kept for confirming
MOST_ANSWERS: Final = 100_000  # beyond that customers are drawn by lot
_SEED: Final = 51_361


def score_drivers(view: Reader, scope: Scope) -> ScoreDrivers | None:
    """What goes before low scores of the scope's metric, else of the main one.

    Returns
    -------
    None when no survey answer is loaded.

    Raises
    ------
    UsageError
        The metric was not imported, or the day lies before the data.
    """
    built, imported = stamp(view), items(view)
    if built is None or built.last_month is None or not imported:
        return None
    item = chosen(imported, scope.metric)
    as_of = month_end(month_of(built, scope.as_of))
    answers = circumstances(view, built, item, as_of)
    for column, value in scope.where:
        answers = answers[answers[column].fillna("").astype(str) == value]
    answers, sampled = _thinned(answers.reset_index(drop=True))
    variant = definition(item.variant)
    bands = variant.bands if variant.high_is_good else variant.bands[::-1]
    low = (answers["band"] == bands[0].name).to_numpy()
    empty = ScoreDrivers(
        item=item,
        band=bands[0],
        population=customers_of(
            "all customers who answered", "customers who answered, with", scope
        ),
        period=_period(answers, as_of),
        found=(),
        held_equal=(),
        n=len(answers),
        low=int(low.sum()),
        customers=int(answers["customer_id"].nunique()),
        foresight=None,
        sources=ground(view, built).sources,
        sampled=sampled,
    )
    if min(low.sum(), (~low).sum()) < MIN_EVENTS:
        kind = "low" if low.sum() < MIN_EVENTS else "other"
        return replace(
            empty,
            reason=f"only {fmt.count(int(min(low.sum(), (~low).sum())))} of "
            f"{fmt.count(len(answers))} answers with a known customer are {kind} scores; "
            f"{MIN_EVENTS} of each kind are needed",
        )
    known = given(answers)
    if not known.steps:
        return replace(
            empty,
            reason="nothing that happened before the answers is known of enough customers: no "
            "promised and actual deliveries, no contacts, no prices",
        )
    return _estimated(empty, answers, low, known)


def _estimated(empty: ScoreDrivers, answers: pd.DataFrame, low: Mask, known: Given) -> ScoreDrivers:
    who = pd.factorize(answers["customer_id"])[0].astype(np.int64)
    matrix = known.matrix
    everything = np.ones(len(low), bool)

    def learn(
        columns: Matrix, rows: Mask, prior_sd: float | Matrix = PRIOR_SD
    ) -> LogisticFit | None:
        if min(low[rows].sum(), (~low[rows]).sum()) < MIN_EVENTS or np.unique(who[rows]).size < 2:
            return None
        fit = fit_logistic(columns, low[rows], prior_sd=prior_sd)
        return by_cluster(fit, columns, low[rows], who[rows])

    fit = learn(matrix, everything, known.prior_sd)
    if fit is None:
        return replace(empty, reason="all answers are those of one customer")
    steps = [about.step for about in known.steps]
    found, covariance = effects(fit, matrix, steps, level=LEVEL)
    parts = np.array([step.rows.mean() for step in steps])
    whole = [
        replace(one, estimate=one.estimate * part) for one, part in zip(found, parts, strict=True)
    ]
    standing = ranks(
        whole,
        covariance * np.outer(parts, parts),
        level=LEVEL,
        rng=np.random.default_rng(_SEED),
    )
    corrected = adjusted_p_values([effect.p_value for effect in found])
    later = _later(answers)
    earlier_fit = learn(matrix[~later], ~later, known.prior_sd)
    later_fit = learn(matrix[later], later, known.prior_sd)
    made = [
        ScoreDriver(
            about=about,
            effect=effect,
            whole=float(share.estimate),
            raw=raw_effect(learn, matrix, about.step, level=LEVEL),
            p_adjusted=float(p_value),
            ranks=rank,
            confirmed=_confirmed(earlier_fit, later_fit, matrix, about, later),
            n=int(about.step.rows.sum()),
        )
        for about, effect, share, p_value, rank in zip(
            known.steps, found, whole, corrected, standing, strict=True
        )
    ]
    return replace(
        empty,
        found=tuple(sorted(made, key=lambda driver: driver.ranks.rank)),
        held_equal=known.held_equal,
        foresight=_foresight(earlier_fit, matrix, low, later, who),
    )


def _later(answers: pd.DataFrame) -> Mask:
    """The last third of the answers, whole days together."""
    days = answers["answered_on"]
    border = days.quantile(1 - LATER, interpolation="lower")
    return np.asarray((days > border).to_numpy())


def _confirmed(
    earlier: LogisticFit | None,
    later_fit: LogisticFit | None,
    matrix: Matrix,
    about: ScoreStep,
    later: Mask,
) -> bool:
    step = about.step
    rows = step.rows & later
    if earlier is None or later_fit is None or not rows.any():
        return False
    on_later = replace(step, rows=rows, moved=step.moved[later[step.rows]])
    before = effects(earlier, matrix, [on_later], level=LEVEL)[0][0]
    after = effects(later_fit, matrix, [on_later], level=LEVEL)[0][0]
    return after.beyond_noise and before.estimate * after.estimate > 0


def _foresight(
    earlier: LogisticFit | None,
    matrix: Matrix,
    low: Mask,
    later: Mask,
    who: NDArray[np.int64],
) -> Estimate | None:
    if earlier is None or not low[later].any() or low[later].all():
        return None
    chance = earlier.probabilities(matrix[later])
    return auc(low[later], chance, clusters=who[later], level=LEVEL)


def _thinned(answers: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """All answers of some customers, the same ones every time, when there are very many."""
    if len(answers) <= MOST_ANSWERS:
        return answers, False
    ids = answers["customer_id"].astype(str).to_numpy(dtype=object)
    place = pd.util.hash_array(ids) / np.float64(2**64)
    kept = answers[place < MOST_ANSWERS / len(answers)]
    return kept.reset_index(drop=True), True


def _period(answers: pd.DataFrame, as_of: date) -> str:
    if answers.empty:
        return f"until {as_of.isoformat()}"
    days = answers["answered_on"]
    return f"{days.min().date().isoformat()} to {days.max().date().isoformat()}"
