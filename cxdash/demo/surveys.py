"""Who is asked, who answers, and what they say: the relationship survey and the exit survey.

An answer is a noisy reading of the customer's experience in that month. Whether a customer answers
depends on that experience, on tenure and on segment; many never answer at all. Nothing here looks
at whether or when the customer leaves, except the exit survey, which is sent because of it.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxdash.demo.calendar import Calendar, Days
from cxdash.demo.company import ITEMS, TOPICS, Parameters
from cxdash.demo.customers import NEVER, Customers
from cxdash.demo.remarks import remark

__all__ = ["ask_leavers", "ask_relationship", "moment", "wave_months"]

Reals = npt.NDArray[np.float64]
_WEIGHTS = np.array([1.0, 0.8, 0.9, 0.6, 0.5, 0.9])  # how much each topic reads the experience


def wave_months(calendar: Calendar, every: int) -> list[int]:
    """Months in which a wave is sent: counted back from four months before the end."""
    return list(range((calendar.months - 4) % every, calendar.months - 1, every))


def moment(days: Days, rng: np.random.Generator) -> npt.NDArray[np.datetime64]:
    """A second within the working day, for each day."""
    seconds = rng.integers(7 * 3600, 20 * 3600, len(days))
    return np.asarray(days.astype("datetime64[s]") + seconds.astype("timedelta64[s]"))


def ask_relationship(
    customers: Customers, calendar: Calendar, parameters: Parameters, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and invitations of all waves.

    Answers: response_id, customer_id (None for a few whose link lost it), sent_at, answered_at,
    ``ITEMS`` (1 to 5, nan where skipped), nps, ces, relationship_health, comment, status
    (``answer``, ``preview`` or ``unfinished``). Only rows with status ``answer`` count.
    """
    style_rng, wave_rng, words_rng, odd_rng = rng.spawn(4)
    p = parameters
    style = _Style.draw(customers, p, style_rng)
    invited, answered = [], []
    for wave in wave_months(calendar, p.wave_every_months):
        asked, answers = _wave(wave, customers, calendar, p, style, wave_rng)
        invited.append(asked)
        answered.append(answers)
    invitations = _numbered(pd.concat(invited, ignore_index=True), "sent_at", "INV-R")
    answers = pd.concat(answered, ignore_index=True)
    answers = answers[answers["answered_at"] <= calendar.month_end(calendar.months - 1)]
    answers["status"] = "answer"
    answers["comment"] = _comments(answers, p.comment_share, words_rng)
    lost = odd_rng.random(len(answers)) < p.no_account_share
    answers["customer_id"] = answers["customer_id"].where(~lost, None)
    answers = pd.concat([answers, _odd_rows(answers, odd_rng)], ignore_index=True)
    return _numbered(answers, "answered_at", "R", column="response_id"), invitations


