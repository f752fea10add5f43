"""An import killed at any moment leaves the data whole: as before it, or as after it."""

import subprocess
import sys

import kill_import
import pytest
from filled_store import filled, held
from plain_layouts import ANSWERS

from cxdash.store import Database


@pytest.mark.promise("S01")
def test_S01_an_import_killed_at_random_moments_is_whole_or_not_there(tmp_path, tell, thorough):
    outcome = kill_import.run(tmp_path, 100 if thorough else 5, seed=11)
    assert outcome.wrong == []
    tell("kills", outcome.kills)
    tell("half imports found", len(outcome.wrong))


CHILD = """
import os, sys
from pathlib import Path
from cxdash import intake
from cxdash.intake import Mapping
from cxdash.store import Database
db, file, mapping = sys.argv[1:]
intake.load(
    Database(db), file, Mapping.from_toml(mapping),
    progress=lambda share, text: os._exit(9) if share >= 0.95 else None,
)
"""


@pytest.mark.promise("S01")
def test_S01_an_import_killed_at_its_last_step_leaves_nothing(tmp_path):
    path, file = tmp_path / "company.duckdb", tmp_path / "answers.csv"
    file.write_text("id,customer,at,nps\nR1,C-1,2025-01-05,9\nR2,C-2,2025-01-06,3\n")
    with filled(path, rows=20) as db:
        before = held(db)
    command = [sys.executable, "-c", CHILD, str(path), str(file), ANSWERS]
    assert subprocess.run(command, check=False).returncode == 9
    with Database(path) as db:
        assert held(db) == before
        assert not db.loss
