"""Every study of a known truth comes out as it should.

``CXDASH_TRUTH_SEEDS`` sets how many companies; without it each study takes the few it asks for.
"""

import os

import pytest
from calibration import ENDING, FIRST_SEED, MANY, judge, module, names, study_of, surprising

SEEDS = os.environ.get("CXDASH_TRUTH_SEEDS")

pytestmark = pytest.mark.truth


@pytest.mark.parametrize("name", names())
def test_what_is_claimed_holds_as_often_as_it_says(name):
    found = module(name)
    study = study_of(found)
    seeds = int(SEEDS) if SEEDS else study.few
    results = judge(study, found.run(range(FIRST_SEED, FIRST_SEED + seeds)))
    idle = {target.what for target in study.targets} - {result.target.what for result in results}
    assert not idle, f"{name}{ENDING} promises what it never looks at"
    if seeds >= MANY:
        assert [result for result in results if not result.passed] == []
    else:
        assert surprising(results) == []
