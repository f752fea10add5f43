"""How each role, score and choice of a mapping is read from its cells, and what spoils the row."""

from datetime import date, timedelta
from typing import Final

from cxdash.intake import cells, moments
from cxdash.intake.cells import Parameters
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.parts import Parts, translated
from cxdash.intake.mapping import DATE_ORDERS, ChoiceSpec, ColumnSpec, Mapping, ScoreSpec
from cxdash.intake.reading.staging import column
from cxdash.intake.reading.table import Table
from cxdash.intake.specs import NOT_CHOSEN

__all__ = ["chosen", "read_role", "read_score"]

_MONEY: Final = "DECIMAL(18,4)"
_WIDE: Final = "DECIMAL(28,4)"
_SHOWN: Final = 40
_ENDS: Final = ("ended_on", "cancelled_on")
_OPEN_END_YEAR: Final = 2900


def read_role(
    parts: Parts,
    table: Table,
    mapping: Mapping,
    parameters: Parameters,
    role: str,
    sql_type: str,
    today: date,
) -> None:
    """A column of the kind: its text, its value, and why it may spoil the row."""
    spec = mapping.columns.get(role)
    constant = mapping.constants.get(role)
    fixed = f"CAST({parameters.add(constant)} AS VARCHAR)" if constant is not None else "NULL"
    if spec is None:
        parts.value(role, f"CAST({fixed} AS {sql_type})")
        return
    cell = translated(column(table, spec.column), spec.values, parameters)
    if sql_type != "VARCHAR":
        cell = cells.value_or_missing(cell)
    parts.text(f"text_{role}", f"coalesce({cell}, {fixed})" if constant is not None else cell)
    shown = f"{parameters.add(spec.column)} || ': ' || '''' || left(text_{role}, {_SHOWN}) || ''''"
    if sql_type in ("DATE", "TIMESTAMP"):
        _dateread_role(parts, mapping, parameters, role, sql_type, spec, shown, today)
    elif sql_type == "VARCHAR":
        parts.value(role, f"upper(text_{role})" if role.endswith("currency") else f"text_{role}")
    else:
        _numberread_role(parts, table, parameters, role, sql_type, spec, shown)
    if role in KINDS[mapping.kind].required:
        parts.refuse(
            f"problem IS NULL AND text_{role} IS NULL",
            f"{parameters.add(spec.column)} || ' is missing'",
        )
    if role.endswith("currency"):
        parts.refuse(
            f"{role} IS NOT NULL AND NOT regexp_full_match({role}, '[A-Z]{{3}}')",
            f"{shown} || ' is not a three-letter currency code'",
        )


def _numberread_role(
    parts: Parts,
    table: Table,
    parameters: Parameters,
    role: str,
    sql_type: str,
    spec: ColumnSpec,
    shown: str,
) -> None:
    text = f"text_{role}"
    decimal = spec.decimal or "."
    if sql_type == "BOOLEAN":
        parts.value(role, cells.truth(text))
        parts.refuse(f"{text} IS NOT NULL AND {role} IS NULL", f"{shown} || ' is not a yes or no'")
        return
    read = cells.amount if sql_type == _MONEY else cells.number
    sql = read(text, decimal)
    for other, sign in ((spec.minus, "-"), (spec.times, "*")):
        if other:
            cell = f"({cells.value_or_missing(column(table, other))})"
            neutral = "0" if sign == "-" else "1"
            # Both parts may fit where their product does not, neither on the way nor in the end.
            one, two = (
                f"CAST(({part}) AS {_WIDE if sql_type == _MONEY else sql_type})"
                for part in (sql, _or_neutral(cell, decimal, neutral))
            )
            sql = f"TRY(CAST({one} {sign} {two} AS {sql_type}))"
            shown += (
                f" || CASE WHEN {cell} IS NULL THEN '' ELSE ' with ' || {parameters.add(other)} "
                f"|| ': ' || '''' || left({cell}, {_SHOWN}) || '''' END"
            )
    parts.value(role, sql)
    what = "an amount of money" if sql_type == _MONEY else "a number"
    parts.refuse(f"{text} IS NOT NULL AND {role} IS NULL", f"{shown} || ' is not {what}'")


