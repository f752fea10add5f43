"""The Import page: from an upload to a receipt, its questions, its refusals, its undo."""

from pathlib import Path

import pytest
from reading import Open, words
from streamlit.testing.v1 import AppTest

from cxdash.faces.web import navigation, staging
from cxdash.intake import under_way

CUSTOMERS = b"customer_id,name,segment,region\n" + b"".join(
    b"%06d,Company %d,SMB,North\n" % (10_000 + number, number) for number in range(1, 41)
)
CUSTOMERS += b",Nobody,SMB,North\n"
HOSTILE = "<img src=x>![x](http://evil.example/a.png).csv"


def upload(at: AppTest, content: bytes, name: str = "customers.csv") -> AppTest:
    at.file_uploader[0].upload(name, content).run()
    return at


def button(at: AppTest, label: str):
    found = [one for one in at.button if one.label == label]
    assert found, [one.label for one in at.button]
    return found[0]


def load(at: AppTest) -> AppTest:
    button(at, "Load this file").click().run()
    for job in under_way():
        assert job.wait(60)
    return at.run()


def test_an_upload_is_recognised_shown_loaded_and_receipted(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    text = words(at)
    assert "Customer accounts" in text
    assert "010001; 010002" in text
    at = load(at)
    text = words(at)
    assert "41 rows read = 40 loaded + 0 already there + 1 refused" in text
    assert "| Why rows were refused | Rows |" in text
    assert not at.exception


def test_uploaded_bytes_are_gone_after_the_import(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    assert len(list(staging.folder().iterdir())) == 1
    load(at)
    assert not list(staging.folder().iterdir())


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
    assert len(list(staging.folder().iterdir())) == 1
    at = load(at)
    assert "41 rows read = 40 loaded + 0 already there + 1 refused" in words(at)
    assert not list(staging.folder().iterdir())


def test_a_file_put_away_leaves_nothing_behind(visit: Open) -> None:
    at = upload(visit("data/import"), CUSTOMERS)
    button(at, "Put this file away").click().run()
    assert not list(staging.folder().iterdir())
    assert "customers.csv" not in words(at)


def test_the_same_file_twice_counts_nothing_twice(visit: Open) -> None:
    at = load(upload(visit("data/import"), CUSTOMERS))
    at = load(upload(at, CUSTOMERS))
    assert "0 loaded + 40 already there + 1 refused" in words(at)


def test_a_file_name_is_never_markup_and_never_a_path(visit: Open, tmp_path: Path) -> None:
    at = upload(visit("data/import"), CUSTOMERS, HOSTILE)
    values = [element.value for element in at.subheader]
    assert any("evil" in value for value in values)
    assert not any("![x]" in value for value in values)
    assert {path.parent for path in staging.folder().iterdir()} == {staging.folder()}
    assert all(path.name.endswith(".upload") for path in staging.folder().iterdir())


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


def test_what_is_in_doubt_is_asked_and_the_answer_opens_the_way(visit: Open) -> None:
    invoices = b"customer_id,invoice_date,amount,currency\n" + b"".join(
        b"%03d,0%d/0%d/2026,10.00,USD\n" % (i, i % 9 + 1, (i + 3) % 9 + 1) for i in range(40)
    )
    at = upload(visit("data/import"), invoices, "invoices.csv")
    assert "Please decide" in words(at)
    assert button(at, "Load this file").disabled
    for _ in range(8):
        open_ones = [
            box for box in at.selectbox if (box.key or "").startswith("ask-") and box.value is None
        ]
        if not open_ones:
            break
        open_ones[0].select_index(0).run()
    assert not button(at, "Load this file").disabled
    assert "40 rows read = 40 loaded" in words(load(at))


def test_a_column_can_be_given_another_use(visit: Open) -> None:
    at = upload(
        visit("data/import"), b"customer_id,segment,territory_x\n1,SMB,North\n2,SMB,South\n"
    )
    boxes = {box.label: box for box in at.selectbox}
    boxes["Column"].set_value("territory_x")
    boxes["Use it as"].set_value("role:region")
    button(at, "Set").click().run()
    assert "| territory_x | North; South | region |" in words(at)
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
    assert "| segment | SMB | segment |" in words(at)


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
    answers = b"response_id,customer_id,answered_at,nps\n" + b"".join(
        b"R%d,%06d,2026-05-%02d,9\n" % (number, 10_030 + number, number) for number in range(1, 21)
    )
    at = upload(visit("data/import"), answers, "answers.csv")
    assert "No customer is loaded yet, so nothing can be matched." in words(at)
    button(at, "Put this file away").click().run()
    at = upload(load(upload(at, CUSTOMERS)), answers, "answers.csv")
    assert "Only 50% of the customers in this file are known (10 of 20)." in words(at)
