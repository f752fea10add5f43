"""Invented names: customers, their addresses and their account managers."""

from typing import Final

import numpy as np

__all__ = ["account_names", "addresses", "desk"]

_FRONT: Final = (
    "Alv", "Bren", "Corv", "Dask", "Elm", "Fenn", "Gald", "Hesk", "Ibr", "Jarn", "Kell", "Lorv",
    "Marn", "Nesk", "Orl", "Pend", "Quarn", "Rusk", "Selv", "Tarn", "Ulv", "Vesk", "Wend", "Yarl",
)  # fmt: skip
_BACK: Final = (
    "abor", "adine", "amar", "ovane", "erith", "ibold", "oday", "urel", "estan", "owick", "amoor",
    "intra", "ossel", "ugate", "arden", "elune",
)  # fmt: skip
_KIND: Final = ("Group", "Services", "Works", "Partners", "Supply", "Care", "Logistics", "Studios")


def account_names(count: int, rng: np.random.Generator) -> list[str]:
    """Names of companies that do not exist, as far as one can tell."""
    front = rng.integers(0, len(_FRONT), count)
    back = rng.integers(0, len(_BACK), count)
    kind = rng.integers(0, len(_KIND), count)
    return [f"{_FRONT[f]}{_BACK[b]} {_KIND[k]}" for f, b, k in zip(front, back, kind, strict=True)]


def addresses(names: list[str], ids: list[str]) -> list[str]:
    """One address a customer, under a domain kept free for examples."""
    return [
        f"{name.lower().replace(' ', '-')}-{number}@example.com"
        for name, number in zip(names, ids, strict=True)
    ]


def desk(number: int) -> str:
    """Account managers are desks, not people."""
    return f"Account desk {number + 1:02d}"