def _or_neutral(cell: str, decimal: str, neutral: str) -> str:
    """The second amount; an empty cell changes nothing, an unreadable one spoils the row."""
    return f"CASE WHEN {cell} IS NULL THEN {neutral} ELSE {cells.amount(cell, decimal)} END"


def _dateread_role(
    parts: Parts,
    mapping: Mapping,
    parameters: Parameters,
    role: str,
    sql_type: str,
    spec: ColumnSpec,
    shown: str,
    today: date,
) -> None:
    order = spec.dates or "ymd"
    zone = f"CAST({parameters.add(mapping.time_zone)} AS VARCHAR)"
    parts.read(f"text_at_{role}", moments.moment(f"text_{role}", order, zone))
    at = f"text_at_{role}"
    value = f"CAST({at} AS {sql_type})"
    if role in _ENDS:
        # A year far ahead is how many systems write that there is no end yet.
        value = f"CASE WHEN year({at}) < {_OPEN_END_YEAR} THEN {value} END"
    parts.value(role, value)
    parts.refuse(
        f"text_{role} IS NOT NULL AND {at} IS NULL",
        f"{shown} || ' is not a date written as {_example(order)}'",
    )
    first = "1900-01-02" if role == "since" else "1970-01-02"
    parts.refuse(
        f"{at} < TIMESTAMP '{first}' OR CAST({at} AS DATE) = DATE '1970-01-01'",
        f"{shown} || ' stands for a date nobody knew'",
    )
    if role in KINDS[mapping.kind].past:
        tomorrow = parameters.add(today + timedelta(days=1))
        parts.refuse(f"CAST({at} AS DATE) > {tomorrow}", f"{shown} || ' lies in the future'")


def read_score(
    parts: Parts, table: Table, parameters: Parameters, at: int, score: ScoreSpec
) -> None:
    cell = translated(column(table, score.column), score.values, parameters)
    parts.text(f"text_s{at}", cells.value_or_missing(cell))
    parts.read(f"text_n{at}", cells.number(f"text_s{at}", score.decimal or "."))
    turned = f"{score.scale_low + score.scale_high:g} - text_n{at}"
    parts.value(f"s{at}", f"text_n{at}" if score.high_is_good else turned)
    shown = f"{parameters.add(score.column)} || ': ' || '''' || left(text_s{at}, {_SHOWN}) || ''''"
    scale = f"{score.scale_low:g} to {score.scale_high:g}"
    parts.refuse(
        f"text_s{at} IS NOT NULL AND text_n{at} IS NULL",
        f"{shown} || ' is not a number on the scale {scale}'",
    )
    parts.refuse(
        f"text_n{at} NOT BETWEEN {score.scale_low:g} AND {score.scale_high:g}",
        f"{shown} || ' is outside the scale {scale}'",
    )
    parts.refuse(
        f"text_n{at} BETWEEN {score.scale_low:g} AND {score.scale_high:g} "
        f"AND text_n{at} <> floor(text_n{at})",
        f"{shown} || ' is not a whole number, as answers on the scale {scale} are'",
    )


def chosen(table: Table, parameters: Parameters, choice: ChoiceSpec) -> str:
    """The choices of a row as a list of texts, each once."""
    if choice.column:
        parts = f"string_split({column(table, choice.column)}, {parameters.add(choice.separator)})"
        trimmed = f"list_transform({parts}, lambda part: trim(part))"
        return f"list_distinct(list_filter({trimmed}, lambda part: part <> ''))"
    unsaid = parameters.add(list(NOT_CHOSEN))
    told = ", ".join(
        f"CASE WHEN NOT list_contains(CAST({unsaid} AS VARCHAR[]), lower({column(table, name)})) "
        f"THEN {parameters.add(meaning)} END"
        for name, meaning in choice.columns
    )
    return f"list_filter([{told}], lambda part: part IS NOT NULL)"


def _example(order: str) -> str:
    """``day, month, year (such as 05/03/2026)``: the pattern, and that the date is an example."""
    pattern, _, example = DATE_ORDERS[order].partition(": ")
    return f"{pattern} (such as {example})" if example else pattern
