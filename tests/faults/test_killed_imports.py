"""An import killed at any moment leaves the data whole: as before it, or as after it."""

import kill_import
import pytest


@pytest.mark.promise("S01")
def test_S01_an_import_killed_at_random_moments_is_whole_or_not_there(tmp_path, tell, thorough):
    outcome = kill_import.run(tmp_path, 100 if thorough else 8, seed=11)
    assert outcome.wrong == []
    tell("kills", outcome.kills)
    tell("half imports found", len(outcome.wrong))
