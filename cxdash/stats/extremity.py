"""Strong feelings: do those who answer now and then sit at the ends of the scale more often?

A high share of answers at the ends proves nothing by itself: many customers may simply be very
happy. But whoever answers nearly every time answers whatever the mood, while whoever answers now
and then picks the moment. If the occasional ones sit at the ends more often, feelings decide who
is heard. This is survey research's continuum of resistance, turned to strength of feeling.

Source of the idea: I-F. Lin and N. C. Schaeffer, Public Opinion Quarterly 59 (1995).
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import Difference, finite
from cxdash.stats.proportions import share_difference

__all__ = ["at_the_ends", "strong_feelings"]

OUTER: Final = 0.1  # of the scale, at either end


def at_the_ends(values: ArrayLike, *, lowest: float, highest: float) -> NDArray[np.bool_]:
    """Which answers lie in the outer tenth of the scale at either end, shape (answers,).

    On 0 to 10 these are 0, 1, 9 and 10; on 1 to 5 and 1 to 7 the two outermost answers.

    Raises
    ------
    ValueError
        The scale is empty or an answer lies off it.

    >>> at_the_ends([0, 1, 2, 9], lowest=0, highest=10).tolist()
    [True, True, False, True]
    """
    answers = finite(values, "answers")
    if not lowest < highest or answers.min() < lowest or answers.max() > highest:
        raise ValueError(f"answers lie on their scale {lowest} to {highest}")
    outer = OUTER * (highest - lowest)
    return np.asarray((answers <= lowest + outer) | (answers >= highest - outer))


def strong_feelings(
    occasional: ArrayLike,
    regular: ArrayLike,
    *,
    lowest: float,
    highest: float,
    level: float = 0.90,
) -> Difference:
    """Share at the ends among occasional minus among regular answerers (0 to 1), Newcombe's
    interval.

    One answer a customer, so that nobody counts twice.
    """
    now_and_then = at_the_ends(occasional, lowest=lowest, highest=highest)
    each_time = at_the_ends(regular, lowest=lowest, highest=highest)
    return share_difference(
        int(now_and_then.sum()),
        now_and_then.size,
        int(each_time.sum()),
        each_time.size,
        level=level,
    )
