"""Which promises a run of the tests has put to the test, with the figures they are quoted with.

A test that stands for a promise carries ``@pytest.mark.promise("I09")`` and may tell figures:
``tell("kills", 100)``. ``pytest --promises FILE`` writes down, as JSON, for each promise its tests,
how each ended, and its figures added up over them; ``tools/promises.py`` makes the page of it.

What a test says travels with its report, so the record is the same whether one process ran all
tests or several (``pytest -n 2``) shared them.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

_STANDS, _TELLS = "stands for", "tells"


class Record:
    """Gathers the reports of all tests, wherever they ran."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stands: dict[str, list[str]] = {}
        self._outcomes: dict[str, dict[str, str]] = defaultdict(dict)
        self._figures: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = [value for name, value in report.user_properties if name == _STANDS]
        # A report about a process that died says nothing but the test; those before it said more.
        promises = self._stands.setdefault(report.nodeid, said)
        # The worst of setting up, running and tearing down is how the test ended.
        if report.when == "call" or not report.passed:
            for promise in promises:
                self._outcomes[promise][report.nodeid] = report.outcome
        if report.when == "teardown":  # the last report of a test holds all it told
            for name, value in report.user_properties:
                if name == _TELLS:
                    figure, count = value
                    for promise in promises:
                        self._figures[promise][figure] += count

    def pytest_sessionfinish(self) -> None:
        document = {
            promise: {"tests": tests, "figures": self._figures.get(promise, {})}
            for promise, tests in sorted(self._outcomes.items())
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent=2, sort_keys=True)
        self._file.write_text(text + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", type=Path, help="write the record of promises to this file")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(*ids): the promises this test stands for")
    file = config.getoption("--promises")
    if file is not None and not hasattr(config, "workerinput"):  # one process writes the record
        config.pluginmanager.register(Record(file))


def pytest_itemcollected(item: pytest.Item) -> None:
    item.user_properties += [(_STANDS, promise) for promise in _promises(item)]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Add a count to the figures of the promises this test stands for."""
    if not _promises(request.node):
        raise ValueError("only a test with the mark 'promise' has figures to tell")

    def add(name: str, count: int) -> None:
        request.node.user_properties.append((_TELLS, (name, int(count))))

    return add


def _promises(item: pytest.Item) -> list[str]:
    return sorted({str(name) for mark in item.iter_markers("promise") for name in mark.args})
