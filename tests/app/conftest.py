"""Every test gets its own database; the pages run through the router as a visitor's would."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fixtures
import pytest
import streamlit as st
from reading import Open, add_import
from streamlit.testing.v1 import AppTest

from cxdash import questions
from cxdash.facts import Answer, Scope
from cxdash.store import Database

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "cxdash" / "faces" / "web" / "main.py"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "cx.duckdb"
    monkeypatch.setenv("CXDASH_DB", str(path))
    yield path
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def visit(database: Path) -> Open:
    """Opens the router at a page, as from a link."""

    def opened(page: str = "", **query: str) -> AppTest:
        at = AppTest.from_file(str(MAIN), default_timeout=60)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        if page:
            at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        return at

    return opened


@pytest.fixture
def answered(database: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Scope]]:
    """Questions answer with the handmade Answers; returns what was asked."""
    asked: list[tuple[str, Scope]] = []

    def ask(_: Database, name: str, scope: Scope) -> Answer:
        asked.append((name, scope))
        made = fixtures.brief(scope) if name == "brief" else fixtures.worth(scope)
        return replace(made, question=name)

    add_import(database, is_demo=False)
    monkeypatch.setattr(questions, "ask", ask)
    monkeypatch.setattr(
        questions, "metrics", lambda _: (fixtures.item("nps"), fixtures.item("csat"))
    )
    monkeypatch.setattr(questions, "filters", lambda *_: {"segment": ("SMB", "**Big** ![x](u)")})
    return asked
