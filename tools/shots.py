"""Screenshots of every page, light and dark, at both sizes, into shots/ (``make shots``).

Usage: python tools/shots.py [FOLDER] - takes the database of CXDASH_DB, else the default one.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script from anywhere

from browser import ARGUMENTS, chromium, server
from playwright.sync_api import Browser, sync_playwright

from cxdash.faces.web.navigation import PAGES
from cxdash.store import default_path

SIZES = ((1440, 900), (1280, 720))
THEMES = ("light", "dark")
STILL = "[data-testid='stApp'][data-test-script-state='notRunning']"


def shoot(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Each page in each theme and size: what is seen first, and the whole page."""
    made = []
    for width, height in SIZES:
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                locale="en-US",
                timezone_id="UTC",
                reduced_motion="reduce",
            )
            page = context.new_page()
            for number, entry in enumerate(PAGES):
                page.goto(f"{address}/{entry.name if number else ''}")
                page.wait_for_selector(STILL, timeout=60_000)
                page.wait_for_selector("[class*='st-key-kicker']", timeout=60_000)
                page.wait_for_timeout(1_200)
                name = f"{entry.name}-{theme}-{width}x{height}"
                target = folder / f"{name}.png"
                page.screenshot(path=target)
                made.append(target)
                tall = page.locator("[data-testid='stMainBlockContainer']").bounding_box()
                if tall is not None and tall["height"] > height:
                    page.set_viewport_size({"width": width, "height": int(tall["height"]) + 80})
                    page.wait_for_timeout(800)
                    page.screenshot(path=folder / f"{name}-whole.png")
                    page.set_viewport_size({"width": width, "height": height})
            context.close()
    return made


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("shots")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        server(default_path().resolve(), folder / "server.log") as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        made = shoot(browser, address, folder)
        browser.close()
    sys.stdout.write(f"{len(made)} screenshots in {folder}\n")


if __name__ == "__main__":
    main()
