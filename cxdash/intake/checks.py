"""Whether a mapping can be meant: every name known, every value allowed, every scale its variant's.

Checked once, when the mapping is made; what reads it afterwards may trust it.
"""

import math
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

from cxdash.errors import UsageError
from cxdash.facts.definitions import definition, score_variants
from cxdash.intake.kinds import KINDS
from cxdash.intake.specs import AMOUNT, DATE_ORDERS, MONTH, FileSpec

if TYPE_CHECKING:
    from cxdash.intake.mapping import Mapping

__all__ = ["COMPLETENESS", "check", "item_name", "wrong"]

COMPLETENESS: Final = ("complete", "sample", "unknown")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ITEM_LENGTH: Final = 80
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_OF_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-01")
_AMOUNT: Final = re.compile(r"-?\d{1,14}(\.\d{1,10})?")  # what a column of money holds
# Control and format characters, lone halves of a character, line and paragraph separators.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_DELIMITER: Final = frozenset('"\r\n\0')
_HEADER_ROWS: Final = 3


def check(mapping: "Mapping") -> None:
    if mapping.kind not in KINDS:
        raise wrong(f"kind {mapping.kind!r} is unknown", f"Known kinds: {', '.join(KINDS)}.")
    kind = KINDS[mapping.kind]
    for role in (*mapping.columns, *mapping.constants):
        if role not in kind.roles:
            raise wrong(
                f"{role!r} is not a column of {mapping.kind}", f"It has: {', '.join(kind.roles)}."
            )
    if (mapping.scores or mapping.comments or mapping.choices) and mapping.kind != "responses":
        raise wrong(f"scores, comments and choices belong to responses, not to {mapping.kind}")
    if mapping.aliases and mapping.kind != "customers":
        raise wrong(f"aliases belong to customers, not to {mapping.kind}")
    if mapping.traits and mapping.kind != "snapshots":
        raise wrong(f"traits belong to snapshots, not to {mapping.kind}")
    _check_choice("same_rows", mapping.same_rows, ("", "same"))
    _check_choice("repeats", mapping.repeats, ("", "keep", "drop"))
    _check_choice("currencies", mapping.currencies, ("", "several"))
    _check_choice("conflicts", mapping.conflicts, ("reject", "last"))
    _check_choice("completeness", mapping.completeness, COMPLETENESS)
    for role, spec in mapping.columns.items():
        _check_choice(f"columns.{role}.dates", spec.dates, ("", *DATE_ORDERS))
        _check_choice(f"columns.{role}.decimal", spec.decimal, ("", ".", ","))
        if not spec.column:
            raise wrong(f"columns.{role} names no column")
    if any(_is_invisible(mark) for mark in mapping.source):
        raise wrong(f"source = {mapping.source!r} holds a character that cannot be seen")
    _check_file(mapping.file)
    _check_constants(mapping)
    _check_currency(mapping)
    _check_scores(mapping)
    _check_comments(mapping)
    _check_choices(mapping)
    _check_shape(mapping)


def _check_file(spec: FileSpec) -> None:
    mark = spec.delimiter
    if mark and (len(mark) != 1 or mark in _NO_DELIMITER):
        raise wrong(
            f"file.delimiter = {mark!r}", "Give one character such as a comma or a semicolon."
        )
    _check_choice("file.header", spec.header, ("", "none"))
    if any(place < 0 for place in spec.fixed_width) or sorted(set(spec.fixed_width)) != list(
        spec.fixed_width
    ):
        raise wrong(f"file.fixed_width = {list(spec.fixed_width)}", "Give rising places from 0.")
    if spec.header_row < 0:
        raise wrong(f"file.header_row = {spec.header_row}", "Lines are counted from 1.")
    if not 0 <= spec.header_rows <= _HEADER_ROWS:
        raise wrong(f"file.header_rows = {spec.header_rows}", f"Allowed: 1 to {_HEADER_ROWS}.")


def _check_constants(mapping: "Mapping") -> None:
    """A fixed value is the same in every row, so it must fit before the first row is read."""
    for role, text in mapping.constants.items():
        kind = KINDS[mapping.kind].roles[role]
        if kind == "VARCHAR":
            fits, form = bool(text.strip()), "a text"
        elif kind in ("DATE", "TIMESTAMP"):
            fits, form = _is_day(text), "a date such as 2026-03-05"
        elif kind == "BOOLEAN":
            fits, form = text.lower() in ("true", "false"), "true or false"
        else:
            fits, form = bool(_AMOUNT.fullmatch(text)), "a number such as 12.50"
        if not fits:
            raise wrong(f"constants.{role} = {text!r}", f"It must be {form}.")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))


