from datetime import date
from pathlib import Path

import pytest

from cxdash import intake
from cxdash.intake import Mapping
from cxdash.store import Database

TODAY = date(2026, 11, 21)

CUSTOMERS = """
kind = "customers"
aliases = ["mail"]
[columns]
customer_id = "customer"
segment = "segment"
"""


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db.duckdb") as database:
        yield database


@pytest.fixture
def load(db, tmp_path):
    """Write a CSV text and load it through a mapping given as TOML."""

    def run(text: str, mapping: str, name: str = "file.csv", **more):
        path: Path = tmp_path / name
        path.write_text(text.strip() + "\n", encoding="utf-8")
        return intake.load(db, path, Mapping.from_toml(mapping), today=TODAY, **more)

    return run
