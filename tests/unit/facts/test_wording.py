"""No sentence claims a direction when the interval holds zero, or a cause that is not verified."""

import math
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxdash import stats
from cxdash.facts import (
    Fact,
    Grade,
    Interval,
    Method,
    VariantsDifferError,
    definition,
    definitions,
    score_variants,
)
from cxdash.facts import wording as w
from cxdash.facts.words import claims

FUZZ = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
UNITS = st.sampled_from(["share", "points", "score", "ratio", "months", "count", "USD", "JPY"])
NAMES = st.one_of(
    st.sampled_from(
        [
            "North",
            "Growth plan",
            "customers we lead",
            "Scale-up",
            "UP",
            "“more” of less",
            "a\nb",
            "“",
            "up”",
        ]
    ),
    st.text(max_size=100),
)
SMALL = st.floats(min_value=0, max_value=1e7)
BETTER = st.sampled_from(["higher", "lower", "neither"])
NEEDED = st.one_of(st.none(), st.integers(min_value=2, max_value=10**9))


def fact(value: float | None, unit: str = "points", **parts: Any) -> Fact:
    given_parts: dict[str, Any] = {
        "id": "test.fact",
        "label": "NPS",
        "method": Method(description="counted"),
        "n": 100,
        "population": "all",
        "period": "2026",
        "definition": "nps.0-10",
        "caveats": () if value is not None else ("Nothing is loaded.",),
    }
    return Fact(value=value, unit=unit, **(given_parts | parts))


@st.composite
def holding_zero(draw: st.DrawFn) -> Interval:
    return Interval(-draw(SMALL), draw(SMALL))


@st.composite
def any_interval(draw: st.DrawFn) -> Interval:
    ends = sorted((draw(st.floats(-1e7, 1e7)), draw(st.floats(-1e7, 1e7))))
    return Interval(ends[0], ends[1])


def sentences(
    a: str,
    b: str,
    difference: Interval | None,
    estimate: float,
    unit: str,
    needed: int | None,
    better: Any,
    grade: Grade,
) -> list[str]:
    """Every sentence of the grammar that speaks of a difference."""
    start, end = fact(10.0, unit), fact(10.0 + estimate, unit)
    return [
        w.compare(
            a, b, measure=a, unit=unit, difference=difference, estimate=estimate, needed=needed
        ),
        w.compare(a, b, measure=b, unit=unit, difference=difference),
        w.compare(a, b, measure=b, unit=unit, difference=difference, among=a),
        w.compare_rates(
            a,
            b,
            did="left within 6 months",
            difference=difference,
            estimate=estimate,
            rate_first=end,
            rate_second=start,
            needed=needed,
            held_constant="segment",
        ),
        w.change(a, start, end, difference=difference, better=better, needed=needed),
        w.effect(
            a, b, unit=unit, difference=difference, estimate=estimate, grade=grade, needed=needed
        ),
        w.moves_with(
            a,
            after=f"their answer to {w.quoted(b)} was 2 (on 1–5)",
            unit=unit,
            difference=difference,
            estimate=estimate,
            backwards=needed is None,
        ),
    ]


@FUZZ
@given(
    a=NAMES,
    b=NAMES,
    difference=st.one_of(st.none(), holding_zero()),
    estimate=st.floats(-1e7, 1e7),
    unit=UNITS,
    needed=NEEDED,
    better=BETTER,
    grade=st.sampled_from(Grade),
)
def test_no_direction_and_no_cause_when_the_interval_holds_zero(
    a: str,
    b: str,
    difference: Interval | None,
    estimate: float,
    unit: str,
    needed: int | None,
    better: Any,
    grade: Grade,
) -> None:
    for sentence in sentences(a, b, difference, estimate, unit, needed, better, grade):
        assert w.direction_words(sentence) == ()
        assert w.cause_words(sentence) == ()
        assert sentence.startswith("Cannot tell")
        assert "\n" not in sentence


