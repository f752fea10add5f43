"""Impatient clicks, reloads, closed tabs, too large files and hostile names, in a real browser."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import server
from playwright.sync_api import BrowserContext, Locator, Page, expect
from walking import SLOW, press, settle, visit

NAMES = json.loads(
    (Path(__file__).parents[1] / "attack/files/filenames.json").read_text(encoding="utf-8")
)
ROWS = 200_000
LIMIT = 1_000_000  # bytes of the largest upload this server takes


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without data that takes uploads of at most a megabyte."""
    folder = tmp_path_factory.mktemp("faults")
    options = ("--server.maxUploadSize", "1")
    with server(folder / "cx.duckdb", folder / "server.log", options=options) as address:
        yield address


def customers(prefix: str, size: int) -> bytes:
    """A list of customers of exactly so many bytes."""
    head = b"customer_id,segment,name\n"
    lines = bytearray(head)
    number = 0
    while len(lines) < size - 200:
        lines += f"{prefix}{number:06d},SMB,{'x' * 60}\n".encode()
        number += 1
    last = f"{prefix}{number:06d},SMB,".encode()
    return bytes(lines + last + b"y" * (size - len(lines) - len(last) - 1) + b"\n")


def many_customers(prefix: str) -> bytes:
    """A list long enough that loading it takes a while, packed to fit the limit."""
    lines = [f"{prefix}{number:06d},SMB,North\n" for number in range(ROWS)]
    return gzip.compress(("customer_id,segment,region\n" + "".join(lines)).encode(), 6)


def bring(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(file)


def clear(page: Page, address: str) -> None:
    """Start from an empty waiting room."""
    visit(page, address, "import")
    away = page.get_by_role("button", name="Put all away").or_(
        page.get_by_role("button", name="Put this file away")
    )
    if away.count():
        away.first.click()
        expect(away).to_have_count(0)
        settle(page)


def loaded(page: Page, address: str, name: str) -> Locator:
    """The line of a file among what has been loaded, once it is there."""
    row = page.get_by_role("row").filter(has_text=name).filter(has_text="counts")
    for _ in range(60):
        visit(page, address, "import")
        if row.count():
            break
        page.wait_for_timeout(500)
    return row


@pytest.mark.promise("U07")
def test_U07_clicks_a_reload_and_a_second_tab_import_once(
    place: str, page: Page, context: BrowserContext, tell: Callable[[str, int], None]
) -> None:
    clear(page, place)
    bring(page, "once.csv", customers("U", 500_000))
    ready = page.get_by_role("heading", name="once.csv is ready to be loaded")
    expect(ready).to_be_visible(timeout=SLOW)
    page.reload()
    settle(page)
    expect(ready).to_be_visible(timeout=SLOW)
    other = context.new_page()
    visit(other, place, "import")
    both = [tab.get_by_role("button", name="Load this file") for tab in (page, other)]
    for tab, button in zip((page, other), both, strict=True):
        expect(button).to_be_enabled(timeout=SLOW)
        settle(tab)
    both[0].dblclick()
    both[1].click()
    for button in both:
        expect(button).to_have_count(0, timeout=SLOW)
    row = loaded(other, place, "once.csv")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("+ 0 duplicate + 0 rejected")
    other.close()
    tell("clicks on a file that was imported once", 3)


@pytest.mark.promise("S10")
def test_S10_an_import_ends_although_its_tab_is_closed_or_leaves(
    place: str, page: Page, context: BrowserContext, tell: Callable[[str, int], None]
) -> None:
    ways = ("close", "navigate", "reload")
    under_way = 0
    for way in ways:
        tab = context.new_page()
        clear(tab, place)
        bring(tab, f"{way}.csv.gz", many_customers(way))
        button = tab.get_by_role("button", name="Load this file")
        press(button)
        expect(button).to_have_count(0, timeout=SLOW)
        if way == "navigate":
            tab.goto(f"{place}/catalogue")
        elif way == "reload":
            tab.reload()
        tab.close()
        visit(page, place, "import")
        under_way += page.get_by_text(f"The import of {way}.csv.gz").count()
        said = f"{ROWS:,} rows read = {ROWS:,} loaded + 0 duplicate + 0 rejected"
        expect(loaded(page, place, f"{way}.csv")).to_contain_text(said)
    tell("imports left by their tab", len(ways))
    tell("of them still under way when their tab was gone", under_way)


@pytest.mark.promise("I27")
def test_I27_the_largest_file_is_loaded_and_one_byte_more_is_refused_in_words(
    place: str, page: Page
) -> None:
    clear(page, place)
    bring(page, "largest.csv", customers("L", LIMIT))
    button = page.get_by_role("button", name="Load this file")
    expect(button).to_be_enabled(timeout=SLOW)
    settle(page)
    page.get_by_text("Bring more files").click()
    bring(page, "larger.csv", customers("M", LIMIT + 1))
    expect(page.get_by_text("File must be 1.0MB or smaller.")).to_be_visible(timeout=SLOW)
    press(button)
    expect(button).to_have_count(0, timeout=SLOW)
    expect(loaded(page, place, "largest.csv")).to_contain_text("+ 0 duplicate + 0 rejected")
    expect(page.get_by_role("row").filter(has_text="larger.csv")).to_have_count(0)


@pytest.mark.promise("I26")
def test_I26_hostile_file_names_run_nothing_and_fetch_nothing(
    place: str, page: Page, tell: Callable[[str, int], None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    clear(page, place)
    content = customers("N", 2_000)
    files = [
        {"name": name, "mimeType": "text/csv", "buffer": content}
        for name in NAMES
        if name.lower().endswith(".csv") and "\x00" not in name
    ]
    page.locator("input[type=file]").first.set_input_files(files)
    press(page.get_by_role("button", name=f"Load all that are ready ({len(files)})"))
    expect(page.get_by_role("heading", name="files are loaded")).to_be_visible(timeout=SLOW)
    for there in ("catalogue", "import"):
        visit(page, place, there)
    assert page.evaluate("window.__xss") is None
    assert not [url for url in asked if ":8999" in url or url.startswith("s3:")]
    assert {url.split("/")[2] for url in asked if "://" in url} == {place.split("/")[2]}
    tell("hostile file names tried in a browser", len(files))
