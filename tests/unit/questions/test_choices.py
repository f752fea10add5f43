"""A metric may be asked for by its name, or by what it measures where one item alone does."""

from datetime import date

import pytest

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.panel import Item
from cxdash.questions import ask
from cxdash.questions.choices import metric_named


def _item(name, variant):
    day = date(2026, 1, 1)
    return Item(name, variant, True, 10, 10, 0, day, day)


RAW = _item("How likely to recommend", "nps.0-10")
SPEED, CARE = _item("speed", "csat.1-5.top2"), _item("care", "csat.1-5.top2")


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("nps", RAW.name),
        ("NPS", RAW.name),
        ("nps.0-10", RAW.name),
        ("how likely to recommend", RAW.name),
        (RAW.name, RAW.name),
        (f"{RAW.name}@nps.0-10", f"{RAW.name}@nps.0-10"),
        ("care", "care"),
    ],
)
def test_a_metric_is_known_by_its_name_and_by_what_it_alone_measures(wish, name):
    assert metric_named((RAW, SPEED, CARE), wish) == name


def test_an_item_called_nps_goes_before_another_that_measures_it():
    own = _item("nps", "nps.0-10")
    assert metric_named((RAW, own), "nps") == "nps"


def test_one_of_two_variants_of_a_name_is_named_with_its_variant():
    twice = (_item("care", "csat.1-5.top2"), _item("care", "ces.1-7.agree"))
    assert metric_named(twice, "ces") == "care@ces.1-7.agree"


def test_several_items_of_a_kind_are_all_named():
    with pytest.raises(UsageError, match="2 survey items are meant by 'csat'") as told:
        metric_named((RAW, SPEED, CARE), "csat")
    assert "speed@csat.1-5.top2, care@csat.1-5.top2" in told.value.do_next


def test_an_unknown_metric_names_those_there_are():
    with pytest.raises(UsageError, match="No survey item 'ces' was imported") as told:
        metric_named((RAW, SPEED), "ces")
    assert told.value.do_next == "Choose one of: How likely to recommend, speed."


@pytest.mark.parametrize("question", ["worth", "change", "churn"])
def test_a_question_takes_the_kind_for_the_item_and_says_which(company, question):
    for number in range(30):
        company.contract(f"c{number}", "2025-01-01", None)
        company.answers(f"c{number}", "2026-03-10", number % 11, item="recommend us")
    company.pays("c0", "2026-06-30", 100)
    answer = ask(company.db, question, Scope(metric="nps"))
    assert answer.scope.metric == "recommend us"
    with pytest.raises(UsageError, match="No survey item 'ces'"):
        ask(company.db, question, Scope(metric="ces"))
