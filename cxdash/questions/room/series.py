"""The monthly figures that may press on a company: a share of so many, month by month.

Whoever writes a comment seldom names a competitor, whoever leaves often gives one as the reason.
Months differ in how many of each they have, so the share of those who name one is standardised: it
is how often competitors were named as a multiple of what the month's comments and reasons would
have given at the rates of the whole time (indirect standardisation).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import month_end
from cxdash.panel.monthly import customers_by_month, teams_by_month, texts_by_month
from cxdash.store import Reader

__all__ = ["LONGEST", "Series", "customers_lost", "employees_lost", "rivals_named"]

Vector = NDArray[np.float64]

LONGEST: Final = 36  # months; what happened before says little of today
_TINY: Final = 1e-9
#: What says that somebody turns to a competitor, when nobody is named; in lower case.
_WORDS: Final = (
    "competitor",
    "competitors",
    "competition",
    "other supplier",
    "another supplier",
    "other provider",
    "another provider",
    "other vendor",
    "another vendor",
    "switched to",
    "switching to",
    "konkurrenz",
    "mitbewerber",
    "wettbewerber",
    "anderer anbieter",
    "anderen anbieter",
    "concurrent",
    "concurrence",
    "autre fournisseur",
    "competencia",
    "otro proveedor",
    "concorrência",
    "concorrente",
    "outro fornecedor",
)


@dataclass(frozen=True, slots=True)
class Series:
    """A share a month, oldest first.

    ``months`` are indices; ``errors`` the standard error of each share by chance alone; ``counted``
    how many it happened to, ``of`` of how many.
    """

    months: tuple[int, ...]
    share: Vector
    errors: Vector
    counted: Vector
    of: Vector

    @property
    def newest(self) -> date | None:
        return month_end(self.months[-1]) if self.months else None

    @property
    def n(self) -> int:
        return round(float(self.of.sum()))


def customers_lost(view: Reader, first: int, last: int) -> Series:
    """Customers gone by the end of a month, of those there when it began.

    Months before the first goodbye on record are left out: a list of today's customers knows since
    when they are there, and nothing of those who had left by then.
    """
    rows = customers_by_month(view, first, last)
    gone = rows.loc[rows["departed"] > 0, "month"]
    since = max(last - LONGEST + 1, int(gone.min())) if len(gone) else last + 1
    rows = rows[rows["month"] >= since]
    return _shares(rows["month"], rows["departed"], rows["customers"])


def employees_lost(view: Reader, last: int) -> Series:
    """Employees who left in a month, over the units that may be told."""
    rows = teams_by_month(view)
    rows = rows[(rows["month"] > last - LONGEST) & (rows["month"] <= last)]
    return _shares(rows["month"], rows["departed"], rows["heads"])


def rivals_named(view: Reader, names: Sequence[str], first: int, last: int) -> Series:
    """Who named a competitor, of those who wrote or gave a reason for leaving, standardised.

    ``names`` are those people noted; words for a competitor in general are looked for as well.
    """
    texts = texts_by_month(view, max(first, last - LONGEST + 1), last)
    texts = texts.assign(named=_naming(texts["body"], names))
    people = texts.groupby(["month", "kind", "who"], as_index=False)["named"].max()
    cells = people.groupby(["month", "kind"], as_index=False).agg(
        named=("named", "sum"), of=("who", "size")
    )
    rates = cells.groupby("kind")[["named", "of"]].sum()
    rate = cells["kind"].map(rates["named"] / rates["of"]).astype("float64")
    cells = cells.assign(expected=rate * cells["of"], variance=rate * (1 - rate) * cells["of"])
    months = cells.groupby("month")[["named", "of", "expected", "variance"]].sum()
    months = months[(months["expected"] > _TINY) & (months["variance"] > _TINY)]
    total = float(months["of"].sum())
    middle = float(months["named"].sum()) / total if total else 0.0
    expected = months["expected"].to_numpy(np.float64)
    return Series(
        months=tuple(int(str(month)) for month in months.index),
        share=middle * months["named"].to_numpy(np.float64) / expected,
        errors=middle * np.sqrt(months["variance"].to_numpy(np.float64)) / expected,
        counted=months["named"].to_numpy(np.float64),
        of=months["of"].to_numpy(np.float64),
    )


def _naming(bodies: "pd.Series[str]", names: Sequence[str]) -> "pd.Series[bool]":
    """Whether each text holds one of the words or names, as whole words."""
    sought = sorted({*_WORDS, *(name.casefold().strip() for name in names if name.strip())})
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, sought))})(?!\w)"
    return bodies.astype(str).str.casefold().str.contains(pattern, regex=True)


def _shares(
    months: "pd.Series[int]", counted: "pd.Series[float]", of: "pd.Series[float]"
) -> Series:
    known = (of > 0).to_numpy(np.bool_)
    top = np.asarray(counted.to_numpy()[known], dtype=np.float64)
    bottom = np.asarray(of.to_numpy()[known], dtype=np.float64)
    middle = float(top.sum() / bottom.sum()) if bottom.size else 0.0
    spread = max(middle * (1 - middle), _TINY)
    return Series(
        months=tuple(int(month) for month in months[known]),
        share=top / bottom,
        errors=np.sqrt(spread / bottom),
        counted=top,
        of=bottom,
    )
