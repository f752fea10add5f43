"""Does a comment say that the customer was asked for a good mark?

The phrases are data, in ``begging.toml``, by language. Every language is tried on every comment:
short comments are too short to tell their language. A match is a reason to look at a unit with
many of them, never a verdict on one answer.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["begs"]

_LONGEST: Final = 2000  # characters of a comment that are looked at
_BLANKS: Final = re.compile(r"\s+")


def begs(comments: Iterable[str]) -> NDArray[np.bool_]:
    """Whether each comment says that a mark was asked for, shape (comments,).

    >>> begs(["The agent asked me to give a 10.", "A well earned 10!"]).tolist()
    [True, False]
    """
    wanted = _pattern()
    return np.array([bool(wanted.search(_plain(text))) for text in comments], dtype=bool)


def _plain(text: str) -> str:
    """Small letters without accents, on one line."""
    apart = unicodedata.normalize("NFKD", text[:_LONGEST].replace("\u2019", "'").casefold())
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return _BLANKS.sub(" ", bare.replace("ł", "l"))


@cache
def _lists() -> dict[str, dict[str, Any]]:
    file = resources.files("cxdash.stats") / "begging.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _pattern() -> re.Pattern[str]:
    parts = [
        pattern.replace("<mark>", phrases["mark"]).replace("<digit>", phrases["digit"])
        for phrases in _lists().values()
        for pattern in phrases["patterns"]
    ]
    return re.compile("|".join(rf"\b(?:{part})" for part in parts))
