"""Answers that are no points on a scale are not told as if they were."""

import numpy as np
from filled import fill

from cxdash.questions import ask


def _solved(company):
    rng = np.random.default_rng(8)
    for number in range(240):
        for day in ("2024-01-20", "2024-07-20", "2025-01-20"):
            company.answers(
                f"c{number:04}",
                day,
                float(rng.random() < 0.6),
                item="fcr",
                variant="fcr.survey",
                scale=(0, 1),
            )


def test_a_question_of_yes_or_no_moves_from_no_to_yes(company):
    fill(company)
    _solved(company)
    answer = ask(company.db, "churn")
    row = next(row for row in answer.tables["drivers"] if row["driver"] == "fcr")
    assert row["change"].startswith("solved the first time instead of not solved")
    assert answer.fact("churn.driver.fcr").label.endswith("FCR solved instead of not solved")


def test_the_mean_answer_of_a_net_score_is_not_taken_for_the_score(company):
    fill(company)
    _solved(company)
    rows = {row["item"]: row for row in ask(company.db, "churn").tables["importance"]}
    assert rows["nps"]["label"].startswith("NPS (score ")
    assert "placed by its mean answer" in rows["nps"]["label"]
    assert rows["fcr"]["label"] == "FCR"


def test_a_model_that_ranks_nobody_says_so_and_confirms_nothing(company):
    """Scores and leaving are drawn apart, so the list of customers has no order worth anything."""
    fill(company, customers=480, gap=0.0, seed=6)
    answer = ask(company.db, "churn")
    assert any("a coin gives 50%" in line for line in answer.caveats)
    for name in ("churn.auc", "churn.top_tenth"):
        assert answer.fact(name).grade.name == "D"
