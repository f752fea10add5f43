"""One score, three times: as those who answered gave it, weighted to all customers, and wherever it
can lie at all.

Weighting uses what is known of every customer. It repairs a difference in that, and nothing else:
if the opinion itself decides who answers, the weighted score is as wrong as the other, and nothing
in the answers shows it. The bounds assume nothing and hold either way.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Hearing
from cxdash.questions.design import Controls, text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.listening.standing import SPEND, TENURE, with_bands
from cxdash.questions.setting import Setting
from cxdash.stats.bounds import Bounds, Tipping, mean_bounds, tipping_point
from cxdash.stats.estimate import Difference, Estimate
from cxdash.stats.extremity import at_the_ends, strong_feelings
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.proportions import share
from cxdash.stats.response import ResponseModel, representativeness, response_model
from cxdash.stats.scores import mean_score, nps_of_counts
from cxdash.stats.weighted import adjusted_mean
from cxdash.stats.weighting import (
    SMALLEST_CHANCE,
    Margin,
    NotRakedError,
    Weights,
    inverse_propensity,
    raked,
)

__all__ = [
    "FEWEST_ANSWERS",
    "Adjusted",
    "Habits",
    "Heard",
    "Scale",
    "scale_of",
    "score",
]

Vector = NDArray[np.float64]

FEWEST_ANSWERS: Final = 30  # weights of fewer answers are mostly noise
FEWEST_SILENT: Final = 10
FEWEST_A_VALUE: Final = 10  # answers a value of a column needs to be a margin of its own
FEWEST_HABITS: Final = 30
_GROUPS: Final = ("segment", "plan", "region", TENURE, SPEND)
_NOBODY: Final = "No customer of that day answered this in the last twelve months"


@dataclass(frozen=True, slots=True)
class Scale:
    """How single answers add up to the score.

    Parameters
    ----------
    unit
        ``points`` (good minus bad answers), ``share`` (of good answers) or ``score`` (average).
    lowest, highest
        Ends of the score.
    step
        How far one answer can lie from the next, in the score's unit.
    line
        What a verdict turns on: 0 points, half of the customers, the middle of the scale.
    """

    unit: str
    lowest: float
    highest: float
    step: float
    line: float

    def of(self, band: NDArray[np.object_], value: Vector, best: str, worst: str) -> Vector:
        """Each answer's contribution; the score is their mean."""
        if self.unit == "score":
            return value
        good, bad = (band == best).astype(np.float64), (band == worst).astype(np.float64)
        return np.asarray(self.highest * (good - bad)) if self.unit == "points" else good


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The score weighted to all customers.

    Parameters
    ----------
    weighted
        By one over the chance of answering.
    raked
        By raking to the counts of customers; None if the margins could not be met.
    weights
        One for each customer who answered.
    likeness
        R-indicator: 1 if all were equally likely to answer.
    known
        What the model of answering knows, in plain words.
    margins
        Columns that were raked to.
    """

    weighted: Estimate
    raked: float | None
    weights: Weights
    likeness: Estimate
    known: tuple[str, ...]
    margins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """Strong feelings: shares of answers at the ends of the scale, by how often a customer answers.

    ``by_asking`` says whether habits were told from invitations (answered fewer than half of two or
    more) or from answers alone (once in two years).
    """

    difference: Difference
    occasional: Estimate
    regular: Estimate
    by_asking: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of one score.

    Parameters
    ----------
    observed
        Score of those who answered; None without an answer in the last twelve months. Where it is
        known who is a customer, its range speaks of these customers as a fixed list, as that of the
        weighted score does: it narrows with the share that answered, to nothing when all did.
    answered, customers
        Today's customers who answered the item, and all of today's customers. Both 0 when nothing
        says who is a customer; the observed score then rests on all answers.
    adjusted
        None when it cannot be worked out; ``why_not`` says why.
    bounds, tipping
        None without customers.
    """

    scale: Scale
    observed: Estimate | None
    answered: int
    customers: int
    adjusted: Adjusted | None
    why_not: str
    bounds: Bounds | None
    tipping: Tipping | None
    habits: Habits | None


def scale_of(setting: Setting) -> Scale:
    """The scale of the setting's item."""
    low, high = setting.variant.scale_low or 0.0, setting.variant.scale_high or 0.0
    if setting.variant.unit == "points":
        return Scale("points", -100.0, 100.0, 100.0, 0.0)
    if setting.variant.unit == "share":
        return Scale("share", 0.0, 1.0, 1.0, 0.5)
    return Scale("score", low, high, 1.0, (low + high) / 2)


