"""Every role with every action, and what a refusal says."""

import itertools

import pytest

from cxdash.access.roles import PERMISSIONS, Action, Actor, Role, allowed, require
from cxdash.errors import CxdashError, Forbidden

MAY = {
    Role.VIEWER: {"VIEW"},
    Role.ANALYST: {"VIEW", "SEE_PEOPLE", "EXPORT", "IMPORT", "UNDO", "DECIDE"},
    Role.ADMIN: {action.name for action in Action},
}


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_the_table_of_permissions_says_for_every_pair_what_is_meant(role, action):
    actor = Actor("ada", frozenset({role}))
    if action.name in MAY[role]:
        assert allowed(actor, action)
        require(actor, action)
    else:
        assert not allowed(actor, action)
        with pytest.raises(Forbidden) as refused:
            require(actor, action)
        assert action.value in refused.value.what
        assert f"Your role is {role.value}" in refused.value.state


@pytest.mark.parametrize("action", Action)
def test_without_a_role_nothing_is_allowed(action):
    assert not allowed(Actor("stranger"), action)
    with pytest.raises(Forbidden, match="You have no role"):
        require(Actor("stranger"), action)


def test_each_role_may_what_the_one_before_it_may_and_more():
    for lower, higher in itertools.pairwise(Role):
        assert PERMISSIONS[lower] < PERMISSIONS[higher]
        assert higher.rank == lower.rank + 1


def test_the_role_that_reaches_furthest_is_the_actors_role():
    assert Actor("ada", frozenset({Role.VIEWER, Role.ANALYST})).role is Role.ANALYST
    assert Actor("nobody").role is None


def test_a_role_is_found_by_its_name_and_no_other():
    assert Role.named(" Admin ") is Role.ADMIN
    assert Role.named("administrator") is None


def test_a_refusal_is_an_error_of_the_tree():
    assert issubclass(Forbidden, CxdashError)
    assert Forbidden("no").exit_code == 1
