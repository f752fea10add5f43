"""Why something is no lever: nothing left of its link, or no way to tell."""

from cxdash.questions.churn.drivers import Driver
from cxdash.questions.churn.effects import Effect, Ranks


def _effect(low, high):
    return Effect((low + high) / 2, low, high, 0.5, 0.2)


RAW = _effect(-0.06, -0.02)
NARROW, WIDE = _effect(-0.01, 0.012), _effect(-0.09, 0.05)


def _driver(*, effect, within=None, apart=None, raw=RAW, kind="experience"):
    return Driver(
        "item", "Item", kind, "1 point more", "1 extra point", effect, raw, within, apart, 0.4,
        Ranks(1, 1, 3), confirmed=True, n=500,
    )  # fmt: skip


def test_a_narrow_range_within_groups_says_that_none_remains():
    driver = _driver(effect=NARROW, within=NARROW, apart=NARROW)
    assert driver.only_group
    assert "none remains within them" in driver.against_lever


def test_a_wide_range_within_groups_says_that_nobody_can_tell():
    driver = _driver(effect=WIDE, within=WIDE, apart=WIDE)
    assert not driver.only_group
    assert driver.against_lever.startswith("cannot tell whether a link remains once segment")


def test_none_remains_beside_finance_only_where_its_own_range_rules_the_raw_link_out():
    clear = _effect(-0.05, -0.01)
    gone = _driver(effect=WIDE, within=clear, apart=NARROW)
    assert "none remains beside it" in gone.against_lever
    unsure = _driver(effect=WIDE, within=clear, apart=WIDE)
    assert unsure.against_lever.startswith("cannot tell whether a link remains once what finance")


def test_what_happened_to_a_customer_is_held_against_its_own_effect():
    contact = _driver(effect=WIDE, within=None, kind="operations")
    assert contact.against_lever.startswith("cannot tell whether a link remains")
    gone = _driver(effect=NARROW, within=None, kind="operations")
    assert "none remains beside it" in gone.against_lever


def test_without_a_raw_link_there_is_none_beyond_noise():
    assert _driver(effect=WIDE, raw=WIDE).against_lever == "no link beyond noise"