def score(setting: Setting, heard: Hearing, before: pd.DataFrame, *, of_customers: bool) -> Heard:
    """The score of the setting's item, as far as the data carries it.

    ``before`` is what was known of customers twelve months ago, before anybody was asked: columns
    customer_id, rate, rate_earlier, idle_days, contacts_before, unresolved_before.

    Without ``of_customers`` the answers cannot be tied to customers: then the plain score of all
    answers of the last twelve months is all there is.
    """
    scale = scale_of(setting)
    base = with_bands(setting.marks.base)
    here = base["band"].notna().to_numpy()
    said = _said(base[here]) if of_customers else _said(heard.said)
    worst, best = setting.bands[0].name, setting.bands[-1].name
    each = scale.of(said[0], said[1], best, worst)
    observed = _observed(scale, each)
    if not of_customers or observed is None:
        customers = len(base) if of_customers else 0
        return Heard(scale, observed, 0, customers, None, _NOBODY, None, None, None)
    answered, customers = int(here.sum()), len(base)
    reach = {"lowest": scale.lowest, "highest": scale.highest}
    adjusted, why = _adjusted(scale, base, before, here, each)
    mean = float(each.mean())
    return Heard(
        scale=scale,
        observed=_of_fixed_list(observed, answered, customers),
        answered=answered,
        customers=customers,
        adjusted=adjusted,
        why_not=why,
        bounds=mean_bounds(mean, answered, customers, **reach),
        tipping=tipping_point(mean, answered, customers, line=scale.line, **reach),
        habits=_habits(setting, heard, base[here]),
    )


def _said(rows: pd.DataFrame) -> tuple[NDArray[np.object_], Vector]:
    value = "score" if "score" in rows else "value"
    return rows["band"].to_numpy(object), rows[value].to_numpy(np.float64)


def _observed(scale: Scale, each: Vector) -> Estimate | None:
    """The plain score with the interval of its kind."""
    if not each.size:
        return None
    if scale.unit == "points":
        good, bad = int((each > 0).sum()), int((each < 0).sum())
        net = nps_of_counts(good, each.size - good - bad, bad, level=LEVEL)
        return Estimate(estimate=net.estimate, low=net.low, high=net.high, n=net.n, level=net.level)
    if scale.unit == "share":
        return share(int(each.sum()), each.size, level=LEVEL)
    if each.size < 2:
        return None
    return _within(mean_score(each, level=LEVEL), scale)


def _within(found: Estimate, scale: Scale) -> Estimate:
    """The estimate with its ends on the scale."""
    return Estimate(
        estimate=found.estimate,
        low=max(found.low, scale.lowest),
        high=min(found.high, scale.highest),
        n=found.n,
        level=found.level,
    )


def _of_fixed_list(found: Estimate, answered: int, customers: int) -> Estimate:
    """The range of a mean of ``answered`` out of ``customers``: the finite population correction.

    Source: W. G. Cochran, Sampling Techniques (1977), 2.6.
    """
    share_unheard = math.sqrt(1 - answered / customers)
    return replace(
        found,
        low=found.estimate - share_unheard * (found.estimate - found.low),
        high=found.estimate + share_unheard * (found.high - found.estimate),
    )


