"""People sign in at a provider in a real browser: what each sees, and when they are out again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signing_in import House, house, provider
from walking import settle

from cxdash.access import Actor, Book, Role, audit
from cxdash.access.people import people, set_disabled, set_role
from cxdash.faces.web.navigation import PAGES

BOSS = Actor("boss", frozenset({Role.ADMIN}))
REFUSED = "This is not for your role"
SLOW = 30_000
HTML = "text/html"


@pytest.fixture(scope="module")
def opened(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("signin")
    shutil.copy(company, folder / "cx.duckdb")
    with provider() as there, house(folder, folder / "cx.duckdb", there) as made:
        yield made


@pytest.fixture
def context(browser: Browser, browser_context_args: dict) -> Iterator[BrowserContext]:
    made = browser.new_context(**browser_context_args)
    yield made
    made.close()


def sign_in(page: Page, person: str) -> None:
    """From the page about signing in, through the provider's form, back into the app."""
    page.get_by_role("link", name="Sign in").click()
    page.get_by_placeholder("sub").fill(person)
    page.get_by_role("button", name="Authorize").click()


def come(context: BrowserContext, opened: House, person: str, path: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{opened.address}/{path}")
    sign_in(page, person)
    settle(page)
    return page


def known(opened: House, person: str):
    with Book.of(opened.database) as book:
        return next(one for one in people(book) if one.subject == person)


@pytest.mark.promise("A03")
def test_A03_a_deep_link_as_the_first_request_leads_to_signing_in_and_then_to_the_page(
    opened: House, context: BrowserContext
) -> None:
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append((answer.url, answer.status)))
    page.goto(f"{opened.address}/worth?horizon=12")
    expect(page.get_by_role("heading", name="Sign in to cxdash")).to_be_visible()
    assert "Worth" not in page.content()
    sign_in(page, "ann")
    settle(page)
    expect(page).to_have_title("Worth – cxdash")
    expect(page).to_have_url(f"{opened.address}/worth?horizon=12")
    expect(page.get_by_text("next 12 months").first).to_be_visible()


@pytest.mark.promise("A02")
@pytest.mark.parametrize(
    ("person", "hidden"),
    [
        ("vera", {"import", "register", "keeping", "access"}),
        ("ann", {"keeping", "access"}),
        ("ada", set()),
    ],
)
def test_A02_each_role_sees_its_own_pages_in_the_menu_and_no_other_by_link(
    opened: House, context: BrowserContext, person: str, hidden: set[str]
) -> None:
    page = come(context, opened, person)
    page.get_by_text("Data", exact=True).first.click()
    expect(page.get_by_text("Catalogue", exact=True).first).to_be_visible()
    for entry in (one for one in PAGES if one.section == "Data"):
        shown = page.get_by_text(entry.title, exact=True)
        expect(shown).to_have_count(0 if entry.name in hidden else 1)
    for name in ("import", "register", "keeping", "access"):
        page.goto(f"{opened.address}/{name}")
        settle(page)
        expect(page.get_by_text(REFUSED)).to_have_count(1 if name in hidden else 0)
    expect(page.get_by_role("button", name="Replace by my own data")).to_have_count(
        0 if person == "vera" else 1
    )


@pytest.mark.promise("A05")
def test_A05_a_role_taken_away_while_the_tab_is_open_counts_at_the_next_click(
    opened: House, context: BrowserContext
) -> None:
    opened.tell("olga", roles=["analyst"])
    page = come(context, opened, "olga", "import")
    with Book.of(opened.database) as book:
        set_role(book, BOSS, known(opened, "olga"), Role.VIEWER)
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.get_by_text("example.com, viewer")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Replace by my own data")).to_have_count(0)
    page.get_by_text("Data", exact=True).first.click()
    expect(page.get_by_text("Catalogue", exact=True).first).to_be_visible()
    expect(page.get_by_text("Import", exact=True)).to_have_count(0)
    page.goto(f"{opened.address}/import")
    settle(page)
    expect(page.get_by_text(REFUSED)).to_be_visible()


