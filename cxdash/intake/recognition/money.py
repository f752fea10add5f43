"""In which currency amounts are, and which of them were really earned."""

import re
from dataclasses import replace
from typing import Final

from cxdash.facts.format import counted
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import AMOUNT
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.roles import fits_type
from cxdash.intake.recognition.statuses import statuses
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["currency_of_name", "money"]

_CURRENCIES: Final = (
    *("USD", "EUR", "GBP", "BRL", "CHF", "CAD", "AUD", "JPY", "INR", "SEK", "NOK", "DKK", "PLN"),
    *("CZK", "HUF", "MXN", "ZAR", "SGD", "HKD", "NZD", "CNY", "KRW", "TRY", "ILS", "AED", "MYR"),
)
_DOLLARS: Final = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
_MARKS: Final = {"€": "EUR", "£": "GBP", "R$": "BRL", "₹": "INR", "₩": "KRW", "zł": "PLN"}
_NAMES: Final = {
    **{code.lower(): code for code in _CURRENCIES},
    "euro": "EUR",
    "euros": "EUR",
    "us dollars": "USD",
    "pounds": "GBP",
    "sterling": "GBP",
    "reais": "BRL",
}
_MONEY: Final = ("amount", "monthly_amount", "cost")


def money(draft: Draft) -> Draft:
    """Settle the currency of every amount, and which rows count as money."""
    kind = draft.mapping.kind
    if kind == "control_totals" or "currency" not in KINDS[kind].roles:
        return draft
    if kind != "fx":
        draft = _currency(draft)
    if kind == "revenue":
        draft = statuses(draft)
    return draft


def currency_of_name(name: str) -> str:
    """The currency a header names: ``amount_usd``, ``Betrag in EUR``, ``Revenue (€)``; else empty.

    >>> currency_of_name("Amount (EUR)")
    'EUR'
    """
    for mark, code in _MARKS.items():
        if mark in name and not (mark == "R$" and "AR$" in name):
            return code
    words = normal(name)
    found = {
        code for word, code in _NAMES.items() if re.search(rf"(^|\s){word}$|^{word}(\s|$)", words)
    }
    return found.pop() if len(found) == 1 else ""


def _currency(draft: Draft) -> Draft:
    mapping = draft.mapping
    role = next((role for role in _MONEY if role in mapping.columns), None)
    needed = "currency" in mapping.missing() or mapping.kind == "revenue"
    if "currency" in mapping.columns:
        return _currency_column(draft) if role or needed else draft
    if "currency" in mapping.constants or not (role or needed):
        return draft
    told = _told(draft, role)
    question = Question(
        "currency",
        "No column names the currency. In which currency are the amounts?",
        tuple((code, code) for code in _offered(draft, role)),
        "money",
        free=True,
    )
    if len(told) == 1 and "currency" not in draft.answers:
        draft = replace(draft, shown=(*draft.shown, question))
        return draft.with_constant("currency", next(iter(told)))
    if role is None and _amount_may_tell(draft):
        return draft
    said, draft = draft.asking(question)
    return draft.with_constant("currency", said.strip().upper()) if said else draft


def _told(draft: Draft, role: str | None) -> set[str]:
    """Currencies the header of the amounts or the marks in them name."""
    if role is None:
        return set()
    column = draft.mapping.columns[role].column
    names = [name for name, _ in draft.mapping.months] if column == AMOUNT else [column]
    named = {code for name in names if (code := currency_of_name(name))}
    if named:
        return named
    shapes = [draft.shape(name) for name in names]
    marked = [_marks(shape) for shape in shapes if shape is not None and shape.filled]
    return set().union(*marked) if marked and all(marked) else set()


def _marks(shape: Shapes) -> set[str]:
    """Currencies the marks in the amounts name, if every amount carries an unmistakable one."""
    found = set()
    for value in shape.values or ("",):
        code = next((code for mark, code in _MARKS.items() if mark in value), None)
        if code is None:
            return set()
        found.add(code)
    return found


def _offered(draft: Draft, role: str | None) -> tuple[str, ...]:
    """Currencies to choose from, dollars first where the amounts carry a dollar sign."""
    shape = draft.shape(draft.mapping.columns[role].column) if role else None
    shown = (shape.name, *shape.samples) if shape else ()
    if any("$" in text and "R$" not in text for text in shown):
        return tuple(dict.fromkeys([*_DOLLARS, *_CURRENCIES]))
    return _CURRENCIES


def _amount_may_tell(draft: Draft) -> bool:
    """Whether a column that may turn out to be the amount names the currency itself."""
    return any(
        currency_of_name(shape.name) or _marks(shape)
        for shape in draft.evidence.shapes
        if fits_type(shape, "DECIMAL")
    )


def _currency_column(draft: Draft) -> Draft:
    shape = draft.shape(draft.mapping.columns["currency"].column)
    if shape is None:
        return draft
    codes = sorted({value.upper() for value in shape.values or ()})
    empty = shape.rows - shape.filled
    if empty and "currency" not in draft.mapping.constants:
        said, draft = draft.asking(
            Question(
                "currency_missing",
                f"{counted(empty, 'row names', 'rows name')} no currency. What about "
                f"{'it' if empty == 1 else 'them'}?",
                (("reject", "Do not load them"), *((code, f"They are {code}") for code in codes)),
                "money",
                columns=(shape.name,),
            )
        )
        if said and said != "reject":
            draft = draft.with_constant("currency", said)
    if len(codes) > 1 and draft.mapping.currencies != "several":
        draft = _several(draft, shape, codes)
    return draft


def _several(draft: Draft, shape: Shapes, codes: list[str]) -> Draft:
    said, draft = draft.asking(
        Question(
            "currencies",
            f"The amounts are in {len(codes)} currencies ({', '.join(codes[:6])}). They are "
            "kept apart and never added up without exchange rates. Is that right?",
            (
                ("several", "Yes, load each in its own currency"),
                ("wrong", "No, the column is wrong; I will export again"),
            ),
            "money",
            columns=(shape.name,),
        )
    )
    if said == "several":
        return draft.with_mapping(currencies="several")
    if said == "wrong":
        _, draft = draft.asking(
            Question(
                "currencies_wrong",
                "Export the file again with the right currency.",
                (),
                "money",
                columns=(shape.name,),
            )
        )
    return draft
