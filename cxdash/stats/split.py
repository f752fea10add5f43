r"""Why a score moved: an exact split into people who changed, left, joined or were heard by chance.

Each person counts once in each period he or she answered in. By who they are, the people fall into

    A  answered in both periods              N  answered in the later only, was a customer before
    M  answered in the earlier only, stayed  J  answered in the later only, became a customer since
    L  answered in the earlier only, left    U  customer or standing unknown

Write m(·) for the mean contribution of a set of answers, with 0 or 1 for the period. Then

    m(A0 M L U) → m(A1 N J U)   is the change, and it is the sum of

    unknown     [m(A1 N J U) − m(A1 N J)] − [m(A0 M L U) − m(A0 M L)]
    left        m(A0 M) − m(A0 M L)         what the later leavers had pulled the score by
    joined      m(A1 N J) − m(A1 N)         what the newcomers pull it by
    silent      m(A0) − m(A0 M)             who stayed a customer but answered only before
    heard       m(A1 N) − m(A1)             who was a customer before but answers only now
    same        m(A1) − m(A0)               the same people, asked twice

Played backwards in time, leavers are joiners and the silent are newly heard; every part keeps its
size and turns its sign, so no part depends on an order. ``same`` counts in full and not only by its
share of the answers: if everybody cools down by ten points, whoever is asked, it is minus ten.

The steps ``silent``, ``heard`` and ``same`` are then split by what was asked about. Between two
sets of answers P and Q with shares p, q and means over cells c (segment × occasion),

    mix = Σ_c (q_c − p_c) (m_P,c + m_Q,c) / 2        within = Σ_c (p_c + q_c) / 2 (m_Q,c − m_P,c)

so that neither set's levels nor its shares come first (a cell that one set lacks takes the other's
mean). The mix of both dimensions together is divided between segment and occasion by the mean over
both orders (Shapley). So ``silent + heard`` = segments + occasions + who answered, and ``same`` =
occasions + changed their mind.

Where fewer than ten people answered twice, changing one's mind cannot be told from being asked by
chance, and the two come out as one part, ``stayed``; where a period has nobody who was a customer
in both, leaving, joining and staying come out as one part, ``turnover``.

Sources: E. Kitagawa, Journal of the American Statistical Association 50 (1955), for rates and
composition; A. Shorrocks, Journal of Economic Inequality 11 (2013), for symmetric decompositions;
B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), for the intervals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import t as student

__all__ = [
    "CHANGED",
    "FEWEST_TWICE",
    "HEARD",
    "JOINED",
    "LEFT",
    "OCCASIONS",
    "PARTS",
    "SEGMENTS",
    "STAYED",
    "TURNOVER",
    "UNKNOWN",
    "Answers",
    "Part",
    "Split",
    "split_change",
]

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

CHANGED: Final = "changed_mind"
LEFT: Final = "left"
JOINED: Final = "joined"
HEARD: Final = "who_answered"
SEGMENTS: Final = "segment_mix"
OCCASIONS: Final = "occasion_mix"
STAYED: Final = "stayed"
TURNOVER: Final = "turnover"
UNKNOWN: Final = "unknown"
#: Every part a change can have, in the order in which they are told.
PARTS: Final = (
    CHANGED, LEFT, JOINED, HEARD, SEGMENTS, OCCASIONS, STAYED, TURNOVER, UNKNOWN,
)  # fmt: skip
FEWEST_TWICE: Final = 10

_SETS: Final = 8  # A0, A1, M, L, N, J, U0, U1
_A0, _A1, _M, _L, _N, _J, _U0, _U1 = range(_SETS)
_BEFORE, _AFTER = (_A0, _M, _L, _U0), (_A1, _N, _J, _U1)
_MOST_DRAWN: Final = 5_000_000  # kinds of people × resamples
_CELLS_AT_ONCE: Final = 4_000_000
_FEWEST_DRAWS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of two periods, one entry an answer; every array has shape (answers,).

    Parameters
    ----------
    person
        Code of the person; an answer nobody can be found for is a person of its own.
    later
        Whether the answer was given in the later period.
    value
        What it contributes to the score, in the score's unit.
    known, left, joined
        Of the person, the same for all his or her answers: whether it is known when he or she was a
        customer; whether that had ended by the end of the later period; whether it began after the
        earlier one. Looked at only for people who answered in one period.
    segment, occasion
        Codes from 0: the person's segment, and what the answer was asked about.
    """

    person: Codes
    later: Flags
    value: Vector
    known: Flags
    left: Flags
    joined: Flags
    segment: Codes
    occasion: Codes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the change, in the score's unit, and how many people it speaks of."""

    estimate: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The parts of a change.

    Parameters
    ----------
    before, after
        The score of each period, every person counted once.
    parts
        Name to part; they sum to after minus before, whatever the data.
    draws, draw_error
        Resamples, and how far a half width may be off for want of more, as a share of it.
    """

    before: float
    after: float
    parts: Mapping[str, Part]
    draws: int
    draw_error: float


def split_change(
    answers: Answers, *, rng: np.random.Generator, draws: int = 1000, level: float = 0.90
) -> Split:
    """Split the change of a score, with intervals from resampling people.

    People who are alike in all that enters (their set, segment, occasions and values) are counted
    together and their numbers drawn at once, which is the bootstrap of single people. With many
    different kinds of people fewer resamples are drawn; ``draw_error`` says what that costs.

    Raises
    ------
    ValueError
        A period has no answers.
    """
    table = _tabulated(answers)
    whole = _Sums.of(table, table.kinds[None, :].astype(np.float64))
    shape = _shape(table)
    estimate = shape.parts(whole)[0]
    size = int(table.kinds.sum())
    chosen = int(np.clip(_MOST_DRAWN // table.kinds.size, min(_FEWEST_DRAWS, draws), draws))
    drawn = np.concatenate([shape.parts(sums) for sums in _resampled(table, size, chosen, rng)])
    # A part of few people is known no better than a mean of as many answers: Student's quantile.
    freedom = [max(1, shape.people[name] - 1) for name in shape.names]
    half = student.ppf((1 + level) / 2, freedom) * _spread(drawn) * np.sqrt(size / max(1, size - 1))
    made = {
        name: Part(float(value), float(value - reach), float(value + reach), shape.people[name])
        for name, value, reach in zip(shape.names, estimate, half, strict=True)
    }
    return Split(
        before=float(whole.mean(_BEFORE)[0]),
        after=float(whole.mean(_AFTER)[0]),
        parts=made,
        draws=chosen,
        draw_error=float(1 / np.sqrt(2 * chosen)),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Kinds of people: how many there are of each, and what one of them adds to each cell.

    ``kinds`` has shape (kinds,); ``weight`` and ``weighted`` have shape (kinds, sets × segments ×
    occasions); ``people`` counts people by set.
    """

    kinds: Codes
    weight: csr_array
    weighted: csr_array
    people: Codes
    cells: tuple[int, int, int]


