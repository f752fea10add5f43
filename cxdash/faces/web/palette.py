"""The one home of colours. ``.streamlit/config.toml`` repeats them, and a test holds the two equal.

One accent, ink and paper. Chart colours keep apart for the common forms of colour blindness and are
dark (or light) enough on their own paper to be used for text, so labels carry their series' colour.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["DARK", "LIGHT", "Palette"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme as ``#RRGGBB``.

    ``series`` is the order in which charts take colours: the accent first, then its counterpart.
    """

    paper: str
    panel: str
    ink: str
    quiet: str
    line: str
    accent: str
    good: str
    good_paper: str
    warn: str
    warn_paper: str
    bad: str
    bad_paper: str
    known_paper: str
    quiet_paper: str
    series: tuple[str, ...]


LIGHT: Final = Palette(
    paper="#FCFBF8",
    panel="#F2F0EA",
    ink="#16191C",
    quiet="#565B60",
    line="#8A8A84",
    accent="#0B5573",
    good="#1D6042",
    good_paper="#E3EFE7",
    warn="#7A4A00",
    warn_paper="#F8EAD0",
    bad="#9C2A22",
    bad_paper="#F8E2DF",
    known_paper="#DFEBF0",
    quiet_paper="#E9E7E1",
    series=("#0B5573", "#B4500F", "#6B6F73", "#8C5AA8", "#4F7A2B", "#A0306A"),
)

DARK: Final = Palette(
    paper="#14181B",
    panel="#1F2529",
    ink="#F1EFEA",
    quiet="#B4B8BA",
    line="#767D82",
    accent="#7CC7E4",
    good="#8FD3AE",
    good_paper="#1C3327",
    warn="#F0C070",
    warn_paper="#3A2D14",
    bad="#F2A49C",
    bad_paper="#43211E",
    known_paper="#17323E",
    quiet_paper="#2B3237",
    series=("#7CC7E4", "#F2A25C", "#B4B8BA", "#C9A0E0", "#A9CF82", "#F08FBE"),
)
