"""How good the words of a comment sound."""

import numpy as np
import pytest
from reference import expected
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from cxdash.stats.sentiment import english, taught_tone, word_list_tone

GOOD = (
    "Alles schnell und freundlich erledigt",
    "Sehr guter Service, danke",
    "Klare Antwort, gerne wieder",
)
BAD = (
    "Immer noch nicht gelöst, sehr ärgerlich",
    "Drei Wochen gewartet, schlecht",
    "Niemand ruft zurück",
)


def test_published_sentences_get_their_published_tone():
    published = expected("h1_vader")["expected"]
    tone = word_list_tone(list(published))
    few = np.array([len(text.split()) < 3 for text in published])
    assert np.isnan(tone[few]).all(), "two words are too few to know the language"
    judge = SentimentIntensityAnalyzer()
    plain = [judge.polarity_scores(text)["compound"] for text in published]
    assert np.where(few, plain, tone) == pytest.approx(list(published.values()), abs=1e-4)


def test_a_word_list_for_english_is_not_used_on_other_languages_or_single_words():
    texts = ["Der Kundenservice war schrecklich und langsam", "ok", "", "The service was very bad"]
    assert english(texts).tolist() == [False, False, False, True]
    assert np.isnan(word_list_tone(texts)).tolist() == [True, True, True, False]


def comments(n, rng):
    good = rng.random(n) < 0.5
    texts = [(GOOD if g else BAD)[k] for g, k in zip(good, rng.integers(0, 3, n), strict=True)]
    return texts, np.where(good, 9.0, 2.0) + rng.integers(0, 2, n)


def test_scores_teach_the_tone_of_any_language():
    texts, scores = comments(300, np.random.default_rng(1))
    tone = taught_tone(texts, scores, np.arange(300), rng=np.random.default_rng(0))
    assert np.corrcoef(tone, scores)[0, 1] > 0.9


def test_a_comment_never_predicts_its_own_score():
    """Each person writes a phrase of their own; scores are by lot. Nothing is there to learn."""
    rng = np.random.default_rng(2)
    people = np.repeat(np.arange(200), 3)
    texts = [f"phrase{person:03d} x{person * 7919 % 997:03d}q" for person in people]
    scores = rng.integers(0, 11, 200)[people].astype(float)
    tone = taught_tone(texts, scores, people, rng=np.random.default_rng(0))
    assert np.corrcoef(tone, scores)[0, 1] < 0.1


def test_comments_without_a_score_are_judged_by_the_others():
    texts, scores = comments(200, np.random.default_rng(3))
    scores[:50] = np.nan
    tone = taught_tone(texts, scores, np.arange(200), rng=np.random.default_rng(0))
    assert np.isfinite(tone).all()


@pytest.mark.parametrize(
    ("n", "scores"), [(59, None), (100, np.full(100, 4.0)), (100, np.full(100, np.nan))]
)
def test_too_few_or_equal_scores_teach_nothing(n, scores):
    texts, own = comments(n, np.random.default_rng(4))
    tone = taught_tone(
        texts, own if scores is None else scores, np.arange(n), rng=np.random.default_rng(0)
    )
    assert np.isnan(tone).all()


def test_comments_that_share_no_letters_get_the_average():
    texts = [chr(0x4E00 + k) for k in range(80)]
    scores = np.arange(80.0)
    tone = taught_tone(texts, scores, np.arange(80), rng=np.random.default_rng(0))
    assert np.ptp(tone) < 15
