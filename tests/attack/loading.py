"""Two plain layouts with every decision made, and a way to load a text through them."""

from datetime import date
from pathlib import Path

from plain_layouts import SURVEY

from cxdash import intake
from cxdash.intake import Mapping, Receipt
from cxdash.store import Database

TODAY = date(2026, 11, 21)
MONEY = """
kind = "revenue"
key = ["invoice"]
[columns]
customer_id = "customer"
dated = "at"
amount = { column = "amount", decimal = "DECIMAL" }
currency = "currency"
[constants]
revenue_kind = "recurring"
"""
MONEY_HEAD = "invoice,customer,at,amount,currency\n"
SURVEY_HEAD = "id,customer,at,nps,comment\n"


def money_map(decimal: str = ".") -> Mapping:
    return Mapping.from_toml(MONEY.replace("DECIMAL", decimal))


def survey_map(more: str = "") -> Mapping:
    return Mapping.from_toml(more + SURVEY)


def load(db: Database, folder: Path, text: str, mapping: Mapping, name: str = "a.csv") -> Receipt:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return intake.load(db, path, mapping, today=TODAY)


def value(db: Database, sql: str) -> object:
    """The one value of a query."""
    (row,) = db.rows(sql)
    (found,) = row.values()
    return found