@pytest.mark.promise("A05")
def test_A05_who_is_shut_out_sees_nothing_more_from_the_next_click(
    opened: House, context: BrowserContext
) -> None:
    opened.tell("igor", roles=["analyst"])
    page = come(context, opened, "igor")
    with Book.of(opened.database) as book:
        set_disabled(book, BOSS, known(opened, "igor"), disabled=True)
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.get_by_text("Your access was taken away.")).to_be_visible(timeout=SLOW)
    expect(page.locator("[class*='st-key-headline']")).to_have_count(0)
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.get_by_role("heading", name="You cannot come in")).to_be_visible()
    expect(page.get_by_text("igor@example.com")).to_be_visible()


@pytest.mark.promise("A05")
def test_A05_a_copied_cookie_dies_with_signing_out(
    opened: House, context: BrowserContext, browser: Browser
) -> None:
    page = come(context, opened, "vera")
    copied = context.cookies()
    thief = browser.new_context()
    thief.add_cookies(copied)
    theirs = thief.new_page()
    theirs.goto(opened.address)
    settle(theirs)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{opened.provider}/**", timeout=SLOW)
    theirs.goto(opened.address)
    expect(theirs.get_by_role("heading", name="Sign in to cxdash")).to_be_visible()
    thief.close()


@pytest.mark.promise("A08")
def test_A08_a_foreign_page_leads_to_signing_out_and_nobody_is_signed_out_by_it(
    opened: House, context: BrowserContext
) -> None:
    page = come(context, opened, "ann", "catalogue")
    lure = f"<script>location.href = '{opened.address}/auth/logout'</script>"
    page.route("http://lure.example/**", lambda one: one.fulfill(body=lure, content_type=HTML))
    page.goto("http://lure.example/")
    expect(page.get_by_role("heading", name="Sign out of cxdash?")).to_be_visible()
    page.get_by_role("link", name="Stay").click()
    settle(page)
    page.goto("http://lure.example/")
    page.get_by_role("link", name="Sign out").click()
    page.wait_for_url(f"{opened.provider}/**", timeout=SLOW)
    page.goto(opened.address)
    expect(page.get_by_role("heading", name="Sign in to cxdash")).to_be_visible()


@pytest.mark.promise("A05")
def test_A05_a_sign_in_ends_by_its_age(opened: House, context: BrowserContext) -> None:
    opened.tell("otto", roles=["viewer"])
    page = come(context, opened, "otto")
    number = known(opened, "otto").person_id
    with Book.of(opened.database) as book, book.writing() as cur:
        cur.execute(
            "UPDATE sessions SET issued = issued - 13 * 3600 WHERE person_id = ?", (number,)
        )
    page.goto(f"{opened.address}/worth")
    expect(page.get_by_text("Your sign-in has ended because of its age.")).to_be_visible()


@pytest.mark.promise("P08")
def test_P08_an_admin_gives_a_role_on_the_page_and_reads_it_in_the_log(
    opened: House, context: BrowserContext
) -> None:
    for person in ("nina", "karl", "lena", "mona", "nils", "olaf", "paul"):
        opened.tell(person, roles=["viewer"])
        opened.visitor().sign_in(person)
    page = come(context, opened, "ada", "access")
    expect(page.get_by_role("button", name="Shut out")).to_be_disabled()  # nobody is chosen
    for label, choice in (("Person", "nina@example.com"), ("Role", "analyst")):
        box = page.get_by_role("combobox", name=label)
        box.evaluate("one => one.scrollIntoView({block: 'center'})")  # scrolling closes its list
        page.wait_for_timeout(300)
        box.fill(choice)
        page.get_by_role("option", name=choice).click()
        # Without a person there is nothing to press; the role goes along with the button.
        expect(page.get_by_role("button", name="Give this role")).to_be_enabled(timeout=SLOW)
        settle(page)
    page.get_by_role("button", name="Give this role").click()
    expect(page.get_by_text("example.com has the role analyst")).to_be_visible(timeout=SLOW)
    assert known(opened, "nina").role is Role.ANALYST
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the whole log (CSV)").click()
    text = waiting.value.path().read_text()
    assert "nina@example.com has the role analyst" in text
    assert audit.verify(opened.database).whole
    newest = audit.entries(opened.database, newest=1)[0]
    assert (newest.actor, newest.action) == ("ada@example.com", "EXPORT")
