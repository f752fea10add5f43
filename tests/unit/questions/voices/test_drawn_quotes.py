"""Quotes are drawn by lot: each as likely as any other, spread over the scores, never chosen."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxdash.privacy.names import Names
from cxdash.questions.voices.heard import Heard
from cxdash.questions.voices.quotes import DAYS, OF_A_THEME, drawn, of_the_day, systematic
from cxdash.questions.voices.theme import Spoken

DAY = date(2025, 12, 31)


def heard(scores, bodies=None):
    n = len(scores)
    rows = pd.DataFrame(
        {
            "row_key": [f"r{number}" for number in range(n)],
            "body": bodies or [f"comment number {number} of them" for number in range(n)],
            "score": np.asarray(scores, dtype=np.float64),
            "answered_on": pd.to_datetime(["2025-06-01"] * n),
        }
    )
    tone = 10 * np.nan_to_num(np.asarray(scores, dtype=np.float64), nan=0.5)
    language = np.full(n, "en", dtype=object)
    words = np.array([len(body.split()) for body in rows["body"]])
    return Heard(rows, language, tone, "scores", None, words, n, Names([], []))


def theme(says, name="delivery"):
    return Spoken(f"en.{name}", name, (name,), "en", 1.0, np.asarray(says, dtype=bool))


def test_every_comment_is_as_likely_to_be_drawn_as_any_other():
    order = np.arange(20)
    counts = np.zeros(20)
    for seed in range(6000):
        counts[systematic(order, 3, np.random.default_rng(seed))] += 1
    assert counts / 6000 == pytest.approx(np.full(20, 3 / 20), abs=0.02)


def test_the_draw_is_spread_over_the_scores():
    said = heard([0.0] * 40 + [0.5] * 40 + [1.0] * 40)
    got = drawn(theme([True] * 120), said, np.full(120, True), DAY)
    assert [quote.score for quote in got] == [0.0, 0.5, 1.0]


def test_the_draw_is_told_and_the_same_every_time():
    said = heard(np.linspace(0, 1, 214))
    one = drawn(theme([True] * 214), said, np.full(214, True), DAY)
    two = drawn(theme([True] * 214), said, np.full(214, True), DAY)
    assert one == two
    assert {quote.lot for quote in one} == {"3 of 214, drawn by lot"}


def test_another_theme_or_another_day_of_the_data_is_another_lot():
    said = heard(np.linspace(0, 1, 500))
    keep = np.full(500, True)
    texts = {
        tuple(quote.text for quote in drawn(theme(keep, name), said, keep, day))
        for name, day in (("a", DAY), ("b", DAY), ("a", date(2025, 11, 30)))
    }
    assert len(texts) == 3


def test_only_comments_of_the_theme_that_the_filters_pass_are_drawn():
    said = heard(np.linspace(0, 1, 30))
    says, keep = np.arange(30) % 2 == 0, np.arange(30) < 10
    got = drawn(theme(says), said, keep, DAY)
    assert {quote.of for quote in got} == {5}
    assert len(got) == OF_A_THEME


def test_few_comments_are_all_there_is():
    said = heard([0.2, 0.4])
    got = drawn(theme([True, True]), said, np.full(2, True), DAY)
    assert len(got) == 2
    assert drawn(theme([False, False]), said, np.full(2, True), DAY) == ()


def test_a_quote_is_one_line_shortened_at_a_word():
    long = "word " * 200
    said = heard([0.5], ["two\nlines  here"]), heard([0.5], [long])
    short, cut = (drawn(theme([True]), one, np.full(1, True), DAY)[0].text for one in said)
    assert short == "two lines here"
    assert len(cut) < 300
    assert cut.endswith("word …")


def test_there_is_a_quote_for_each_day_and_none_twice():
    said = heard(np.linspace(0, 1, 400))
    got = of_the_day(said, np.full(400, True), DAY)
    assert len({quote.text for quote in got}) == DAYS
    scores = [quote.score for quote in got]
    assert scores != sorted(scores)


def test_comments_without_a_score_are_spread_over_their_tone():
    said = heard([np.nan] * 90)
    got = drawn(theme([True] * 90), said, np.full(90, True), DAY)
    assert len(got) == 3
    assert all(np.isnan(quote.score) for quote in got)
