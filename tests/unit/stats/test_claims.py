"""No dollar is counted twice, whatever people claim and in whatever order they claim it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.stats.claims import Allotted, Claimed, allotted

BLOCKS = 6
SIZES = st.lists(st.integers(0, 400), min_size=BLOCKS, max_size=BLOCKS)
CLAIMS = st.lists(
    st.builds(
        Claimed,
        cents=st.integers(0, 10**9),
        tier=st.integers(0, 2),
        blocks=st.frozensets(st.integers(0, BLOCKS - 1)),
    ),
    max_size=12,
)
MOVED = st.integers(-(10**9), 3 * 10**9)


def counted(claims, sizes, moved):
    return [one.counted for one in allotted(claims, sizes, moved)]


@pytest.mark.promise("L01")
@given(CLAIMS, SIZES, MOVED)
def test_claims_never_add_up_to_more_than_the_line_moved(claims, sizes, moved):
    assert sum(counted(claims, sizes, moved)) <= max(moved, 0)


@pytest.mark.promise("L01")
@given(CLAIMS, SIZES, MOVED, st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_no_cent(claims, sizes, moved, chance):
    places = list(range(len(claims)))
    chance.shuffle(places)
    shuffled = counted([claims[place] for place in places], sizes, moved)
    before = counted(claims, sizes, moved)
    assert shuffled == [before[place] for place in places]


@given(CLAIMS, SIZES, MOVED)
def test_what_becomes_of_a_claim_is_told_to_the_cent(claims, sizes, moved):
    for claim, one in zip(claims, allotted(claims, sizes, moved), strict=True):
        assert min(one.counted, one.shared, one.beyond) >= 0
        assert one.counted + one.shared + one.beyond == claim.cents


@given(CLAIMS, SIZES, MOVED)
def test_weaker_evidence_takes_nothing_from_stronger(claims, sizes, moved):
    alone = [claim for claim in claims if claim.tier == 0]
    first = [
        one.counted
        for claim, one in zip(claims, allotted(claims, sizes, moved), strict=True)
        if claim.tier == 0
    ]
    # The half cent that rounding may give depends on how many claims there are.
    assert first == pytest.approx(counted(alone, sizes, moved), abs=1)


@given(CLAIMS, SIZES)
def test_customers_count_once_with_the_largest_claim_on_them(claims, sizes):
    """With room for all, the whole is what the largest claim says of each block."""
    enough = 10**13
    most = sum(
        max(
            (
                claim.cents * sizes[block] / sum(sizes[b] for b in claim.blocks)
                for claim in claims
                if block in claim.blocks and sizes[block]
            ),
            default=0,
        )
        for block in range(BLOCKS)
    )
    assert sum(counted(claims, sizes, enough)) == pytest.approx(most, abs=len(claims) + 1e-6 * most)


def test_a_claim_alone_is_counted_whole_when_the_line_moved_enough():
    claim = Claimed(100_01, 0, frozenset({0, 1, 2}))
    assert allotted([claim], [3, 7, 1], 100_01) == (Allotted(100_01, 0, 0),)


def test_two_claims_on_the_same_customers_share_the_larger_one():
    same = frozenset({0})
    claims = [Claimed(300_00, 0, same), Claimed(100_00, 0, same)]
    assert allotted(claims, [10], 10**9) == (
        Allotted(225_00, 75_00, 0),
        Allotted(75_00, 25_00, 0),
    )


def test_claims_on_different_customers_are_both_counted():
    claims = [Claimed(300_00, 0, frozenset({0})), Claimed(100_00, 0, frozenset({1}))]
    assert counted(claims, [10, 10], 10**9) == [300_00, 100_00]


def test_what_goes_beyond_the_movement_is_taken_off_the_weakest_evidence():
    claims = [Claimed(80_00, 1, frozenset({0})), Claimed(60_00, 0, frozenset({1}))]
    assert allotted(claims, [5, 5], 100_00) == (Allotted(40_00, 0, 40_00), Allotted(60_00, 0, 0))


def test_a_weaker_claim_on_the_same_customers_adds_only_what_goes_beyond():
    claims = [Claimed(60_00, 0, frozenset({0})), Claimed(80_00, 2, frozenset({0}))]
    assert counted(claims, [5], 10**9) == [60_00, 20_00]


def test_nothing_is_counted_where_the_line_moved_the_wrong_way_or_nobody_is_named():
    assert counted([Claimed(50_00, 0, frozenset({0}))], [5], -1) == [0]
    assert counted([Claimed(50_00, 0, frozenset())], [5], 10**6) == [0]


def test_a_loss_is_no_claim():
    with pytest.raises(ValueError, match="below zero"):
        allotted([Claimed(-1, 0, frozenset({0}))], [5], 100)
