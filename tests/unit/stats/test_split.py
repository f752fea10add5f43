"""The parts of a change sum to it, and each part means what its name says."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdash.stats import split
from cxdash.stats.split import Answers, split_change


def answers(rows):
    """Rows are (person, later, value, known, left, joined, segment, occasion); what follows the
    value may be left out.
    """
    full = [(*row, *(True, False, False, 0, 0)[len(row) - 3 :]) for row in rows]
    person, later, value, known, left, joined, segment, occasion = zip(*full, strict=True)
    return Answers(
        person=np.array(person),
        later=np.array(later, dtype=bool),
        value=np.array(value, dtype=np.float64),
        known=np.array(known, dtype=bool),
        left=np.array(left, dtype=bool),
        joined=np.array(joined, dtype=bool),
        segment=np.array(segment),
        occasion=np.array(occasion),
    )


def parts(rows, draws=50):
    found = split_change(answers(rows), rng=np.random.default_rng(1), draws=draws)
    assert sum(part.estimate for part in found.parts.values()) == pytest.approx(
        found.after - found.before, abs=1e-9
    )
    return {name: round(part.estimate, 9) for name, part in found.parts.items()}, found


def twice(before, after, start=0):
    """People who answered in both periods with these values."""
    pairs = enumerate(zip(before, after, strict=True), start)
    return [row for who, (x, y) in pairs for row in ((who, False, x), (who, True, y))]


ROWS = st.lists(
    st.tuples(
        st.integers(0, 25),
        st.booleans(),
        st.sampled_from([100.0, 0.0, -100.0]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    min_size=2,
    max_size=80,
).filter(lambda rows: {row[1] for row in rows} == {True, False})


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_the_parts_sum_to_the_change_whatever_the_data(rows) -> None:
    """A person's standing and segment are the same on all of his or her rows."""
    first = {}
    steady = [(*row[:3], *first.setdefault(row[0], row[3:7]), row[7]) for row in rows]
    found, whole = parts(steady, draws=5)
    assert set(found) <= set(split.PARTS)
    values = {who: {} for who in (False, True)}
    for who, later, value, *_ in steady:
        values[later].setdefault(who, []).append(value)
    means = [np.mean([np.mean(each) for each in values[p].values()]) for p in (False, True)]
    assert whole.before == pytest.approx(means[0], abs=1e-9)
    assert whole.after == pytest.approx(means[1], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_backwards_in_time_every_part_turns_its_sign(rows) -> None:
    first = {}
    steady = [(*row[:3], *first.setdefault(row[0], row[3:7]), row[7]) for row in rows]
    turned = [(who, not later, x, known, joined, left, *rest)
              for who, later, x, known, left, joined, *rest in steady]  # fmt: skip
    there, _ = parts(steady, draws=2)
    back, _ = parts(turned, draws=2)
    names = dict(zip(split.PARTS, split.PARTS, strict=True))
    names |= {split.LEFT: split.JOINED, split.JOINED: split.LEFT}
    assert set(back) == {names[name] for name in there}
    for name, value in there.items():
        assert back[names[name]] == pytest.approx(-value, abs=1e-9)


def test_when_nobody_changes_and_the_unhappy_leave_all_of_it_is_leavers() -> None:
    rows = twice([100.0] * 12 + [0.0] * 6, [100.0] * 12 + [0.0] * 6)
    rows += [(who, False, -100.0, True, True, False) for who in range(50, 62)]
    found, whole = parts(rows)
    assert found == {"changed_mind": 0, "left": pytest.approx(66.666666667), "joined": 0,
                     "who_answered": 0}  # fmt: skip
    assert whole.before == 0
    assert whole.parts["left"].low > 0


def test_when_everybody_cools_down_it_is_their_minds_whoever_was_asked() -> None:
    """Half of each period's people answered once; all think 10 less than before."""
    rows = twice([50.0] * 20, [40.0] * 20)
    rows += [(who, False, 50.0) for who in range(100, 120)]
    rows += [(who, True, 40.0) for who in range(200, 220)]
    found, _ = parts(rows)
    assert found["changed_mind"] == -10
    assert found["who_answered"] == 0


def test_when_other_customers_answer_it_is_who_answered() -> None:
    rows = twice([50.0] * 20, [50.0] * 20)
    rows += [(who, False, 90.0) for who in range(100, 120)]
    rows += [(who, True, 10.0) for who in range(200, 220)]
    found, _ = parts(rows)
    assert (found["changed_mind"], found["who_answered"]) == (0, -40)


def test_newcomers_pull_the_score_as_joiners() -> None:
    rows = twice([0.0] * 10, [0.0] * 10)
    rows += [(who, True, 100.0, True, False, True) for who in range(100, 110)]
    found, whole = parts(rows)
    assert found["joined"] == 50
    assert whole.parts["joined"].n == 10


def test_who_leaves_after_answering_only_now_did_not_leave_before_it() -> None:
    rows = twice([0.0] * 10, [0.0] * 10)
    rows += [(who, True, 100.0, True, True, False) for who in range(100, 110)]
    found, whole = parts(rows)
    assert (found["left"], found["who_answered"]) == (0, 50)
    assert whole.parts["left"].n == 0


def test_a_shift_between_segments_is_segment_mix_and_nothing_else() -> None:
    """Segment 0 says 0, segment 1 says 100, always; the later wave hears more of segment 1."""

    def said(who, later, segment):
        return (who, later, 100.0 * segment, True, False, False, segment, 0)

    rows = [said(who, later, who % 2) for who in range(20) for later in (False, True)]
    rows += [said(who, False, int(who < 105)) for who in range(100, 120)]
    rows += [said(who, True, int(who < 215)) for who in range(200, 220)]
    found, whole = parts(rows)
    assert found["segment_mix"] == pytest.approx(whole.after - whole.before) == 25
    assert (found["changed_mind"], found["who_answered"]) == (0, 0)


def test_a_shift_between_occasions_is_occasion_mix_also_for_the_same_people() -> None:
    """Complaints are rated 0 and sales 100, always; later more people were asked after sales."""
    rows = []
    for who in range(40):
        rows.append((who, False, 0.0 if who < 30 else 100.0, True, False, False, 0, int(who >= 30)))
        rows.append((who, True, 0.0 if who < 10 else 100.0, True, False, False, 0, int(who >= 10)))
    found, whole = parts(rows)
    assert whole.after - whole.before == 50
    assert (found["occasion_mix"], found["changed_mind"]) == (50, 0)


def test_where_segments_and_occasions_go_together_each_gets_half() -> None:
    def said(who, later, kind):
        return (who, later, 100.0 * kind, True, False, False, kind, kind)

    rows = [said(who, later, who % 2) for who in range(20) for later in (False, True)]
    rows += [said(who, False, 0) for who in range(100, 120)]
    rows += [said(who, True, 1) for who in range(200, 220)]
    found, _ = parts(rows)
    assert found["segment_mix"] == found["occasion_mix"] == 25
    assert found["who_answered"] == 0


def test_answers_without_a_customer_are_a_part_of_their_own() -> None:
    rows = twice([0.0] * 10, [0.0] * 10)
    rows += [(who, False, 100.0, False) for who in range(100, 110)]
    found, whole = parts(rows)
    assert found["unknown"] == -50
    assert whole.parts["unknown"].n == 10


def test_too_few_people_asked_twice_leave_two_parts_as_one() -> None:
    rows = twice([0.0] * 9, [10.0] * 9)
    rows += [(who, False, 0.0) for who in range(100, 110)]
    found, _ = parts(rows)
    assert found == {"left": 0, "joined": 0, "stayed": 10}


def test_a_period_of_leavers_alone_leaves_turnover_as_one_part() -> None:
    rows = [(who, False, 0.0, True, True) for who in range(10)]
    rows += [(who, True, 50.0, True, False, True) for who in range(20, 30)]
    found, _ = parts(rows)
    assert found == {"turnover": 50}


def test_nobody_known_leaves_all_unknown() -> None:
    found, _ = parts([(1, False, 0.0, False), (2, True, 50.0, False), (3, True, 70.0, False)])
    assert found == {"unknown": 60}


def test_a_person_counts_once_however_often_he_answers() -> None:
    rows = [*twice([0.0] * 10, [0.0] * 10), (0, True, 100.0)]
    _, whole = parts(rows)
    assert whole.after == 5


def simulated(size, rng, move=-0.2):
    """Latent opinions; the unhappy leave more often; people answer by chance."""
    segment = rng.integers(0, 3, size)
    opinion = rng.normal(0, 1, size) + 0.3 * segment
    left = rng.random(size) < 0.15 * np.exp(-opinion)
    joined = rng.random(size) < 0.1
    rows = []
    for later, gone, mean in ((False, joined, opinion), (True, left, opinion + move)):
        who = np.flatnonzero((rng.random(size) < 0.6) & ~gone)
        latent = mean[who] + rng.normal(0, 0.7, who.size)
        value = np.select([latent > 0.8, latent < -0.3], [100.0, -100.0], 0.0)
        rows.append((who, np.full(who.size, later), value))
    who, later, value = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Answers(
        person=who,
        later=later,
        value=value,
        known=np.ones(who.size, dtype=bool),
        left=left[who],
        joined=joined[who],
        segment=segment[who],
        occasion=np.zeros(who.size, dtype=np.int64),
    )


def test_ninety_percent_ranges_of_the_parts_hold_what_a_large_company_shows() -> None:
    truth = split_change(simulated(400_000, np.random.default_rng(9)), rng=np.random.default_rng(1))
    held = dict.fromkeys(truth.parts, 0)
    runs = 150
    for seed in range(runs):
        found = split_change(
            simulated(500, np.random.default_rng(100 + seed)),
            rng=np.random.default_rng(seed),
            draws=200,
        )
        for name, part in found.parts.items():
            held[name] += part.low <= truth.parts[name].estimate <= part.high
    assert set(held) == {"changed_mind", "left", "joined", "who_answered", "segment_mix"}
    assert all(0.83 <= count / runs <= 0.97 for count in held.values()), held


def test_the_same_seed_gives_the_same_ranges_and_another_hardly_different_ones() -> None:
    data = simulated(2_000, np.random.default_rng(3))
    one, again, other = (split_change(data, rng=np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert one == again
    for name, part in one.parts.items():
        width = part.high - part.low
        twin = other.parts[name].high - other.parts[name].low
        assert twin == pytest.approx(width, rel=6 * one.draw_error)


def test_counting_people_who_are_alike_together_changes_nothing() -> None:
    """Values that all differ make every person a kind of their own: the plain bootstrap."""
    data = simulated(600, np.random.default_rng(8))
    jitter = np.random.default_rng(1).normal(0, 1e-9, data.value.size)
    apart = Answers(
        person=data.person, later=data.later, value=data.value + jitter, known=data.known,
        left=data.left, joined=data.joined, segment=data.segment, occasion=data.occasion,
    )  # fmt: skip
    one = split_change(data, rng=np.random.default_rng(5))
    other = split_change(apart, rng=np.random.default_rng(6))
    for name, part in one.parts.items():
        twin = other.parts[name]
        assert part.estimate == pytest.approx(twin.estimate, abs=1e-6)
        assert part.high - part.low == pytest.approx(twin.high - twin.low, rel=0.12)


def test_fifty_thousand_answers_take_less_than_two_seconds() -> None:
    data = simulated(42_000, np.random.default_rng(4))
    started = time.process_time()
    split_change(data, rng=np.random.default_rng(1))
    assert data.value.size > 40_000
    assert time.process_time() - started < 2


def test_many_different_people_get_fewer_resamples_and_it_is_said() -> None:
    rng = np.random.default_rng(4)
    size = 30_000
    data = simulated(size, rng)
    apart = Answers(
        person=data.person, later=data.later, value=data.value + rng.random(data.value.size),
        known=data.known, left=data.left, joined=data.joined, segment=data.segment,
        occasion=data.occasion,
    )  # fmt: skip
    found = split_change(apart, rng=np.random.default_rng(1))
    assert found.draws < 1000
    assert found.draw_error == pytest.approx((2 * found.draws) ** -0.5)


def test_a_period_without_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="both periods"):
        split_change(answers([(1, False, 0.0)]), rng=np.random.default_rng(1))
