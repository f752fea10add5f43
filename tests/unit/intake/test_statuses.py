"""Which words of a status column count is asked once, and later only about words that are new."""

import pytest

from cxdash import intake
from cxdash.intake import Mapping

from .conftest import TODAY

HEAD = "Invoice,Account,Invoice Date,Amount (EUR),Status\n"


@pytest.fixture
def inspect(tmp_path, db):
    def run(*words, name="file.csv", **more):
        path = tmp_path / name
        day = sum(map(ord, name)) % 27 + 1
        rows = [f"{name}-{n},C{n},2026-03-{day:02},10.00,{word}" for n, word in enumerate(words)]
        path.write_text(HEAD + "\n".join(rows) + "\n")
        return intake.inspect(path, remembered=intake.remembered(db), **more)

    return run


def ids(proposal):
    return [question.id for question in proposal.questions]


def load(db, proposal):
    return intake.load(db, proposal.path, proposal.require(), today=TODAY)


@pytest.mark.parametrize("answer", ["all", "only:Paid", "not:Void"])
def test_a_later_export_with_the_same_words_is_not_asked_which_of_them_count(inspect, db, answer):
    first = inspect("Paid", "Void", name="a.csv")
    assert ids(first) == ["revenue_kind", "status:Status"]
    load(db, first.with_answers({"revenue_kind": "one-off", "status:Status": answer}))
    again = inspect("Void", "paid", "Paid", name="b.csv")
    assert again.ready
    assert load(db, again).rows_loaded == (3 if answer == "all" else 2)


@pytest.mark.parametrize("answer", ["all", "only:Paid"])
def test_a_single_word_is_no_word_about_others(inspect, db, answer):
    first = inspect("Paid", name="a.csv").with_answers({"status:Status": answer})
    load(db, first.with_answers({"revenue_kind": "one-off"}))
    assert ids(inspect("Paid", "Void", name="b.csv")) == ["new_words:Status"]


@pytest.mark.parametrize(
    ("answer", "new", "loaded"),
    [
        ("all", "all", 3), ("all", "none", 2),
        ("only:Paid", "all", 2), ("only:Paid", "none", 1),
        ("not:Void", "all", 2), ("not:Void", "none", 1),
    ],
)  # fmt: skip
def test_only_new_words_are_asked_about_and_the_old_ones_stay_as_said(
    inspect, db, answer, new, loaded
):
    first = inspect("Paid", "Void", name="a.csv")
    load(db, first.with_answers({"revenue_kind": "one-off", "status:Status": answer}))
    later = inspect("Paid", "Void", "On hold", name="b.csv")
    assert ids(later) == ["new_words:Status"]
    (question,) = later.questions
    assert question.text.startswith("'Status' says On hold, which is a word no earlier file")
    assert question.values == ("all", "none")
    said = later.with_answers({"new_words:Status": new})
    receipt = load(db, said)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (loaded, 3 - loaded)
    assert inspect("On hold", "Paid", name="c.csv").ready


def test_of_several_new_words_each_can_be_told_apart(inspect, db):
    first = inspect("Paid", "Void", name="a.csv")
    load(db, first.with_answers({"revenue_kind": "one-off", "status:Status": "only:Paid"}))
    later = inspect("Paid", "On hold", "Booked", name="b.csv")
    said = later.with_answers({"new_words:Status": "not:On hold"})
    receipt = load(db, said)
    assert [reject.reason for reject in receipt.rejects] == ["its Status is not Paid or Booked"]


def test_words_that_all_say_earned_are_not_asked_about_and_a_new_one_that_does_not_is(inspect, db):
    first = inspect("Paid", "Settled", name="a.csv").with_answers({"revenue_kind": "one-off"})
    load(db, first)
    assert inspect("Paid", "Completed", name="b.csv").ready
    assert ids(inspect("Paid", "Void", name="c.csv")) == ["new_words:Status"]


def test_what_was_said_of_every_word_can_be_said_anew(inspect, db):
    first = inspect("Paid", "Void", name="a.csv")
    load(db, first.with_answers({"revenue_kind": "one-off", "status:Status": "all"}))
    again = inspect("Paid", "Void", name="b.csv").with_answers({"status:Status": "only:Paid"})
    assert load(db, again).rows_rejected == 1


def test_a_mapping_file_keeps_the_words_that_were_decided(inspect):
    said = inspect("Paid", "Void").with_answers({"revenue_kind": "one-off", "status:Status": "all"})
    mapping = Mapping.from_toml(said.require().to_toml())
    assert mapping.reject[0].known == ("Paid", "Void")
    assert inspect("Paid", "Void", mapping=mapping).ready
    assert ids(inspect("Paid", "Void", "Draft", mapping=mapping)) == ["new_words:Status"]
