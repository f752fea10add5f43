"""Which sentences would tell a figure that is withheld."""

import pytest

from cxdash.privacy.sentences import INSTEAD, Figure, Sentences, figures_in

SECRETS = frozenset({Figure(0.147, ("Unhappy (0–6)",)), Figure(86_130.99, ("Unhappy (0–6)",))})
TOLD = frozenset({Figure(0.0914, ("Neutral (7–8)",)), Figure(224_261.3, ("Neutral (7–8)",))})
SENTENCES = Sentences(SECRETS, TOLD)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("It is 15%.", 0.15),
        ("It lies in the range 12–18%.", 0.12),
        ("At stake: $1.1 million.", 1.1e6),
        ("At stake: $0.6–1.7 million.", 0.6e6),
        ("It sums to $86,131.", 86_131.0),
        ("A difference of 11 percentage points.", 0.11),
        ("It is $178k.", 178e3),
    ],
)
def test_a_figure_is_read_as_it_is_printed(sentence, value):
    assert value in [pytest.approx(found) for found, _ in figures_in(sentence)]


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("It is 6 percentage points (range 1–13).", [0.06, 0.01, 0.13]),
        ("It is 6 percentage points (range −1 to 13).", [0.06, 0.01, 0.13]),
        ("It is 6% (range 1–13).", [0.06, 0.01, 0.13]),
        ("It lies in the range −12 to 1 percentage points.", [0.12, 0.01]),
        ("13 were expected (range 7 to 20).", [13.0, 7.0, 20.0]),
    ],
)
def test_the_ends_of_a_range_have_its_unit_and_are_no_counts_of_people(sentence, values):
    assert sorted(value for value, _ in figures_in(sentence)) == pytest.approx(sorted(values))


@pytest.mark.parametrize(
    "sentence",
    [
        "Within 6 months.",
        "Unhappy (0–6).",
        "Until 2026-06-30.",
        "From 1 July 2025.",
        "“4711” 2 years",
    ],
)
def test_days_spans_and_names_are_no_figures(sentence):
    assert figures_in(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Unhappy customers (0–6) left: 14.7%.",
        "Of them 15% left.",
        "At stake: $86,131.",
        "About $90,000 is at stake.",
        "It rests on 3 customers.",
        "Only two customers answered.",
        "2 of 40 accounts left.",
        "One account holds 29.5% of the revenue.",
        "Without account “010557” it would be 95%.",
    ],
)
def test_a_sentence_that_tells_is_withheld(sentence):
    assert SENTENCES.without(sentence) == INSTEAD


@pytest.mark.parametrize(
    "sentence",
    [
        "Neutral customers (7–8) left: 9.1%.",
        "At stake: $224,261.",
        "It is 62.2%.",
        "3 reasons are given.",
        "Contacts account for 15.9 of it.",
        "It rests on 30 customers.",
        "1,003 customers answered.",
    ],
)
def test_other_sentences_stay(sentence):
    assert SENTENCES.without(sentence) == sentence


def test_nothing_is_said_of_a_group_of_which_nothing_is_shown():
    gone = Sentences(frozenset(), frozenset(), frozenset({"Unhappy (0–6)"}))
    assert gone.without("Unhappy customers (0–6) cost more, by $5.") == INSTEAD
    assert gone.without("Unhappy customers (0–6) cost more.").startswith("Unhappy")


def test_of_two_sentences_only_the_one_that_tells_goes():
    assert SENTENCES.without("It is 62.2%. Of them 14.7% left.") == f"It is 62.2%. {INSTEAD}"
