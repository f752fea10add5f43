"""What would one treated unit have done, judged by a mixture of untreated ones?

Synthetic control: weights that are not negative and sum to one, so that the mixture followed the
treated unit before the start. Synthetic difference in differences also weights periods and lets
the levels differ. Whether a gap is large is judged by treating each untreated unit as if it had
been the treated one.

Sources: A. Abadie, A. Diamond and J. Hainmueller, JASA 105 (2010) and Journal of Statistical
Software 42 (2011); D. Arkhangelsky, S. Athey, D. Hirshberg, G. Imbens and S. Wager, American
Economic Review 111 (2021). The weights are found exactly, by non-negative least squares.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

__all__ = [
    "Synthetic",
    "SyntheticDid",
    "predictor_weights",
    "simplex_weights",
    "synthetic_control",
    "synthetic_did",
]

Vector = NDArray[np.float64]
# Size of the row that makes the weights sum to one, against the largest value; see simplex_weights.
_SUM_ROW: Final = 1e4
_TINY_RIDGE: Final = 1e-6
_TRIES: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """The treated unit against its synthetic twin.

    ``weights`` has shape (donors,); ``gap`` shape (periods,), treated minus twin; ``effect`` is the
    mean gap from the start on and ``fit`` the root mean squared gap before it, all in the unit of
    the outcome. ``p_value`` is the share of units, the treated one included, whose gap from the
    start on is as large in terms of its own fit.
    """

    weights: Vector
    gap: Vector
    effect: float
    fit: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticDid:
    """Effect on the treated units, with the weights of donors and of periods before the start.

    ``low`` and ``high`` come from placebos: untreated units treated in turn; None with too few.
    """

    effect: float
    low: float | None
    high: float | None
    unit_weights: Vector
    time_weights: Vector
    level: float


def simplex_weights(
    target: Vector, donors: Vector, *, ridge: float = 0.0, intercept: bool = False
) -> Vector:
    """Weights ≥ 0 with sum 1 that bring the mixture of donors nearest to the target.

    Minimises ‖target − donors·w − c‖² + ridge·‖w‖². ``target`` has shape (rows,), ``donors``
    (rows, donors). ``intercept`` lets c differ from zero. The sum is held by one heavy row: what it
    misses by is of order 1/1e8 and is then scaled away (C. Lawson and R. Hanson, Solving Least
    Squares Problems, 1974, chapter 22).
    """
    goal, parts = np.asarray(target, dtype=np.float64), np.asarray(donors, dtype=np.float64)
    if parts.ndim != 2 or goal.shape != (parts.shape[0],) or not parts.shape[1]:
        raise ValueError("target and donors need the same rows, and at least one donor")
    if not (np.isfinite(goal).all() and np.isfinite(parts).all()):
        raise ValueError("a value of the target or of a donor is missing")
    if intercept:
        goal, parts = goal - goal.mean(), parts - parts.mean(axis=0)
    heavy = _SUM_ROW * max(float(np.abs(parts).max()), float(np.sqrt(ridge)), 1e-12)
    count = parts.shape[1]
    rows, goals = [parts, np.full((1, count), heavy)], [goal, np.array([heavy])]
    if ridge > 0:
        rows.append(np.sqrt(ridge) * np.eye(count))
        goals.append(np.zeros(count))
    weights, _ = nnls(np.vstack(rows), np.concatenate(goals), maxiter=100 * count)
    return np.asarray(weights / weights.sum())


def synthetic_control(
    outcomes: Vector,
    treated: int,
    start: int,
    *,
    predictors: Vector | None = None,
    importance: Vector | None = None,
) -> Synthetic:
    """The twin of one treated unit and the gap to it.

    Parameters
    ----------
    outcomes
        Shape (units, periods), none missing.
    treated, start
        Row of the treated unit; column of the first treated period.
    predictors
        Shape (units, k): what the twin should match; None: the outcome in every period before.
    importance
        Shape (k,): weight of each predictor, for instance from :func:`predictor_weights`.
    """
    panel = _complete(outcomes, start)
    matched = panel[:, :start] if predictors is None else _standard(predictors)
    scale = np.ones(matched.shape[1]) if importance is None else np.sqrt(importance)
    if matched.shape[0] != panel.shape[0] or scale.shape != (matched.shape[1],):
        raise ValueError("predictors need a row for each unit and importance an entry for each")
    scaled = matched * scale
    weights = {unit: _twin(scaled, unit) for unit in range(len(panel))}
    gaps = {unit: _gap(panel, unit, own) for unit, own in weights.items()}
    strange = {unit: _strangeness(gap, start) for unit, gap in gaps.items()}
    own = gaps[treated]
    as_strange = sum(other >= strange[treated] for other in strange.values())
    return Synthetic(
        weights=weights[treated],
        gap=own,
        effect=float(own[start:].mean()),
        fit=float(np.sqrt((own[:start] ** 2).mean())),
        p_value=as_strange / len(panel),
    )


def predictor_weights(
    predictors: Vector, before: Vector, treated: int, *, rng: np.random.Generator
) -> Vector:
    """How much each predictor should count so that the twin's outcome fits best before the start.

    A search over the simplex from several beginnings; the fit has many flat stretches, so the
    result is a good one, not proven the best. ``predictors`` has shape (units, k), ``before``
    (units, periods before the start). Returns shape (k,), sum 1.
    """
    standard, count = _standard(predictors), predictors.shape[1]
    donors = np.arange(len(standard)) != treated

    def loss(importance: Vector) -> float:
        own = _twin(standard * np.sqrt(importance), treated)
        return float(((before[treated] - own @ before[donors]) ** 2).mean())

    best = np.full(count, 1 / count)
    lowest = loss(best)
    for tried in range(_TRIES):
        if tried < _TRIES // 2:
            # First anywhere, sparse ones included; then ever smaller steps around the best.
            candidate = rng.dirichlet(np.full(count, 0.3))
        else:
            step = 0.5 ** (8 * (tried - _TRIES // 2) / (_TRIES // 2))
            candidate = best * np.exp(step * 3 * rng.standard_normal(count)) + 1e-12
            candidate /= candidate.sum()
        reached = loss(candidate)
        if reached < lowest:
            best, lowest = candidate, reached
    return np.asarray(best)


def synthetic_did(
    outcomes: Vector, treated: NDArray[np.bool_], start: int, *, level: float = 0.90
) -> SyntheticDid:
    """Synthetic difference in differences for units treated from the same period on.

    ``outcomes`` has shape (units, periods), ``treated`` (units,). The ridge on unit weights and the
    intercepts are those of the paper; the time weights have a ridge next to none.
    """
    panel, chosen = _complete(outcomes, start), np.asarray(treated, dtype=bool)
    if chosen.shape != (len(panel),) or chosen.all() or not chosen.any():
        raise ValueError("needs treated and untreated units")
    donors, own = panel[~chosen], panel[chosen].mean(axis=0)
    effect, units, times = _sdid(donors, own, start, int(chosen.sum()))
    low, high = _placebos(donors, start, effect, level) if chosen.sum() == 1 else (None, None)
    return SyntheticDid(
        effect=effect, low=low, high=high, unit_weights=units, time_weights=times, level=level
    )


def _sdid(donors: Vector, own: Vector, start: int, treated: int) -> tuple[float, Vector, Vector]:
    after = donors.shape[1] - start
    noise = float(np.diff(donors[:, :start], axis=1).std(ddof=1))
    ridge = (treated * after) ** 0.5 * noise**2 * start
    units = simplex_weights(own[:start], donors[:, :start].T, ridge=ridge, intercept=True)
    times = simplex_weights(
        donors[:, start:].mean(axis=1),
        donors[:, :start],
        ridge=(_TINY_RIDGE * noise) ** 2 * len(donors),
        intercept=True,
    )
    moved = own[start:].mean() - own[:start] @ times
    others = units @ (donors[:, start:].mean(axis=1) - donors[:, :start] @ times)
    return float(moved - others), units, times


def _placebos(
    donors: Vector, start: int, effect: float, level: float
) -> tuple[float | None, float | None]:
    """Range from the spread of the effect on each untreated unit, the others being its donors."""
    if len(donors) < 10:
        return None, None
    effects = [
        _sdid(np.delete(donors, unit, axis=0), donors[unit], start, 1)[0]
        for unit in range(len(donors))
    ]
    low, high = np.quantile(effects, [(1 - level) / 2, (1 + level) / 2])
    return effect - float(high), effect - float(low)


def _twin(matched: Vector, unit: int) -> Vector:
    return simplex_weights(matched[unit], np.delete(matched, unit, axis=0).T)


def _gap(panel: Vector, unit: int, weights: Vector) -> Vector:
    return np.asarray(panel[unit] - weights @ np.delete(panel, unit, axis=0))


def _strangeness(gap: Vector, start: int) -> float:
    before, after = (gap[:start] ** 2).mean(), (gap[start:] ** 2).mean()
    return float(after / before) if before > 0 else float("inf")


def _standard(predictors: Vector) -> Vector:
    values = np.asarray(predictors, dtype=np.float64)
    spread = values.std(axis=0, ddof=1)
    return np.asarray(values / np.where(spread > 0, spread, 1.0))


def _complete(outcomes: Vector, start: int) -> Vector:
    panel = np.asarray(outcomes, dtype=np.float64)
    if panel.ndim != 2 or len(panel) < 3 or not np.isfinite(panel).all():
        raise ValueError("outcomes need the shape (units, periods), three units, none missing")
    if not 2 <= start < panel.shape[1]:
        raise ValueError(f"the start lies after two periods and inside them, got {start}")
    return panel
