"""How one thing goes with another while others are held equal: least squares, customer by customer.

The outcome may be yes or no (then the slope is a difference of risks), and a row may count more
than another. A customer may have several rows; errors are summed within customers. Because what is
held equal is taken out of both sides first, the same pass says how much each customer moves the
result, and how strong the measured causes are, which is what a sceptic asks next.

Sources: R. Frisch and F. Waugh (1933) and M. Lovell (1963) for taking out; K.-Y. Liang and S.
Zeger, Biometrika 73 (1986), for errors by customer; C. Cinelli and C. Hazlett (2020) for partial
R².
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import Estimate
from cxdash.stats.sensitivity import robustness_value_of_strength

__all__ = ["Association", "MeasuredCause", "NothingLeftError", "associate", "measured_causes"]

Matrix = NDArray[np.float64]
_LEAST_LEFT: Final = 1e-9  # of the exposure's spread: below that the others say the same


class NothingLeftError(ValueError):
    """What is held equal leaves nothing of the exposure, or there are too few rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Difference of the outcome per unit of the exposure, others held equal.

    Parameters
    ----------
    estimate
        With its interval by customer; ``n`` counts rows.
    error, plain_error
        Standard error by customer, and as if all rows were independent and alike.
    freedom
        Degrees of freedom of the plain error.
    customers
        How many customers the rows belong to.
    moves
        Shape (customers,), in ascending order of their codes: by how much each customer moves the
        estimate; leaving a customer out takes about that much off.
    """

    estimate: Estimate
    error: float
    plain_error: float
    freedom: int
    customers: int
    moves: Matrix

    @property
    def p_value(self) -> float:
        """Two-sided, of "no difference"; Student's t by customer, as in the interval."""
        z = abs(self.estimate.estimate) / self.error
        return float(2 * student.sf(z, self.customers - 1))

    @property
    def strength(self) -> float:
        """The estimate in units of the bias an unmeasured cause can bring (Cohen's f)."""
        return abs(self.estimate.estimate) / (self.plain_error * math.sqrt(self.freedom))

    @property
    def robustness(self) -> float:
        """Share of the rest of both sides that an unmeasured cause must explain to undo it."""
        return robustness_value_of_strength(self.strength)

    @property
    def robustness_beyond_doubt(self) -> float:
        """The same for an interval that touches zero; zero if it holds zero already."""
        half = (self.estimate.high - self.estimate.low) / 2
        doubt = half / (self.plain_error * math.sqrt(self.freedom))
        return robustness_value_of_strength(max(0.0, self.strength - doubt))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCause:
    """Shares (0 to 1) of the rest that a measured cause explains, all others held equal.

    ``with_exposure`` of the exposure, ``with_outcome`` of the outcome given the exposure.
    """

    name: str
    with_exposure: float
    with_outcome: float


