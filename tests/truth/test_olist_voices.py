"""Real Portuguese reviews: their language, their tone out of time, and what they speak of."""

import numpy as np
import pandas as pd
import pytest
from reference import public

from cxdash import intake, questions
from cxdash.facts import Scope
from cxdash.stats.discrimination import auc
from cxdash.stats.languages import languages_of, words_in
from cxdash.stats.sentiment import taught_tone
from cxdash.store import Database

FOLDER = public("olist/joined_sample_8135_orders")
CLASSES = public("olist/classified_3584") / "olist_classified_public_dataset.csv"
FILES = {
    "customers.csv": {"alias:customer_id": "yes"},
    "orders.csv": {"kind": "orders"},
    "order_reviews.csv": {"key": "review_id|order_id"},
}

pytestmark = [
    pytest.mark.truth,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"the public reviews are not to be had here: no {FOLDER}"
    ),
]


@pytest.fixture(scope="module")
def reviews():
    """Reviews with words, in order of time."""
    rows = pd.read_csv(FOLDER / "order_reviews.csv", dtype=str).drop_duplicates("review_id")
    rows = rows[rows["review_comment_message"].notna()].sort_values("review_answer_timestamp")
    return rows.reset_index(drop=True)


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    with Database(tmp_path_factory.mktemp("olist") / "olist.duckdb") as db:
        for name, told in FILES.items():
            proposal = intake.inspect(FOLDER / name).with_answers(told)
            intake.load(db, FOLDER / name, proposal.require())
        yield questions.ask(db, "voices", Scope())


def test_portuguese_is_told_from_three_words_on(reviews):
    texts = reviews["review_comment_message"].tolist()
    words = np.array([len(words_in(text)) for text in texts])
    told = languages_of(texts)
    long = words >= 3
    assert (told[long] == "pt").mean() > 0.98
    assert not set(told[long]) - {"pt", ""}


def test_the_tone_is_right_about_reviews_written_later(reviews):
    """The later ones have no score to learn from, so none of them is judged by one that has."""
    score = reviews["review_score"].astype(float).to_numpy()
    cut = int(0.6 * len(reviews))
    known = np.where(np.arange(len(reviews)) < cut, score, np.nan)
    tone = taught_tone(
        reviews["review_comment_message"].tolist(),
        known,
        reviews["order_id"].tolist(),
        rng=np.random.default_rng(1),
    )[cut:]
    later = score[cut:]
    told = later != 3
    ranked = auc(later[told] >= 4, tone[told])
    assert ranked.low > 0.95
    assert np.mean((tone[told] >= 3) == (later[told] >= 4)) > 0.88


def test_what_people_voted_to_be_pleased_sounds_good(reviews):
    """The class was voted by people who read the words, not by the score."""
    classes = pd.read_csv(CLASSES, dtype=str)
    kinds = classes["most_voted_class"]
    own = classes[kinds.isin(["satisfeito_com_pedido", "problemas_de_entrega"])]
    texts = [*reviews["review_comment_message"], *own["review_comment_message"].fillna("")]
    scores = [*reviews["review_score"].astype(float), *[np.nan] * len(own)]
    whose = [*reviews["order_id"], *own["id"].radd("k")]
    tone = taught_tone(texts, scores, whose, rng=np.random.default_rng(1))[len(reviews) :]
    pleased = (own["most_voted_class"] == "satisfeito_com_pedido").to_numpy()
    assert auc(pleased, tone).low > 0.90


def test_the_answer_tells_tone_and_themes_and_no_behaviour_of_single_orders(answer):
    right = answer.fact("voices.tone_right")
    assert right.interval.low > 0.93
    steady = [row for row in answer.tables["themes"] if row["steady"]]
    assert len(steady) >= 5
    assert {row["language"] for row in answer.tables["themes"]} == {"Portuguese"}
    assert answer.status == "partly"
    assert "effects" not in answer.tables
    assert any("bought on more than one day" in line for line in answer.caveats)
    worst = min(answer.tables["score"], key=lambda row: row["left_out"])
    assert worst["within_high"] < 0
