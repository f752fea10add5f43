"""Which promises a run of the tests has put to the test, with the figures they are quoted with.

A test that stands for a promise carries ``@pytest.mark.promise("I09")`` and may tell figures:
``tell("kills", 100)``. ``pytest --promises FILE`` writes down, as JSON, for each promise its tests,
how each ended, and its figures added up over them; ``tools/promises.py`` makes the page of it.

A test whose full figures take minutes asks ``thorough``: by default it tries a few, and all of them
where ``CXDASH_THOROUGH=1`` is set, as ``make promises`` does.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

_RECORD = pytest.StashKey[dict]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", type=Path, help="write the record of promises to this file")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(*ids): the promises this test stands for")
    config.stash[_RECORD] = {
        "outcomes": defaultdict(dict),
        "figures": defaultdict(lambda: defaultdict(int)),
    }


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Add a count to the figures of the promises this test stands for."""
    ids = _promises(request.node)
    if not ids:
        raise ValueError("only a test with the mark 'promise' has figures to tell")
    figures = request.config.stash[_RECORD]["figures"]

    def add(name: str, count: int) -> None:
        for promise in ids:
            figures[promise][name] += int(count)

    return add


@pytest.fixture
def thorough() -> bool:
    """Whether the full figures are wanted, however long they take."""
    return os.environ.get("CXDASH_THOROUGH") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    report = yield
    outcomes = item.config.stash[_RECORD]["outcomes"]
    # The worst of setting up, running and tearing down is how the test ended.
    if call.when == "call" or not report.passed:
        for promise in _promises(item):
            outcomes[promise][item.nodeid] = report.outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    file = session.config.getoption("--promises")
    if file is None:
        return
    record = session.config.stash[_RECORD]
    document = {
        promise: {"tests": dict(tests), "figures": dict(record["figures"].get(promise, {}))}
        for promise, tests in sorted(record["outcomes"].items())
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _promises(item: pytest.Item) -> list[str]:
    return sorted({str(name) for mark in item.iter_markers("promise") for name in mark.args})