def test_ten_thousand_random_inputs_find_no_forbidden_word() -> None:
    rng = random.Random(20_117)  # noqa: S311
    words = [
        *sorted(w.DIRECTION_WORDS | w.CAUSE_WORDS),
        "North",
        "plan",
        "(new)",
        "“old”",
        "–",
        "1",
    ]
    units = ["share", "points", "score", "ratio", "months", "count", "USD", "JPY"]
    for _ in range(10_000):
        first, second = (" ".join(rng.choices(words, k=rng.randint(1, 4))) for _ in range(2))
        size = 10 ** rng.uniform(-6, 7)
        low, high = -size * rng.random(), size * rng.random()
        difference = rng.choice([None, Interval(low, high), Interval(0, high), Interval(low, 0)])
        found = sentences(
            first,
            second,
            difference,
            rng.uniform(-size, size),
            rng.choice(units),
            rng.choice([None, rng.randint(2, 10**7)]),
            rng.choice(["higher", "lower", "neither"]),
            rng.choice(list(Grade)),
        )
        text = " ".join(found)
        assert w.direction_words(text) == ()
        assert w.cause_words(text) == ()
        assert text.count("Cannot tell") == len(found)


@FUZZ
@given(
    a=NAMES,
    b=NAMES,
    difference=any_interval(),
    estimate=st.floats(-1e7, 1e7),
    unit=UNITS,
    better=BETTER,
    grade=st.sampled_from([Grade.C, Grade.D, Grade.E, Grade.F]),
)
def test_a_direction_only_ever_follows_the_interval_and_never_claims_a_cause(
    a: str, b: str, difference: Interval, estimate: float, unit: str, better: Any, grade: Grade
) -> None:
    positive, negative = {"higher", "more"}, {"lower", "less"}
    moved = {"higher": ("improved", "worsened"), "lower": ("worsened", "improved")}
    up, down = moved.get(better, ("rose", "fell"))
    for sentence in sentences(a, b, difference, estimate, unit, None, better, grade):
        claimed = set(w.direction_words(sentence))
        assert w.cause_words(sentence) == ()
        if difference.holds(0):
            assert not claimed
        if claimed & (positive | {up}):
            assert difference.low > 0
        if claimed & (negative | {down}):
            assert difference.high < 0
        assert claimed <= positive | negative | {up, down}


def test_what_customers_pay_compared_with_themselves_is_said_with_its_direction_and_its_doubt() -> (
    None
):
    clear = w.moves_with(
        "support",
        after="their answer to support was 0.5 points better (on 1–5)",
        unit="USD",
        difference=Interval(5, 20),
        estimate=12,
        backwards=True,
    )
    assert clear == (
        "Compared with themselves, customers paid $12 (range $5–20) more a month after their "
        "answer to support was 0.5 points better (on 1–5). What they say later goes with it too, "
        "so the money may have moved first."
    )
    unclear = w.moves_with(
        "support", after="x", unit="USD", difference=Interval(-5, 20), estimate=12
    )
    assert unclear == (
        "Cannot tell whether what a customer pays goes with support: the difference lies "
        "anywhere in the range −$5 to $20."
    )


def test_trap_a_prints_cannot_tell_with_the_n_needed() -> None:
    """NPS 46 of 87 answers against 39 of 94: a difference of 7 that is well within the noise."""
    now = stats.nps_of_counts(52, 23, 12, level=0.95)
    then = stats.nps_of_counts(52, 27, 15, level=0.95)
    apart = stats.nps_difference(now, then, level=0.95)
    sentence = w.change(
        "NPS",
        fact(then.estimate, n=then.n, interval=Interval(then.low, then.high, 0.95)),
        fact(now.estimate, n=now.n, interval=Interval(now.low, now.high, 0.95)),
        difference=Interval(apart.low, apart.high, 0.95),
        better="higher",
        needed=stats.answers_needed(7, now.variance, then.variance, level=0.95),
    )
    assert sentence == (
        "Cannot tell whether NPS changed: it was 39 (94 answers), then 46 (87 answers); "
        "the difference lies anywhere in the range −15 to 27 points. To see a difference of "
        "7 points, about 1,800 answers in each period would be needed (n ≥ 1,800)."
    )
    assert w.direction_words(sentence) == ()