def _tabulated(answers: Answers) -> _Table:
    person, later = answers.person, answers.later
    _, person = np.unique(person, return_inverse=True)
    count = int(person.max()) + 1 if person.size else 0
    each = np.bincount(2 * person + later, minlength=2 * count)
    given = each.reshape(count, 2)
    if not count or not (given.sum(axis=0) > 0).all():
        raise ValueError("a change needs answers in both periods")
    twice = np.asarray((given > 0).all(axis=1))[person]
    once = np.where(
        answers.known,
        np.where(later, np.where(answers.joined, _J, _N), np.where(answers.left, _L, _M)),
        np.where(later, _U1, _U0),
    )
    sets = np.where(twice, np.where(later, _A1, _A0), once)
    first = np.unique(2 * person + later, return_index=True)[1]
    weight = 1.0 / each[2 * person + later]
    cells = (_SETS, int(answers.segment.max()) + 1, int(answers.occasion.max()) + 1)
    cell = np.ravel_multi_index((sets, answers.segment, answers.occasion), cells)
    width = int(np.prod(cells))
    shape = (count, width)
    weights = csr_array((weight, (person, cell)), shape=shape)
    weighted = csr_array((weight * answers.value, (person, cell)), shape=shape)
    weights.sum_duplicates()
    weighted.sum_duplicates()
    alike = _alike(weights, weighted)
    _, kept, kinds = np.unique(alike, return_index=True, return_counts=True)
    people = np.bincount(sets[first], minlength=_SETS)
    return _Table(kinds, weights[kept], weighted[kept], people, cells)


