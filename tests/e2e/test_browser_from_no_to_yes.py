"""From a no to a promise that is tracked: refused, tried, read, argued, approved, realised."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from walking import SLOW, press, settle, visit

Shoot = Callable[[str], None]

pytestmark = pytest.mark.browser


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog")


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field of the open form; its value counts once the field is left."""
    field = drawer(page).get_by_label(re.compile(f"^{re.escape(label)}")).first
    field.click()
    field.fill(text)
    field.press("Tab")


def date(page: Page, label: str, iso: str) -> None:
    """Type a day into its three parts: year, month, day."""
    group = drawer(page).get_by_role("group", name=re.compile(f"^{re.escape(label)}")).first
    group.get_by_role("spinbutton").first.click()
    page.keyboard.type(iso.replace("-", ""))
    page.keyboard.press("Tab")


def choose(page: Page, label: str, words: str) -> None:
    """Choose by the words of an option."""
    box = drawer(page).get_by_role("combobox", name=re.compile(re.escape(label))).first
    box.click()
    box.fill(words)
    page.get_by_role("option", name=re.compile(re.escape(words))).first.click()


def save(page: Page) -> str:
    """Save the open form; the id under which it is kept now."""
    press(drawer(page).get_by_role("button", name="Save", exact=True))
    expect(drawer(page)).to_have_count(0, timeout=SLOW)
    settle(page)
    said = page.get_by_text(re.compile(r" is saved as [a-z_]+-\d+\.")).last
    expect(said).to_be_visible(timeout=SLOW)
    found = re.search(r"is saved as ([a-z_]+-\d+)\.", said.inner_text())
    assert found
    return found[1]


def add(page: Page, what: str) -> None:
    press(page.get_by_role("button", name=f"Add a new {what}", exact=True))
    expect(drawer(page)).to_be_visible(timeout=SLOW)


def asked(page: Page, address: str, title: str, **more: str) -> None:
    """Write down in the room what was asked; the form stays open."""
    visit(page, address, "room")
    add(page, "ask")
    fill(page, "What was asked, in short", title)
    choose(page, "Of whom", "Chief financial officer")
    date(page, "Asked on", more["asked_on"])
    fill(page, "The decision", more["decision"])
    fill(page, "Money asked for", more["amount"])
    choose(page, "Outcome", more["outcome"])
    date(page, "Decided on", more["decided_on"])


def refused(page: Page, address: str, shoot: Shoot) -> str:
    """A no because too few were tried; its id."""
    asked(
        page,
        address,
        "A contact by name",
        asked_on="2025-05-02",
        decision="Decide whether every account gets a contact it knows by name.",
        amount="300000",
        outcome="No",
        decided_on="2025-05-09",
    )
    choose(page, "Reason of the no", "Does not trust the data")
    choose(page, "Evidence asked for", "More customers: the sample was too small")
    fill(page, "Smallest effect that would convince them", "9")
    choose(page, "What would supply it", "A pilot")
    no = save(page)
    shoot("1-no")
    return no


def tried(page: Page, address: str, shoot: Shoot, no: str) -> None:
    """The plan the no asks for, frozen, and its read-out."""
    press(page.get_by_role("link", name=re.compile("Plan the pilot that would answer “A contact")))
    expect(drawer(page)).to_be_visible(timeout=SLOW)
    shoot("2-plan-opened")
    fill(page, "Name of the pilot", "A contact by name, tried")
    choose(page, "Who is compared with whom", "Customers drawn by lot")
    choose(page, "What is measured", "Share of customers who leave")
    date(page, "First day", "2025-07-01")
    date(page, "Read on", "2026-06-30")
    fill(page, "Smallest effect worth having", "9")
    fill(page, "Name in the file of participants", "named-contact")
    expect(
        drawer(page).get_by_role("combobox", name=re.compile("The no it answers")).first
    ).to_have_value(re.compile(re.escape(no)))
    plan = save(page)
    shoot("3-planned")

    press(page.get_by_role("button", name="A contact by name, tried", exact=True))
    press(drawer(page).get_by_role("button", name="Freeze it as it is", exact=True))
    expect(drawer(page)).to_have_count(0, timeout=SLOW)
    visit(page, address, f"pilots?pilot={plan}")
    expect(page.get_by_text("A contact by name, tried").first).to_be_visible(timeout=SLOW)
    shoot("4-read-out")


