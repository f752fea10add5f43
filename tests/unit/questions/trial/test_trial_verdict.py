"""The rules of the verdict, one by one and over every combination."""

from itertools import product

import pytest

from cxdash.questions.trial.verdict import Evidence, verdict

NOTHING = Evidence(leads=False)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Evidence(leads=True, confirmed=True), ("working", "confirmed")),
        (Evidence(leads=True, confirmed=True, echoes=True), ("working", "confirmed")),
        (Evidence(leads=True, confirmed=True, paid=True), ("working", "confirmed")),
        (Evidence(leads=True, confirmed=True, unused=True), ("working", "confirmed")),
        (Evidence(leads=True, confirmed=True, gamed=True), ("unproven", "gamed")),
        (Evidence(leads=True, confirmed=False), ("unproven", "not_confirmed")),
        (Evidence(leads=True, confirmed=None), ("unproven", "not_checked")),
        (Evidence(leads=False, echoes=True), ("echo", "echo")),
        (Evidence(leads=False, echoes=True, excluded=True), ("echo", "echo")),
        (Evidence(leads=None, echoes=True), ("unproven", "not_tried")),
        (Evidence(leads=False, excluded=True), ("vanity", "excluded")),
        (Evidence(leads=False, half=True), ("unproven", "half_tried")),
        (Evidence(leads=False, half=True, excluded=True), ("vanity", "excluded")),
        (Evidence(leads=False, half=True, paid=True), ("vanity", "paid_for")),
        (Evidence(leads=False, gamed=True), ("vanity", "asked_for")),
        (Evidence(leads=False, paid=True), ("vanity", "paid_for")),
        (Evidence(leads=False, unused=True), ("vanity", "unused")),
        (Evidence(leads=False, unused=True, hinted=True), ("unproven", "too_few")),
        (NOTHING, ("unproven", "too_few")),
        (Evidence(leads=False, confirmed=True), ("unproven", "too_few")),
        (Evidence(leads=None), ("unproven", "not_tried")),
        (Evidence(leads=None, gamed=True, paid=True, unused=True), ("unproven", "not_tried")),
    ],
)
def test_each_rule(found, said):
    assert verdict(found) == said


def every():
    yes_no = (False, True)
    for parts in product((None, *yes_no), (None, *yes_no), *[yes_no] * 7):
        yield Evidence(*parts)


def test_nothing_is_working_without_a_lead_that_was_confirmed_and_honest_answers():
    for found in every():
        if verdict(found)[0] == "working":
            assert found.leads
            assert found.confirmed
            assert not found.gamed


def test_what_goes_before_something_is_never_called_an_echo_or_vanity():
    for found in every():
        if found.leads:
            assert verdict(found)[0] in ("working", "unproven")


def test_what_could_not_be_tried_is_unproven():
    for found in every():
        if found.leads is None:
            assert verdict(found) == ("unproven", "not_tried")
