"""A card says no more than the ledger, gives the team the credit, and carries nothing live."""

from datetime import date

import pytest

from cxdash.faces.recognition import card_of, card_stem
from cxdash.facts import Answer, Fact, Method, Scope

WIN = {
    "initiative_name": "Named contact",
    "team": "Service <b>North</b>",
    "line": "Save: revenue kept from customers there are",
    "delivered": "Fewer accounts left; ask jane.doe@example.com",
    "amount": 52_341.0,
    "low": 6_899.0,
    "high": 52_341.0,
    "grade": "A",
    "from": "2026-04-01",
    "until": "2026-06-01",
    "cx_role": "found the problem",
    "customers": 1121,
}


@pytest.fixture
def answer():
    fact = Fact(
        id="verified.save",
        label="l",
        value=52_341.0,
        unit="USD",
        method=Method(description="d", randomised=True),
        n=1121,
        population="p",
        period="q",
        definition="delivered",
    )
    return Answer(
        question="ledger",
        title="t",
        as_of=date(2026, 6, 30),
        scope=Scope(),
        headline="h",
        facts=(fact,),
        tables={"wins": [WIN]},
    )


def test_the_card_names_the_team_the_sum_its_evidence_and_what_cx_did(answer):
    card = card_of(answer, WIN)
    told = "$52,000 (range $7,000–52,000)"
    for words in (told, "Evidence A", "randomised pilot", "found the problem"):
        assert words in card
    assert "April 2026 to June 2026" in card


def test_what_people_typed_is_escaped_and_contact_details_are_masked(answer):
    card = card_of(answer, WIN)
    assert "<b>North</b>" not in card
    assert "Service &lt;b&gt;North&lt;/b&gt;" in card
    assert "jane.doe" not in card
    assert "<script" not in card_of(answer, WIN | {"delivered": "<script>alert(1)</script>"})


def test_a_card_loads_nothing_from_anywhere(answer):
    card = card_of(answer, WIN)
    assert "http" not in card
    assert "src=" not in card


def test_the_name_of_the_file_holds_nothing_from_the_data(answer):
    assert card_stem(answer, 1) == "cxdash-recognition-1-2026-06-30"
