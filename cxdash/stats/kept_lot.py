"""Was the lot kept to? A file with other shares than planned means that somebody chose.

Source: A. Fabijan and others, KDD (2019), sample-ratio mismatch; the test is the exact binomial.
"""

from typing import Final

from scipy.stats import binomtest

__all__ = ["MISMATCH", "lot_kept"]

#: Below this chance the lot was not kept to: it is looked at for every pilot, so it must be rare.
MISMATCH: Final = 0.001


def lot_kept(treated: int, drawn: int, share: float = 0.5) -> float:
    """Chance of as odd a number of treated ones among ``drawn``, had each a chance of ``share``.

    >>> lot_kept(50, 100)
    1.0
    """
    if not (0 <= treated <= drawn and drawn > 0 and 0 < share < 1):
        raise ValueError(f"{treated} of {drawn} at a share of {share} is no lot")
    return float(binomtest(treated, drawn, share).pvalue)