def _before_asking(base: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The customers with what was known of them before the year in which they could answer.

    Contacts, a price or a purchase that came later may follow from the answer or prompt it. Who
    joined since has no contacts, no change of price, and pays what he or she pays today.
    """
    then = before.set_index("customer_id").reindex(base["customer_id"])
    was = then["rate"].notna().to_numpy()
    today = base["rate"].to_numpy(np.float64)
    return base.assign(
        rate=np.where(was, then["rate"].to_numpy(np.float64), today),
        rate_earlier=then["rate_earlier"].to_numpy(np.float64),
        **{
            name: then[name].fillna(0).to_numpy(np.float64)
            for name in ("idle_days", "contacts_before", "unresolved_before")
        },
    )


def _adjusted(
    scale: Scale,
    base: pd.DataFrame,
    before: pd.DataFrame,
    here: NDArray[np.bool_],
    each: Vector,
) -> tuple[Adjusted | None, str]:
    """The weighted score, or why there is none."""
    answered, silent = int(here.sum()), int((~here).sum())
    if answered < FEWEST_ANSWERS:
        return None, f"{answered} customers answered; weights need {FEWEST_ANSWERS}"
    if silent < FEWEST_SILENT:
        return None, "Nearly all customers answered: there is nothing to weight"
    known = _before_asking(base, before)
    controls = Controls.learned(known, groups=_GROUPS, without=("window",))
    predictors = controls.matrix(known)
    if not predictors.shape[1]:
        return None, "Nothing is known that differs between customers"
    try:
        model = response_model(predictors, here)
    except NoConvergenceError:
        return None, "The model of who answers did not settle on what is known of customers"
    if answered <= predictors.shape[1] + 1:
        return None, f"{answered} answers are too few for all that is known of customers"
    found = _within(adjusted_mean(each, model, level=LEVEL, step=scale.step), scale)
    margins, by_raking = _raked(base, here, each)
    return (
        Adjusted(
            weighted=found,
            raked=by_raking,
            weights=_weights(model),
            likeness=representativeness(model, level=LEVEL),
            known=tuple(dict.fromkeys(controls.held_equal)),
            margins=margins,
        ),
        "",
    )


def _weights(model: ResponseModel) -> Weights:
    return inverse_propensity(model.chance[model.answered], smallest=SMALLEST_CHANCE)


def _raked(
    base: pd.DataFrame, here: NDArray[np.bool_], each: Vector
) -> tuple[tuple[str, ...], float | None]:
    """Columns raked to, and the score under those weights; None if the margins contradict."""
    margins = []
    for column in _GROUPS:
        values = _pooled(text_of(base[column]).to_numpy(object).astype(str), here)
        names, customers = np.unique(values, return_counts=True)
        if len(names) > 1:
            population: dict[Hashable, float] = dict(
                zip(names.tolist(), customers.tolist(), strict=True)
            )
            margins.append(Margin(column, values[here].tolist(), population))
    if not margins:
        return (), None
    try:
        weights = raked(margins, tolerance=1e-6).weights
    except NotRakedError:
        return tuple(margin.name for margin in margins), None
    return tuple(margin.name for margin in margins), float(weights @ each / weights.sum())


def _pooled(values: NDArray[np.str_], here: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Values too few answered from are put together; with what is nearest in size if still few."""
    names, answers = np.unique(values[here], return_counts=True)
    kept = names[answers >= FEWEST_A_VALUE]
    if not kept.size:
        return np.full(values.size, "all")
    rest = ~np.isin(values, kept)
    if not rest.any():
        return values
    fewest = kept[np.argmin(answers[answers >= FEWEST_A_VALUE])]
    enough = np.count_nonzero(rest & here) >= FEWEST_A_VALUE
    return np.where(rest, "\0rest" if enough else fewest, values)


def _habits(setting: Setting, heard: Hearing, answered: pd.DataFrame) -> Habits | None:
    """Strong feelings among today's customers who answered; None with too few of either habit."""
    rows = answered.merge(heard.habits, on="customer_id", how="inner")
    low, high = setting.variant.scale_low, setting.variant.scale_high
    if low is None or high is None or (setting.variant.unit == "share" and high - low < 2):
        return None
    asked = rows["asked_item"] if (rows["asked_item"] > 0).any() else rows["asked"]
    by_asking = bool((asked >= 2).sum() >= 2 * FEWEST_HABITS)
    if by_asking:
        rows = rows[asked >= 2]
        regular = (rows["answers"] * 2 >= asked[asked >= 2]).to_numpy()
    else:
        rows = rows[rows["tenure_months"] >= 24]
        regular = (rows["answers"] >= 2).to_numpy()
    value = rows["score"].to_numpy(np.float64)
    if min(regular.sum(), (~regular).sum()) < FEWEST_HABITS:
        return None
    ends = {"lowest": low, "highest": high}
    difference = strong_feelings(value[~regular], value[regular], level=LEVEL, **ends)
    return Habits(
        difference,
        _ends(value[~regular], low, high),
        _ends(value[regular], low, high),
        by_asking,
    )


def _ends(values: Vector, low: float, high: float) -> Estimate:
    ends = at_the_ends(values, lowest=low, highest=high)
    return share(int(ends.sum()), ends.size, level=LEVEL)
