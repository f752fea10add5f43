"""Staged text to typed rows, each with the reason why it cannot be loaded, in one SQL statement.

The table ``typed`` has a row for every staged row: ``line_no``, ``refusal`` (NULL when the row is
good), ``row_no`` (the row of ``staged`` it comes from), ``own_key`` (NULL when the kind has none),
``content`` (hash of what it says), ``row_name`` (what tells rows apart: the key, else the content),
a column for every role, ``s0, s1, ...`` for scores, ``k0, ...`` for comments, ``m0, ...`` for
choices, ``a0, ...`` for aliases, ``t0, ...`` for traits.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.cells import Parameters
from cxdash.intake.events import EVENT_WORDS
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import (
    DATE_ORDERS,
    ChoiceSpec,
    ColumnSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
)
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table
from cxdash.intake.specs import NOT_CHOSEN
from cxdash.store import erasure
from cxdash.store.spreadsheet import RESTORED

__all__ = ["TYPED", "key_columns", "type_rows"]

TYPED: Final = "typed"
_MONEY: Final = "DECIMAL(18,4)"
_WIDE: Final = "DECIMAL(28,4)"
_SHOWN: Final = 40
_ENDS: Final = ("ended_on", "cancelled_on")
# Columns that came with a later schema. They count towards a row's content only where a file has
# them, so that rows loaded before are still recognised.
_LATER: Final = ("promised_at", "delivered_at")
_OPEN_END_YEAR: Final = 2900
_KINDS_OF_REVENUE: Final = ("recurring", "one-off", "refund")
_SIGNS: Final = (("€", "EUR"), ("£", "GBP"), ("R$", "BRL"), ("₹", "INR"), ("₩", "KRW"))


def _example(order: str) -> str:
    """``day, month, year (such as 05/03/2026)``: the pattern, and that the date is an example."""
    pattern, _, example = DATE_ORDERS[order].partition(": ")
    return f"{pattern} (such as {example})" if example else pattern


def key_columns(mapping: Mapping) -> bool:
    """Whether rows have a name of their own: source columns of the mapping, or the kind's id."""
    kind = KINDS[mapping.kind]
    given = set(mapping.columns) | set(mapping.constants)
    return bool(mapping.key) or (bool(kind.key) and set(kind.key) <= given)


@dataclass(slots=True)
class _Parts:
    """SQL under construction.

    ``layers`` name to expression: an expression may use names of the layers before its own, never
    of its own, so that the engine computes each of them once. ``reasons`` are CASE expressions,
    ``erased`` conditions that the row names a customer who was erased.
    """

    cells: dict[str, str] = field(default_factory=dict)
    layers: tuple[dict[str, str], ...] = field(default_factory=lambda: ({}, {}, {}, {}))
    reasons: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)

    def text(self, name: str, sql: str) -> None:
        """The text a value is read from."""
        self.layers[0][name] = sql

    def read(self, name: str, sql: str) -> None:
        """A reading of a text that several things depend on."""
        self.layers[1][name] = sql

    def value(self, name: str, sql: str) -> None:
        """A column of the typed row."""
        self.layers[2][name] = sql

    def replace(self, name: str, sql: str) -> None:
        """A column of the typed row that depends on another column of it."""
        self.layers[3][name] = sql

    def refuse(self, when: str, text: str) -> None:
        self.reasons.append(f"CASE WHEN {when} THEN {text} END")


def type_rows(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, today: date) -> None:
    """Fill ``typed`` from ``staged``."""
    cur.execute(f"DROP TABLE IF EXISTS {TYPED}")
    parameters = Parameters()
    parts = _Parts()
    for name in dict.fromkeys((table.header[0], *mapping.cells)):
        place = column(table, name)
        parts.cells[place] = cells.text(_as_written(table, place))
    parts.refuse("problem IS NOT NULL", "problem")
    _refuse_totals(parts, table, mapping)
    for role, sql_type in KINDS[mapping.kind].roles.items():
        _role(parts, table, mapping, parameters, role, sql_type, today)
    for at, score in enumerate(mapping.scores):
        _score(parts, table, parameters, at, score)
    for at, comment in enumerate(mapping.comments):
        place = column(table, comment.column)
        # Text is kept exactly as it came, blanks included.
        kept = _as_written(table, f"raw_{place}")
        parts.value(f"k{at}", f"CASE WHEN {place} IS NOT NULL THEN {kept} END")
    for at, choice in enumerate(mapping.choices):
        parts.value(f"m{at}", _chosen(table, parameters, choice))
    for at, name in enumerate(mapping.aliases):
        parts.value(f"a{at}", column(table, name))
    for at, name in enumerate(mapping.traits):
        parts.value(f"t{at}", cells.value_or_missing(column(table, name)))
    for rule in mapping.reject:
        _rule(parts, table, parameters, rule)
    _kind_rules(parts, mapping)
    if erasure.any_erased(cur):
        parts.erased = _erased(mapping)
    statement = _statement(parts, table, mapping, parameters)
    cur.execute(statement, parameters.used_in(statement))


