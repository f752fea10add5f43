"""What a person at a terminal reads."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cxdash.errors import MappingIncomplete
from cxdash.faces.cli import text
from cxdash.facts import Answer, Fact, Interval, Method, Scope
from cxdash.intake import Finding, Money, Receipt, Reject, Restated


def receipt(**changes):
    parts = {
        "import_id": 3,
        "kind": "revenue",
        "file_name": "invoices.csv",
        "sha256": "0" * 64,
        "bytes": 10,
        "rows_read": 1_204,
        "rows_loaded": 1_200,
        "rows_superseding": 0,
        "rows_duplicate": 3,
        "rows_rejected": 1,
        "mapping": "",
        "imported_at": datetime(2026, 7, 1, tzinfo=UTC),
    }
    return Receipt(**{**parts, **changes})


def fact(**changes):
    parts = {
        "id": "worth.gap",
        "label": "Left more often",
        "value": 0.081,
        "interval": Interval(0.063, 0.104),
        "unit": "share",
        "method": Method(description="Counted."),
        "n": 1_240,
        "population": "all customers",
        "period": "6 months",
        "definition": "churn_rate",
    }
    return Fact(**{**parts, **changes})


def answer(**changes):
    parts = {
        "question": "worth",
        "title": "Worth",
        "as_of": date(2026, 6, 30),
        "scope": Scope(metric="nps", where=(("segment", "SMB"),)),
        "headline": "Unhappy customers left more often.",
    }
    return Answer(**{**parts, **changes})


def test_a_receipt_is_an_equation():
    assert text.lines_of_receipt(receipt())[:2] == [
        "Import 3: invoices.csv as revenue",
        "  1,204 rows read = 1,200 loaded + 3 duplicate + 1 rejected",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"rows_superseding": 1, "rows_read": 5, "rows_loaded": 1},
            "  5 rows read = 1 loaded (1 replaced an earlier version) + 3 duplicate + 1 rejected",
        ),
        ({"matched": 0.0}, "  customer known for none of the rows"),
        ({"lines_read": 3_612}, "  3,612 lines make 1,204 rows"),
        ({"matched": 0.198}, "  customer known for 19.8% of the rows"),
        (
            {"money": (Money("BRL", Decimal("1428603.5100"), Decimal("1428603.50")),)},
            "  BRL 1,428,603.50 loaded of 1,428,603.51 read",
        ),
        (
            {"money": (Money("USD", Decimal("0.125"), Decimal("0.1250"), Decimal("0.1")),)},
            "  USD 0.125 loaded in place of 0.10, all that was read",
        ),
        (
            {"money": (Money("EUR", Decimal(12), Decimal(9), Decimal(0), Decimal(2), Decimal(1)),)},
            "  EUR 9.00 loaded + 2.00 duplicate + 1.00 rejected = 12.00 read",
        ),
        ({"findings": (Finding("zero", 3, "Three are zero.", "info"),)}, "  - Three are zero."),
        (
            {"restated": (Restated("month", "2026-01", "EUR", Decimal(5), Decimal("4.5")),)}
            | {"findings": (Finding("replaced", 1, "One is replaced.", "warn"),)},
            "  - month 2026-01: EUR 5.00 became 4.50",
        ),
        ({"warnings": ("Only 19.8% are known.",)}, "  - Only 19.8% are known."),
        ({"reasons": (("score 11 is off the scale", 1),)}, "  - 1 row: score 11 is off the scale"),
        ({"rejects": (Reject(17, "no customer"),)}, "  - line 17: no customer"),
        (
            {"rejects": (Reject(17, "no customer"),)},
            "  All of them: python -m cxdash imports --rejected 3",
        ),
    ],
)
def test_a_receipt_tells_what_a_person_should_know(changes, expected):
    assert expected in text.lines_of_receipt(receipt(**changes))


def test_a_receipt_that_was_taken_back_says_so():
    assert text.lines_of_receipt(receipt(undone=True))[0].endswith("(taken back)")


def test_an_answer_shows_no_number_without_range_n_and_grade():
    lines = text.lines_of_answer(answer(facts=(fact(),)))
    header = next(line for line in lines if "90% range" in line)
    row = next(line for line in lines if "Left more often" in line)
    assert header.split() == ["value", "90%", "range", "n", "grade"]
    assert row.split() == ["Left", "more", "often", "8.1%", "6.3–10.4%", "1,240", "D"]
    assert any(line.startswith("  D = Observed") for line in lines)


def test_an_answer_names_its_scope_its_caveats_and_what_is_missing():
    lines = text.lines_of_answer(answer(caveats=("A sample.",), missing=("Subscriptions.",)))
    assert "(as of 2026-06-30, 6 months ahead, nps, segment = SMB)" in lines
    assert lines[lines.index("What to keep in mind") + 1] == "  - A sample."
    assert lines[lines.index("What would let cxdash say more") + 1] == "  - Subscriptions."


def test_an_answer_that_cannot_tell_prints_no_number():
    lines = text.lines_of_answer(answer(facts=(fact(value=None, interval=None, caveats=("n",)),)))
    row = next(line for line in lines if "Left more often" in line)
    assert "cannot tell" in row


def test_ranges_of_different_levels_are_not_called_by_one():
    other = fact(id="other", interval=Interval(0.05, 0.2, level=0.95))
    lines = text.lines_of_answer(answer(facts=(fact(), other)))
    assert not any("% range" in line for line in lines)


def test_claims_are_printed_with_their_grade():
    claims = [{"order": 1, "kind": "ask", "fact_id": "a", "sentence": "Decide.", "grade": "D"}]
    assert "  Decide. (D)" in text.lines_of_answer(answer(tables={"claims": claims}))


@pytest.mark.parametrize(
    ("kind", "about", "told"),
    [
        ("ask", "worth.excess", True),
        ("at_stake", "worth.excess", False),  # asked for once, at the decision
        ("ask", "worth.matched", False),  # a count claims nothing that could be examined
    ],
)
def test_under_the_decision_stands_how_to_cross_examine_what_it_hangs_on(kind, about, told):
    claims = [{"order": 1, "kind": kind, "fact_id": about, "sentence": "Decide.", "grade": "D"}]
    lines = text.lines_of_answer(answer(tables={"claims": claims}, facts=(fact(id=about),)))
    command = f"python -m cxdash examine worth --claim {about}"
    assert (f"  Cross-examine it first: {command}" in lines) == told


def test_tables_are_printed_in_words_with_ranges_and_the_rest_a_command_away():
    rows = [
        {"part": f"step {n}", "points": 3.2, "low": 1.1, "high": 5.0, "revenue": None}
        for n in range(text.ROWS_SHOWN + 3)
    ]
    lines = text.lines_of_answer(answer(tables={"parts": rows}))
    start = lines.index("What the change is made of")
    assert "3.2 (1.1–5.0)" in lines[start + 3]
    assert "cannot tell" in lines[start + 3]
    assert sum("step" in line for line in lines) == text.ROWS_SHOWN
    assert lines[-1] == "  … and 3 more rows: python -m cxdash answer worth --table parts"
    assert max(map(len, lines)) <= text.WIDTH


def test_a_cell_of_a_table_steers_no_terminal():
    lines = text.lines_of_answer(answer(tables={"risks": [{"customer_id": "a\x1b[2Jb"}]}))
    assert not any("\x1b" in line for line in lines)


@pytest.mark.parametrize("evil", ["\x1b[2J", "\r", "\n", "\x07", "\u202e", "\u200b", "\x9b"])
def test_no_text_from_a_file_steers_the_terminal(evil):
    told = text.lines_of_receipt(
        receipt(file_name=f"a{evil}b", warnings=(f"w{evil}",), reasons=((f"r{evil}", 1),))
    )
    assert not any(evil in line for line in told)


def test_an_error_is_told_as_what_state_and_next():
    error = MappingIncomplete(
        "The file leaves a question open.", questions=["Which currency?"], do_next="Say which."
    )
    assert text.lines_of_error(error) == [
        "The file leaves a question open.",
        "  - Which currency?",
        "Nothing was loaded.",
        "Say which.",
    ]


def test_json_keeps_every_digit_of_money_and_refuses_what_is_not_a_number(capsys):
    text.print_json({"amount": Decimal("0.10"), "day": date(2026, 1, 2)})
    assert json.loads(capsys.readouterr().out) == {"amount": "0.10", "day": "2026-01-02"}
    with pytest.raises(ValueError, match="JSON"):
        text.print_json({"amount": float("nan")})
