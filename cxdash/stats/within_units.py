"""Regression within units and periods on few units, for one set of columns or many at once.

Rows are weighted. What never changes about a unit drops out, and so does what happened to all units
in a period. Errors are those of whole units: rows of a unit may depend on each other.

Sources: J. Wooldridge, Econometric Analysis of Cross Section and Panel Data (2010), chapter 10;
K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986); R. Bell and D. McCaffrey, Survey Methodology 28
(2002), for leaving out one unit at a time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["FitMany", "Rows", "fitted", "left_out_errors", "swept"]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]

_STILL: Final = 1e-9  # share of a column that must be left for it to tell anything
_MOST_LEFT_OUT: Final = 60  # more units than this differ little from the usual error


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a panel in the order of their units.

    Parameters
    ----------
    y, x, weight
        Shape (rows,), (rows, k), (rows,).
    unit, period
        Shape (rows,): places in the panel they were taken from.
    root
        Square roots of the weights.
    basis
        Shape (rows, effects): an orthonormal basis of the weighted effects of units and periods.
    swept_y
        The outcome with those effects taken out.
    """

    y: Matrix
    x: Matrix
    weight: Matrix
    unit: Codes
    period: Codes
    root: Matrix
    basis: Matrix
    swept_y: Matrix
    starts: Codes
    within_units: bool

    @classmethod
    def of(
        cls,
        y: Matrix,
        x: Matrix,
        weight: Matrix,
        unit: Codes,
        period: Codes,
        *,
        within_units: bool = True,
    ) -> "Rows":
        """Put rows in order and take the effects out; without ``within_units`` those of periods."""
        order = np.lexsort((period, unit))
        y, x, weight = y[order], x[order], weight[order]
        unit, period = unit[order], period[order]
        root = np.sqrt(weight / weight.mean())
        dummies = [_dummies(period)]
        if within_units:
            dummies.insert(0, _dummies(unit))
        columns = np.concatenate(dummies, axis=1) * root[:, None]
        left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
        basis = left[:, sizes > _STILL * sizes.max()]
        starts = np.flatnonzero(np.diff(unit, prepend=-1))
        rooted = y * root
        swept_y = (rooted - basis @ (basis.T @ rooted)) / root
        return cls(y, x, weight, unit, period, root, basis, swept_y, starts, within_units)

    @property
    def units(self) -> int:
        return len(self.starts)

    def by_unit(self, values: Matrix) -> Matrix:
        """Sums over the rows of each unit: (rows, ...) to (units, ...)."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0))

    def part(self, keep: NDArray[np.bool_]) -> "Rows | None":
        """Some of the rows; None where they are of one unit or period."""
        unit, period = self.unit[keep], self.period[keep]
        if len(np.unique(unit)) < 2 or len(np.unique(period)) < 2:
            return None
        return Rows.of(
            self.y[keep],
            self.x[keep],
            self.weight[keep],
            unit,
            period,
            within_units=self.within_units,
        )

    def tells(self, columns: Matrix) -> bool:
        """Whether each column says something that units, periods and the other columns do not."""
        rest = swept(self, columns[None])[0] * self.root[:, None]
        size = np.linalg.norm((columns - columns.mean(axis=0)) * self.root[:, None], axis=0)
        if not (size > 0).all():
            return False
        return bool(np.linalg.svd(rest / size, compute_uv=False).min() > 1e-6)


@dataclass(frozen=True, slots=True)
class FitMany:
    """Coefficients, shape (draws, k), and their covariance by unit, (draws, k, k)."""

    coefficients: Matrix
    covariance: Matrix


def swept(rows: Rows, columns: Matrix) -> Matrix:
    """Columns of shape (draws, rows, k) with the effects taken out."""
    rooted = columns * rows.root[:, None]
    rest = rooted - rows.basis @ (rows.basis.T @ rooted)
    return np.asarray(rest / rows.root[:, None])


def fitted(rows: Rows, columns: Matrix) -> FitMany:
    """The outcome on columns of shape (draws, rows, k), a fit for each draw."""
    inner = swept(rows, columns) * rows.root[:, None]
    outcome = rows.swept_y * rows.root
    bread = np.linalg.pinv(np.swapaxes(inner, 1, 2) @ inner, hermitian=True)
    coefficients = np.einsum("djk,dk->dj", bread, np.swapaxes(inner, 1, 2) @ outcome)
    residual = outcome - np.einsum("drk,dk->dr", inner, coefficients)
    scores = np.add.reduceat(inner * residual[:, :, None], rows.starts, axis=1)
    middle = np.swapaxes(scores, 1, 2) @ scores * (rows.units / max(rows.units - 1, 1))
    return FitMany(np.asarray(coefficients), np.asarray(bread @ middle @ bread))


def left_out_errors(rows: Rows) -> Matrix:
    """Standard errors of the coefficients of ``rows.x``, from leaving out one unit at a time.

    Beyond 60 units the usual ones, from which they then hardly differ.
    """
    whole = fitted(rows, rows.x[None])
    usual = np.sqrt(np.diagonal(whole.covariance[0]))
    if rows.units > _MOST_LEFT_OUT:
        return np.asarray(usual)
    centre = whole.coefficients[0]
    squares = np.zeros(len(centre))
    for unit in rows.unit[rows.starts]:
        part = rows.part(rows.unit != unit)
        if part is None:
            return np.asarray(usual)
        squares += (fitted(part, part.x[None]).coefficients[0] - centre) ** 2
    return np.asarray(np.sqrt((rows.units - 1) / rows.units * squares))


def _dummies(codes: Codes) -> Matrix:
    known, place = np.unique(codes, return_inverse=True)
    return np.asarray(np.eye(len(known))[place])
