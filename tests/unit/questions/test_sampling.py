"""Where customers were sampled to answer in time, the Answer says what that costs."""

import numpy as np
import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.questions.churn import find
from cxdash.questions.sampling import drawn_words
from cxdash.questions.trial import stage


def test_a_quarter_of_the_customers_doubles_the_ranges():
    assert "500 of 2,000 customers" in drawn_words(500, 2000)
    assert "about 2.0 times as wide" in drawn_words(500, 2000)


@pytest.mark.parametrize(("question", "module"), [("churn", find), ("trial", stage)])
def test_an_answer_on_a_sample_says_so(company, monkeypatch, question, module):
    fill(company, customers=480)
    monkeypatch.setattr(module, "MOST_CUSTOMERS", 240)
    told = [line for line in ask(company.db, question, Scope()).caveats if "rest on" in line]
    assert len(told) == 1
    drawn = int(told[0].split("rest on ")[1].split()[0])
    assert 150 < drawn < 330
    assert f"{np.sqrt(480 / drawn):.1f} times as wide" in told[0]
