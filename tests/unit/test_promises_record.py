"""The record of promises says what the tests said, however many processes ran them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FIRST = """
import pytest
pytestmark = pytest.mark.promise("A1", "B2")

def test_kept(tell):
    tell("kills", 3)
    tell("kills", 4)

def test_skipped_before_it_starts():
    pytest.importorskip("no_such_module")

@pytest.mark.skip(reason="not here")
def test_skipped_by_its_mark():
    raise AssertionError

@pytest.fixture
def breaks():
    yield
    raise OSError

def test_broken_in_the_end(breaks, tell):
    tell("files", 1)
"""
SECOND = """
import pytest

@pytest.mark.promise("B2")
def test_broken(tell):
    tell("kills", 5)
    assert False

def test_without_a_promise():
    pass
"""


def record(folder: Path, *options: str) -> dict:
    """What a run of the two files writes down."""
    command = [sys.executable, "-m", "pytest", "-p", "promises", "-p", "no:cacheprovider", "-q"]
    ended = subprocess.run(
        [*command, "--rootdir", str(folder), str(folder), "--promises", "made/r.json", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        check=False,
        capture_output=True,
    )
    assert ended.returncode == 1, "some tests fail, nothing else is wrong"
    return json.loads((folder / "made" / "r.json").read_text())


@pytest.mark.parametrize("processes", ["0", "2"])
def test_outcomes_and_figures_are_added_up_over_the_processes(tmp_path, processes):
    (tmp_path / "test_first.py").write_text(FIRST)
    (tmp_path / "test_second.py").write_text(SECOND)
    found = record(tmp_path, "-n", processes, "--dist", "loadfile")
    own = {
        "test_first.py::test_kept": "passed",
        "test_first.py::test_skipped_before_it_starts": "skipped",
        "test_first.py::test_skipped_by_its_mark": "skipped",
        "test_first.py::test_broken_in_the_end": "failed",
    }
    assert found == {
        "A1": {"tests": own, "figures": {"kills": 7, "files": 1}},
        "B2": {
            "tests": {**own, "test_second.py::test_broken": "failed"},
            "figures": {"kills": 12, "files": 1},
        },
    }


def test_a_test_whose_process_died_has_broken_its_promise(tmp_path):
    (tmp_path / "test_dies.py").write_text(
        "import os, pytest\n"
        "@pytest.mark.promise('A1')\n"
        "def test_dies(tell):\n    tell('kills', 1)\n    os._exit(1)\n"
    )
    found = record(tmp_path, "-n", "1")
    assert found == {"A1": {"tests": {"test_dies.py::test_dies": "failed"}, "figures": {}}}