def _statement(parts: _Parts, table: Table, mapping: Mapping, parameters: Parameters) -> str:
    comments = {column(table, comment.column) for comment in mapping.comments}
    trimmed = [f"{sql} AS {place}" for place, sql in parts.cells.items()]
    untouched = [f"{place} AS raw_{place}" for place in sorted(comments)]
    texts, readings, values, replaced = (_aliased(layer) for layer in parts.layers)
    roles = [
        role for role in KINDS[mapping.kind].roles if role not in _LATER or role in mapping.columns
    ]
    content = [
        *(role for role in roles if role != KINDS[mapping.kind].own_id or role in mapping.columns),
        *(f"s{at}" for at in range(len(mapping.scores))),
        *(f"k{at}" for at in range(len(mapping.comments))),
        *(f"t{at}" for at in range(len(mapping.traits))),
        *(f"m{at}" for at in range(len(mapping.choices))),
    ]
    reasons = ", ".join([*parts.reasons, *_key_reasons(mapping, parameters)])
    refusal = f"nullif(array_to_string([{reasons}], '; '), '')"
    if parts.erased:
        # No other reason, because those quote cells of the row.
        told = parameters.add(erasure.REASON)
        refusal = f"CASE WHEN {' OR '.join(parts.erased)} THEN {told} ELSE {refusal} END"
    return f"""
        CREATE TEMP TABLE {TYPED} AS
        WITH trimmed AS (
          SELECT rowid AS row_no, line_no, problem, {", ".join([*trimmed, *untouched])}
          FROM {STAGED}
        ),
        texts AS (SELECT *{texts} FROM trimmed),
        readings AS (SELECT *{readings} FROM texts),
        valued AS (SELECT *{values} FROM readings),
        settled AS (SELECT *{f" REPLACE ({replaced[2:]})" if replaced else ""} FROM valued),
        named AS (
          SELECT *, {_own_key(table, mapping, parameters)} AS own_key,
            {_hash(mapping, content, parameters)} AS content
          FROM settled
        )
        SELECT row_no, line_no, own_key, content, {_name(mapping, parameters)} AS row_name,
          {", ".join(parts.layers[2])},
          {refusal} AS refusal
        FROM named
    """


def _as_written(table: Table, cell: str) -> str:
    """The cell without the apostrophe that our own exports put before what looks like a formula."""
    if table.scan.form != "text":
        return cell
    return f"CASE WHEN starts_with({cell}, chr(39)) THEN {RESTORED.format(cell)} ELSE {cell} END"


def _erased(mapping: Mapping) -> list[str]:
    """Conditions that a name in the row belongs to somebody who was erased on request."""
    names = [role for role in ("customer_id",) if role in mapping.columns]
    names += [f"a{at}" for at in range(len(mapping.aliases))]
    orders = [erasure.erased("order_id", "order")] if "order_id" in mapping.columns else []
    return [*(erasure.erased(name) for name in names), *orders]


def _aliased(layer: dict[str, str]) -> str:
    return "".join(f", {sql} AS {name}" for name, sql in layer.items())


def _own_key(table: Table, mapping: Mapping, parameters: Parameters) -> str:
    """The row's natural key as text, or NULL."""
    if mapping.key:
        named = [column(table, name) for name in mapping.key]
    elif key_columns(mapping):
        named = [f"CAST({role} AS VARCHAR)" for role in KINDS[mapping.kind].key]
    else:
        return "CAST(NULL AS VARCHAR)"
    if len(named) > 1:
        # A bar inside a part is doubled, so that no two keys can look the same.
        named = [f"replace({part}, '|', '||')" for part in named]
    key = " || '|' || ".join(named)
    return f"{parameters.add(mapping.source)} || ':' || {key}" if mapping.source else key


def _name(mapping: Mapping, parameters: Parameters) -> str:
    """What tells the row apart from others: its key, or its content within its source."""
    if key_columns(mapping):
        return "own_key"
    return f"{parameters.add(mapping.source)} || ':' || content" if mapping.source else "content"


def _key_reasons(mapping: Mapping, parameters: Parameters) -> list[str]:
    if not key_columns(mapping):
        return []
    named = " and ".join(mapping.key or KINDS[mapping.kind].key)
    sentence = parameters.add(f"the row has no {named}")
    return [f"CASE WHEN own_key IS NULL AND problem IS NULL THEN {sentence} END"]


def _hash(mapping: Mapping, content: list[str], parameters: Parameters) -> str:
    items = [f"{score.item}:{score.variant}" for score in mapping.scores]
    named = [*items, *(comment.item for comment in mapping.comments), *mapping.traits]
    named += [f"{choice.item}*" for choice in mapping.choices]
    shape = parameters.add(";".join(named))
    texts = [f"coalesce(CAST({name} AS VARCHAR), chr(1))" for name in content]
    return f"md5(concat_ws(chr(31), {shape}, {', '.join(texts)}))"