def ask_leavers(
    customers: Customers, calendar: Calendar, parameters: Parameters, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and invitations of the exit survey, sent a day after the notice.

    Answers: response_id, customer_id, answered_at, nps, service (1 to 5), comment.

    It is known only because the customer has already said goodbye; it predicts nothing.
    """
    noticed = customers.cancelled_on
    known = (customers.left_month < NEVER) & (noticed < calendar.last_day - 1)
    index = np.flatnonzero(known & (noticed >= calendar.month_start(0)))
    sent_on = customers.cancelled_on[index] + 1
    frame = pd.DataFrame(
        {"customer_id": customers.ids[index], "survey": "exit", "sent_at": moment(sent_on, rng)}
    )
    frame["status"] = "delivered"
    frame["nps"] = _on_scale(1.9 + 1.6 * rng.standard_normal(len(index)), 0, 10)
    frame["service"] = _on_scale(2.0 + 0.8 * rng.standard_normal(len(index)), 1, 5)
    wait = np.ceil(rng.exponential(2.5, len(index))).astype(np.int64)
    frame["answered_at"] = moment(sent_on + wait, rng)
    worst = np.tile(np.array([2.0, 2.2, 1.8, 2.5, 3.0, 2.0]), (len(index), 1))
    frame["comment"] = [remark(rng, TOPICS, row, 0.0) for row in worst]
    said = rng.random(len(index)) < 0.7
    frame["comment"] = frame["comment"].where(said, None)
    answers = rng.random(len(index)) < parameters.exit_answer_share
    in_time = frame["answered_at"] <= calendar.month_end(calendar.months - 1)
    invitations = _numbered(
        frame[["customer_id", "survey", "sent_at", "status"]].copy(), "sent_at", "INV-X"
    )
    answered = frame[answers & in_time].drop(columns=["sent_at", "status", "survey"])
    return _numbered(answered, "answered_at", "EX", column="response_id"), invitations


class _Style:
    """How each customer reads scales, whatever they live through; constant over time."""

    def __init__(self, general: Reals, topics: Reals, look: Reals, silent: Reals) -> None:
        self.general = general
        self.topics = topics
        self.look = look
        self.silent = silent

    @classmethod
    def draw(cls, customers: Customers, p: Parameters, rng: np.random.Generator) -> "_Style":
        count = customers.count
        odds = np.log(p.silent_at_average / (1 - p.silent_at_average))
        silent = 1 / (1 + np.exp(-(odds + p.silent_by_experience * customers.experience_mean)))
        general = p.style_spread * rng.standard_normal(count)
        general += np.asarray(p.reading_by_segment)[customers.segment]
        return cls(
            general=general,
            topics=0.45 * rng.standard_normal((count, len(TOPICS))),
            look=0.7 * rng.standard_normal(count),
            silent=(rng.random(count) < silent).astype(np.float64),
        )


def _wave(
    wave: int,
    customers: Customers,
    calendar: Calendar,
    p: Parameters,
    style: _Style,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invitations and answers of one wave. Batches go out over four weeks."""
    sent_on = calendar.month_start(wave) + rng.integers(0, 26, customers.count)
    wait = np.floor(rng.exponential(5.0, customers.count)).astype(np.int64)
    answered_on = sent_on + wait
    here = (customers.started_on + 30 <= sent_on) & _still_here(customers, sent_on)
    month = np.minimum(calendar.month_of(answered_on), calendar.total - 1)
    each = np.arange(customers.count)
    lived = customers.experience[each, month]
    tenure = np.maximum(month - customers.start_month, 1)
    odds = (
        p.answer_intercept
        + p.answer_by_experience * lived
        + p.answer_by_anger * np.maximum(-lived - 0.9, 0)
        + p.answer_by_log_tenure * np.log(tenure / 24)
        + np.asarray(p.answer_by_segment)[customers.segment]
    )
    willing = (rng.random(customers.count) < 1 / (1 + np.exp(-odds))) & (style.silent == 0)
    bounced = rng.random(customers.count) < 0.03
    times_sent, times_answered = moment(sent_on, rng), moment(answered_on, rng)
    late = times_answered <= times_sent
    times_answered = np.where(late, times_sent + np.timedelta64(1800, "s"), times_answered)
    readings = _readings(lived, customers, month, p, style, rng)
    invitations = pd.DataFrame(
        {
            "customer_id": customers.ids,
            "survey": "relationship",
            "sent_at": times_sent,
            "status": np.where(bounced, "bounced", "delivered"),
        }
    )[here]
    answers = pd.DataFrame(
        {"customer_id": customers.ids, "sent_at": times_sent, "answered_at": times_answered}
        | readings
    )
    # Whoever has left before answering has lost the account, and with it the link.
    could = here & willing & ~bounced & _still_here(customers, answered_on)
    return invitations, answers[could]


def _still_here(customers: Customers, days: Days) -> npt.NDArray[np.bool_]:
    return np.isnat(customers.left_on) | (customers.left_on > days)


def _readings(
    lived: Reals,
    customers: Customers,
    month: npt.NDArray[np.int64],
    p: Parameters,
    style: _Style,
    rng: np.random.Generator,
) -> dict[str, Reals]:
    """What each customer would say this month, answering or not."""
    count = customers.count
    halo = p.halo_spread * rng.standard_normal(count)
    common = 0.6 * style.general + halo
    noise = 0.4 * rng.standard_normal((count, len(TOPICS)))
    topics = _WEIGHTS * lived[:, None] + style.topics + common[:, None] + noise
    values = {
        item: _skipped(_on_scale(3.7 + 0.8 * topics[:, number], 1, 5), 0.03, rng)
        for number, item in enumerate(TOPICS)
    }
    look = 3.4 + style.look + 0.7 * rng.standard_normal(count)
    values[ITEMS[-1]] = _skipped(_on_scale(look, 1, 5), 0.03, rng)
    nps = lived + style.general + 0.5 * halo + p.reading_noise * rng.standard_normal(count)
    values["nps"] = _on_scale(7.6 + 1.6 * nps, 0, 10)
    ease = 4.9 + 1.0 * topics[:, TOPICS.index("ease_of_use")] + 0.5 * rng.standard_normal(count)
    values["ces"] = _skipped(_on_scale(ease, 1, 7), 0.04, rng)
    values["relationship_health"] = _echo(customers, month, rng)
    return values


def _echo(customers: Customers, month: npt.NDArray[np.int64], rng: np.random.Generator) -> Reals:
    """The account manager's own rating: last quarter's change of revenue, said as a feeling."""
    each = np.arange(customers.count)
    before, last = np.maximum(month - 4, 0), np.maximum(month - 1, 0)
    change = np.log(customers.cents[each, last] / customers.cents[each, before])
    value = 3.0 + 9.0 * change + 0.4 * rng.standard_normal(customers.count)
    known = (month - 4 >= 0) & (month - 4 > customers.start_month)
    return np.where(known, _on_scale(value, 1, 5), np.nan)


def _on_scale(values: Reals, low: int, high: int) -> Reals:
    """Rounded to the scale; adding 0 turns the minus zero of rounding into a plain zero."""
    return np.asarray(np.clip(np.round(values), low, high) + 0.0)


def _skipped(values: Reals, share: float, rng: np.random.Generator) -> Reals:
    return np.where(rng.random(len(values)) < share, np.nan, values)


def _comments(answers: pd.DataFrame, share: float, rng: np.random.Generator) -> list[str | None]:
    moods = answers["nps"].to_numpy()
    ratings = np.nan_to_num(answers[list(TOPICS)].to_numpy(dtype=np.float64), nan=3.0)
    strong = np.abs(moods - 7.5) / 10
    writes = rng.random(len(answers)) < share + strong - 0.15
    return [
        remark(rng, TOPICS, row, mood) if write else None
        for row, mood, write in zip(ratings, moods, writes, strict=True)
    ]


def _odd_rows(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows every real export has and nobody should count: test runs and broken-off answers."""
    previews = answers.sample(min(9, len(answers)), random_state=rng).copy()
    previews["status"], previews["customer_id"], previews["comment"] = "preview", None, "test test"
    unfinished = answers.sample(max(len(answers) // 25, 1), random_state=rng).copy()
    unfinished["status"], unfinished["comment"] = "unfinished", None
    unfinished[[*ITEMS[2:], "ces"]] = np.nan
    shift = pd.to_timedelta(rng.integers(60, 36_000, len(unfinished)), unit="s")
    unfinished["answered_at"] = unfinished["answered_at"] - shift
    return pd.concat([previews, unfinished], ignore_index=True)


def _numbered(
    frame: pd.DataFrame, by: str, prefix: str, *, column: str = "invitation_id"
) -> pd.DataFrame:
    """Sorted by time, with a running id in front."""
    ordered = frame.sort_values([by, "customer_id"], kind="stable", ignore_index=True)
    ids = [f"{prefix}-{number:06d}" for number in range(1, len(ordered) + 1)]
    ordered.insert(0, column, ids)
    return ordered
