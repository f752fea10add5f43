"""Nothing that is judged was seen: rolling origins, paired gains."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from cxdash.panel import month_end
from cxdash.questions.validation import check, forecast, gain, table


def closed(customers=4_000, windows=3, seed=1):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "customer_id": np.tile(np.arange(customers), windows).astype(str),
            "landmark": np.repeat(24_000 + 6 * np.arange(windows), customers),
            "known": rng.normal(size=customers * windows),
            "said": rng.normal(size=customers * windows),
        }
    )
    chance = expit(-2 + rows["known"] + 0.5 * rows["said"])
    rows["left_within"] = (rng.random(len(rows)) < chance).astype(float)
    rows["truth"], rows["finance"] = chance, expit(-1.9 + rows["known"])
    return rows


def models(rows, seen):
    def by(column):
        def predict(earlier, later):
            seen.append((earlier, later))
            return rows[column].to_numpy()[later]

        return predict

    return {"with answers": by("truth"), "finance only": by("finance")}


def test_a_window_is_predicted_from_earlier_windows_only():
    rows, seen = closed(customers=200), []
    months = sorted(rows["landmark"].unique())
    found = forecast(rows, months, models(rows, seen))
    landmark = rows["landmark"].to_numpy()
    assert len(seen) == 4
    assert all(landmark[earlier].max() < landmark[later].min() for earlier, later in seen)
    assert set(landmark[found.place]) == set(months[1:])
    assert (found.cutoff, found.trained) == (month_end(months[2]), 400)


def test_what_an_answer_adds_is_found_and_noise_adds_nothing():
    rows = closed()
    months = sorted(rows["landmark"].unique())
    found = forecast(rows, months, models(rows, []))
    more = gain(found, "with answers", "finance only", level=0.9)
    assert more.skill.low > 0
    assert more.auc.low > 0
    same = gain(found, "finance only", "finance only", level=0.9)
    assert (same.skill.estimate, same.auc.estimate) == (0, 0)


def test_the_record_has_the_columns_of_the_contract():
    rows = closed()
    found = forecast(rows, sorted(rows["landmark"].unique()), models(rows, []))
    first, second = table(check(found, level=0.9))
    assert first["model"] == "with answers"
    assert first["auc"] > second["auc"] > 0.5
    assert first["calibration_slope"] == pytest.approx(1, abs=0.1)
    assert (first["n_test"], first["events_test"]) == (8_000, found.events)


def test_a_model_that_says_the_same_of_everybody_ranks_nobody():
    rows = closed(customers=300)

    def flat(_, later):
        return np.full(int(later.sum()), 0.1)

    found = forecast(rows, sorted(rows["landmark"].unique()), {"average": flat})
    only = check(found, level=0.9)[0]
    assert only.auc is None
    assert only.calibration.slope is None
    assert table([only])[0]["auc"] == 0.5


def test_without_an_earlier_window_nothing_is_claimed():
    rows = closed(customers=100, windows=1)
    assert forecast(rows, [24_000], models(rows, [])) is None


def test_a_window_one_model_cannot_predict_is_left_out_for_all():
    rows, seen = closed(customers=100), []
    both = models(rows, seen)

    def late(earlier, later):
        return rows["truth"].to_numpy()[later] if earlier.sum() > 100 else None

    found = forecast(rows, sorted(rows["landmark"].unique()), {**both, "late": late})
    assert found.left.size == 100
    assert {chance.size for chance in found.chances.values()} == {100}


def test_windows_of_one_customer_are_not_counted_as_independent():
    rows = closed(customers=500)
    copied = pd.concat([rows, rows], ignore_index=True)
    months = sorted(rows["landmark"].unique())
    once = gain(forecast(rows, months, models(rows, [])), "with answers", "finance only", level=0.9)
    twice = gain(
        forecast(copied, months, models(copied, [])), "with answers", "finance only", level=0.9
    )
    assert twice.skill.high - twice.skill.low == pytest.approx(once.skill.high - once.skill.low)
