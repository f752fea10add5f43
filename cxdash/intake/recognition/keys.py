"""What names a row, and what becomes of rows that nothing tells apart."""

from typing import Final

from cxdash.facts.format import counted
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import MONTH
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["keys"]

_ROW_IDS: Final = (
    *("invoice id", "invoice number", "invoice no", "payment id", "payment no", "transaction id"),
    *("charge id", "receipt id", "receipt number", "revenue id", "rechnungsnummer", "belegnummer"),
    *("invoice nr", "invoice num", "rechnungsnr", "rechnungs nr", "rechnung nr", "belegnr"),
    *("beleg nr", "payment number", "transaction number"),
    *("numero factura", "numero de factura", "numero fatura", "invoice", "id", "line item id"),
)
_MONTHS: Final = frozenset({"month", "monat", "mes", "period", "periode", "mois", "zeitraum"})


def keys(draft: Draft) -> Draft:
    """Find the columns that name a row; ask where a file leaves a choice."""
    mapping = draft.mapping
    if mapping.long is not None:
        named = "response_id" in mapping.columns or mapping.key
        return draft if named else draft.with_mapping(key=mapping.long.row)
    if mapping.months:
        return _months(draft)
    if mapping.key:
        return _customer_months(_checked(draft))
    kind = KINDS[mapping.kind]
    if mapping.kind == "revenue":
        draft = _revenue(draft)
    elif kind.own_id and kind.own_id in mapping.columns:
        draft = _composite(draft, mapping.columns[kind.own_id].column)
    after = draft.mapping
    if not after.key and not (kind.key and set(kind.key) <= set(after.columns)):
        draft = _repeats(draft)
    return draft


def _months(draft: Draft) -> Draft:
    """A line a customer, a column a month: customer and month name an amount."""
    mapping = draft.mapping
    customer = mapping.columns.get("customer_id")
    if customer is None or mapping.key:
        return draft
    if draft.evidence.names_rows(customer.column):
        return draft.with_mapping(key=(customer.column, MONTH))
    pairs = sorted(pair for pair in draft.evidence.apart.pairs if customer.column in pair)
    if pairs:
        return draft.with_mapping(key=(*_first(customer.column, pairs[0]), MONTH))
    return draft.saying(
        f"{customer.column} stands on several lines; amounts of one customer and month add up."
    )


def _checked(draft: Draft) -> Draft:
    key = draft.mapping.key
    if draft.read_before or len(key) > 2 or draft.evidence.names_rows(*key):
        return draft
    return draft.saying(
        f"{' and '.join(key)} do not name each row; rows that share them are rejected when they "
        "differ."
    )


def _revenue(draft: Draft) -> Draft:
    evidence, mapping = draft.evidence, draft.mapping
    named = next(
        (
            shape.name
            for word in _ROW_IDS
            for shape in evidence.shapes
            if normal(shape.name) == word and shape.filled == shape.rows
        ),
        None,
    )
    if named is not None:
        return _composite(draft.with_mapping(key=(named,)), named)
    customer, dated = mapping.columns.get("customer_id"), mapping.columns.get("dated")
    if customer and dated:
        shape = draft.shape(dated.column)
        monthly = normal(dated.column) in _MONTHS or (shape is not None and shape.all("ym"))
        if monthly and evidence.names_rows(customer.column, dated.column):
            draft = draft.saying(
                f"A row is named by {customer.column} and {dated.column}: a later file with "
                "another amount for the same customer and month replaces this one."
            )
            return _customer_months(draft.with_mapping(key=(customer.column, dated.column)))
    order = mapping.columns.get("order_id")
    if order is not None:
        return _composite(draft, order.column, alone_by_default=False)
    return draft


def _customer_months(draft: Draft) -> Draft:
    """Equal rows of one customer and month may be two payments or one written twice."""
    columns = draft.mapping.columns
    customer, dated = columns.get("customer_id"), columns.get("dated")
    if not customer or not dated or draft.mapping.key != (customer.column, dated.column):
        return draft
    draft = _repeats(draft)
    return draft.with_mapping(key=()) if draft.mapping.repeats == "keep" else draft


def _composite(draft: Draft, column: str, *, alone_by_default: bool = True) -> Draft:
    """Offer a pair of columns when the id alone does not name each row."""
    if draft.evidence.names_rows(column):
        return draft if alone_by_default else draft.with_mapping(key=(column,))
    pairs = sorted(pair for pair in draft.evidence.apart.pairs if column in pair)
    if not pairs:
        return draft
    options = [
        ("|".join(_first(column, pair)), " and ".join(_first(column, pair))) for pair in pairs
    ]
    said, draft = draft.asking(
        Question(
            "key",
            f"{column!r} stands on several different rows. What names a row?",
            (*options, (column, f"{column} alone; rows that differ are rejected")),
            "rows",
            columns=tuple(dict.fromkeys([column, *(name for pair in pairs for name in pair)])),
        )
    )
    if said == column:
        return draft.with_mapping(key=(column,))
    chosen = next((pair for pair in pairs if "|".join(_first(column, pair)) == said), pairs[0])
    return draft.with_mapping(key=_first(column, chosen))


def _repeats(draft: Draft) -> Draft:
    equal = draft.evidence.apart.rows - draft.evidence.apart.distinct_rows
    if equal <= 0 or draft.mapping.repeats:
        return draft
    said, draft = draft.asking(
        Question(
            "repeats",
            f"No column names a row, and {counted(equal, 'row is', 'rows are')} equal to "
            "another one. Are they separate events, or the same event twice?",
            (
                ("keep", "Separate events: keep them all"),
                ("drop", "The same twice: drop the extra"),
            ),
            "rows",
        )
    )
    return draft.with_mapping(repeats=said) if said else draft


def _first(column: str, pair: tuple[str, str]) -> tuple[str, str]:
    return pair if pair[0] == column else (pair[1], pair[0])
