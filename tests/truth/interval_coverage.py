"""How often the plain intervals hold the truth: scores, shares, means, differences, ratios."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from trial import Study, Trial, covers, over

from cxdash.stats import (
    mean_score,
    nps_difference,
    nps_of_counts,
    nps_paired_difference,
    ratio_of_sums,
    share,
    share_difference,
)
from cxdash.stats.paired import paired_mean_difference

SIZES = (20, 50, 200, 1000, 5000)
REPEATS = 20  # of every interval and size in one seed
RATIO_REPEATS = 2  # these resample customers and take longer
STUDY = Study(
    title="Plain intervals",
    simulated=f"One seed is {REPEATS} surveys of {SIZES[0]} to {SIZES[-1]:,} answers for each "
    "interval. How customers think is drawn anew for each: from nearly all happy to nearly all "
    "unhappy, pairs of answers more or less alike, accounts of very unequal size.",
    targets=(covers(),),
    few=4,
)

Draw = np.random.Generator
Interval = tuple[float, float, float]  # low, high, truth


def trials(seed: int) -> list[Trial]:
    """Every interval at every size, several times."""
    draw = np.random.default_rng([seed, 7])
    found = []
    for what, make in INTERVALS.items():
        for n in SIZES:
            for _ in range(REPEATS):
                low, high, truth = make(draw, n)
                found.append(Trial(seed, f"{what}, n {n:,}", bool(low <= truth <= high)))
    return [*found, *_ratios(seed, draw)]


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of intervals that held the truth and how many there were."""
    return over(trials, seeds, workers)


def _mix(draw: Draw) -> np.ndarray:
    """Shares of promoters, passives and detractors of one company."""
    return draw.dirichlet([2.0, 1.5, 1.0])


def _net(mix: np.ndarray) -> float:
    return float(100 * (mix[0] - mix[2]))


def _nps(draw: Draw, n: int) -> Interval:
    mix = _mix(draw)
    found = nps_of_counts(*map(int, draw.multinomial(n, mix)))
    return found.low, found.high, _net(mix)


def _nps_difference(draw: Draw, n: int) -> Interval:
    one, other = _mix(draw), _mix(draw)
    first, second = (nps_of_counts(*map(int, draw.multinomial(n, mix))) for mix in (one, other))
    found = nps_difference(first, second)
    return found.low, found.high, _net(one) - _net(other)


def _nps_paired(draw: Draw, n: int) -> Interval:
    """Some customers answer as before, the others anew."""
    before, anew, moved = _mix(draw), _mix(draw), draw.uniform(0.3, 0.9)
    values = np.array([9.0, 8.0, 0.0])
    first = draw.choice(values, n, p=before)
    second = np.where(draw.random(n) < moved, draw.choice(values, n, p=anew), first)
    found = nps_paired_difference(first, second)
    return found.low, found.high, moved * (_net(anew) - _net(before))


def _share(draw: Draw, n: int) -> Interval:
    truth = draw.beta(1.0, 1.0)
    found = share(int(draw.binomial(n, truth)), n)
    return found.low, found.high, truth


def _share_difference(draw: Draw, n: int) -> Interval:
    one, other = draw.beta(1.0, 1.0, 2)
    found = share_difference(int(draw.binomial(n, one)), n, int(draw.binomial(n, other)), n)
    return found.low, found.high, one - other


def _ratings(draw: Draw) -> np.ndarray:
    return draw.dirichlet([0.7, 0.7, 1.5, 3.0, 3.0])


_STARS = np.arange(1.0, 6.0)


def _mean(draw: Draw, n: int) -> Interval:
    mix = _ratings(draw)
    found = mean_score(draw.choice(_STARS, n, p=mix))
    return found.low, found.high, float(mix @ _STARS)


def _paired_mean(draw: Draw, n: int) -> Interval:
    before, anew, moved = _ratings(draw), _ratings(draw), draw.uniform(0.3, 0.9)
    while True:
        first = draw.choice(_STARS, n, p=before)
        second = np.where(draw.random(n) < moved, draw.choice(_STARS, n, p=anew), first)
        if np.ptp(second - first) > 0:  # else there is no interval: the spread is not known
            break
    found = paired_mean_difference(second, first)
    return found.low, found.high, float(moved * ((anew - before) @ _STARS))


INTERVALS: dict[str, Callable[[Draw, int], Interval]] = {
    "NPS": _nps,
    "difference of two NPS": _nps_difference,
    "change of NPS, same customers": _nps_paired,
    "share": _share,
    "difference of two shares": _share_difference,
    "mean score": _mean,
    "change of a mean, same customers": _paired_mean,
}


def _ratios(seed: int, draw: Draw) -> Iterator[Trial]:
    """Revenue kept over revenue before; accounts differ e-fold in size."""
    for n in (200, 1000, 6000):
        for _ in range(RATIO_REPEATS):
            before = np.exp(draw.normal(5.0, 1.0, n))
            stays, grows = draw.uniform(0.7, 0.98), draw.uniform(0.9, 1.2)
            after = before * (draw.random(n) < stays) * grows * np.exp(draw.normal(0, 0.2, n))
            found = ratio_of_sums(after, before, np.arange(n), rng=draw)
            assert found is not None
            truth = stays * grows * np.exp(0.02)
            yield Trial(seed, f"ratio of sums, n {n:,}", found.low <= truth <= found.high)
