"""What may go before a low score, as columns of a model and as steps that could be made.

A step is a thing a company could have done before the answer came: deliver by the promised day,
solve a question the first time. Its columns stand beside what is held equal: the same controls as
in every model of leaving, the worth of the order, and when it was. Lateness has three columns
(whether, for how long, and whether the order had still not come), so that a day and a month are not
taken for the same; the step sets all of them to "on time". Beside it stands the time that was
promised, not the time that was waited: that would hold equal what being late means.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.questions.churn.effects import Step
from cxdash.questions.design import Controls, Kind
from cxdash.stats.logistic import PRIOR_SD

__all__ = ["Given", "ScoreStep", "given"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST: Final = 20  # answers with the thing, and without it
_SMALLEST_RISE: Final = 0.02  # of the price, in logs: below that it is rounding


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """A step with the customers it is about, in words: ``whom`` before, ``otherwise`` after it."""

    step: Step
    whom: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was known before each answer.

    ``matrix`` has shape (answers, k). ``held_equal`` says in plain words what the columns stand
    for; a step's own columns are among them and are held equal for the others.
    """

    matrix: Matrix
    prior_sd: Matrix
    steps: tuple[ScoreStep, ...]
    held_equal: tuple[str, ...]


def given(answers: pd.DataFrame) -> Given:
    """The columns and the steps that the data can tell of.

    ``answers`` are rows of :func:`cxdash.panel.circumstances`.
    """
    rows = answers.assign(
        landmark=answers["month"],
        tenure_months=_filled(answers["tenure_months"]),
        rate=_filled(answers["rate"]),
        rate_earlier=answers["rate_earlier"].astype(float),
        idle_days=0,
    )
    controls = Controls.learned(rows)
    base = controls.matrix(rows)
    names = [predictor.name for predictor in controls.predictors]
    own = _own(answers)
    kept = {name: values for name, values in own.items() if np.ptp(values) > 0}
    matrix = np.column_stack([base, *kept.values()])
    place = {name: number for number, name in enumerate([*names, *kept])}
    prior_sd = np.concatenate([controls.prior_sd(base, 1), np.full(len(kept), PRIOR_SD)])
    return Given(
        matrix=matrix,
        prior_sd=prior_sd,
        steps=tuple(_steps(answers, matrix, place)),
        held_equal=(*controls.held_equal, *(_WORDS[name] for name in kept if name in _WORDS)),
    )


#: Own columns as they are named among what is held equal.
_WORDS: Final = {
    "order_value": "value of the order",
    "late": "lateness of the order",
    "wait": "days until the promised delivery",
    "minutes": "minutes of a contact",
}


def _own(answers: pd.DataFrame) -> dict[str, Matrix]:
    """Columns beside the controls; each of shape (answers,)."""
    days = _filled(answers["days_late"])
    late = days > 0
    return {
        "was_customer": answers["rate"].notna().to_numpy(np.float64),
        "ordered": answers["ordered_on"].notna().to_numpy(np.float64),
        "order_value": np.log1p(_filled(answers["order_value"]).clip(min=0)),
        "late": late.astype(np.float64),
        "days_late": np.log1p(days),
        "overdue": (late & answers["delivered_on"].isna().to_numpy()).astype(np.float64),
        "wait": np.log1p(_filled(_wait(answers)).clip(min=0)),
        "minutes": np.log1p(_filled(answers["minutes"]).clip(min=0)),
    }


