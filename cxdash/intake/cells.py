"""SQL that turns one text cell into a typed value, and patterns that tell the two forms apart.

Every function takes and returns SQL text over columns with names of ours; whatever a person wrote
travels as a parameter. A cell that does not fit gives NULL; the caller says why.
"""

import re
from itertools import product
from typing import Any, Final

__all__ = [
    "CURRENCY_SIGN",
    "MISSING",
    "NUMBER",
    "TOTAL_LINE",
    "ZONED",
    "Parameters",
    "amount",
    "date_formats",
    "moment",
    "number",
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
ZONED: Final = r":.*(?:[Zz]|UTC|GMT|[-+]\d{1,2}(?::?\d{2})?)$"
_ISO: Final = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?"
_ZONE: Final = r"^(.*?\d:\d\d.*?)\s*(?:[Zz]|(?:UTC|GMT)?(?:([-+])(\d{1,2}):?(\d{2})?)?)$"
TOTAL_LINE: Final = (
    r"(?i)(?:grand|sub)?[- ]?totals?(?: \(.*\))?:?|total general|gesamt(?:summe|ergebnis)?"
    r"|summe|sum|suma|soma|somma|totaal"
)
_TIMES: Final = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %H:%M:%S.%f",
    " %I:%M:%S %p",
    " %I:%M %p",
    " %I:%M:%S%p",
    " %I:%M%p",
)
_NAMED: Final = (
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d. %B %Y",
    "%d. %b %Y",
)
_DAYS: Final = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    "ymd2": ("%y-%m-%d", "%y/%m/%d", "%y.%m.%d"),
    "dmy2": ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y"),
    "mdy2": ("%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
}
# The names of months as people write them, by what the engine reads.
_MONTH_NAMES: Final = {
    "jan": "januar january janeiro janvier janv enero ene jänner",
    "feb": "februar february fevereiro février fevrier febrero févr fév fev feber",
    "mar": "märz maerz march março marco mars marzo mär mrz",
    "apr": "april abril avril avr abr",
    "may": "maio mai mayo may",
    "jun": "juni june junho juin junio",
    "jul": "juli july julho juillet julio juil",
    "aug": "august agosto août aout ago",
    "sep": "september setembro septembre septiembre setiembre sept set",
    "oct": "oktober october outubro octobre octubre okt out",
    "nov": "november novembro novembre noviembre",
    "dec": "dezember december dezembro décembre decembre diciembre dez déc dic",
}
_MONTHS: Final = {
    "ym": ("%Y-%m", "%Y/%m", "%Y%m", "%Y-%m-%d"),
    "my": ("%m/%Y", "%m-%Y", "%m.%Y", "%b %Y", "%B %Y", "%b-%Y"),
}
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


def _quoted(value: str) -> str:
    """A constant of this module as SQL text."""
    return "'" + value.replace("'", "''") + "'"


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def text(cell: str) -> str:
    """The cell without blanks around it; NULL when nothing is left."""
    # Trimming by a list of characters is slow, and few cells need it.
    return (
        f"nullif(CASE WHEN regexp_matches({cell}, {_quoted(_EDGE)}) "
        f"THEN trim({cell}, {_quoted(_BLANK)}) ELSE {cell} END, '')"
    )


def value_or_missing(cell: str) -> str:
    """NULL for words that say a number or date is missing, such as N/A."""
    return f"CASE WHEN lower({cell}) IN {_in(MISSING)} THEN NULL ELSE {cell} END"


def _in(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(_quoted(value) for value in values) + ")"


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
        f"WHEN regexp_full_match({cell}, {_quoted(NUMBER[decimal])}) "
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


def date_formats(order: str) -> tuple[str, ...]:
    """Every way a date of that order may be written, the commonest first."""
    if order in _MONTHS:
        return _MONTHS[order]
    with_t = (
        tuple(f"%Y-%m-%d{t.replace(' ', 'T', 1)}" for t in _TIMES[1:4]) if order == "ymd" else ()
    )
    days = _DAYS[order]
    return (
        *(days[0] + t for t in _TIMES),
        *with_t,
        *(day + t for day, t in product((*days[1:], *_NAMED), _TIMES)),
    )


def moment(cell: str, order: str, time_zone: str) -> str:
    """A date or time as TIMESTAMP.

    A time with an offset is converted to ``time_zone`` (SQL of a text; the text may be empty, which
    means UTC); one without is taken as written.
    """
    if order == "epoch_s":
        return _epoch(cell, 1_000_000, 10**11)
    if order == "epoch_ms":
        return _epoch(cell, 1_000, 10**14)
    if order == "excel":
        days = f"TRY_CAST({cell} AS DOUBLE)"
        return (
            f"CASE WHEN {days} BETWEEN 1 AND 2958465 THEN TIMESTAMP '1899-12-30' "
            f"+ to_microseconds(CAST(round({days} * 86400) AS BIGINT) * 1000000) END"
        )
    formats = _list(date_formats(order))
    cell = _english(cell)
    # Some systems write seven digits or more of a second; six are kept.
    written = cell
    cell = f"regexp_replace({cell}, '(:\\d\\d\\.\\d{{6}})\\d+', '\\1')"
    if order in _MONTHS:
        return f"try_strptime({cell}, {formats})"
    groups = f"regexp_extract({cell}, {_quoted(_ZONE)}, ['body', 'sign', 'h', 'm'])"
    minutes = (
        f"(CASE WHEN ({groups}).sign = '-' THEN -1 ELSE 1 END * "
        f"(60 * coalesce(TRY_CAST(({groups}).h AS INTEGER), 0) "
        f"+ coalesce(TRY_CAST(({groups}).m AS INTEGER), 0)))"
    )
    utc = f"(try_strptime(({groups}).body, {formats}) - to_minutes({minutes}))"
    zone = f"coalesce(nullif({time_zone}, ''), 'UTC')"
    iso = (
        f"WHEN regexp_full_match({written}, {_quoted(_ISO)}) THEN TRY_CAST({written} AS TIMESTAMP) "
        if order == "ymd"
        else ""
    )
    return (
        f"CASE {iso}WHEN regexp_matches({cell}, {_quoted(ZONED)}) "
        f"THEN timezone({zone}, {utc} AT TIME ZONE 'UTC') "
        f"ELSE try_strptime({cell}, {formats}) END"
    )


def _english(cell: str) -> str:
    """The cell with the name of its month as the engine reads it; a cell of figures as it is."""
    word = f"lower(regexp_extract({cell}, '\\pL{{3,}}'))"
    names = [(name, month) for month, said in _MONTH_NAMES.items() for name in said.split()]
    known = _list(tuple(name for name, _ in names))
    months = _list(tuple(month.title() for _, month in names))
    month = f"map_extract_value(map({known}, {months}), {word})"
    bare = f"regexp_replace({cell}, '\\s+de\\s+', ' ', 'g')"
    named = f"regexp_replace({bare}, '\\pL{{3,}}\\.?', {month})"
    is_named = f"regexp_matches({cell}, '\\pL{{3}}') AND {month} IS NOT NULL"
    return f"(CASE WHEN {is_named} THEN {named} ELSE {cell} END)"


def _epoch(cell: str, to_micro: int, below: int) -> str:
    count = f"TRY_CAST({cell} AS BIGINT)"
    return (
        f"CASE WHEN {count} BETWEEN {-below} AND {below} "
        f"THEN make_timestamp({count} * {to_micro}) END"
    )
