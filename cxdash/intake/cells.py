"""SQL that turns one text cell into a typed value, and patterns that tell the two forms apart.

Every function takes and returns SQL text over columns with names of ours; whatever a person wrote
travels as a parameter. A cell that does not fit gives NULL; the caller says why.
"""

import re
from typing import Any, Final

__all__ = [
    "CURRENCY_SIGN",
    "MISSING",
    "NUMBER",
    "TOTAL_LINE",
    "Parameters",
    "amount",
    "number",
    "quoted",
    "quoted_list",
    "text",
    "truth",
    "value_or_missing",
]

_BLANK: Final = " \t\r\n\v\f\u00a0\u200b\u202f\ufeff"
_EDGE: Final = f"^[{_BLANK}]|[{_BLANK}]$"
MISSING: Final = (
    "n/a",
    "na",
    "#n/a",
    "n.a.",
    "null",
    "none",
    "nil",
    "nan",
    "-",
    "--",
    "–",
    "—",
    ".",
)
_SIGN: Final = "[-−+]"
_GAP: Final = r"[\s\x{00a0}\x{202f}]*"
CURRENCY_SIGN: Final = r"(?:\p{Sc}|R\$|[A-Z]{1,2}\$|[A-Z]{3}|kr\.?|zł|Fr\.?)"
_GROUPED: Final = {
    ".": r"(?:(?:\d{1,3}(?:[,'’ \x{00a0}\x{202f}]\d{3})+|\d+)(?:\.\d*)?|\.\d+)",
    ",": r"(?:(?:\d{1,3}(?:[.'’ \x{00a0}\x{202f}]\d{3})+|\d+)(?:,\d*)?|,\d+)",
}


def _written(decimal: str) -> str:
    body = _GROUPED[decimal]
    sign, gap, mark = _SIGN, _GAP, CURRENCY_SIGN
    return (
        f"(?:{sign}?{gap}{mark}?{gap}{sign}?{gap}{body}{gap}{mark}?"
        f"|{mark}?{gap}{body}{gap}{sign}{gap}{mark}?"
        rf"|\({gap}{mark}?{gap}{body}{gap}{mark}?{gap}\))"
    )


NUMBER: Final = {decimal: _written(decimal) for decimal in (".", ",")}
TOTAL_LINE: Final = (
    r"(?i)(?:grand|sub)?[- ]?totals?(?: \(.*\))?:?|total general|gesamt(?:summe|ergebnis)?"
    r"|summe|sum|suma|soma|somma|totaal"
)
_TRUE: Final = (
    "true",
    "t",
    "yes",
    "y",
    "1",
    "1.0",
    "ja",
    "sim",
    "si",
    "sí",
    "oui",
    "wahr",
    "resolved",
)
_FALSE: Final = (
    "false",
    "f",
    "no",
    "n",
    "0",
    "0.0",
    "nein",
    "não",
    "nao",
    "non",
    "falsch",
    "unresolved",
)


class Parameters:
    """Values on their way into a statement: ``add`` gives the place of one."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        name = f"p{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def used_in(self, sql: str) -> dict[str, Any]:
        """The values the statement names; DuckDB refuses any others."""
        return {name: self._values[name] for name in set(re.findall(r"\$(p\d+)\b", sql))}


def quoted(value: str) -> str:
    """A constant of ours as SQL text."""
    return "'" + value.replace("'", "''") + "'"


def quoted_list(values: tuple[str, ...]) -> str:
    """Constants of ours as a list in SQL text."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def text(cell: str) -> str:
    """The cell without blanks around it; NULL when nothing is left."""
    # Trimming by a list of characters is slow, and few cells need it.
    return (
        f"nullif(CASE WHEN regexp_matches({cell}, {quoted(_EDGE)}) "
        f"THEN trim({cell}, {quoted(_BLANK)}) ELSE {cell} END, '')"
    )


def value_or_missing(cell: str) -> str:
    """NULL for words that say a number or date is missing, such as N/A."""
    return f"CASE WHEN lower({cell}) IN {_in(MISSING)} THEN NULL ELSE {cell} END"


def _in(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(quoted(value) for value in values) + ")"


def _plain_number(cell: str, decimal: str) -> str:
    """The cell as ``-123.45``, whatever signs, groups and currency marks it was written with."""
    keep = "[^0-9.]" if decimal == "." else "[^0-9,]"
    # The currency mark may hold a dot (kr., Fr.), which would be read as a decimal sign.
    bare = f"regexp_replace({cell}, '(kr|Fr)\\.', '', 'g')"
    digits = f"regexp_replace({bare}, '{keep}', '', 'g')"
    if decimal == ",":
        digits = f"replace({digits}, ',', '.')"
    minus = f"(contains({cell}, '-') OR contains({cell}, '−') OR contains({cell}, '('))"
    simple = r"-?\d{1,15}(\.\d+)?" if decimal == "." else r"-?\d{1,15}"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{simple}') THEN {cell} "
        f"WHEN regexp_full_match({cell}, {quoted(NUMBER[decimal])}) "
        f"THEN CASE WHEN {minus} THEN '-' ELSE '' END || {digits} END"
    )


def _is_sane(plain: str) -> str:
    """At most fifteen digits: what a spreadsheet holds exactly, and more than money needs."""
    return f"length(ltrim(regexp_replace({plain}, '[^0-9]', '', 'g'), '0')) <= 15"


def amount(cell: str, decimal: str) -> str:
    """Money as DECIMAL(18,4)."""
    plain = f"({_plain_number(cell, decimal)})"
    return f"CASE WHEN {_is_sane(plain)} THEN TRY_CAST({plain} AS DECIMAL(18,4)) END"


def number(cell: str, decimal: str) -> str:
    """A plain number as DOUBLE; a currency mark is no part of it."""
    plain = f"({_plain_number(cell, decimal)})"
    unmarked = f"NOT regexp_matches({cell}, '[^-−+0-9.,''’ \u00a0\u202f()]')"
    return f"CASE WHEN {_is_sane(plain)} AND {unmarked} THEN TRY_CAST({plain} AS DOUBLE) END"


def truth(cell: str) -> str:
    """A yes or no as BOOLEAN."""
    return (
        f"CASE WHEN lower({cell}) IN {_in(_TRUE)} THEN true "
        f"WHEN lower({cell}) IN {_in(_FALSE)} THEN false END"
    )
