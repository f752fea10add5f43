"""Words that headers use, and export layouts we know. The words live in ``vocabulary.toml``."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from cxdash.intake.kinds import KINDS

__all__ = ["Item", "Layout", "Vocabulary", "normal", "vocabulary"]


@dataclass(frozen=True, slots=True)
class Item:
    """A survey item people ask everywhere: words for it, and the variants it comes in."""

    name: str
    exact: frozenset[str]
    part: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """An export layout we know: how to tell it, and where its roles are."""

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    has: tuple[str, ...] = ()
    tool: str = ""
    first: str = ""
    key: tuple[str, ...] = ()
    minus: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    reject: tuple[Mapping[str, Any], ...] = ()
    ignore: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    warn: str = ""

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
    words: tuple[tuple[tuple[float, float], Mapping[str, float]], ...]
    layouts: tuple[Layout, ...]


def normal(name: str) -> str:
    """A header without letter case, accents, markup and punctuation, words apart by one blank."""
    plain = re.sub(r"<[^>]+>|&nbsp;", " ", name)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    # Words written together, as in InvoiceNumber, are taken apart.
    plain = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain)
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    raw = tomllib.loads((files("cxdash.intake.recognition") / "vocabulary.toml").read_text("utf-8"))
    roles = {
        kind: {
            role: tuple(normal(word) for word in found)
            for role in KINDS[kind].roles
            if (found := (*raw[kind].get(role, ()), *raw["shared"].get(role, ())))
        }
        for kind in KINDS
    }
    return Vocabulary(
        roles=roles,
        items=tuple(
            Item(
                entry["name"],
                frozenset(normal(word) for word in entry["is"]),
                tuple(normal(word) for word in entry["has"]),
                tuple(entry["variants"]),
            )
            for entry in raw["item"]
        ),
        comment=Item(
            "comment",
            frozenset(normal(word) for word in raw["comment"]["is"]),
            tuple(normal(word) for word in raw["comment"]["has"]),
            (),
        ),
        words=tuple(
            ((entry["scale"][0], entry["scale"][1]), entry["values"]) for entry in raw["words"]
        ),
        layouts=tuple(_layout(entry) for entry in raw["layout"]),
    )


def _layout(entry: dict[str, Any]) -> Layout:
    parts = dict(entry)
    parts["columns"] = {role: tuple(names) for role, names in entry["columns"].items()}
    for name in ("has", "key", "reject", "ignore", "ask"):
        parts[name] = tuple(entry.get(name, ()))
    return Layout(**parts)
