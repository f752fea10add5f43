"""The small company of the fault tests, open in a folder of its own."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "faults"))


@pytest.fixture
def db(tmp_path):
    from filled_store import filled  # noqa: PLC0415 - after the path is known

    with filled(tmp_path / "company.duckdb", rows=120) as database:
        yield database
