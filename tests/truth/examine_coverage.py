"""Whether the cross-examination says what is true: links hold, artefacts are seen and named."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from examine_worlds import GAP, HORIZON, Kind, fill, simulate
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Answer, Scope
from cxdash.questions import ask
from cxdash.store import Database

SEASON = "Was it the season?"
ACCOUNT = "Was it one large account?"
FORKS = "Was it computed until it came out?"
SIZES: dict[Kind, int] = {"link": 1_300, "null": 900, "season": 900, "whale": 900}
STUDY = Study(
    title="Cross-examination: what holds and what breaks",
    simulated="900 to 1,300 customers over four half years: one company in which unhappy customers "
    "of the same segment leave more often by ten points, one in which nothing goes with answers, "
    "one in which every second half year is bad for both, and one in which one account is the "
    "finding.",
    targets=(
        covers("link.estimate"),
        at_least("link.holds", 0.90, "a true claim holds in most ways of computing it"),
        at_least("link.season", 0.90, "a true claim stands up to the question about seasons"),
        at_most(
            "null.holds", 0.10, "an empty claim holds in most ways; a 90 % range errs as often"
        ),
        at_least("season.said", 0.90, "a claim made by the season is said to break on it"),
        at_least("whale.named", 0.95, "the one account a finding rests on is named"),
        at_least("whale.flips", 0.90, "without it the claim no longer stands"),
    ),
    few=3,
)


def trials(seed: int) -> list[Trial]:
    """One company of each kind, examined."""
    return [*_link(seed), *_null(seed), *_season(seed), *_whale(seed)]


def _examined(seed: int, kind: Kind, claim: str) -> Answer:
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        fill(db, simulate(seed, kind, customers=SIZES[kind]))
        return ask(db, "examine", Scope(metric="nps", horizon=HORIZON, claim=claim))


def _verdicts(answer: Answer) -> dict[str, str]:
    return {str(row["question"]): str(row["verdict"]) for row in answer.tables["exhibits"]}


def _link(seed: int) -> list[Trial]:
    answer = _examined(seed, "link", "worth.gap_adjusted")
    own, said = answer.fact("examine.estimate").interval, _verdicts(answer)
    assert own is not None
    return [
        Trial(seed, "link.estimate", own.holds(GAP)),
        Trial(seed, "link.holds", said[FORKS] == "holds"),
        Trial(seed, "link.season", said[SEASON] == "holds"),
    ]


def _null(seed: int) -> list[Trial]:
    said = _verdicts(_examined(seed, "null", "worth.gap_adjusted"))
    return [Trial(seed, "null.holds", said[FORKS] == "holds")]


def _season(seed: int) -> list[Trial]:
    answer = _examined(seed, "season", "worth.gap_adjusted")
    return [Trial(seed, "season.said", f"“{SEASON}”" in answer.headline)]


def _whale(seed: int) -> list[Trial]:
    answer = _examined(seed, "whale", "revenue")
    return [
        Trial(seed, "whale.named", "“whale”" in answer.headline),
        Trial(seed, "whale.flips", _verdicts(answer)[ACCOUNT] == "breaks"),
    ]


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of trials that held and how many there were, by what was tried."""
    return over(trials, seeds, workers)
