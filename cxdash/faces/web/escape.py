"""The one door between text that came from people or files and Streamlit's markdown.

Everything a survey, a file name or an Answer's sentence says is text, never markup: no image is
fetched, no link made, no formula set, no colour or icon directive obeyed.
"""

import re
import unicodedata
from typing import Final

__all__ = ["md", "plain"]

_PUNCTUATION: Final = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
# Streamlit and its markdown engine also act on plain words: icon and emoji shortcodes such as
# ":name:", addresses such as "www.", e-mail addresses, and arrows. A word joiner has no width and
# keeps them words.
_JOINER: Final = "\u2060"
_ACTIVE: Final = re.compile(r":(?=\S)|@|www(?=\.)|<(?=-)|-(?=[->])|[<>~](?==)", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")


def plain(text: object, limit: int = 400) -> str:
    r"""One line without control or direction-changing characters, shortened to ``limit``.

    >>> plain("a\nb\u202ec")
    'a b c'
    """
    cleaned = "".join(
        " " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char
        for char in str(text)
    )
    cleaned = _SPACE.sub(" ", cleaned).strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def md(text: object, limit: int = 4_000) -> str:
    r"""``text`` so that markdown shows exactly its characters.

    >>> md("![x](http://e.example)").startswith("\\!")
    True
    """
    parted = _ACTIVE.sub(lambda found: found[0] + _JOINER, plain(text, limit))
    return _PUNCTUATION.sub(r"\\\1", parted)
