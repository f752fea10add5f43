"""The drivers of low scores, as sentences, Facts, a table and a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts import Answer, Card, Chart, Fact, Interval, Method, Row, wording
from cxdash.facts import format as fmt
from cxdash.facts.definitions import Band
from cxdash.panel import Item
from cxdash.questions.churn.effects import Effect, Ranks
from cxdash.questions.judgement import LEVEL
from cxdash.questions.score.steps import ScoreStep
from cxdash.stats.estimate import Estimate

__all__ = ["ALARM", "ScoreDriver", "ScoreDrivers"]

#: Share of false alarms among those called drivers (Benjamini and Hochberg).
ALARM: Final = 0.05
_CODE: Final = "cxdash.questions.score.drivers.score_drivers"

#: How each driver's own columns are called among what is held equal for the others.
_OWN_WORDS: Final = {
    "late_delivery": "lateness of the order",
    "wait": "days until the promised delivery",
    "contacts": "recent contacts",
    "unresolved": "unsolved recent contacts",
    "minutes": "minutes of a contact",
    "price_change": "change of price or spend",
}


@dataclass(frozen=True, slots=True)
class ScoreDriver:
    """One thing before which scores are low more or less often.

    Parameters
    ----------
    effect
        Change of the share of low scores among the ``n`` answers that came without the step, had it
        been made; everything else the model knows held equal.
    whole
        The same as a share of all answers: what the step would mean for the whole score.
    raw
        Under a model that knows this thing alone.
    p_adjusted
        Of no effect, allowing for how many were looked at.
    ranks
        By ``whole``, 1 for the fewest low scores after the step.
    confirmed
        Whether the last third of the answers alone shows the same beyond noise.
    """

    about: ScoreStep
    effect: Effect
    whole: float
    raw: Effect | None
    p_adjusted: float
    ranks: Ranks
    confirmed: bool
    n: int

    @property
    def name(self) -> str:
        return self.about.step.name

    @property
    def label(self) -> str:
        return self.about.step.label

    @property
    def beyond_noise(self) -> bool:
        return self.p_adjusted < ALARM and self.effect.beyond_noise

    @property
    def is_driver(self) -> bool:
        """Low scores are fewer after the step, beyond noise, and later answers agree."""
        return self.beyond_noise and self.effect.high < 0 and self.confirmed


@dataclass(frozen=True, slots=True)
class ScoreDrivers:
    """What was found for one item.

    ``found`` has the drivers in the order of their ranks; it is empty when ``reason`` says why
    nothing can be told. ``n`` answers, of which ``low`` in the worst ``band``, by ``customers``
    customers. ``foresight`` is the AUC on the last third of the answers of a model fitted on those
    before; None where that is not to be had.
    """

    item: Item
    band: Band
    population: str
    period: str
    found: tuple[ScoreDriver, ...]
    held_equal: tuple[str, ...]
    n: int
    low: int
    customers: int
    foresight: Estimate | None
    sources: tuple[str, ...]
    reason: str = ""
    sampled: bool = False

    @property
    def named(self) -> tuple[ScoreDriver, ...]:
        """Those that may be called drivers."""
        return tuple(driver for driver in self.found if driver.is_driver)

    def sentence(self) -> str:
        """The leading driver, or why none can be named."""
        if self.named:
            return self.said(self.named[0])
        reason = self.reason or (
            f"of {fmt.counted(len(self.found), 'thing', 'things')} known before the answers none "
            "goes with them beyond noise and again on later answers"
        )
        return wording.cannot_tell(f"what goes before scores of {_ends(self.band)}", reason)

    def said(self, driver: ScoreDriver) -> str:
        """One driver as a sentence."""
        effect = driver.effect
        return wording.compare_rates(
            driver.about.whom,
            driver.about.otherwise,
            did=f"scored {_ends(self.band)}",
            difference=Interval(-effect.high, -effect.low, LEVEL),
            estimate=-effect.estimate,
            held_constant=_a_few(self._beside(driver)),
        )

    def facts(self) -> tuple[Fact, ...]:
        """One Fact ``score.driver.NAME`` for each thing looked at."""
        return tuple(self._fact(driver) for driver in self.found)

    def table(self) -> list[Row]:
        """Rows of the table ``score_drivers`` of docs/contract.md."""
        return [self._row(driver) for driver in self.found]

    def chart(self) -> Chart | None:
        """Each step with its interval; None when there is nothing to draw."""
        if not self.found:
            return None
        first = self.found[0]
        return Chart(
            id="score_drivers",
            title=self.sentence(),
            kind="interval",
            table="score_drivers",
            category="label",
            value="effect",
            low="low",
            high="high",
            unit="share",
            category_order=tuple(driver.label for driver in self.found),
            value_title=f"Change in the share of scores of {_ends(self.band)}",
            alt=f"{fmt.counted(len(self.found), 'thing', 'things')} before an answer. "
            f"{self.said(first)}",
        )

    def caveats(self) -> tuple[str, ...]:
        """What to keep in mind about all of them."""
        said = [
            "What goes before low scores is an association, whatever else is held equal.",
        ]
        if self.sampled:
            said.append(
                f"What goes before low scores rests on {fmt.count(self.n)} answers of customers "
                "drawn by lot; ranges allow for it."
            )
        return tuple(said)

    def beside(self, answer: Answer) -> Answer:
        """The answer with what goes before low scores put beside it.

        Where the answer itself cannot tell, the leading driver is still worth a headline.
        """
        if not self.found:
            return answer
        says = f" {self.sentence()}" if answer.status == "cannot_tell" and self.named else ""
        chart = self.chart()
        return replace(
            answer,
            headline=answer.headline + says,
            facts=(*answer.facts, *self.facts()),
            tables={**answer.tables, "score_drivers": self.table()},
            charts=(*answer.charts, *((chart,) if chart else ())),
            caveats=(*answer.caveats, *self.caveats()),
        )

    def _beside(self, driver: ScoreDriver) -> tuple[str, ...]:
        own = _OWN_WORDS.get(driver.name, "")
        return tuple(words for words in self.held_equal if words != own)

    def _row(self, driver: ScoreDriver) -> Row:
        raw = driver.raw
        return {
            "driver": driver.name,
            "label": driver.label,
            "change": driver.about.step.words,
            "effect": driver.effect.estimate,
            "low": driver.effect.low,
            "high": driver.effect.high,
            "raw_effect": raw.estimate if raw else None,
            "raw_low": raw.low if raw else None,
            "raw_high": raw.high if raw else None,
            "whole": driver.whole,
            "rank": driver.ranks.rank,
            "n": driver.n,
            "is_driver": driver.is_driver,
            "grade": self._method(driver).grade.name,
            "adjusted_for": ", ".join(self._beside(driver)),
        }

    def _fact(self, driver: ScoreDriver) -> Fact:
        effect = driver.effect
        return Fact(
            id=f"score.driver.{driver.name}",
            label=f"Change in scores of {_ends(self.band)}: {driver.about.step.words}, "
            f"for {driver.about.whom}",
            value=effect.estimate,
            interval=Interval(effect.low, effect.high, LEVEL),
            unit="share",
            method=self._method(driver),
            n=driver.n,
            population=f"{self.population}: answers of {driver.about.whom}",
            period=self.period,
            definition="low_score_difference",
            caveats=_doubts(driver),
            sources=self.sources,
        )

    def _method(self, driver: ScoreDriver) -> Method:
        beside = self._beside(driver)
        return Method(
            description=(
                "Mean change of the chance of a low score over the answers that came without the "
                f"step, with {_listed(beside)} held equal; only what was known before the answer."
            ),
            adjusted_for=beside,
            validated_out_of_time=driver.confirmed,
            card=self._card(driver),
        )

    def _card(self, driver: ScoreDriver) -> Card:
        raw = driver.raw
        sensitivity = (
            "The raw figure cannot be had."
            if raw is None
            else (
                "Nothing held equal: "
                + fmt.gap(raw.estimate, "share", interval=Interval(raw.low, raw.high, LEVEL))
                + "."
            )
        )
        return Card(
            model="Logistic regression with a weak prior; spread by whole customers",
            formula="mean over the answers concerned of P(low | step made) − P(low | as it was)",
            sample=f"{fmt.count(self.n)} answers of {fmt.count(self.customers)} customers, "
            f"{fmt.count(self.low)} of them scores of {_ends(self.band)}; the step is about "
            f"{fmt.count(driver.n)}",
            window=self.period,
            exclusions=(
                "Answers without a known customer, and those given with or after a goodbye.",
                "Whatever happened after the answer, such as a delivery that came later.",
            ),
            assumptions=(
                "Customers alike in what is held equal would have answered alike but for the step.",
            ),
            validation=self._validation(driver),
            sensitivity=sensitivity,
            code=_CODE,
        )

    def _validation(self, driver: ScoreDriver) -> str:
        again = (
            "The last third of the answers, taken alone, shows the same beyond noise"
            if driver.confirmed
            else "The last third of the answers, taken alone, does not show the same beyond noise"
        )
        if self.foresight is None:
            return f"{again}."
        seen = self.foresight
        return (
            f"{again}. A model of the answers before it ranks its low scores with an AUC of "
            f"{seen.estimate:.2f} ({seen.low:.2f} to {seen.high:.2f}; 0.5 is a coin toss)."
        )


def _doubts(driver: ScoreDriver) -> tuple[str, ...]:
    told = []
    if driver.name == "price_change":
        told.append("Paying more can be a new price or a larger order; the data cannot tell which.")
    if driver.name == "late_delivery":
        told.append("Late means by the day of the answer, deliveries that had not come included.")
    if not driver.beyond_noise:
        told.append("Within noise, allowing for how many things were looked at.")
    elif not driver.confirmed:
        told.append("The last third of the answers, taken alone, does not show it beyond noise.")
    return tuple(told)


def _ends(band: Band) -> str:
    return fmt.printer([band.low, band.high], "count").spread(band.low, band.high)


def _a_few(words: Sequence[str]) -> str:
    """Some of them and how many others there are: a headline is no inventory."""
    if len(words) <= 3:
        return _listed(words)
    return f"{', '.join(words[:2])} and {fmt.count(len(words) - 2)} other things"


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