CLEAR = Interval(2, 12)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            w.change("NPS", fact(39), fact(46), difference=CLEAR, better="higher"),
            "NPS improved from 39 to 46, by 7 points (range 2–12).",
        ),
        (
            w.change("NPS", fact(46), fact(39), difference=CLEAR.scaled(-1), better="higher"),
            "NPS worsened from 46 to 39, by 7 points (range 2–12).",
        ),
        (
            w.change("wait", fact(39), fact(46), difference=CLEAR, better="lower"),
            "Wait worsened from 39 to 46, by 7 points (range 2–12).",
        ),
        (
            w.change("NPS", fact(39.1), fact(39.4), difference=Interval(0.1, 0.5)),
            "NPS rose from 39.1 to 39.4, by 0.3 points (range 0.1–0.5).",
        ),
        (
            w.compare("A", "B", measure="NPS", unit="points", difference=CLEAR.scaled(-1)),
            "NPS is lower for A than for B, by 2–12 points.",
        ),
        (
            w.compare_rates(
                "customers who scored 0–6",
                "customers who scored 9–10",
                did="left within 6 months",
                difference=Interval(0.06, 0.14),
                estimate=0.101,
                rate_first=fact(0.162, "share"),
                rate_second=fact(0.061, "share"),
                held_constant="segment",
            ),
            ("Customers who scored 0–6 left more often within 6 months than customers who scored "
            "9–10, given the same segment: 16% against 6%, a difference of 10 percentage points "
            "(range 6–14)."),
        ),
        (
            w.effect("the pilot", "churn", unit="share", difference=Interval(-0.05, -0.02),
                     estimate=-0.03, grade=Grade.B),
            "The pilot lowered churn by 3.0 percentage points (range 2.0–5.0).",
        ),
        (
            w.effect("the pilot", "churn", unit="share", difference=Interval(-0.05, -0.02),
                     estimate=-0.03, grade=Grade.C),
            ("Churn is lower with the pilot than without, by 3.0 percentage points "
            "(range 2.0–5.0); whether the one follows from the other is not verified."),
        ),
    ],
)  # fmt: skip
def test_a_clear_difference_is_said_plainly_with_its_range(sentence: str, expected: str) -> None:
    assert sentence == expected


def test_figures_that_contradict_their_range_are_not_turned_into_a_claim() -> None:
    sentence = w.change("NPS", fact(46), fact(39), difference=CLEAR)
    assert sentence.endswith("the figures and their range do not agree.")
    assert w.direction_words(sentence) == ()


def test_a_range_that_would_print_as_zero_is_not_a_claim() -> None:
    sentence = w.compare("A", "B", measure="NPS", unit="points", difference=Interval(1e-9, 20))
    assert sentence.endswith("the difference lies anywhere in the range 0 to 20 points.")


def test_raw_rates_that_contradict_the_adjusted_difference_are_left_out() -> None:
    sentence = w.compare_rates(
        "A", "B", did="left", difference=Interval(0.01, 0.05),
        rate_first=fact(0.1, "share"), rate_second=fact(0.2, "share"),
    )  # fmt: skip
    assert sentence == "A left more often than B, a difference of 1.0–5.0 percentage points."


def test_two_variants_are_never_put_into_one_change() -> None:
    other = fact(46, definition="csat.1-5.top2")
    with pytest.raises(VariantsDifferError):
        w.change("satisfaction", fact(39), other, difference=CLEAR)


def test_a_change_without_a_figure_says_why() -> None:
    silent = fact(None, caveats=("No answers in March.",))
    assert w.change("NPS", silent, fact(3), difference=None) == (
        "Cannot tell whether NPS changed: no answers in March."
    )
    claiming = fact(None, caveats=("Churn rose.",))
    assert w.level(claiming, of="answers") == "Cannot tell what NPS is: its caveats say why."


def test_money_at_stake_always_comes_with_its_range() -> None:
    money = fact(1.436e6, "USD", label="Revenue at stake", interval=Interval(1.13e6, 1.802e6))
    whole = fact(9.2e6, "USD")
    assert w.stake(money, horizon=6, whole=whole) == (
        "At stake over the next 6 months: $1.4 million (range $1.1–1.8 million) of revenue, "
        "out of $9.2 million; whoever leaves counts for all 6 months."
    )
    assert w.stake(money, horizon=1).startswith("At stake over the next month: $1.4 million")
    naked = fact(1.436e6, "USD", label="Revenue at stake")
    assert w.stake(naked, horizon=6) == (
        "Revenue at stake is withheld: money is not shown without its range."
    )
    unknown = fact(None, "USD", label="Revenue at stake", caveats=("19.8% of answers match.",))
    assert w.stake(unknown, horizon=6) == "Revenue at stake is withheld: 19.8% of answers match."
    with pytest.raises(ValueError, match="in USD but its whole in EUR"):
        w.stake(money, horizon=6, whole=fact(1.0, "EUR"))