def _alike(weights: csr_array, weighted: csr_array) -> NDArray[np.uint64]:
    """A fingerprint of each row: equal rows have equal ones, others differ almost surely."""
    at = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    marks = (weights.indices, weights.data, weighted.data)
    mixed = np.zeros(weights.data.size, dtype=np.uint64)
    for mark in marks:
        bits = np.ascontiguousarray(mark, dtype=np.float64).view(np.uint64)
        mixed = _stirred(mixed ^ bits)
    total = np.zeros(weights.shape[0], dtype=np.uint64)
    np.add.at(total, at, mixed)
    return total


def _stirred(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64: every bit in changes about half of the bits out."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of weights and of weighted values, shape (draws, sets, segments, occasions)."""

    weight: Vector
    weighted: Vector

    @classmethod
    def of(cls, table: _Table, numbers: Vector) -> "_Sums":
        """Sums when there are so many people of each kind; ``numbers`` (draws, kinds)."""
        shape = (numbers.shape[0], *table.cells)
        return cls(
            (table.weight.T @ numbers.T).T.reshape(shape),
            (table.weighted.T @ numbers.T).T.reshape(shape),
        )

    def mean(self, sets: tuple[int, ...]) -> Vector:
        """Mean of the answers of some sets, shape (draws,); nan where there are none."""
        return _over(self._of(self.weighted, sets), self._of(self.weight, sets))

    def step(self, of: tuple[int, ...], to: tuple[int, ...]) -> tuple[Vector, Vector, Vector]:
        """From one union of sets to another: what segments, occasions and all else account for."""
        first, second = list(of), list(to)
        p, q = self.weight[:, first].sum(axis=1), self.weight[:, second].sum(axis=1)
        s, t = self.weighted[:, first].sum(axis=1), self.weighted[:, second].sum(axis=1)
        together = _mix(p, s, q, t)
        by_segment = _mix(*(table.sum(axis=2, keepdims=True) for table in (p, s, q, t)))
        by_occasion = _mix(*(table.sum(axis=1, keepdims=True) for table in (p, s, q, t)))
        segments = (together + by_segment - by_occasion) / 2
        occasions = (together + by_occasion - by_segment) / 2
        return segments, occasions, self.mean(to) - self.mean(of) - together

    def same(self) -> tuple[Vector, Vector]:
        """The same people asked twice: what the occasions account for, and what they changed."""
        tables = (self.weight[:, _A0], self.weighted[:, _A0], self.weight[:, _A1])
        occasions = _mix(
            *(table.sum(axis=1, keepdims=True) for table in (*tables, self.weighted[:, _A1]))
        )
        return occasions, self.mean((_A1,)) - self.mean((_A0,)) - occasions

    @staticmethod
    def _of(table: Vector, sets: tuple[int, ...]) -> Vector:
        return np.asarray(table[:, list(sets)].sum(axis=(1, 2, 3)))


def _spread(drawn: Vector) -> Vector:
    """Standard deviation over resamples, shape (parts,); infinite where hardly one has a value."""
    there = ~np.isnan(drawn)
    count = there.sum(axis=0)
    mean = np.where(there, drawn, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = np.square(np.where(there, drawn - mean, 0.0)).sum(axis=0)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.inf)


def _mix(p: Vector, s: Vector, q: Vector, t: Vector) -> Vector:
    """Σ (q − p)(m_P + m_Q)/2 over cells, from weights p, q and weighted values s, t."""
    mean_p, mean_q = _over(s, p), _over(t, q)
    mean_p, mean_q = (
        np.where(np.isnan(mean_p), mean_q, mean_p),
        np.where(np.isnan(mean_q), mean_p, mean_q),
    )
    level = np.nan_to_num((mean_p + mean_q) / 2)
    share_p = _over(p, p.sum(axis=(1, 2), keepdims=True))
    share_q = _over(q, q.sum(axis=(1, 2), keepdims=True))
    return np.asarray(((share_q - share_p) * level).sum(axis=(1, 2)))


def _over(top: Vector, bottom: Vector) -> Vector:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which parts the data can tell apart, decided once on the whole data."""

    names: tuple[str, ...]
    people: Mapping[str, int]

    def parts(self, sums: _Sums) -> Vector:
        """Every part, shape (draws, parts)."""
        total = sums.mean(_AFTER) - sums.mean(_BEFORE)
        if self.names == (UNKNOWN,):
            return total[:, None]
        among_known = sums.mean((_A1, _N, _J)) - sums.mean((_A0, _M, _L))
        made = {UNKNOWN: total - among_known}
        if TURNOVER in self.names:
            made[TURNOVER] = among_known
        else:
            made |= self._with_stayers(sums)
        return np.column_stack([made[name] for name in self.names])

    def _with_stayers(self, sums: _Sums) -> dict[str, Vector]:
        before, after = (_A0, _M), (_A1, _N)
        made = {
            LEFT: sums.mean(before) - sums.mean((*before, _L)),
            JOINED: sums.mean((*after, _J)) - sums.mean(after),
        }
        if STAYED in self.names:
            made[SEGMENTS], made[OCCASIONS], made[STAYED] = sums.step(before, after)
            return made
        silent, heard = sums.step(before, (_A0,)), sums.step((_A1,), after)
        occasions, made[CHANGED] = sums.same()
        made[SEGMENTS] = silent[0] + heard[0]
        made[OCCASIONS] = silent[1] + heard[1] + occasions
        made[HEARD] = silent[2] + heard[2]
        return made


def _shape(table: _Table) -> _Shape:
    n = {at: int(count) for at, count in enumerate(table.people)}
    people = {
        CHANGED: n[_A0],
        LEFT: n[_L],
        JOINED: n[_J],
        HEARD: n[_M] + n[_N],
        UNKNOWN: n[_U0] + n[_U1],
        TURNOVER: n[_A0] + n[_M] + n[_L] + n[_N] + n[_J],
    }
    staying = n[_A0] + n[_M] + n[_N]
    people |= dict.fromkeys((SEGMENTS, OCCASIONS, STAYED), staying)
    names: list[str] = []
    if n[_A0] + n[_M] and n[_A1] + n[_N]:
        names += (
            [CHANGED, LEFT, JOINED, HEARD] if n[_A0] >= FEWEST_TWICE else [STAYED, LEFT, JOINED]
        )
        names += [SEGMENTS] if table.cells[1] > 1 else []
        names += [OCCASIONS] if table.cells[2] > 1 else []
    elif n[_A0] + n[_M] + n[_L] and n[_A1] + n[_N] + n[_J]:
        names.append(TURNOVER)
    if people[UNKNOWN] or not names:
        names.append(UNKNOWN)
    return _Shape(tuple(name for name in PARTS if name in names), people)


def _resampled(table: _Table, size: int, draws: int, rng: np.random.Generator) -> Iterator[_Sums]:
    share = table.kinds / size
    at_once = max(1, _CELLS_AT_ONCE // table.kinds.size)
    for start in range(0, draws, at_once):
        numbers = rng.multinomial(size, share, size=min(at_once, draws - start))
        yield _Sums.of(table, numbers.astype(np.float64))
