"""What customers who were met at a stage pay, and what of it is expected to leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cxdash.questions.chance import fit_chance, learnable
from cxdash.questions.churn.stage import ChurnStage
from cxdash.questions.design import Controls
from cxdash.questions.judgement import LEVEL
from cxdash.stats.stake import Stake, revenue_at_stake

__all__ = ["AtStake", "at_stake"]

_SEED: Final = 55_021


@dataclass(frozen=True, slots=True)
class AtStake:
    """Of one stage: today's customers met there within a year, what they would pay over the
    horizon, and what of it is expected to leave (None where no model can be had).
    """

    customers: int
    revenue: float | None
    stake: Stake | None


@dataclass(frozen=True, slots=True)
class Held:
    """What the chances of leaving rest on."""

    stages: tuple[AtStake, ...]
    held_equal: tuple[str, ...]
    windows: int


def at_stake(stage: ChurnStage, met: Sequence["pd.Series[str]"]) -> Held:
    """For each stage, given the customers met there within the last twelve months."""
    seen = stage.seen
    base = seen.part(seen.is_base)
    inside = [base.rows["customer_id"].isin(customers).to_numpy(np.bool_) for customers in met]
    money = stage.conditions.money_allowed
    revenue = np.nan_to_num(base.rows["rate"].to_numpy(np.float64)) * stage.horizon
    stakes: dict[int, Stake] = {}
    closed = seen.part(seen.is_closed)
    held: tuple[str, ...] = ()
    groups = {number: flags for number, flags in enumerate(inside) if flags.any()}
    if money and groups and len(closed.rows) and learnable(closed.rows):
        controls = Controls.learned(closed.rows, stage.cleared.leaks)
        matrix = controls.matrix(closed.rows)
        fit = fit_chance(
            matrix,
            closed.rows,
            controls.prior_sd(matrix, stage.horizon),
            horizon=stage.horizon,
            contractual=stage.panel.contractual,
        )
        if fit is not None:
            held = controls.held_equal
            stakes = revenue_at_stake(
                fit,
                controls.matrix(base.rows),
                revenue,
                groups,
                rng=np.random.default_rng(_SEED),
                level=LEVEL,
            )
    return Held(
        stages=tuple(
            AtStake(
                customers=int(flags.sum()),
                revenue=float(revenue[flags].sum()) if money else None,
                stake=stakes.get(number),
            )
            for number, flags in enumerate(inside)
        ),
        held_equal=held,
        windows=len(closed.rows),
    )