def _check_currency(mapping: "Mapping") -> None:
    for role in ("currency", "to_currency"):
        code = mapping.constants.get(role)
        if code is not None and not _CURRENCY.fullmatch(code):
            raise wrong(f"{role} = {code!r}", "A currency is a three-letter code such as USD.")


def _check_scores(mapping: "Mapping") -> None:
    items = [score.item for score in mapping.scores]
    for item in items:
        if items.count(item) > 1:
            raise wrong(f"score item {item!r} is given twice")
        _check_item("scores", item)
    for score in mapping.scores:
        if not score.column:
            raise wrong(f"{score.item}: scores.column names no column")
        known = score_variants()
        if score.variant not in known:
            raise wrong(f"variant {score.variant!r} is unknown", f"Known: {', '.join(known)}.")
        meant = definition(score.variant)
        if (score.scale_low, score.scale_high) != (meant.scale_low, meant.scale_high):
            raise wrong(
                f"{score.item}: scale {score.scale_low:g} to {score.scale_high:g} does not fit "
                f"{score.variant}, which runs from {meant.scale_low:g} to {meant.scale_high:g}"
            )
        for word, value in score.values:
            if not (math.isfinite(value) and score.scale_low <= value <= score.scale_high):
                raise wrong(f"{score.item}: {word!r} = {value} lies outside the scale")


def _check_comments(mapping: "Mapping") -> None:
    for comment in mapping.comments:
        _check_item("comments", comment.item)
        if not comment.column:
            raise wrong(f"{comment.item}: comments.column names no column")


def _check_choices(mapping: "Mapping") -> None:
    for choice in mapping.choices:
        _check_item("choices", choice.item)
        if not choice.column and not choice.columns:
            raise wrong(f"{choice.item}: choices name no column")
        if choice.column and choice.columns:
            raise wrong(f"{choice.item}: choices have either one column or a column for each")
        if choice.column and not choice.separator:
            raise wrong(
                f"{choice.item}: choices.separator is missing",
                "Give the mark between two answers in one cell, such as a semicolon.",
            )
        if not all(name and said for name, said in choice.columns):
            raise wrong(f"{choice.item}: choices.columns has an empty name")


def _check_shape(mapping: "Mapping") -> None:
    """A file has a line a response and question, or a column a month, or neither."""
    if mapping.long is not None:
        if mapping.kind != "responses":
            raise wrong(f"long belongs to responses, not to {mapping.kind}")
        if not (mapping.long.row and all(mapping.long.row)):
            raise wrong("long.row names no column", "Name the columns that tell responses apart.")
        if not (mapping.long.question and mapping.long.answer):
            raise wrong("long needs the columns of the question and of the answer")
    if mapping.months:
        _check_months(mapping)


def _check_months(mapping: "Mapping") -> None:
    if not {"amount", "dated"} <= set(KINDS[mapping.kind].roles):
        raise wrong(f"months belong to revenue, not to {mapping.kind}")
    for name, month in mapping.months:
        if not name or not _FIRST_OF_MONTH.fullmatch(month):
            raise wrong(f"months.{name} = {month!r}", "It must be a month such as 2026-01-01.")
    for role, wanted in (("dated", MONTH), ("amount", AMOUNT)):
        if role not in mapping.columns or mapping.columns[role].column != wanted:
            raise wrong(f"with months, columns.{role} must be {wanted!r}")


def _check_item(where: str, item: str) -> None:
    """Items are named in questions, addresses and SQL literals: one visible line, no backslash."""
    if item != item_name(item):
        raise wrong(
            f"{where}.item = {item[:200]!r}",
            "Give one line of at most 80 characters without backslashes, for example "
            f"{item_name(item)!r}.",
        )


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        shown = ", ".join(repr(choice) for choice in allowed if choice)
        raise wrong(f"{name} = {value!r}", f"Allowed: {shown}.")


def item_name(text: str) -> str:
    r"""A name a survey item may have, from any text: one line, at most 80 visible characters.

    >>> item_name("Ease of use\n(1\\5)")
    'Ease of use (1/5)'
    """
    visible = "".join(" " if _is_invisible(mark) else mark for mark in text.replace("\\", "/"))
    return " ".join(visible.split())[:_ITEM_LENGTH].rstrip() or "item"


def _is_invisible(mark: str) -> bool:
    return unicodedata.category(mark) in _INVISIBLE


def wrong(what: str, do_next: str = "") -> UsageError:
    return UsageError(
        f"The mapping is wrong: {what}.", state="Nothing was loaded.", do_next=do_next
    )
