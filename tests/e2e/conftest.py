"""A fresh server on a small demo company, and the system's own Chromium."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from browser import ARGUMENTS, chromium, server

from cxdash.demo import write
from cxdash.demo.loading import load
from cxdash.faces.web.navigation import PAGES
from cxdash.store import Database

PATHS = ["", *(entry.name for entry in PAGES[1:])]
SLOW = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 720},
        "locale": "en-US",
        "timezone_id": "UTC",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that shows a small demo company."""
    folder = tmp_path_factory.mktemp("demo")
    write(folder / "files", customers=300, months=24, seed=7)
    with Database(folder / "cx.duckdb") as db:
        load(db, folder / "files")
    with server(folder / "cx.duckdb", folder / "server.log") as address:
        yield address


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Address of a server without any data."""
    with server(tmp_path / "cx.duckdb", tmp_path / "server.log") as address:
        yield address


def settle(page: Page) -> None:
    """Wait until the script has ended and our page is there."""
    page.wait_for_selector("[class*='st-key-kicker']", timeout=SLOW)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=SLOW
    )


def visit(page: Page, address: str, path: str = "") -> None:
    page.goto(f"{address}/{path}")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("This page could not be drawn")).to_have_count(0)
