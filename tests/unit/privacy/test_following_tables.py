"""A table whose counts stand in another one loses the rows which that one hides, and no more."""

from datetime import date

import pytest

from cxdash.facts import Answer, Scope
from cxdash.privacy.cells import hidden_cells


def told(question, tables):
    return Answer(
        question=question,
        title="t",
        as_of=date(2026, 6, 30),
        scope=Scope(),
        headline="h",
        facts=(),
        tables=tables,
    )


@pytest.mark.parametrize(("few", "gone"), [(3, {1, 2}), (30, set())])
def test_a_row_goes_with_the_row_it_is_about_whatever_the_column_is_called_there(few, gone):
    metrics = (
        {"metric": "nps", "label": "NPS", "customers": 400},
        {"metric": "ces", "label": "Effort", "customers": few},
    )
    verdicts = ({"on_trial": "NPS"}, {"on_trial": "Effort"}, {"on_trial": "Effort"})
    # The table that follows stands first: it is looked at after the one it follows all the same.
    answer = told("trial", {"verdicts": verdicts, "metrics": metrics})
    hidden = hidden_cells(answer, (), frozenset())
    assert hidden.rows["metrics"] == ({1} if gone else set())
    assert hidden.rows["verdicts"] == gone


def test_a_table_that_follows_one_as_a_whole_goes_with_any_row_of_it():
    for few, gone in ((3, True), (300, False)):
        tables = {
            "specifications": ({"name": "plain", "n": 4000}, {"name": "other", "n": few}),
            "curve": ({"name": "a"}, {"name": "b"}),
        }
        hidden = hidden_cells(told("examine", tables), (), frozenset())
        assert hidden.rows["curve"] == ({0, 1} if gone else set())
        assert bool(hidden.rows["specifications"]) == gone
