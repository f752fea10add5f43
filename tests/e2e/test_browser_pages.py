"""Every page in a real browser: drawn, readable, reachable, and silent towards the outside."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import server
from playwright.sync_api import Browser, Page, expect
from walking import PATHS, settle, visit

from cxdash.faces.web.navigation import info

# Findings that are Streamlit's own and not ours to mend, as (rule, part of the element).
UPSTREAM = ()


@pytest.mark.parametrize("path", ["listening", "import"])
def test_a_deep_link_as_the_first_request_goes_through_the_router(
    tmp_path: Path, page: Page, path: str
) -> None:
    """Only the router draws the top menu and names the window; a page by itself has neither."""
    with server(tmp_path / "cx.duckdb", tmp_path / "server.log") as address:
        page.goto(f"{address}/{path}")
        settle(page)
        expect(page.get_by_test_id("stTopNavLink").first).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
        expect(page).to_have_title(f"{info(path).title} – cxdash")
        expect(page.locator("[class*='st-key-kicker']")).to_have_text(info(path).asks)
        expect(page.get_by_text("Page not found")).to_have_count(0)


def serious(page: Page) -> list[tuple[str, object, str]]:
    """Serious and critical findings of axe that are ours."""
    page.wait_for_timeout(800)
    return [
        (rule["id"], node["target"], node.get("failureSummary", ""))
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
        if not any(rule["id"] == name and part in node["html"] for name, part in UPSTREAM)
    ]


@pytest.fixture(params=["light", "dark"])
def themed(
    request: pytest.FixtureRequest, browser: Browser, browser_context_args: dict
) -> Iterator[Page]:
    context = browser.new_context(**{**browser_context_args, "color_scheme": request.param})
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class Walk:
    """What was seen on one visit to a page: findings in each theme, addresses that were asked."""

    papers: tuple[str, str]
    light: list
    dark: list
    asked: list[str]
    names_the_demo: bool
    violations: list[str]
    policies: list[str]


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"))


@pytest.fixture(scope="module", params=PATHS)
def walk(
    request: pytest.FixtureRequest, demo: str, browser: Browser, browser_context_args: dict
) -> Walk:
    """One visit to each page serves every test that only looks."""
    context = browser.new_context(**{**browser_context_args, "color_scheme": "light"})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    policies: list[str] = []
    page.on("response", lambda got: policies.append(got.headers.get("content-security-policy", "")))
    page.add_init_script(
        "window.__violations = []; document.addEventListener('securitypolicyviolation', "
        "event => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`))"
    )
    visit(page, demo, request.param)
    violations = page.evaluate("window.__violations")
    light, first = serious(page), paper(page)
    page.emulate_media(color_scheme="dark")
    dark, second = serious(page), paper(page)
    named = page.get_by_text("Demo company.").is_visible()
    context.close()
    return Walk((first, second), light, dark, asked, named, violations, policies)


def test_nothing_serious_stands_in_a_readers_way_in_light(walk: Walk) -> None:
    assert not walk.light


def test_nothing_serious_stands_in_a_readers_way_in_dark(walk: Walk) -> None:
    assert walk.papers[0] != walk.papers[1]
    assert not walk.dark


def test_no_request_leaves_the_machine(walk: Walk, demo: str) -> None:
    own = (demo, "data:", "blob:", demo.replace("http", "ws"))
    assert walk.asked
    assert not [url for url in walk.asked if not url.startswith(own)]


@pytest.mark.promise("X01")
def test_X01_every_answer_comes_with_the_policy_and_no_page_breaks_it(walk: Walk) -> None:
    assert walk.policies
    assert all("script-src 'self' 'wasm-unsafe-eval' 'sha256-" in one for one in walk.policies)
    assert walk.violations == []


@pytest.mark.promise("X01")
def test_X01_a_script_that_got_into_a_page_does_not_run_and_asks_nobody(
    demo: str, page: Page
) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        visit(page, demo, "catalogue")
        page.evaluate(
            """there => { document.body.insertAdjacentHTML('beforeend',
            `<img src="${there}/a.png" onerror="window.__xss = 1">
             <iframe src="${there}/b"></iframe>`);
            const one = document.createElement('script'); one.textContent = 'window.__xss = 2';
            document.body.append(one);
            fetch(`${there}/c`).catch(() => 0); }""",
            f"http://127.0.0.1:{listener.server_port}",
        )
        page.wait_for_timeout(500)
        listener.shutdown()
    assert page.evaluate("window.__xss") is None
    assert asked == []


def test_the_demo_company_is_named_on_every_page(walk: Walk) -> None:
    assert walk.names_the_demo


def test_nothing_serious_stands_in_the_way_of_the_details(demo: str, themed: Page) -> None:
    visit(themed, demo, "worth")
    themed.get_by_text("The numbers behind this picture").first.click()
    themed.get_by_text("How this is known").first.click()
    themed.wait_for_timeout(300)
    assert not serious(themed)


def test_nothing_serious_stands_in_the_way_of_a_beginner(
    empty: str, themed: Page, tmp_path: Path
) -> None:
    visit(themed, empty)
    assert not serious(themed)
    path = tmp_path / "invoices.csv"
    rows = (f"{n:04d},0{n % 9 + 1}/0{(n + 3) % 9 + 1}/2026,10.00" for n in range(60))
    path.write_text("\n".join(["customer_id,invoice_date,amount", *rows]))
    visit(themed, empty, "import")
    themed.locator("input[type=file]").set_input_files(path)
    themed.get_by_text(re.compile(r"^To decide \(")).wait_for()
    settle(themed)
    assert not serious(themed)


def test_the_brief_fits_one_screen_decision_included(demo: str, page: Page) -> None:
    visit(page, demo)
    for number in (1, 2, 3):
        box = page.locator(f"[class*='st-key-sentence-{number}']").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 720, "every claim ends on the first screen of a projector"


def test_a_claim_leads_to_its_evidence_and_keeps_the_scope(demo: str, page: Page) -> None:
    visit(page, demo, "?horizon=3")
    page.get_by_role("link", name="See the evidence").first.click()
    page.wait_for_url("**/worth?*horizon=3*")
    settle(page)
    expect(page.get_by_text("next 3 months").first).to_be_visible()


def test_a_claim_can_be_cross_examined_and_the_link_reopens_it(demo: str, page: Page) -> None:
    visit(page, demo, "?horizon=3")
    page.get_by_role("link", name="Cross-examine the claim it rests on").first.click()
    page.wait_for_url("**/examine?*claim=worth.*")
    settle(page)
    headline = page.locator("[class*='st-key-headline'] h1")
    # Money says first that the claim behind it is examined.
    expect(headline).to_contain_text("rests")
    settle(page)
    asked = headline.inner_text()
    page.reload()
    settle(page)
    expect(page.get_by_text("next 3 months").first).to_be_visible()
    expect(headline).to_have_text(asked)


def test_the_list_of_customers_is_taken_along_by_number_only(demo: str, page: Page) -> None:
    visit(page, demo, "churn")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the list (CSV)").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.splitlines()[0] == "customer_id,risk,revenue,reasons"
    assert len(text.splitlines()) > 50


def test_pictures_have_a_name_that_says_the_finding(demo: str, page: Page) -> None:
    visit(page, demo, "worth")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible()
    for number in range(charts.count()):
        named = charts.nth(number).locator("[aria-label]").first.get_attribute("aria-label")
        assert named
        assert any(char.isdigit() for char in named)


def reach(page: Page, is_there: Callable[[], bool], most: int = 60) -> bool:
    for _ in range(most):
        page.keyboard.press("Tab")
        if is_there():
            return True
    return False


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''")
    )


@pytest.mark.parametrize(
    "name", ["Replace by my own data", "Change what is looked at", "See the evidence"]
)
def test_the_keyboard_reaches_the_main_actions(demo: str, page: Page, name: str) -> None:
    visit(page, demo)
    assert reach(page, lambda: name in focused(page))


def test_a_page_that_does_not_exist_is_said_in_words(demo: str, page: Page) -> None:
    page.goto(f"{demo}/nosuchpage")
    settle(page)
    expect(page.get_by_text("Page not found").first).to_be_visible()
