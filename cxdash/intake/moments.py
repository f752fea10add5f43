"""SQL that turns a text cell into a day or a moment, in whichever order people write it.

As in :mod:`cxdash.intake.cells` every function takes and returns SQL text; a cell that does not fit
gives NULL.
"""

from itertools import product
from typing import Final

from cxdash.intake.cells import quoted, quoted_list

__all__ = ["ZONED", "date_formats", "moment"]

ZONED: Final = r":.*(?:[Zz]|UTC|GMT|[-+]\d{1,2}(?::?\d{2})?)$"
_ISO: Final = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?"
_ZONE: Final = r"^(.*?\d:\d\d.*?)\s*(?:[Zz]|(?:UTC|GMT)?(?:([-+])(\d{1,2}):?(\d{2})?)?)$"
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
    formats = quoted_list(date_formats(order))
    cell = _english(cell)
    # Some systems write seven digits or more of a second; six are kept.
    written = cell
    cell = f"regexp_replace({cell}, '(:\\d\\d\\.\\d{{6}})\\d+', '\\1')"
    if order in _MONTHS:
        return f"try_strptime({cell}, {formats})"
    groups = f"regexp_extract({cell}, {quoted(_ZONE)}, ['body', 'sign', 'h', 'm'])"
    minutes = (
        f"(CASE WHEN ({groups}).sign = '-' THEN -1 ELSE 1 END * "
        f"(60 * coalesce(TRY_CAST(({groups}).h AS INTEGER), 0) "
        f"+ coalesce(TRY_CAST(({groups}).m AS INTEGER), 0)))"
    )
    utc = f"(try_strptime(({groups}).body, {formats}) - to_minutes({minutes}))"
    zone = f"coalesce(nullif({time_zone}, ''), 'UTC')"
    iso = (
        f"WHEN regexp_full_match({written}, {quoted(_ISO)}) THEN TRY_CAST({written} AS TIMESTAMP) "
        if order == "ymd"
        else ""
    )
    return (
        f"CASE {iso}WHEN regexp_matches({cell}, {quoted(ZONED)}) "
        f"THEN timezone({zone}, {utc} AT TIME ZONE 'UTC') "
        f"ELSE try_strptime({cell}, {formats}) END"
    )


def _english(cell: str) -> str:
    """The cell with the name of its month as the engine reads it; a cell of figures as it is."""
    word = f"lower(regexp_extract({cell}, '\\pL{{3,}}'))"
    names = [(name, month) for month, said in _MONTH_NAMES.items() for name in said.split()]
    known = quoted_list(tuple(name for name, _ in names))
    months = quoted_list(tuple(month.title() for _, month in names))
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
