"""The Import page: from an upload to a receipt, its questions, its refusals, its undo."""

import threading
from pathlib import Path

import pytest
from reading import Open, words
from streamlit.testing.v1 import AppTest

from cxdash import intake
from cxdash.errors import DataError
from cxdash.faces.web import navigation, staging
from cxdash.intake import under_way

CUSTOMERS = b"customer_id,name,segment,region\n" + b"".join(
    b"%06d,Company %d,SMB,North\n" % (10_000 + number, number) for number in range(1, 41)
)
CUSTOMERS += b",Nobody,SMB,North\n"
ANSWERS = b"response_id,customer_id,answered_at,nps\n" + b"".join(
    b"R%d,%06d,2026-05-%02d,9\n" % (number, 10_030 + number, number) for number in range(1, 21)
)
INVOICES = b"customer_id,invoice_date,amount,currency\n" + b"".join(
    b"%03d,0%d/0%d/2026,10.00,USD\n" % (i, i % 9 + 1, (i + 3) % 9 + 1) for i in range(40)
)
HOSTILE = "<img src=x>![x](http://evil.example/a.png).csv"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page waits until its files are read, however busy the machine is."""
    monkeypatch.setattr("cxdash.faces.web.reading._MOMENT", 60.0)


def staged() -> list[Path]:
    beside = (".name", ".said")
    return [path for path in staging.folder("local").iterdir() if path.suffix not in beside]


def bring(at: AppTest, files: dict[str, bytes]) -> AppTest:
    """Several files in one go."""
    uploader = at.file_uploader[0]
    for name, content in files.items():
        uploader.upload(name, content)
    return at.run()


def decide(at: AppTest, **answers: str) -> AppTest:
    """Answer every open question of the open file, by its subject."""
    for _ in range(12):
        boxes = [box for kind in ("radio", "selectbox", "text_input") for box in at.get(kind)]
        open_ones = [b for b in boxes if (b.key or "").startswith("ask-") and b.value is None]
        if not open_ones:
            return at
        subject = open_ones[0].key.split("-", 2)[2].partition(":")[0]
        open_ones[0].set_value(answers[subject]).run()
    raise AssertionError("questions do not end")


def upload(at: AppTest, content: bytes, name: str = "customers.csv") -> AppTest:
    at.file_uploader[0].upload(name, content).run()
    return at


def button(at: AppTest, label: str):
    found = [one for one in at.button if one.label == label]
    assert found, [one.label for one in at.button]
    return found[0]


def load(at: AppTest, label: str = "Load this file") -> AppTest:
    button(at, label).click().run()
    for job in under_way():
        assert job.wait(60)
    return at.run()


def test_an_upload_is_recognised_shown_loaded_and_receipted(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    text = words(at)
    assert "customers.csv is ready to be loaded" in text
    assert "Customer accounts" in text
    assert "| The customer | customer_id | 010001;  010002;  010003 |" in text.replace(
        "; 0", ";  0"
    )
    assert "40 of 41 rows would be loaded and 1 rejected." in text
    assert "| customer_id is missing | 1 | 42 |" in text
    at = load(at)
    text = words(at)
    assert "41 rows read = 40 loaded + 0 duplicate + 1 rejected" in text
    assert "| Why rows were rejected | Rows |" in text
    assert not at.exception


def test_uploaded_bytes_are_gone_after_the_import(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    assert len(staged()) == 1
    load(at)
    assert not list(staging.folder("local").iterdir())


def test_a_file_that_could_not_be_loaded_waits_again_with_its_decisions(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("010001")

    at = upload(visit("data/import"), CUSTOMERS)
    with monkeypatch.context() as broken:
        broken.setattr("cxdash.intake.loading.jobs.load", stumble)
        at = load(at)
    assert "stopped on an error of ours (RuntimeError, reference" in words(at)
    assert len(staged()) == 1
    at = load(at)
    assert "41 rows read = 40 loaded + 0 duplicate + 1 rejected" in words(at)
    assert not list(staging.folder("local").iterdir())


def test_a_file_put_away_leaves_nothing_behind(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    button(at, "Put this file away").click().run()
    assert not list(staging.folder("local").iterdir())
    assert "customers.csv" not in words(at)


def test_the_same_file_twice_counts_nothing_twice(visit: Open) -> None:
    at = load(upload(visit("data/import"), CUSTOMERS))
    at = load(upload(at, CUSTOMERS), "Load it again")
    assert "0 loaded + 40 duplicate + 1 rejected" in words(at)


def test_a_file_name_is_never_markup_and_never_a_path(visit: Open, tmp_path: Path) -> None:
    at = upload(visit("data/import"), CUSTOMERS, HOSTILE)
    values = [element.value for element in at.subheader]
    assert any("evil" in value for value in values)
    assert not any("![x]" in value for value in values)
    assert [path.suffix for path in staged()] == [".upload"]
    assert staged()[0].parent == staging.folder("local")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("page.csv", b"<html><body>Please sign in</body></html>"),
        ("report.csv", b"%PDF-1.7 not a table"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    visit: Open, name: str, content: bytes
) -> None:
    at = upload(visit("data/import"), content, name)
    text = words(at)
    assert "Problem" in text
    assert "Nothing was loaded." in text
    assert "This page could not be drawn" not in text
    assert not at.exception


def test_what_is_in_doubt_is_asked_at_once_and_the_answer_opens_the_way(visit: Open) -> None:
    at = upload(visit("data/import"), INVOICES, "invoices.csv")
    text = words(at)
    assert "To decide" in text
    assert "How dates and numbers are written" in text
    assert "| Day of the money | invoice_date | 01/04/2026;" in text
    assert button(at, "Load this file").disabled
    dates = next(box for box in at.radio if "How are the dates" in box.label)
    plain = [option.replace("\\", "") for option in dates.options]
    assert "01/04/2026 → 1 April 2026" in plain[0]
    assert "01/04/2026 → 4 January 2026" in plain[1]
    at = decide(at, dates="dmy", revenue_kind="one-off", repeats="keep")
    text = words(at)
    assert "Decided by you" in text, "answers can be changed until the file is loaded"
    assert "01/04/2026 → 1 April 2026" in text
    assert "money: USD 400.00" in text
    assert not button(at, "Load this file").disabled
    assert "40 rows read = 40 loaded" in words(load(at))


def test_a_column_that_names_the_row_or_is_asked_about_is_not_called_unused(visit: Open) -> None:
    lines = [f"INV-{n:03},C{n},2026-05-{n:02},10.00,USD,Open,red" for n in range(1, 21)]
    head = "Invoice No,Customer No,Invoice Date,Amount,Currency,Status,Colour"
    at = upload(visit("data/import"), "\n".join([head, *lines]).encode(), "invoices.csv")
    assert any("really earned" in box.label for box in (*at.radio, *at.selectbox)), "of Status"
    folded = [one.label for one in at.expander if "will not be stored" in one.label]
    assert folded == ["Columns that are not used and will not be stored: 1"], "the colour"


def test_a_column_can_be_given_another_use(visit: Open) -> None:
    at = upload(
        visit("data/import"), b"customer_id,segment,territory_x\n1,SMB,North\n2,SMB,South\n"
    )
    boxes = {box.label: box for box in at.selectbox}
    boxes["Column"].set_value("territory_x")
    boxes["Use it as"].set_value("role:region")
    button(at, "Set").click().run()
    assert "| Region | territory_x | North;  South |" in words(at).replace("; S", ";  S")
    load(at)
    at = at.switch_page(navigation.path_of("catalogue")).run()
    assert "import 1: customers.csv" in words(at)


def test_undoing_asks_first(visit: Open) -> None:
    at = load(upload(visit("data/import"), CUSTOMERS))
    button(at, "Undo this import").click().run()
    assert "as if the file had never been loaded" in words(at)
    assert button(at, "Undo it")
    assert "| counts |" in words(at)


MAPPING = b'kind = "customers"\ncompleteness = "sample"\n[columns]\ncustomer_id = "customer_id"\n'
CHOICE = "Read this file with"


def test_a_mapping_file_brought_along_is_used_for_the_export_it_fits(visit: Open) -> None:
    at = visit("data/import")
    at.file_uploader[0].upload("our.toml", MAPPING).upload("customers.csv", CUSTOMERS)
    at.run()
    text = words(at)
    assert "Mapping files at hand: our.toml" in text
    assert "Customer accounts (as our.toml says)" in text
    assert "| segment | SMB |\n" in text, "what the mapping leaves out is not used"
    assert "| Segment | segment |" not in text
    assert "The file is a sample" in words(load(at))


def test_a_mapping_file_can_be_chosen_and_left_again(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    uploader = next(one for one in at.file_uploader if one.label == "Use a saved mapping file")
    uploader.upload("our.toml", MAPPING).run()
    assert "(as our.toml says)" in words(at)
    box = next(one for one in at.selectbox if one.label == CHOICE)
    assert box.value == "our.toml"
    box.set_value("").run()
    assert "(as our.toml says)" not in words(at)
    assert "| Segment | segment | SMB |" in words(at)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind = ", "our.toml: The mapping is not valid TOML"),
        (b'kind = "surveys"', "our.toml: The mapping is wrong: kind 'surveys' is unknown."),
        (b"\xff\xfe\x00", "our.toml is not UTF-8 text."),
    ],
)
def test_a_mapping_file_with_anything_wrong_is_answered_in_words(
    visit: Open, content: bytes, said: str
) -> None:
    at = visit("data/import")
    at.file_uploader[0].upload("our.toml", content).upload("customers.csv", CUSTOMERS)
    text = words(at.run())
    assert said in text
    assert "Nothing was loaded." in text
    assert "This page could not be drawn" not in text
    assert not button(at, "Load this file").disabled, "the export itself can be loaded as proposed"


def test_a_mapping_file_of_another_layout_is_not_used(visit: Open) -> None:
    at = visit("data/import")
    other = MAPPING.replace(b'"customer_id"', b'"account"')
    at.file_uploader[0].upload("other.toml", other).upload("customers.csv", CUSTOMERS)
    text = words(at.run())
    assert "as other.toml says" not in text
    box = next(one for one in at.selectbox if one.label == CHOICE)
    text = words(box.set_value("other.toml").run())
    assert "reads 'account', which this file does not have" in text


def test_two_mapping_files_that_fit_are_a_choice_for_a_person(visit: Open) -> None:
    at = visit("data/import")
    at.file_uploader[0].upload("a.toml", MAPPING).upload("b.toml", MAPPING)
    at.file_uploader[0].upload("customers.csv", CUSTOMERS)
    text = words(at.run())
    assert "Several mapping files fit this file: a.toml, b.toml." in text
    assert "toml says" not in text


def test_before_loading_it_is_told_how_many_customers_are_known(visit: Open) -> None:
    at = upload(visit("data/import"), ANSWERS, "answers.csv")
    assert "No customer is loaded yet, so nothing can be matched." in words(at)
    button(at, "Put this file away").click().run()
    at = upload(load(upload(at, CUSTOMERS)), ANSWERS, "answers.csv")
    assert "Only 50% of the rows belong to a known customer (10 of 20 rows; " in words(at)


def test_files_brought_together_are_matched_to_each_other_and_loaded_in_order(visit: Open) -> None:
    at = bring(visit("data/import"), {"answers.csv": ANSWERS, "customers.csv": CUSTOMERS})
    text = words(at)
    assert "2 files are ready to be loaded" in text
    assert "| 1. customers.csv | customer accounts | 41 |" in text, "customers go first"
    assert "| 2. answers.csv | survey answers | 20 | May 2026 | 50% | ready |" in text
    button(at, "Load all that are ready (2)").click().run()
    for job in under_way():
        assert job.wait(60)
    at = at.run()
    text = words(at)
    assert "2 files are loaded" in text
    assert "Customer known for 50% of the rows" in text
    assert not staged()


def test_one_file_is_open_at_a_time_and_the_first_is_one_that_asks(visit: Open) -> None:
    files = {"customers.csv": CUSTOMERS, "invoices.csv": INVOICES, "page.csv": b"<html></html>"}
    at = bring(visit("data/import"), files)
    text = words(at)
    assert "1 file is ready to be loaded" in text
    assert "Of the others 1 asks something first and 1 cannot be read." in text
    assert [element.value for element in at.subheader] == ["invoices\\.csv"]
    assert "| 3. page.csv |" in text
    assert "| cannot be read |" in text
    token = next(path.stem for path in staged() if path.read_bytes() == CUSTOMERS)
    at.segmented_control[0].set_value(token).run()
    assert [element.value for element in at.subheader] == ["customers\\.csv"]


def test_a_file_whose_very_bytes_are_loaded_is_offered_to_be_put_away(visit: Open) -> None:
    at = upload(load(upload(visit("data/import"), CUSTOMERS)), CUSTOMERS, "again.csv")
    assert "This very file was loaded on " in words(at)
    assert "as import 1. Loading it again adds nothing; put it away." in words(at)
    assert "again.csv is loaded already, as import 1" in words(at)


def test_of_several_files_those_that_are_loaded_already_are_left_out(visit: Open) -> None:
    at = load(upload(visit("data/import"), CUSTOMERS))
    at = bring(at, {"again.csv": CUSTOMERS, "answers.csv": ANSWERS})
    assert "1 file is ready to be loaded" in words(at)
    assert "Of the others 1 is loaded already." in words(at)
    assert button(at, "Load all that are ready (1)")


def test_rows_of_another_layout_under_the_same_numbers_are_asked_about(visit: Open) -> None:
    at = load(upload(visit("data/import"), ANSWERS, "answers.csv"))
    other = b"response_id,customer_id,answered_at,nps,channel\n" + b"".join(
        b"R%d,%06d,2026-05-%02d,3,web\n" % (number, 10_030 + number, number)
        for number in range(1, 21)
    )
    at = upload(at, other, "shop.csv")
    at = decide(at, layout="same", same_rows="other", source="shop")
    assert "shop.csv is ready to be loaded" in words(at)
    (asked,) = [box for box in at.get("radio") if "same_rows" in (box.key or "")]
    asked.set_value("same").run()
    (asked,) = [box for box in at.get("radio") if "same_rows" in (box.key or "")]
    assert "20 rows of this file and say something else" in asked.label
    assert asked.value == "same"
    assert "shop.csv is ready to be loaded" in words(at)
    asked.set_value("other").run()
    assert "20 rows read = 20 loaded" in words(load(at))


def test_files_wait_for_the_person_over_a_reload_and_are_loaded_by_one_tab_alone(
    visit: Open,
) -> None:
    upload(visit("data/import"), CUSTOMERS)
    one, other = visit("data/import"), visit("data/import")
    assert "customers.csv is ready to be loaded" in words(other)
    assert "41 rows read" in words(load(one))
    button(other, "Load this file").click().run()
    text = words(other.run())
    assert "customers.csv is ready" not in text
    assert "41 rows read = 0 loaded" not in text, "the second tab had nothing left to load"


def test_of_several_receipts_the_one_with_something_to_settle_comes_first_and_stands_open(
    visit: Open,
) -> None:
    strangers = ANSWERS.replace(b",0100", b",0900")
    at = bring(visit("data/import"), {"answers.csv": strangers, "customers.csv": CUSTOMERS})
    button(at, "Load all that are ready (2)").click().run()
    for job in under_way():
        assert job.wait(60)
    later = CUSTOMERS.splitlines()[0] + b"\n77,Other,SMB,North\n"
    at = load(upload(at.run(), later, "later.csv"))
    text = words(at)
    assert "3 files are loaded; something is to be settled first in 1 receipt" in text
    table = text[text.index("| To look at |") : text.index("What was found")]
    lines = [line for line in table.splitlines() if "rows read" in line or "row read" in line]
    assert "| answers.csv | 20 rows read = 20 loaded" in lines[0]
    assert lines[0].endswith("| Settle first: 1 |")
    assert "later.csv" in lines[1]
    assert not lines[1].strip(" |").endswith("1")
    assert [element.value for element in at.subheader] == ["answers\\.csv"]


def test_rows_of_two_waiting_files_under_the_same_numbers_are_asked_about_before_loading(
    visit: Open,
) -> None:
    other = b"response_id,customer_id,answered_at,nps,channel\n" + b"".join(
        b"R%d,%06d,2026-05-%02d,%d,web\n" % (number, 10_030 + number, number, number % 9)
        for number in range(11, 31)
    )
    at = bring(visit("data/import"), {"answers.csv": ANSWERS, "shop.csv": other})
    assert "1 file is ready to be loaded" in words(at)
    assert [element.value for element in at.subheader] == ["shop\\.csv"]
    asked = question(at, "same_rows")
    label = asked.label.replace("\\", "")
    assert "Rows of answers.csv (which is loaded before this one), a file of another" in label
    assert "as 10 rows of this file" in label
    asked.set_value("same").run()
    at = load(at, "Load all that are ready (2)")
    for job in under_way():
        assert job.wait(60)
    assert "20 rows read = 20 loaded (10 replaced an earlier version)" in words(at.run())


def question(at: AppTest, subject: str):
    (found,) = [box for box in at.radio if f"-{subject}" in (box.key or "")]
    return found


def test_an_answer_is_found_again_after_a_reload_and_in_another_tab(visit: Open) -> None:
    one = upload(visit("data/import"), INVOICES, "invoices.csv")
    other = visit("data/import")
    assert question(other, "dates").value is None
    question(one, "dates").set_value("dmy").run()
    reloaded = visit("data/import")
    assert question(reloaded, "dates").value == "dmy"
    assert "01/04/2026 → 1 April 2026" in words(reloaded)
    assert question(other.run(), "dates").value == "dmy"
    question(other, "dates").set_value("mdy").run()
    assert question(one.run(), "dates").value == "mdy", "what was said last counts in every tab"
    at = decide(visit("data/import"), revenue_kind="one-off", repeats="keep")
    assert "money: USD 400.00" in words(at)
    load(at)
    assert not list(staging.folder("local").iterdir()), "what was said goes with the file"


def test_a_correction_and_a_mapping_file_are_found_again_after_a_reload(visit: Open) -> None:
    at = visit("data/import")
    at.file_uploader[0].upload("our.toml", MAPPING).upload("customers.csv", CUSTOMERS)
    at.run()
    text = words(visit("data/import"))
    assert "Customer accounts (as our.toml says)" in text
    at = visit("data/import")
    boxes = {box.label: box for box in at.selectbox}
    boxes["Column"].set_value("region")
    boxes["Use it as"].set_value("role:plan")
    button(at, "Set").click().run()
    assert "| Plan | region | North" in words(visit("data/import"))


def test_answers_of_a_file_that_was_being_loaded_when_the_server_ended_still_count(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = decide(
        upload(visit("data/import"), INVOICES, "invoices.csv"),
        dates="dmy",
        revenue_kind="one-off",
        repeats="keep",
    )
    with monkeypatch.context() as ended:
        ended.setattr(
            "cxdash.faces.web.deeds.start_import", lambda *_a, **_k: intake.ImportJob("", Path())
        )
        button(at, "Load this file").click().run()
    monkeypatch.setattr(staging, "_HANDING_OVER", -1)
    assert "invoices.csv is ready to be loaded" in words(visit("data/import"))


def test_what_cannot_be_an_answer_is_told_beside_its_field_and_changes_nothing(
    visit: Open,
) -> None:
    plain = b"invoice_id,customer_id,invoice_date,amount\n" + b"".join(
        b"I%d,%03d,2026-03-%02d,10.00\n" % (n, n, n) for n in range(1, 20)
    )
    at = upload(visit("data/import"), plain, "invoices.csv")

    box = next(box for box in at.selectbox if "In which currency" in box.label)
    box.options.append("EURO")  # typed, not chosen
    text = words(box.set_value("EURO").run())
    assert "A currency is a three-letter code such as USD." in text
    assert "To decide (2 left)" in text
    box = next(box for box in at.selectbox if "In which currency" in box.label)
    text = words(box.set_value("EUR").run())
    assert "three-letter code" not in text
    assert "To decide (1 left)" in text
    assert "EUR 190.00" in text


def test_a_file_that_takes_long_is_read_beside_the_page(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    inspect = intake.inspect

    def slowly(*args: object, **kwargs: object) -> intake.Proposal:
        assert go_on.wait(60)
        return inspect(*args, **kwargs)

    monkeypatch.setattr("cxdash.faces.web.reading._MOMENT", 0.1)
    monkeypatch.setattr(intake, "inspect", slowly)
    at = upload(visit("data/import"), CUSTOMERS)
    text = words(at)
    assert "customers.csv is being read" in text
    assert "customers.csv: Reading the file …" in text
    assert not [one for one in at.button if one.label == "Load this file"]
    go_on.set()
    monkeypatch.setattr("cxdash.faces.web.reading._MOMENT", 60.0)
    assert "customers.csv is ready to be loaded" in words(at.run())


def test_from_a_file_that_is_ready_one_click_leads_to_the_next_that_asks(visit: Open) -> None:
    at = bring(visit("data/import"), {"customers.csv": CUSTOMERS, "invoices.csv": INVOICES})
    token = next(path.stem for path in staged() if path.read_bytes() == CUSTOMERS)
    at.segmented_control[0].set_value(token).run()
    assert [element.value for element in at.subheader] == ["customers\\.csv"]
    button(at, "Next file that asks").click().run()
    assert [element.value for element in at.subheader] == ["invoices\\.csv"]


def test_a_file_that_may_not_be_queued_now_waits_again_and_is_told_why(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise DataError("Too many imports of yours are under way.", do_next="Load it later.")

    at = upload(visit("data/import"), CUSTOMERS)
    with monkeypatch.context() as busy:
        busy.setattr("cxdash.faces.web.deeds.start_import", full)
        text = words(button(at, "Load this file").click().run())
    assert "Too many imports of yours are under way." in text
    assert "customers.csv is ready to be loaded" in text
    assert [path.suffix for path in staged()] == [".upload"]