def argued(page: Page, address: str, shoot: Shoot) -> tuple[str, str]:
    """The business case on it; ids of the case and of its line of benefits."""
    visit(page, address, "case")
    add(page, "business case")
    fill(page, "What it is about", "A contact by name for the accounts of the pilot")
    date(page, "When it starts", "2026-03-31")
    fill(page, "Years looked ahead", "2")
    fill(page, "Discount a year", "10")
    case = save(page)
    visit(page, address, f"case?case={case}")
    add(page, "line of a case")
    fill(page, "What it is", "Fewer accounts lost")
    choose(page, "Column", "Save: ")
    choose(page, "Line of the accounts", "Revenue kept from customers there are")
    fill(page, "From year", "1")
    fill(page, "Until year", "2")
    choose(page, "What it rests on", "A pilot of ours that was read")
    choose(page, "Which pilot", "A contact by name, tried")
    fill(page, "Customers it would reach", "100")
    line = save(page)
    add(page, "line of a case")
    fill(page, "What it is", "Two people")
    choose(page, "Column", "Cost: ")
    choose(page, "Line of the accounts", "Cost of serving customers")
    fill(page, "From year", "1")
    fill(page, "Until year", "2")
    choose(page, "What it rests on", "Somebody's estimate or plan")
    fill(page, "Amount a year", "40000")
    save(page)
    visit(page, address, f"case?case={case}")
    shoot("5-case")
    return case, line


def agreed(page: Page, address: str, shoot: Shoot, no: str, case: str) -> None:
    """Asked again, and a yes."""
    asked(
        page,
        address,
        "A contact by name, with the pilot read",
        asked_on="2026-07-01",
        decision="Decide whether the accounts of the pilot keep their contact.",
        amount="40000",
        outcome="Yes",
        decided_on="2026-07-08",
    )
    choose(page, "The pilot that supplies it", "A contact by name, tried")
    choose(page, "Business case shown", case)
    choose(page, "Asked again after", no)
    save(page)
    shoot("6-yes")


def kept(page: Page, address: str, shoot: Shoot, case: str, line: str) -> None:
    """The approval, and what had come after three months."""
    visit(page, address, f"case?case={case}")
    press(page.get_by_role("button", name="It was approved: freeze it", exact=True))
    expect(
        page.get_by_text(re.compile("The case is approved and 2 lines are promised"))
    ).to_be_visible(timeout=SLOW)
    add(page, "amount realised")
    choose(page, "Of which line", line)
    choose(page, "When", "3 months after the start")
    fill(page, "Amount until then", "9000")
    fill(page, "Who says so", "Finance controller, cost centre 4100")
    save(page)
    visit(page, address, f"case?case={case}")
    told = page.get_by_role("heading", name="What was promised, and what came")
    expect(told).to_be_visible(timeout=SLOW)
    told.scroll_into_view_if_needed()
    shoot("7-promise")


def walk(page: Page, address: str, shoot: Shoot) -> None:
    """The whole way, by one person in one browser."""
    no = refused(page, address, shoot)
    tried(page, address, shoot, no)
    case, line = argued(page, address, shoot)
    agreed(page, address, shoot, no, case)
    kept(page, address, shoot, case, line)


def test_a_no_for_want_of_customers_becomes_a_promise_that_is_tracked(
    page: Page, own_demo: str
) -> None:
    walk(page, own_demo, lambda _: None)
    expect(page.get_by_text("Two people").first).to_be_visible()
    expect(
        page.get_by_text("as promised").or_(page.get_by_text("less than promised")).first
    ).to_be_visible()
