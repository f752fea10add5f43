"""Two kinds of customers a claim compares: by what they answered, or by what is known of them.

Each customer-window gets a place from 0 (the end that is expected to fare badly) to the number of
places minus one, and a figure of which more is better, for a straight line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.facts.words import named
from cxdash.questions.setting import Setting

__all__ = ["SAME_PRICE", "Exposure", "answered", "known", "moved"]

Matrix = NDArray[np.float64]

SAME_PRICE: Final = 0.01  # a change of spend of up to 1 % is none


@dataclass(frozen=True, slots=True)
class Exposure:
    """What customers are told apart by.

    Parameters
    ----------
    place, places
        Shape (rows,): from 0 to places − 1, the last being the good end.
    figure
        Shape (rows,): the same as a number, more is better.
    ends
        Customers of the bad and of the good end, in plain words.
    """

    place: NDArray[np.int64]
    places: int
    figure: Matrix
    ends: tuple[str, str]


def answered(rows: pd.DataFrame, setting: Setting) -> Exposure:
    """By the band of the last answer; all ``rows`` have one."""
    names = {band.name: place for place, band in enumerate(setting.bands)}
    sign = 1.0 if setting.item.high_is_good else -1.0
    variant, bands = setting.variant, setting.bands
    rated = named(fmt.spoken(setting.item.name))
    return Exposure(
        place=np.asarray(rows["band"].map(names), np.int64),
        places=len(names),
        figure=sign * rows["score"].to_numpy(np.float64),
        ends=(
            f"{wording.scored(variant, bands[0])} on {rated}",
            wording.scored(variant, bands[-1]),
        ),
    )


def known(rows: pd.DataFrame, column: str) -> Exposure:
    """By what finance or operations know, split in two."""
    bad, figure, ends = _KNOWN[column]
    return Exposure(
        place=np.asarray(~bad(rows), np.int64), places=2, figure=figure(rows), ends=ends
    )


def moved(rows: pd.DataFrame) -> Matrix:
    """How what is paid had moved in the months before, in logs; nan for new customers."""
    rate = rows["rate"].to_numpy(np.float64)
    earlier = rows["rate_earlier"].to_numpy(np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where((earlier > 0) & (rate > 0), np.log(rate / earlier), np.nan))


def _number(column: str) -> Callable[[pd.DataFrame], Matrix]:
    return lambda rows: np.asarray(rows[column].to_numpy(np.float64, na_value=0.0))


def _any(column: str) -> Callable[[pd.DataFrame], NDArray[np.bool_]]:
    return lambda rows: np.asarray(_number(column)(rows) > 0)


def _upper_half(column: str, *, upper: bool) -> Callable[[pd.DataFrame], NDArray[np.bool_]]:
    def split(rows: pd.DataFrame) -> NDArray[np.bool_]:
        values = _number(column)(rows)
        above = values > np.median(values)
        return np.asarray(above if upper else ~above)

    return split


Split = Callable[[pd.DataFrame], NDArray[np.bool_]]
Figure = Callable[[pd.DataFrame], Matrix]

_KNOWN: Final[dict[str, tuple[Split, Figure, tuple[str, str]]]] = {
    "contacts": (
        _any("contacts_before"),
        lambda rows: -np.log1p(_number("contacts_before")(rows)),
        ("customers with contacts in three months", "customers without"),
    ),
    "unresolved": (
        _any("unresolved_before"),
        lambda rows: -np.log1p(_number("unresolved_before")(rows)),
        ("customers with unsolved contacts in three months", "customers without"),
    ),
    "price_change": (
        lambda rows: np.asarray(np.nan_to_num(moved(rows)) > SAME_PRICE),
        lambda rows: -np.nan_to_num(moved(rows)).clip(-1.0, 1.0),
        ("customers with a dearer price or spend than three months before", "other customers"),
    ),
    "tenure": (
        _upper_half("tenure_months", upper=False),
        lambda rows: np.log1p(_number("tenure_months")(rows).clip(min=0)),
        ("the newer half of customers", "the longer-standing half"),
    ),
    "spend": (
        _upper_half("rate", upper=False),
        lambda rows: np.log1p(_number("rate")(rows).clip(min=0)),
        ("the half of customers who pay little", "the half who pay much"),
    ),
    "idle": (
        _upper_half("idle_days", upper=True),
        lambda rows: -_number("idle_days")(rows).clip(min=0),
        ("the half of customers whose last purchase is long ago", "the half who bought lately"),
    ),
}
