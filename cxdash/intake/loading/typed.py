"""Staged text to typed rows, each with the reason why it cannot be loaded, in one SQL statement.

The table ``typed`` has a row for every staged row: ``line_no``, ``refusal`` (NULL when the row is
good), ``row_no`` (the row of ``staged`` it comes from), ``own_key`` (NULL when the kind has none),
``content`` (hash of what it says), ``row_name`` (what tells rows apart: the key, else the content),
a column for every role, ``s0, s1, ...`` for scores, ``k0, ...`` for comments, ``m0, ...`` for
choices, ``a0, ...`` for aliases, ``t0, ...`` for traits.
"""

from datetime import date
from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.cells import Parameters
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.parts import Parts, as_written
from cxdash.intake.loading.readings import chosen, read_role, read_score
from cxdash.intake.loading.rules import erased_names, kind_rules, refuse_rule, refuse_totals
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table
from cxdash.store import erasure

__all__ = ["TYPED", "key_columns", "key_names", "type_rows"]

TYPED: Final = "typed"
# Columns that came with a later schema. They count towards a row's content only where a file has
# them, so that rows loaded before are still recognised.
_LATER: Final = ("promised_at", "delivered_at")


def key_columns(mapping: Mapping) -> bool:
    """Whether rows have a name of their own: source columns of the mapping, or the kind's id."""
    kind = KINDS[mapping.kind]
    given = set(mapping.columns) | set(mapping.constants)
    return bool(mapping.key) or (bool(kind.key) and set(kind.key) <= given)


def key_names(mapping: Mapping) -> tuple[str, ...]:
    """The columns that name a row, as the file calls them; a fixed value names none."""
    if mapping.key:
        return mapping.key
    columns = mapping.columns
    return tuple(columns[role].column for role in KINDS[mapping.kind].key if role in columns)


def type_rows(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, today: date) -> None:
    """Fill ``typed`` from ``staged``."""
    cur.execute(f"DROP TABLE IF EXISTS {TYPED}")
    parameters = Parameters()
    parts = Parts()
    for name in dict.fromkeys((table.header[0], *mapping.cells)):
        place = column(table, name)
        parts.cells[place] = cells.text(as_written(table, place))
    parts.refuse("problem IS NOT NULL", "problem")
    refuse_totals(parts, table, mapping)
    for role, sql_type in KINDS[mapping.kind].roles.items():
        read_role(parts, table, mapping, parameters, role, sql_type, today)
    for at, score in enumerate(mapping.scores):
        read_score(parts, table, parameters, at, score)
    for at, comment in enumerate(mapping.comments):
        place = column(table, comment.column)
        # Text is kept exactly as it came, blanks included.
        kept = as_written(table, f"raw_{place}")
        parts.value(f"k{at}", f"CASE WHEN {place} IS NOT NULL THEN {kept} END")
    for at, choice in enumerate(mapping.choices):
        parts.value(f"m{at}", chosen(table, parameters, choice))
    for at, name in enumerate(mapping.aliases):
        parts.value(f"a{at}", column(table, name))
    for at, name in enumerate(mapping.traits):
        parts.value(f"t{at}", cells.value_or_missing(column(table, name)))
    for rule in mapping.reject:
        refuse_rule(parts, table, parameters, rule)
    kind_rules(parts, mapping)
    if erasure.any_erased(cur):
        parts.erased = erased_names(mapping)
    statement = _statement(parts, table, mapping, parameters)
    cur.execute(statement, parameters.used_in(statement))


def _statement(parts: Parts, table: Table, mapping: Mapping, parameters: Parameters) -> str:
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
    reasons = ", ".join([*parts.reasons, *_key_reasons(table, mapping, parameters)])
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


def _key_reasons(table: Table, mapping: Mapping, parameters: Parameters) -> list[str]:
    if not key_columns(mapping):
        return []
    reasons = []
    for name in _said_once(mapping):
        what = "names the row" if len(key_names(mapping)) == 1 else "is part of what names the row"
        sentence = parameters.add(f"nothing stands under {name}, which {what}")
        reasons.append(
            f"CASE WHEN {column(table, name)} IS NULL AND own_key IS NULL AND problem IS NULL "
            f"THEN {sentence} END"
        )
    return reasons


def _said_once(mapping: Mapping) -> list[str]:
    """The columns of the key whose absence is not told already, because the kind needs the role."""
    columns = mapping.columns
    told = {columns[role].column for role in KINDS[mapping.kind].required if role in columns}
    return [name for name in key_names(mapping) if name not in told]


def _hash(mapping: Mapping, content: list[str], parameters: Parameters) -> str:
    items = [f"{score.item}:{score.variant}" for score in mapping.scores]
    named = [*items, *(comment.item for comment in mapping.comments), *mapping.traits]
    named += [f"{choice.item}*" for choice in mapping.choices]
    shape = parameters.add(";".join(named))
    texts = [f"coalesce(CAST({name} AS VARCHAR), chr(1))" for name in content]
    return f"md5(concat_ws(chr(31), {shape}, {', '.join(texts)}))"
