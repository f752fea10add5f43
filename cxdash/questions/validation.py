"""One record of how right models were about windows they had not seen.

Stand at the end of every window but the first, fit on the windows before, predict the next one, and
put all predictions together (rolling origin). Nothing that is judged was seen. Models that are
compared predict the same windows, so their differences are paired. Worth, churn and trial keep this
one record; a random split, which would let tomorrow explain yesterday, is never used for it.

Source: L. J. Tashman, International Journal of Forecasting 16 (2000), for rolling origins.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import Row
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.chance import left_of
from cxdash.stats.calibration import Calibration, calibration, log_losses
from cxdash.stats.discrimination import auc, auc_difference
from cxdash.stats.estimate import Difference, Estimate
from cxdash.stats.foreseen import surprise_saved

__all__ = [
    "COIN",
    "NO_RANKING",
    "Forecast",
    "Gain",
    "ModelCheck",
    "Predict",
    "check",
    "forecast",
    "gain",
    "no_ranking",
    "table",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: (earlier windows, later windows) as masks over the closed windows -> chance of each later window,
#: shape (later windows,); None when the earlier ones are too few to learn from.
Predict = Callable[[Mask, Mask], Matrix | None]

COIN: Final = 0.5  # how often chance alone puts the leaver of a pair first
NO_RANKING: Final = (
    "On later windows this model did not rank those who left before those who stayed"
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Predictions for windows nobody had seen.

    Parameters
    ----------
    place
        Shape (predicted,): which of the closed windows each prediction is for.
    left
        Shape (predicted,): whether the customer then left.
    chances
        Model name to predicted chance of leaving, shape (predicted,) each.
    customers
        Shape (predicted,): a number for each customer, to keep windows of one together.
    cutoff
        Last day of the newest window that any of the models had learned from.
    trained
        Closed windows the last fit had learned from.
    """

    place: NDArray[np.int64]
    left: Mask
    chances: Mapping[str, Matrix]
    customers: NDArray[np.int64]
    cutoff: date
    trained: int

    @property
    def events(self) -> int:
        return int(self.left.sum())


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """How right one model was.

    ``auc`` is None when it ranks nobody (all chances equal). ``cutoff`` is the ISO day up to which
    the last fit had learned, or in words why there is none.
    """

    model: str
    auc: Estimate | None
    calibration: Calibration
    trained: int
    cutoff: str

    @property
    def ranks(self) -> bool:
        """Whether leavers had larger chances than stayers, beyond noise."""
        return bool(self.auc and self.auc.low > COIN)

    @property
    def n(self) -> int:
        return self.calibration.n

    @property
    def events(self) -> int:
        return self.calibration.events


@dataclass(frozen=True, slots=True)
class Gain:
    """What one model foresaw beyond another, on the same unseen windows.

    ``auc`` is the difference of the areas. ``skill`` is the surprise (log loss) that the larger
    model took away, as a share of the surprise under "everybody has the average chance", with the
    interval by customer; positive is better.
    """

    auc: Difference
    skill: Estimate


def forecast(
    closed: pd.DataFrame, months: Sequence[int], models: Mapping[str, Predict]
) -> Forecast | None:
    """Predict every window but the first from the windows before it.

    Parameters
    ----------
    closed
        Windows that are over, with customer_id, landmark and left_within.
    months
        Their landmarks, oldest first.
    models
        Name to how a model predicts. A window that one of them cannot predict is left out for all.

    Returns
    -------
    None when no window could be predicted, or those that could hold no leaver or no stayer: then
    out of time nothing can be said.
    """
    landmark = closed["landmark"].to_numpy(np.int64)
    found: list[tuple[NDArray[np.int64], dict[str, Matrix]]] = []
    trained, newest = 0, 0
    for month in months[1:]:
        earlier, later = landmark < month, landmark == month
        if not later.any():
            continue
        said = {name: predict(earlier, later) for name, predict in models.items()}
        known = {name: chance for name, chance in said.items() if chance is not None}
        if len(known) < len(models):
            continue
        found.append((np.flatnonzero(later).astype(np.int64), known))
        trained, newest = int(earlier.sum()), month
    if not found:
        return None
    place = np.concatenate([rows for rows, _ in found])
    left = left_of(closed)[place]
    if left.all() or not left.any():
        return None
    return Forecast(
        place=place,
        left=left,
        chances={name: np.concatenate([said[name] for _, said in found]) for name in models},
        customers=pd.factorize(closed["customer_id"])[0][place].astype(np.int64),
        cutoff=month_end(newest),
        trained=trained,
    )


def check(seen: Forecast, *, level: float) -> tuple[ModelCheck, ...]:
    """How right each model was, in the order they were given; intervals are by customer."""
    return tuple(
        ModelCheck(
            model=name,
            auc=auc(seen.left, chance, clusters=seen.customers, level=level)
            if np.ptp(chance) > 0
            else None,
            calibration=calibration(seen.left, chance, clusters=seen.customers, level=level),
            trained=seen.trained,
            cutoff=seen.cutoff.isoformat(),
        )
        for name, chance in seen.chances.items()
    )


def gain(seen: Forecast, larger: str, smaller: str, *, level: float) -> Gain:
    """What model ``larger`` foresaw beyond ``smaller``."""
    more, less = seen.chances[larger], seen.chances[smaller]
    average = np.full(seen.left.size, float(seen.left.mean()))
    return Gain(
        auc=auc_difference(seen.left, more, less, clusters=seen.customers, level=level),
        skill=surprise_saved(
            log_losses(seen.left, more),
            log_losses(seen.left, less),
            log_losses(seen.left, average),
            seen.customers,
            level=level,
        ),
    )


def table(checks: Sequence[ModelCheck]) -> list[Row]:
    """The record as rows of the table ``validation`` of docs/contract.md.

    A model that gives everybody the same chance ranks nobody, and a chance of exactly zero has no
    log odds to move: no range, slope or intercept is told of it.
    """
    return [
        {
            "model": entry.model,
            "auc": entry.auc.estimate if entry.auc else 0.5,
            "auc_low": entry.auc.low if entry.auc else None,
            "auc_high": entry.auc.high if entry.auc else None,
            "brier": entry.calibration.brier.estimate,
            "calibration_slope": entry.calibration.slope,
            "calibration_intercept": entry.calibration.intercept if entry.auc else None,
            "n_train": entry.trained,
            "n_test": entry.n,
            "events_test": entry.events,
            "cutoff": entry.cutoff,
        }
        for entry in checks
    ]


def no_ranking(told: ModelCheck) -> str:
    """That chances were no better than a coin at telling who leaves first, and how close it was."""
    how = "it gave everybody the same chance"
    if told.auc:
        reach = fmt.spread(told.auc.low, told.auc.high, "share")
        how = f"in {reach} of pairs the one who left had the larger chance; a coin gives 50%"
    return f"{NO_RANKING}: {how}."
