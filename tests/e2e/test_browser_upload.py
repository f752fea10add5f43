"""A person uploads a file in a real browser, reads the receipt, and takes it back."""

import csv
from pathlib import Path

from playwright.sync_api import Page, expect
from walking import SLOW, press, settle, visit

from cxdash.intake import Mapping


def customers(folder: Path) -> Path:
    path = folder / "customers.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "name", "segment", "region"])
        writer.writerows(
            [f"{n:06d}", f"Company {n}", "SMB", "North"] for n in range(10_001, 10_201)
        )
        writer.writerow(["", "=1+1", "SMB", "North"])
    return path


def test_from_upload_to_receipt_to_undo(empty: str, page: Page, tmp_path: Path) -> None:
    visit(page, empty, "import")
    page.locator("input[type=file]").set_input_files(customers(tmp_path))
    press(page.get_by_role("button", name="Load this file"))
    said = "201 rows read = 200 loaded + 0 duplicate + 1 rejected"
    expect(page.get_by_text(said).first).to_be_visible(timeout=SLOW)
    settle(page)

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the rejected rows").click()
    refused = waiting.value.path().read_text()
    assert "'=1+1" in refused, "a refused row opens as text in a spreadsheet, not as a formula"

    visit(page, empty, "catalogue")
    expect(page.get_by_text("import 1: customers.csv").first).to_be_visible()

    visit(page, empty, "import")
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("cell", name="undone", exact=True)).to_be_visible(timeout=SLOW)
    visit(page, empty, "worth")
    expect(page.get_by_text("Nothing is loaded yet").first).to_be_visible()


PEOPLE_MAP = """
kind = "customers"
aliases = ["mail"]
[columns]
customer_id = "account"
region = "territory"
"""
ANSWERS_MAP = """
kind = "responses"
[columns]
response_id = "id"
customer_id = "who"
[columns.answered_at]
column = "when"
dates = "dmy"
[[scores]]
item = "ease_of_use"
column = "q1"
variant = "rating.0-10"
"""


def brought(folder: Path) -> list[Path]:
    """Two exports nobody could read without being told, and the mapping files that tell."""
    people = [f"0{n},p{n}@mail.example,East" for n in range(10, 50)]
    answers = [f"R{n},p{n}@mail.example,0{n % 9 + 1}/03/2026,{n % 11}" for n in range(10, 49)]
    files = {
        "people.csv": "\n".join(["account,mail,territory", *people]),
        "answers.csv": "\n".join(["id,who,when,q1", *answers, "R99,nobody,01/03/2026,7"]),
        "people.toml": PEOPLE_MAP,
        "answers.toml": ANSWERS_MAP,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return [folder / name for name in files]


def test_mapping_files_come_with_the_exports_and_go_home_again(
    empty: str, page: Page, tmp_path: Path
) -> None:
    visit(page, empty, "import")
    page.locator("input[type=file]").set_input_files(brought(tmp_path))
    expect(page.get_by_role("heading", name="2 files are ready to be loaded")).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_text("Customer accounts (as people.toml says)")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="2", exact=True).click()
    expect(page.get_by_text("Survey answers (as answers.toml says)")).to_be_visible(timeout=SLOW)
    known = "97.5% of the rows belong to a known customer (39 of 40 rows"
    expect(page.get_by_text(known)).to_be_visible(), "customers that wait beside count as known"
    settle(page)

    page.get_by_role("button", name="Mapping file").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this mapping as a file").click()
    saved = Mapping.from_toml(waiting.value.path().read_text())
    assert saved.columns == Mapping.from_toml(ANSWERS_MAP).columns
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Load all that are ready (2)").click()
    expect(page.get_by_text("Customer known for 97.5% of the rows.")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", name="2 files are loaded")).to_be_visible(timeout=SLOW)


def test_a_mapping_file_that_is_wrong_is_answered_with_a_sentence(
    empty: str, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('kind = "surveys"\n')
    visit(page, empty, "import")
    page.locator("input[type=file]").set_input_files([customers(tmp_path), path])
    wrong = page.get_by_text("broken.toml: The mapping is wrong: kind 'surveys' is unknown.")
    expect(wrong).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Load this file")).to_be_enabled(timeout=SLOW)


def test_a_file_that_is_no_table_is_refused_in_words(
    empty: str, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"%PDF-1.7\n%not a table\n" * 40)
    visit(page, empty, "import")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Nothing was loaded.").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_one_action_replaces_the_demo_company(own_demo: str, page: Page) -> None:
    visit(page, own_demo)
    page.get_by_role("button", name="Replace by my own data").click()
    page.get_by_role("dialog").get_by_role("button", name="Take the demo company out").click()
    page.wait_for_url("**/import", timeout=SLOW)
    settle(page)
    expect(page.get_by_text("Demo company.")).to_have_count(0)
    visit(page, own_demo)
    expect(page.get_by_text("Nothing is loaded yet").first).to_be_visible()


def test_survey_text_and_names_fetch_nothing_and_run_nothing(
    empty: str, page: Page, tmp_path: Path
) -> None:
    attack = "![x](http://198.51.100.7/a.png)<img src=http://198.51.100.7/b onerror=window.__xss=1>"
    path = tmp_path / "customers.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "name", "segment", attack])
        for n in range(40):
            writer.writerow([f"{n:04d}", attack, attack if n % 2 else "**SMB** :red[x]", attack])
        writer.writerow(["", attack, attack, attack])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, empty, "import")
    page.locator("input[type=file]").set_input_files(path)
    press(page.get_by_role("button", name="Load this file"))
    expect(page.get_by_text("41 rows read = 40 loaded").first).to_be_visible(timeout=SLOW)
    for there in ("catalogue", "worth", ""):
        visit(page, empty, there)
        page.wait_for_timeout(300)
    assert not [url for url in asked if "198.51.100.7" in url.split("?")[0]]
    assert page.evaluate("window.__xss") is None
