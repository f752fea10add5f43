"""Many who ask the same thing at once wait for one working out, whoever they are."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module

import pytest
from filled import fill

from cxdash import privacy
from cxdash.facts import Scope
from cxdash.questions import ask

VISITORS = 8


@pytest.fixture
def worked_out(monkeypatch):
    """Scopes for which worth was worked out."""
    asking = import_module("cxdash.questions.ask")
    info, scopes = asking.QUESTIONS["worth"], []

    def answer(view, scope):
        scopes.append(scope)
        return info.answer(view, scope)

    known = {**asking.QUESTIONS, "worth": replace(info, answer=answer)}
    monkeypatch.setattr(asking, "QUESTIONS", known)
    return scopes


def _asked_by_all(company, scope):
    """The answers of visitors who come at once, every second one not to see single customers."""
    db, together = company.db, threading.Barrier(VISITORS)

    def visit(number):
        together.wait(timeout=30)
        return privacy.answered(
            db, scope, lambda asked: ask(db, "worth", asked), sees_people=number % 2 == 0
        )

    with ThreadPoolExecutor(VISITORS) as visitors:
        return list(visitors.map(visit, range(VISITORS)))


def test_one_working_out_serves_all_roles_that_ask_at_once(company, worked_out):
    fill(company)
    answers = _asked_by_all(company, Scope())
    assert worked_out == [Scope()]
    for own_role in (answers[0::2], answers[1::2]):
        assert len({answer.headline for answer in own_role}) == 1


def test_a_wider_choice_that_a_narrow_one_is_compared_with_is_worked_out_once(company, worked_out):
    fill(company)
    narrow = Scope(where=(("segment", "S1"),))
    _asked_by_all(company, narrow)
    assert sorted(worked_out, key=str) == sorted([Scope(), narrow], key=str)


def test_after_a_change_of_the_data_it_is_worked_out_once_more(company, worked_out):
    fill(company)
    _asked_by_all(company, Scope())
    company.contract("late", "2024-01-01")
    _asked_by_all(company, Scope())
    assert worked_out == [Scope(), Scope()]
