"""Whoever waits is told how far an answer has come; an answer is worked out once."""

import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.questions.progress import tell, telling


def test_a_listener_hears_what_is_done_in_its_block_only():
    heard = []
    tell("nobody listens", 0.1)
    with telling(lambda sentence, share: heard.append((sentence, share))):
        tell("first", 0.2)
    tell("too late", 0.9)
    assert heard == [("first", 0.2)]


def test_a_share_beyond_the_whole_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        tell("more than all", 1.1)


def test_an_answer_is_worked_out_once_for_a_state_of_the_data(company):
    fill(company, customers=120)
    first = ask(company.db, "worth")
    assert ask(company.db, "worth", Scope()) is first
    assert ask(company.db, "worth", Scope(horizon=3)) is not first
    company.answers("c0001", "2025-12-01", 9)
    again = ask(company.db, "worth")
    assert again is not first


def test_asking_says_what_it_does(company):
    fill(company, customers=120)
    heard = []
    with telling(lambda _, share: heard.append(share)):
        ask(company.db, "worth")
    assert heard[0] == 0
    assert heard == sorted(heard)