def test_what_a_difference_stands_for_needs_a_range_above_zero() -> None:
    stake = fact(9.4e5, "USD", interval=Interval(5e5, 1.5e6))
    clear = fact(7.7e4, "USD", interval=Interval(3.1e4, 1.24e5))
    assert w.excess(clear, stake, horizon=6) == (
        "The difference in leaving, with the rest held equal, stands for $80,000 "
        "(range $30,000–120,000) of revenue over the next "
        "6 months, beside $0.9 million (range $0.5–1.5 million) at stake in all."
    )
    unclear = fact(4e4, "USD", interval=Interval(-1e4, 9e4))
    said = w.excess(unclear, stake, horizon=6)
    assert said.startswith(
        "Cannot tell what the difference in leaving, with the rest held equal, stands for in "
        "money: the range is −$10,000"
    )
    assert not w.direction_words(said)


def test_what_remains_once_something_is_held_equal() -> None:
    def said(difference: Interval, estimate: float) -> str:
        return w.remaining(
            "unhappy customers (0–6)",
            "happy customers (9–10)",
            measure="leaving within 6 months",
            difference=difference,
            estimate=estimate,
            held_equal="segment and plan",
        )

    between = (
        "in leaving within 6 months between unhappy customers (0–6) and happy customers (9–10)"
    )
    assert said(Interval(0.05, 0.11), 0.08) == (
        f"With segment and plan held equal, the difference {between} is 8 percentage points "
        "(range 5–11)."
    )
    unclear = said(Interval(-0.02, 0.05), 0.02)
    assert unclear.startswith(
        f"With segment and plan held equal: cannot tell whether a difference {between} remains"
    )
    assert not w.direction_words(unclear)


def test_the_other_sentences() -> None:
    nps = fact(46, interval=Interval(33, 59), n=87)
    assert w.level(nps, of="answers") == "NPS is 46 (range 33–59), from 87 answers."
    people = replace(nps, label="Customers who left")
    assert w.level(people, of="rows") == "Customers who left: 46 (range 33–59), from 87 rows."
    heard, money = fact(0.38, "share"), fact(0.521, "share")
    assert w.coverage(heard, money) == "We heard 38% of customers, who bring 52.1% of revenue."
    assert w.coverage(replace(heard, n=1_000), money, heard=380).startswith(
        "We heard 38% of customers (380 of 1,000, in any survey), who bring"
    )
    assert w.coverage(heard) == (
        "We heard 38% of customers; how much revenue they bring is not known."
    )
    assert w.coverage(fact(None, "share")) == (
        "Cannot tell how many customers we heard: nothing is loaded."
    )
    assert w.held_back(0) == "No finding is held back."
    assert w.held_back(1) == "1 finding is held back: it may be noise."
    assert w.held_back(3) == "3 findings are held back: they may be noise."
    stake = fact(4e5, "EUR", interval=Interval(3e5, 5.2e5))
    assert w.ask("call the unhappy customers first", stake) == (
        "Decide whether to call the unhappy customers first: "
        "€400,000 (range €300,000–520,000) of revenue is at stake there."
    )
    assert w.ask("wait.") == "Decide whether to wait."
    assert w.cannot_tell("who left", "no dates", "the end of each subscription") == (
        "Cannot tell who left: no dates. It would need the end of each subscription."
    )
    with pytest.raises(ValueError, match="not negative"):
        w.held_back(-1)


def test_a_fixed_sentence_that_claims_something_is_refused() -> None:
    with pytest.raises(ValueError, match="must not claim improved"):
        w.cannot_tell("what improved", "no data")
    with pytest.raises(ValueError, match="must not claim fell"):
        w.withheld("Revenue", "churn fell")
    assert w.cannot_tell(f"what {w.quoted('Growth')} is", "fewer than 30 customers")


