"""A fresh server on a small demo company, and the system's own Chromium."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from browser import ARGUMENTS, chromium, server

from cxdash.demo import write
from cxdash.demo.loading import load
from cxdash.store import Database

# A click may start work, and the machine may be busy with other tests meanwhile.
expect.set_options(timeout=30_000)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """These tests run last: the browser's driver keeps a loop running, in which none can start."""
    for item in items:
        if _is_ours(item):
            item.add_marker("browser")
    yield
    items.sort(key=_is_ours)


def _is_ours(item: pytest.Item) -> bool:
    return item.path.parent == Path(__file__).parent


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
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Database of a small demo company, not to be changed."""
    folder = tmp_path_factory.mktemp("demo")
    write(folder / "files", customers=300, months=24, seed=7)
    with Database(folder / "cx.duckdb") as db:
        load(db, folder / "files")
    return folder / "cx.duckdb"


@pytest.fixture
def own_demo(company: Path, tmp_path: Path) -> Iterator[str]:
    """Address of a server on a copy of the demo company, free to be changed."""
    copy = tmp_path / "cx.duckdb"
    shutil.copy(company, copy)
    with server(copy, tmp_path / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def demo(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that shows a small demo company."""
    folder = tmp_path_factory.mktemp("server")
    copy = folder / "cx.duckdb"
    shutil.copy(company, copy)
    with server(copy, folder / "server.log") as address:
        yield address


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Address of a server without any data."""
    with server(tmp_path / "cx.duckdb", tmp_path / "server.log") as address:
        yield address
