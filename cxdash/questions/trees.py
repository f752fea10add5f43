"""A shallow boosted forest beside every model: is there anything a plain model misses?"""

import warnings

import numpy as np
from numpy.typing import NDArray

__all__ = ["boosted_chances"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


def boosted_chances(learned: Matrix, left: Mask, unseen: Matrix) -> Matrix:
    """Chances of rows it had not seen, shape (unseen,).

    Parameters
    ----------
    learned, left
        Shape (rows, k) and (rows,): what it learns from; both outcomes occur.
    unseen
        Shape (unseen, k).
    """
    # Half a second to load, and only one question asks it.
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    trees = HistGradientBoostingClassifier(
        max_depth=3, learning_rate=0.05, max_iter=100, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        trees.fit(learned, left)
    return np.asarray(trees.predict_proba(unseen)[:, 1])