def _steps(answers: pd.DataFrame, matrix: Matrix, place: dict[str, int]) -> Iterator[ScoreStep]:
    """Every step with enough answers on both sides."""
    for made in (
        _late(answers, place),
        _usual(
            "wait",
            _wait(answers),
            place,
            label="Promised within the usual {}",
            unit="days",
            whom="customers whose order was promised later than usual",
        ),
        _none(
            "contacts",
            answers["contacts_before"],
            matrix,
            place,
            label="No contact in the three months before",
            words="no need to get in touch",
            whom="customers who had been in touch",
            otherwise="customers who had not",
        ),
        _none(
            "unresolved",
            answers["unresolved_before"],
            matrix,
            place,
            label="Solved the first time",
            words="solved the first time",
            whom="customers with a question not solved the first time",
            otherwise="customers with every question solved the first time",
        ),
        _usual(
            "minutes",
            answers["minutes"],
            place,
            label="A contact of the usual {}",
            unit="minutes",
            whom="customers whose contacts took beyond the usual",
        ),
        _price(answers, matrix, place),
    ):
        if made is None:
            continue
        about, known = int(made.step.rows.sum()), int(made.step.known.sum())
        if about >= FEWEST and known - about >= FEWEST:
            yield made


def _late(answers: pd.DataFrame, place: dict[str, int]) -> ScoreStep | None:
    columns = tuple(place[name] for name in ("late", "days_late", "overdue") if name in place)
    if "late" not in place:
        return None
    days = _filled(answers["days_late"])
    rows = days > 0
    return ScoreStep(
        step=Step(
            name="late_delivery",
            label="Delivered by the promised day",
            kind="operations",
            words="delivered by the promised day",
            short="delivery by the promised day",
            columns=columns,
            known=answers["promised_on"].notna().to_numpy(),
            rows=rows,
            moved=np.zeros((int(rows.sum()), len(columns))),
        ),
        whom="customers whose order was late",
        otherwise="customers whose order was on time",
    )


def _none(
    name: str,
    count: pd.Series,
    matrix: Matrix,
    place: dict[str, int],
    *,
    label: str,
    words: str,
    whom: str,
    otherwise: str,
) -> ScoreStep | None:
    """None of them rather than some."""
    if name not in place:
        return None
    rows = count.to_numpy(np.float64) > 0
    step = Step(
        name=name,
        label=label,
        kind="operations",
        words=words,
        short=words,
        columns=(place[name],),
        known=np.ones(len(matrix), bool),
        rows=rows,
        moved=np.zeros((int(rows.sum()), 1)),
    )
    return ScoreStep(step, whom, otherwise)


def _usual(
    name: str, values: pd.Series, place: dict[str, int], *, label: str, unit: str, whom: str
) -> ScoreStep | None:
    """The usual (the median) for those beyond it; ``label`` has a place for how much that is."""
    known = values.notna().to_numpy()
    if name not in place or not known.any():
        return None
    usual = float(values[known].astype(float).median())
    rows = known & (_filled(values) > usual)
    size = f"{fmt.count(round(usual))} {unit}"
    words = f"{size}, as is usual"
    step = Step(
        name=name,
        label=label.format(size),
        kind="operations",
        words=words,
        short=words,
        columns=(place[name],),
        known=known,
        rows=rows,
        moved=np.full((int(rows.sum()), 1), np.log1p(usual)),
    )
    return ScoreStep(step, whom, f"customers for whom it was the usual {size}")


def _price(answers: pd.DataFrame, matrix: Matrix, place: dict[str, int]) -> ScoreStep | None:
    if "price_change" not in place:
        return None
    column = place["price_change"]
    rows = matrix[:, column] > _SMALLEST_RISE
    kind: Kind = "finance"
    step = Step(
        name="price_change",
        label="Price or spend as three months before",
        kind=kind,
        words="paying as three months before",
        short="paying as three months before",
        columns=(column,),
        known=answers["rate_earlier"].notna().to_numpy(),
        rows=rows,
        moved=np.zeros((int(rows.sum()), 1)),
    )
    return ScoreStep(
        step,
        whom="customers who paid beyond what they had paid three months before",
        otherwise="customers who paid as before",
    )


def _wait(answers: pd.DataFrame) -> pd.Series:
    """Days from the order to the day it was promised for."""
    return (answers["promised_on"] - answers["ordered_on"]).dt.days


def _filled(column: pd.Series) -> Matrix:
    return np.asarray(column.astype(float).fillna(0.0).to_numpy(np.float64))