def test_the_words_that_claim_are_known() -> None:
    assert {"improved", "worsened", "higher", "lower", "rose", "fell", "up", "down", "more",
            "less"} <= w.DIRECTION_WORDS  # fmt: skip
    assert {"because", "drives", "caused"} <= w.CAUSE_WORDS
    assert w.direction_words("It ROSE, then fell; “rose” and follow-up do not count.") == (
        "rose",
        "fell",
    )


@FUZZ
@given(name=st.text(max_size=200))
def test_a_typed_name_can_never_claim_anything(name: str) -> None:
    for sentence in (f"A {w.quoted(name)} b.", w.withheld(name, "no data")):
        assert w.direction_words(sentence) == ()
        assert w.cause_words(sentence) == ()


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (w.quoted("Checkout"), "“Checkout”"),
        (f"the rating of {w.quoted('Follow up')}", "the rating of “Follow up”"),
        ("Growth", "“Growth”"),
        ("“a” rose “b”", "“'a' rose 'b'”"),
        ("loose ” quote", "loose ' quote"),
        ("loose “ quote", "loose ' quote"),
        ("a\nb\u202ec", "a b c"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_a_name_is_quoted_only_where_it_must_be(name: str, printed: str) -> None:
    expected = printed[:1].upper() + printed[1:]
    assert w.withheld(name, "no data") == f"{expected} is withheld: no data."


@pytest.mark.parametrize("variant", score_variants())
def test_the_customers_of_a_band_have_a_neutral_name(variant: str) -> None:
    entry = definition(variant)
    names = [w.scored(entry, band) for band in entry.bands]
    assert len(set(names)) == len(names)
    assert not any(w.direction_words(name) for name in names)


def test_bands_are_named_by_their_answers() -> None:
    nps, solved = definition("nps.0-10"), definition("fcr.survey")
    assert w.scored(nps, nps.band("detractor")) == "unhappy customers (0–6)"
    csat = definitions()["csat.1-5.top2"]
    assert w.scored(csat, csat.band("middle")) == "neutral customers (3)"
    effort = definition("ces.1-7.agree")
    assert w.scored(effort, effort.bands[0]) == "customers who found it hard (1–3)"
    rating = definition("rating.1-5")
    assert w.scored(rating, rating.bands[0]) == "customers who scored 1–2"
    assert w.scored(solved, solved.band("unresolved")) == (
        "customers who said their question was not solved the first time"
    )
    assert math.isclose(nps.band("promoter").high, 10)


def test_three_scores_stand_beside_each_other_and_none_is_called_right() -> None:
    heard = fact(9.6, interval=Interval(4.0, 15.0))
    adjusted = fact(4.3, interval=Interval(-3.0, 11.6))
    bounds = fact(None, interval=Interval(-79.1, 82.7), caveats=("Anywhere between.",))
    said = w.three_scores("NPS", heard, adjusted, bounds)
    assert said == (
        "NPS is 10 (range 4–15) among the 100 answers given, 4 (range −3 to 12) with their "
        "answers weighted to all customers, and anywhere from −79 to 83 whatever the silent think."
    )
    assert not w.direction_words(said)
    assert not w.cause_words(said)


def test_scores_that_are_missing_are_left_out_of_the_three() -> None:
    heard, bounds = fact(9.6), fact(None, interval=Interval(-79.1, 82.7), caveats=("x",))
    assert w.three_scores("NPS", heard, None, None) == "NPS is 10 among the 100 answers given."
    named = w.three_scores(
        "NPS", replace(heard, n=475), None, None, customers=1_110, within="in twelve months"
    )
    assert named == "NPS is 10 among the 475 of 1,110 customers who answered it in twelve months."
    assert w.three_scores("NPS", heard, fact(None), bounds) == (
        "NPS is 10 among the 100 answers given and anywhere from −79 to 83 whatever the silent "
        "think."
    )
    assert w.three_scores("NPS", fact(None), None, bounds).startswith("Cannot tell what NPS is")


PART = fact(4.0, id="change.left", label="customers who left", interval=Interval(2.0, 6.0))
LOST = fact(579_708.0, "USD", id="change.leavers_revenue")


def test_the_alarm_says_that_it_rose_only_if_it_did() -> None:
    of_unhappy = replace(LOST, id="change.leavers_revenue.unhappy", value=400_000.0, n=30)
    lost = replace(LOST, n=47)
    rose = w.leavers(
        "NPS", Interval(1.0, 9.0), PART, unhappy=True, revenue=lost, of_unhappy=of_unhappy
    )
    assert rose == (
        "NPS rose because unhappy customers left (−$400,000 a year), which alone makes +4.0 points "
        "(range 2.0–6.0). All who answered and left had paid $579,708 a year, of which $400,000 by "
        "unhappy customers, 30 of the 47."
    )
    for unclear in (None, Interval(-3.0, 9.0), Interval(-9.0, -3.0)):
        said = w.leavers("NPS", unclear, PART, unhappy=False)
        assert said == (
            "Customers who left had scored below the rest, which alone makes +4.0 points "
            "(range 2.0–6.0) in NPS."
        )
        assert w.cause_words(said) == ()


def test_leavers_of_whom_few_were_unhappy_are_not_called_unhappy() -> None:
    of_unhappy = replace(LOST, id="change.leavers_revenue.unhappy", value=172_620.0, n=13)
    lost = replace(LOST, n=47)
    said = w.leavers(
        "NPS", Interval(1.0, 9.0), PART, unhappy=False, revenue=lost, of_unhappy=of_unhappy
    )
    assert said.startswith("NPS rose because customers left who had scored below the rest, which")
    assert said.endswith("of which $172,620 by unhappy customers, 13 of the 47.")
    quiet = w.leavers("NPS", None, PART, unhappy=False, revenue=lost, of_unhappy=of_unhappy)
    assert quiet.endswith(
        "(range 2.0–6.0) in NPS; they had paid $579,708 a year, of which $172,620 by unhappy "
        "customers, 13 of the 47."
    )


def test_a_part_that_does_not_lead_is_no_because() -> None:
    said = w.leavers("NPS", Interval(1.0, 9.0), PART, unhappy=True, leads=False)
    assert w.cause_words(said) == ()
    assert said == "Customers who left had scored below the rest."


def test_parts_are_named_in_order_of_size_with_their_ranges_even_if_they_may_be_nothing() -> None:
    maybe = fact(8.0, interval=Interval(-1.0, 17.0))
    said = w.adds_up(
        "NPS", [("changed minds", maybe), ("customers who left", PART)], ["customers who left"]
    )
    assert said == (
        "Arithmetically, the largest parts of the change of NPS are +8 points "
        "(range −1 to 17) from changed minds; and +4.0 points (range 2.0–6.0) from "
        "customers who left. Beyond chance when all parts are looked at together: customers who "
        "left."
    )
    assert w.adds_up("NPS", [], []) == ""
    assert w.adds_up("NPS", [("changed minds", maybe)], []).endswith("together: none.")
    with pytest.raises(ValueError, match="without a value"):
        w.adds_up("NPS", [("nothing", fact(None))], [])


def test_the_longest_comparison_is_said_only_if_it_can_be_read() -> None:
    clear = fact(12.5, interval=Interval(0.6, 24.4, 0.975))
    said = w.longest(
        "NPS", clear, first="January to June 2024", last="January to June 2026", looks=4
    )
    assert (
        "NPS rose by 12.5 points" in said or "NPS rose by 12 points" in said or "13 points" in said
    )
    assert "allows for the 4 comparisons" in said
    unclear = fact(12.5, interval=Interval(-0.6, 24.4, 0.975))
    assert w.longest("NPS", unclear, first="2024", last="2026", looks=4) == ""


def test_a_number_needed_beyond_all_customers_is_said_to_be_out_of_their_reach() -> None:
    before, after = fact(39.0, n=94), fact(46.0, n=87)
    gap = Interval(-11.0, 25.0)
    ways = {"difference": gap, "needed": 1_560, "of": "people"}
    said = w.change("NPS", before, after, there_are=1_110, **ways)
    assert "is not readable with the customers there are (1,110): about 1,600 people" in said
    assert "not readable" not in w.change("NPS", before, after, there_are=2_000, **ways)


def test_leavers_who_may_have_lifted_nothing_are_no_alarm() -> None:
    for low, value, high in ((-1.0, 2.0, 5.0), (-6.0, -4.0, -2.0)):
        part = fact(value, interval=Interval(low, high))
        with pytest.raises(ValueError, match="did not lift"):
            w.leavers("NPS", None, part, unhappy=True)


def test_parts_of_a_change_carry_their_sign_and_range() -> None:
    down = fact(-5.8, interval=Interval(-9.8, -1.9))
    assert w.made_of("NPS", []) == ""
    parts = [("customers who left", PART), ("who happened to answer", down)]
    assert w.made_of("NPS", parts) == (
        "Beyond chance in the change of NPS: +4.0 points (range 2.0–6.0) "
        "from customers who left and −6 points (range −10 to −2) from who happened to answer."
    )
    with pytest.raises(ValueError, match="may be nothing"):
        w.made_of("NPS", [("nobody", fact(1.0, interval=Interval(-1.0, 3.0)))])


def test_waiting_is_told_in_months_without_a_promise() -> None:
    assert w.wait(9, date(2027, 3, 31)) == (
        "Or wait until March 2027: another 9 months of answers at the present pace."
    )
    assert "another month of" in w.wait(1, date(2027, 3, 31))
    assert claims(w.wait(9, date(2027, 3, 31))) == ()


def test_what_a_comparison_could_have_shown_is_a_size_not_a_direction() -> None:
    said = w.readable("NPS", fact(11.25))
    assert said == "A true change of NPS by 11 points would have shown four times in five."
    assert w.direction_words(said) == ()
    assert w.readable("NPS", fact(None)) == ""


def rate(value: float) -> Fact:
    return fact(value, "share", definition="churn_rate")


def test_rounded_rates_and_their_difference_add_up() -> None:
    said = w.compare_rates(
        "A",
        "B",
        did="left within 6 months",
        difference=Interval(0.05, 0.13),
        estimate=0.1245 - 0.0355,
        rate_first=rate(0.1245),
        rate_second=rate(0.0355),
    )
    assert said.endswith("12.5% against 3.6%, a difference of 8.9 percentage points (range 5–13).")


def test_rates_that_add_up_keep_their_digits() -> None:
    said = w.compare_rates(
        "A",
        "B",
        did="left",
        difference=Interval(0.08, 0.15),
        estimate=0.15 - 0.04,
        rate_first=rate(0.15),
        rate_second=rate(0.04),
    )
    assert said.endswith("15% against 4%, a difference of 11 percentage points (range 8–15).")


def test_cash_inside_the_window_stands_beside_the_stake() -> None:
    stake = fact(1_000_000.0, "USD", interval=Interval(600_000, 1_600_000))
    cash = fact(400_000.0, "USD", interval=Interval(200_000, 600_000))
    said = w.stake(stake, horizon=6, cash=cash)
    assert "counts for all 6 months, and of that $400,000 (range" in said
    assert said.endswith("would be missing as cash within the 6 months.")
    gap = fact(60_000.0, "USD", interval=Interval(10_000, 100_000))
    assert "missing as cash" in w.excess(gap, stake, horizon=6, cash=cash)
    assert "missing as cash" not in w.excess(gap, stake, horizon=6)
    unknown = fact(None, "USD")
    assert "missing as cash" not in w.stake(stake, horizon=6, cash=unknown)


def test_a_comparison_of_some_alone_says_among_whom_whether_clear_or_not():
    about = {"measure": "NPS", "unit": "points", "among": "the 43 who answered twice"}
    clear = w.compare("A", "B", difference=Interval(-12, -2), estimate=-7.0, **about)
    unclear = w.compare("A", "B", difference=Interval(-12, 2), estimate=-5.0, **about)
    assert clear.startswith("Among the 43 who answered twice, NPS is lower for A than for B")
    assert unclear.startswith("Cannot tell whether among the 43 who answered twice, NPS differs")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("ease of use", "Ease of use is"), (w.quoted("fair price"), "“Fair price” is"), ("", " is")],
)
def test_a_sentence_begins_with_a_capital_letter_also_within_quotes(name, begins):
    said = w.compare("A", "B", measure=name, unit="points", difference=Interval(1, 2))
    assert said.startswith(begins)
