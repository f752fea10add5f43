"""Words that headers and answers use, and export layouts we know; read from ``words/*.toml``."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from cxdash.intake.kinds import KINDS

__all__ = ["AnswerWords", "Item", "Layout", "Vocabulary", "normal", "spellings", "vocabulary"]

_CODES: Final = "usd|eur|gbp|brl|chf|cad|aud|jpy|inr|sek|nok|dkk|pln|mxn|zar|sgd|hkd|nzd|czk|huf"
# What stands beside the meaning of a header: its currency, its zone, the prefix of a tool.
_BESIDE: Final = re.compile(
    rf"\b(in )?({_CODES})$|^({_CODES})\b|\b(utc|gmt|local time|local|date time|pst|cet)$"
    r"|^property (hs )?|\bc$|\b(in )?(euro|euros|dollar|dollars|us dollars|pounds|reais)$"
)


@dataclass(frozen=True, slots=True)
class Item:
    """A survey item people ask everywhere: words for it, and the variants it comes in."""

    name: str
    exact: frozenset[str]
    part: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Answers in words: the ways to say each level, the worst first, which stands for ``low``.

    Each way is kept in plain words, with its spelling.
    """

    about: str
    low: int
    levels: tuple[Mapping[str, str], ...]

    @property
    def high(self) -> int:
        return self.low + len(self.levels) - 1

    def places(self, said: frozenset[str]) -> Mapping[str, int] | None:
        """The number of each answer said; None unless each is one of these.

        Two ways to say one level are not used in one question: then it is on another scale.
        """
        at: dict[str, int] = {}
        for word in said:
            level = next((at for at, ways in enumerate(self.levels) if word in ways), None)
            if level is None or self.low + level in at.values():
                return None
            at[word] = self.low + level
        return at


@dataclass(frozen=True, slots=True)
class Layout:
    """An export layout we know: how to tell it, and where its roles are.

    ``stop`` is a reason not to load it unless a person says so; ``won`` the column that says which
    deals count.
    """

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    has: tuple[str, ...] = ()
    tool: str = ""
    first: str = ""
    key: tuple[str, ...] = ()
    minus: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    reject: tuple[Mapping[str, Any], ...] = ()
    ignore: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    warn: str = ""
    stop: str = ""
    won: str = ""

    def fits(self, header: tuple[str, ...], tool: str) -> bool:
        if self.tool:
            return self.tool == tool
        if self.first:
            return header[0] == self.first
        return set(self.has) <= set(header)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``roles``: kind to role to header words, the likeliest first."""

    roles: Mapping[str, Mapping[str, tuple[str, ...]]]
    items: tuple[Item, ...]
    comment: Item
    answers: tuple[AnswerWords, ...]
    layouts: tuple[Layout, ...]


@lru_cache(maxsize=50_000)
def normal(name: str) -> str:
    """A header without letter case, accents, markup and punctuation, words apart by one blank."""
    plain = re.sub(r"<[^>]+>|&nbsp;", " ", name)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    # Words written together, as in InvoiceNumber, are taken apart.
    plain = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain)
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


@lru_cache(maxsize=50_000)
def spellings(name: str) -> tuple[str, ...]:
    """A header in plain words, and without the currency, time zone or prefix beside its meaning.

    >>> spellings("Amount (EUR)")
    ('amount eur', 'amount')
    """
    found = [normal(name)]
    while (shorter := " ".join(_BESIDE.sub(" ", found[-1]).split())) not in (found[-1], ""):
        found.append(shorter)
    return tuple(found)


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    raw = {name: _read(name) for name in ("roles", "items", "answers", "layouts")}
    roles = {
        kind: {
            role: tuple(normal(word) for word in found)
            for role in KINDS[kind].roles
            if (
                found := (
                    *raw["roles"][kind].get(role, ()),
                    *raw["roles"]["shared"].get(role, ()),
                )
            )
        }
        for kind in KINDS
    }
    return Vocabulary(
        roles=roles,
        items=tuple(_item(entry) for entry in raw["items"]["item"]),
        comment=_item({"name": "comment", "variants": (), **raw["items"]["comment"]}),
        answers=tuple(
            AnswerWords(
                entry["about"],
                entry["low"],
                tuple({normal(way): way.lower() for way in level} for level in entry["levels"]),
            )
            for entry in raw["answers"]["answers"]
        ),
        layouts=tuple(_layout(entry) for entry in raw["layouts"]["layout"]),
    )


def _read(name: str) -> dict[str, Any]:
    found = files("cxdash.intake.recognition") / "words" / f"{name}.toml"
    return tomllib.loads(found.read_text("utf-8"))


def _item(entry: dict[str, Any]) -> Item:
    return Item(
        entry["name"],
        frozenset(normal(word) for word in entry["is"]),
        tuple(normal(word) for word in entry["has"]),
        tuple(entry["variants"]),
    )


def _layout(entry: dict[str, Any]) -> Layout:
    parts = dict(entry)
    parts["columns"] = {role: tuple(names) for role, names in entry["columns"].items()}
    for name in ("has", "key", "reject", "ignore", "ask"):
        parts[name] = tuple(entry.get(name, ()))
    return Layout(**parts)
