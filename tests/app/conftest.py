"""Every test gets its own database; the pages run through app.py as a visitor's would."""

from collections.abc import Callable, Iterator
from pathlib import Path

import fixtures
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cxdash import questions
from cxdash.facts import Answer, Scope
from cxdash.store import Database

ROOT = Path(__file__).parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "cx.duckdb"
    monkeypatch.setenv("CXDASH_DB", str(path))
    yield path
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def visit(database: Path) -> Open:
    """Opens app.py at a page, as from a link."""

    def opened(page: str = "", **query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        if page:
            at.switch_page(f"pages/{page}.py").run()
        return at

    return opened


def add_import(path: Path, *, is_demo: bool) -> None:
    """One row in the ledger, enough for a page to believe that something is loaded."""
    with Database(path) as db, db.writing() as cur:
        cur.execute(
            "INSERT INTO imports BY NAME SELECT 1 AS import_id, 'customers' AS kind, 'c.csv' AS "
            "file_name, 'ab' AS sha256, 1 AS bytes, 'x' AS layout, '' AS mapping, "
            "['a'] AS columns, "
            "'unknown' AS completeness, ? AS is_demo, 0 AS rows_read, 0 AS rows_loaded, 0 AS "
            "rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
            "TIMESTAMP '2026-11-01' AS imported_at",
            [is_demo],
        )


@pytest.fixture
def answered(database: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Scope]]:
    """Questions answer with the handmade Answers; returns what was asked."""
    asked: list[tuple[str, Scope]] = []

    def ask(_: Database, name: str, scope: Scope) -> Answer:
        asked.append((name, scope))
        return {"brief": fixtures.brief, "worth": fixtures.worth}[name](scope)

    add_import(database, is_demo=False)
    monkeypatch.setattr(questions, "ask", ask)
    monkeypatch.setattr(
        questions, "metrics", lambda _: (fixtures.item("nps"), fixtures.item("csat"))
    )
    monkeypatch.setattr(questions, "segments", lambda _: {"segment": ("SMB", "**Big** ![x](u)")})
    return asked
