from datetime import date

import numpy as np
import pytest

from cxdash.demo import Truth, simulate, write
from cxdash.demo.truth import write_truth
from cxdash.errors import UsageError

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def small():
    return simulate(customers=120, months=14, seed=5)


def test_the_chance_of_leaving_is_one_minus_the_chance_of_staying_every_month(small):
    truth = Truth.of(small)
    month = small.calendar.months - 1
    name = truth.ids[truth.left_month > month][0]
    risk = truth.hazard[list(truth.ids).index(name), month + 1 : month + 4]
    staying = (1 - risk[0]) * (1 - risk[1]) * (1 - risk[2])
    assert truth.probability_of_leaving([name], LAST, 3)[0] == pytest.approx(1 - staying)


def test_losses_count_the_whole_window_at_the_rate_of_the_landmark(small):
    truth = Truth.of(small)
    ids = truth.ids[truth.is_customer(truth.ids.tolist(), LAST)].tolist()
    left = truth.left_within(ids, LAST, 12)
    assert 0 < left.sum() < len(ids)
    lost = truth.revenue_lost(ids, LAST, 12)
    rate = truth.run_rate(ids, LAST)
    assert (lost[left] == rate[left] * 12).all()
    assert (lost[~left] == 0).all()
    expected = truth.expected_revenue_lost(ids, LAST, 12)
    assert (expected > 0).all()
    assert (expected < rate * 12).all()


def test_expected_and_real_leavers_agree(large):
    truth = Truth.of(large)
    ids = truth.ids[truth.is_customer(truth.ids.tolist(), LAST)].tolist()
    chance = truth.probability_of_leaving(ids, LAST, 12)
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(truth.left_within(ids, LAST, 12).sum() - chance.sum()) < 4 * spread


def test_without_notice_by_the_landmark_the_first_month_is_safer(large):
    """Expected and real leavers agree among those who have not said goodbye."""
    truth, who = Truth.of(large), large.customers
    noticed = who.cancelled_on <= np.datetime64(LAST, "D")
    there = truth.is_customer(truth.ids.tolist(), LAST)
    assert (there & noticed).sum() > 10
    ids = truth.ids[there & ~noticed].tolist()
    chance = truth.probability_of_leaving(ids, LAST, 1, not_under_notice=True)
    assert (chance < truth.probability_of_leaving(ids, LAST, 1)).all()
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(truth.left_within(ids, LAST, 1).sum() - chance.sum()) < 4 * spread


@pytest.mark.parametrize("largest", [10**9, 0])
def test_what_is_read_is_what_was_written(small, tmp_path, monkeypatch, largest):
    monkeypatch.setattr("cxdash.demo.truth._LARGEST_IN_JSON", largest)
    write_truth(tmp_path, small)
    assert (tmp_path / "truth.parquet").exists() == (largest == 0)
    read, kept = Truth.read(tmp_path), Truth.of(small)
    assert np.array_equal(read.hazard, kept.hazard)
    assert np.array_equal(read.left_month, kept.left_month)
    assert np.array_equal(read.start_month, kept.start_month)
    month = small.calendar.months - 1
    assert np.array_equal(read.amount[:, month:], kept.amount[:, month:])
    assert read.calendar == kept.calendar


def test_who_has_left_is_no_customer_from_that_month_end_on(small):
    truth = Truth.of(small)
    gone = truth.left_month == 3
    ids = truth.ids[gone].tolist()
    assert len(ids) > 0
    assert truth.is_customer(ids, date(2025, 7, 31)).all()
    assert not truth.is_customer(ids, date(2025, 8, 31)).any()
    assert truth.left_within(ids, date(2025, 7, 31), 1).all()
    assert not truth.left_within(ids, date(2025, 8, 31), 6).any()


@pytest.mark.parametrize(
    ("ids", "day", "months", "says"),
    [
        (["nobody"], LAST, 3, "not a customer"),
        (["010001"], date(2026, 6, 29), 3, "month end"),
        (["010001"], LAST, 13, "Nothing is known"),
        (["010001"], date(2031, 1, 31), 1, "outside"),
    ],
)
def test_a_question_the_truth_cannot_answer_is_refused(small, ids, day, months, says):
    with pytest.raises(UsageError, match=says):
        Truth.of(small).probability_of_leaving(ids, day, months)


def test_the_written_company_carries_its_truth(tmp_path):
    folder = write(tmp_path / "demo", customers=60, months=10, seed=2)
    truth = Truth.read(folder)
    assert len(truth.ids) == 60
    assert truth.summary["noise_item"] == "app_look_and_feel"
    assert truth.summary["seed"] == 2
