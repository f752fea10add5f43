"""Themes: what stands together is found, the same every time, and accidents are told as such."""

import numpy as np
import pytest

from cxdash.stats.themes import FEWEST_COMMENTS, STEADY, folded, themes_of

TOPICS = {
    "delivery": ("delivery", "parcel", "courier", "late"),
    "invoice": ("invoice", "charged", "billing", "refund"),
    "support": ("support", "phone", "agent", "waiting"),
}
FILLER = ("really", "the", "was", "and", "with", "good", "bad")


def written(number, rng, topics=tuple(TOPICS)):
    """Comments of which each uses three words of one topic, and little words."""
    own = [topics[n % len(topics)] for n in range(number)]
    texts = [
        " ".join([*rng.choice(TOPICS[topic], 3, replace=False), *rng.choice(FILLER, 4)])
        for topic in own
    ]
    return texts, np.array(own)


def found(texts, whose=None, seed=1, **more):
    whose = whose or [f"c{n}" for n in range(len(texts))]
    return themes_of(texts, whose, "en", rng=np.random.default_rng(seed), **more)


def test_topics_are_found_and_steady():
    texts, own = written(300, np.random.default_rng(3))
    seen = found(texts)
    assert len(seen.themes) == 3
    assert all(theme.is_steady for theme in seen.themes)
    for number, theme in enumerate(seen.themes):
        (topic,) = (name for name, words in TOPICS.items() if set(words) == set(theme.words[:4]))
        assert np.mean(seen.speaks[:, number] == (own == topic)) > 0.99


def test_the_same_comments_give_the_same_themes():
    texts, _ = written(300, np.random.default_rng(4))
    one, two = found(texts), found(texts)
    assert one.themes == two.themes
    assert (one.speaks == two.speaks).all()


def test_words_thrown_together_by_chance_are_called_unsteady():
    rng = np.random.default_rng(5)
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(150)]
    texts = [" ".join(rng.choice(words, 6, replace=False)) for _ in range(400)]
    seen = found(texts)
    assert not any(theme.stability > STEADY for theme in seen.themes)


def test_a_word_of_fewer_than_eight_people_is_no_theme_word():
    texts, _ = written(300, np.random.default_rng(6))
    own = [text if n % 3 else f"{text} secretword" for n, text in enumerate(texts)]
    few = [f"d{n}" if n % 3 else f"c{n % 21}" for n in range(300)]
    many = [f"d{n}" if n % 3 else f"c{n % 27}" for n in range(300)]
    assert not any("secretword" in theme.words for theme in found(own, few).themes)
    assert any("secretword" in theme.words for theme in found(own, many).themes)


def test_words_that_are_left_out_and_little_words_are_no_theme_words():
    texts, _ = written(300, np.random.default_rng(7))
    said = {word for theme in found(texts, without={"parcel"}).themes for word in theme.words}
    assert "courier" in said
    assert not said & {"parcel", "the", "good", "with"}


def test_a_comment_without_any_theme_word_speaks_of_none():
    texts, _ = written(300, np.random.default_rng(8))
    seen = found([*texts, "nothing of the kind", "good"])
    assert not seen.speaks[-2:].any()


def test_too_few_comments_have_no_themes():
    texts, _ = written(FEWEST_COMMENTS - 1, np.random.default_rng(9))
    assert found(texts) is None
    assert found(["one and the same"] * 200) is None


def test_more_comments_than_are_learned_from_are_all_looked_at(monkeypatch):
    monkeypatch.setattr("cxdash.stats.themes.MOST_LEARNED", 260)
    texts, _ = written(600, np.random.default_rng(10))
    shares = []
    seen = found(texts, told=shares.append)
    assert seen.learned == 260
    assert seen.speaks.shape == (600, 3)
    assert seen.speaks.any(axis=1).mean() > 0.99
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("word", "plain"), [("Não", "nao"), ("Größe", "grosse"), ("l’été", "l'ete")]
)
def test_words_are_compared_without_accents_and_capitals(word, plain):
    assert folded(word) == plain


def test_a_theme_word_is_shown_as_it_is_mostly_written():
    rng = np.random.default_rng(11)
    texts, _ = written(300, rng)
    own = [
        text.replace("parcel", "Parcel" if n % 9 == 0 else "parcél") for n, text in enumerate(texts)
    ]
    words = {word for theme in found(own).themes for word in theme.words}
    assert "parcél" in words
    assert "parcel" not in words
