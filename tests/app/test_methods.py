"""How a number is known: complete, in order, said once, never markup."""

from dataclasses import replace

from fixtures import ADJUSTED, fact

from cxdash.faces.web.methods import known_by
from cxdash.facts import Card, Interval

CARD = Card(
    model="Discrete-time survival with a logit link",
    formula="chance of leaving a month, given what was known at its start",
    sample="41,200 customer-months of 1,800 customers",
    window="learned from 2024, tested on 2025",
    exclusions=("12 customers without a start", "answers after leaving"),
    assumptions=("Nothing unmeasured drives both.",),
    validation="On later months AUC 0.71.",
    sensitivity="A cause as strong as price would halve it.",
    code="cxdash.stats.hazard.fit",
)
FACT = fact(
    "churn.effect", "Effect of delivery", -0.021, "share",
    interval=Interval(-0.034, -0.008), method=replace(ADJUSTED, card=CARD),
    caveats=("Few answers.",),
)  # fmt: skip


def test_every_part_of_the_methods_card_is_said() -> None:
    text = known_by(FACT).replace("\\", "").replace("\u2060", "")
    for part in (
        CARD.model, CARD.formula, CARD.sample, CARD.window, *CARD.exclusions, *CARD.assumptions,
        CARD.validation, CARD.sensitivity, CARD.code, FACT.population, FACT.period,
        *FACT.caveats, *FACT.sources,
    ):  # fmt: skip
        assert part in text


def test_the_order_is_that_in_which_a_sceptic_asks() -> None:
    text = known_by(FACT)
    asked = ["What it is", "Who", "How", "Model", "Left out", "What must hold",
             "How it was checked", "What would move it", "Careful", "Computed by"]  # fmt: skip
    places = [text.index(f"**{name}.**") for name in asked]
    assert places == sorted(places)


def test_several_points_become_a_list() -> None:
    assert "\n- 12 customers without a start\n- answers after leaving" in known_by(FACT)


def test_a_model_without_a_check_says_so() -> None:
    card = replace(CARD, validation="")
    text = known_by(replace(FACT, method=replace(ADJUSTED, card=card)))
    assert "It was not checked on later data" in text


def test_a_plain_count_repeats_nothing() -> None:
    counted = fact("worth.left", "Left", 12.0, "count")
    text = known_by(counted)
    assert "**Model.**" not in text
    assert text.count(counted.period) == 1
    said_twice = replace(FACT, caveats=(CARD.sensitivity,))
    assert known_by(said_twice).count("would halve it") == 1


def test_words_of_people_in_a_card_are_never_markup() -> None:
    card = replace(CARD, exclusions=("segment **Big** ![x](u)",))
    text = known_by(replace(FACT, method=replace(ADJUSTED, card=card)))
    assert "![x]" not in text
    assert "**Big**" not in text