def _role(
    parts: _Parts,
    table: Table,
    mapping: Mapping,
    parameters: Parameters,
    role: str,
    sql_type: str,
    today: date,
) -> None:
    spec = mapping.columns.get(role)
    constant = mapping.constants.get(role)
    fixed = f"CAST({parameters.add(constant)} AS VARCHAR)" if constant is not None else "NULL"
    if spec is None:
        parts.value(role, f"CAST({fixed} AS {sql_type})")
        return
    cell = _translated(column(table, spec.column), spec.values, parameters)
    if sql_type != "VARCHAR":
        cell = cells.value_or_missing(cell)
    parts.text(f"text_{role}", f"coalesce({cell}, {fixed})" if constant is not None else cell)
    shown = f"{parameters.add(spec.column)} || ': ' || '''' || left(text_{role}, {_SHOWN}) || ''''"
    if sql_type in ("DATE", "TIMESTAMP"):
        _date_role(parts, mapping, parameters, role, sql_type, spec, shown, today)
    elif sql_type == "VARCHAR":
        parts.value(role, f"upper(text_{role})" if role.endswith("currency") else f"text_{role}")
    else:
        _number_role(parts, table, parameters, role, sql_type, spec, shown)
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


def _number_role(
    parts: _Parts,
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


def _date_role(
    parts: _Parts,
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
    parts.read(f"text_at_{role}", cells.moment(f"text_{role}", order, zone))
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


def _translated(cell: str, values: tuple[tuple[str, object], ...], parameters: Parameters) -> str:
    """The cell, with the words a person explained replaced by what they mean."""
    if not values:
        return cell
    words = parameters.add([word.strip().lower() for word, _ in values])
    meanings = parameters.add([_plain(meaning) for _, meaning in values])
    table = f"map(CAST({words} AS VARCHAR[]), CAST({meanings} AS VARCHAR[]))"
    return f"coalesce(map_extract_value({table}, lower({cell})), {cell})"


def _plain(meaning: object) -> str:
    return f"{meaning:g}" if isinstance(meaning, float) else str(meaning)


def _score(parts: _Parts, table: Table, parameters: Parameters, at: int, score: ScoreSpec) -> None:
    cell = _translated(column(table, score.column), score.values, parameters)
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


def _chosen(table: Table, parameters: Parameters, choice: ChoiceSpec) -> str:
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


def _rule(parts: _Parts, table: Table, parameters: Parameters, rule: RejectRule) -> None:
    place = column(table, rule.column)
    listed = f"CAST({parameters.add([word.strip().lower() for word in rule.values])} AS VARCHAR[])"
    found = f"list_contains({listed}, lower({place}))"
    when = f"{place} IS NOT NULL AND NOT {found}" if rule.unless else found
    parts.refuse(when, parameters.add(rule.reason))


def _refuse_totals(parts: _Parts, table: Table, mapping: Mapping) -> None:
    """A line of totals is no row, however well it is filled."""
    looked_at = {"c0"}
    for role in ("customer_id", "order_id"):
        if role in mapping.columns:
            looked_at.add(column(table, mapping.columns[role].column))
    pattern = cells.TOTAL_LINE.replace("'", "''")
    found = " OR ".join(f"regexp_full_match({place}, '{pattern}')" for place in sorted(looked_at))
    parts.refuse(f"coalesce({found}, false)", "'the row looks like a line of totals'")


def _kind_rules(parts: _Parts, mapping: Mapping) -> None:
    if mapping.kind == "events":
        _event_rules(parts)
    if mapping.kind == "revenue":
        _revenue_rules(parts, mapping)


def _event_rules(parts: _Parts) -> None:
    """An event is of a known kind; people say price rise or downtime for price and outage."""
    words = ", ".join(f"'{word}'" for word in EVENT_WORDS)
    kinds = ", ".join(f"'{kind}'" for kind in EVENT_WORDS.values())
    meant = f"map_extract_value(map([{words}], [{kinds}]), lower(event_kind))"
    parts.replace("event_kind", f"CASE WHEN event_kind IS NULL THEN 'other' ELSE {meant} END")
    known = ", ".join(dict.fromkeys(EVENT_WORDS.values()))
    parts.refuse("event_kind IS NULL", f"'the kind of event is none of {known}'")


def _revenue_rules(parts: _Parts, mapping: Mapping) -> None:
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS_OF_REVENUE)
    # Money that flows back is a refund, whatever the column says.
    parts.replace("revenue_kind", "CASE WHEN amount < 0 THEN 'refund' ELSE lower(revenue_kind) END")
    parts.refuse(
        f"revenue_kind NOT IN ({kinds})",
        "revenue_kind || ' is none of recurring, one-off and refund'",
    )
    if "order_id" in mapping.columns:
        parts.refuse(
            "problem IS NULL AND customer_id IS NULL AND order_id IS NULL",
            "'the row names neither a customer nor an order'",
        )
    else:
        for role, what in (("customer_id", "customer"), ("dated", "date")):
            if role in mapping.columns:
                parts.refuse(f"problem IS NULL AND text_{role} IS NULL", f"'the row has no {what}'")
    if "amount" in mapping.columns:
        for sign, code in _SIGNS:
            parts.refuse(
                f"contains(text_amount, '{sign}') AND currency <> '{code}'",
                f"'the amount is written in {sign}, the currency is ' || currency",
            )
