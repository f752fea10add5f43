"""How the browser tests open a page and wait for it."""

from playwright.sync_api import Locator, Page, expect

from cxdash.faces.web.navigation import PAGES

PATHS = ["", *(entry.name for entry in PAGES[1:])]
SLOW = 60_000


def settle(page: Page) -> None:
    """Wait until the script has ended and our page is there."""
    page.wait_for_selector("[class*='st-key-kicker']", timeout=SLOW)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=SLOW
    )


def press(button: Locator) -> None:
    """Click a button as soon as it can be clicked and the page stands still."""
    expect(button).to_be_enabled(timeout=SLOW)
    settle(button.page)
    button.click()


def visit(page: Page, address: str, path: str = "") -> None:
    page.goto(f"{address}/{path}")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("This page could not be drawn")).to_have_count(0)