def associate(
    outcome: Matrix,
    exposure: Matrix,
    held_equal: Matrix,
    customer: NDArray[np.int64],
    *,
    weight: Matrix | None = None,
    level: float = 0.90,
) -> Association:
    """The slope of the outcome on the exposure given the others and a constant.

    Parameters
    ----------
    outcome, exposure
        Shape (rows,), finite.
    held_equal
        Shape (rows, k); columns may repeat each other.
    customer
        Shape (rows,): code of the customer of each row.
    weight
        Shape (rows,), not negative; None: all rows count alike.

    Raises
    ------
    NothingLeftError
        The exposure does not vary once the others are held equal, there are fewer than three
        customers, or more columns than rows.
    """
    design, share = _design(held_equal), _weights(weight, outcome.size)
    _, code = np.unique(customer, return_inverse=True)
    customers = int(code.max()) + 1 if code.size else 0
    freedom = int(outcome.size - np.linalg.matrix_rank(_gram(design, share)) - 1)
    if customers < 3 or freedom < 2:
        raise NothingLeftError(
            f"{customers} customers and {freedom} degrees of freedom are too few"
        )
    sides = np.column_stack([exposure, outcome])
    rest = sides - design @ _solve(_gram(design, share), design.T @ (sides * share[:, None]))
    spread = float((share * rest[:, 0] ** 2).sum())
    centre = float((share * exposure).sum() / share.sum())
    if spread <= _LEAST_LEFT * float((share * (exposure - centre) ** 2).sum()) or not spread > 0:
        raise NothingLeftError("nothing is left of the exposure once the others are held equal")
    slope = float((share * rest[:, 0] * rest[:, 1]).sum()) / spread
    residual = rest[:, 1] - slope * rest[:, 0]
    moves = np.bincount(code, weights=share * rest[:, 0] * residual, minlength=customers) / spread
    few = customers / (customers - 1)
    error = math.sqrt(float((moves**2).sum()) * few)
    plain = math.sqrt(float((share * residual**2).sum()) / freedom / spread)
    if not (error > 0 and plain > 0):
        raise NothingLeftError("the outcome follows exactly, so its doubt is not known")
    half = float(student.ppf((1 + level) / 2, customers - 1)) * error
    return Association(
        estimate=Estimate(
            estimate=slope, low=slope - half, high=slope + half, n=outcome.size, level=level
        ),
        error=error,
        plain_error=plain,
        freedom=freedom,
        customers=customers,
        moves=moves,
    )


def measured_causes(
    outcome: Matrix,
    exposure: Matrix,
    held_equal: Matrix,
    groups: Mapping[str, Sequence[int]],
    *,
    weight: Matrix | None = None,
) -> tuple[MeasuredCause, ...]:
    """How strong each measured cause is, in the order of ``groups``.

    ``groups`` maps a name to the columns of ``held_equal`` that belong to it, such as all values of
    one column of the customer list. A cause with nothing left of it explains nothing.
    """
    design, share = _design(held_equal), _weights(weight, outcome.size)
    both = np.column_stack([design, exposure, outcome])
    moments = _gram(both, share)
    columns = list(range(design.shape[1]))
    exposed, ended = len(columns), len(columns) + 1
    found = []
    for name, own in groups.items():
        others = [column for column in columns if column - 1 not in own]
        found.append(
            MeasuredCause(
                name=name,
                with_exposure=_partial(moments, exposed, others, columns),
                with_outcome=_partial(moments, ended, [*others, exposed], [*columns, exposed]),
            )
        )
    return tuple(found)


def _partial(moments: Matrix, target: int, fewer: Sequence[int], more: Sequence[int]) -> float:
    without, within = _unexplained(moments, target, fewer), _unexplained(moments, target, more)
    return min(max(1 - within / without, 0.0), 1 - 1e-9) if without > 0 else 0.0


def _unexplained(moments: Matrix, target: int, given: Sequence[int]) -> float:
    own, cross = moments[np.ix_(given, given)], moments[given, target]
    return float(moments[target, target] - cross @ _solve(own, cross))


def _design(held_equal: Matrix) -> Matrix:
    """A constant and the columns, each brought to about the same size."""
    centre, spread = held_equal.mean(axis=0), held_equal.std(axis=0)
    standard = (held_equal - centre) / np.where(spread > 0, spread, 1.0)
    return np.column_stack([np.ones(len(held_equal)), standard])


def _weights(weight: Matrix | None, rows: int) -> Matrix:
    if weight is None:
        return np.ones(rows)
    if weight.shape != (rows,) or not weight.sum() > 0 or weight.min() < 0:
        raise NothingLeftError("weights are one a row, not negative and not all zero")
    return np.asarray(weight * (rows / weight.sum()))


def _gram(design: Matrix, share: Matrix) -> Matrix:
    return np.asarray(design.T @ (design * share[:, None]))


def _solve(gram: Matrix, right: Matrix) -> Matrix:
    """Least-norm solution: columns that repeat each other share their part."""
    return np.asarray(np.linalg.lstsq(gram, right, rcond=1e-10)[0])
