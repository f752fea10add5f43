"""One way to print numbers, for pages, command line and exports alike.

A number never shows more digits than its interval supports: its last digit is the power of ten that
is at most a fifth of the interval's width. Ranges read ``8–14%``, or ``−2% to 9%`` when an end is
negative.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Final, Literal

from cxdash.errors import UsageError
from cxdash.facts.definitions import definition
from cxdash.facts.fact import PLAIN_UNITS, Fact, Interval

__all__ = [
    "CANNOT_TELL",
    "LOCALES",
    "Locale",
    "Printer",
    "Style",
    "count",
    "day",
    "fact_interval",
    "fact_text",
    "fact_value",
    "gap",
    "listed",
    "month",
    "number",
    "p_value",
    "pair",
    "printer",
    "spoken",
    "spread",
]

Style = Literal["words", "short", "exact"]
CANNOT_TELL: Final = "cannot tell"
_ABBREVIATIONS: Final = ("nps", "csat", "ces", "fcr")
MINUS: Final = "−"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How a language writes numbers and dates."""

    decimal: str
    thousands: str
    percent: str
    months: tuple[str, ...]
    to: str
    exact: str
    somewhere: str


LOCALES: Final[Mapping[str, Locale]] = MappingProxyType(
    {
        "en": Locale(
            decimal=".",
            thousands=",",
            percent="%",
            months=(
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ),
            to="to",
            exact="counted",
            somewhere="somewhere in",
        )
    }
)

_SIGNS: Final = MappingProxyType(
    {
        "XXX": "",  # ISO 4217: no currency
        "USD": "$",
        "EUR": "€",
        "GBP": "£",
        "JPY": "¥",
        "BRL": "R$",
        "INR": "₹",
        "KRW": "₩",
        "CAD": "CA$",
        "AUD": "A$",
        "NZD": "NZ$",
        "MXN": "MX$",
    }
)
_WITHOUT_CENTS: Final = frozenset({"JPY", "KRW"})
# Divisor, word in sentences, letter on an axis.
_BIG: Final = ((1e9, " billion", "bn"), (1e6, " million", "m"))
_THOUSAND: Final = 1e3
_SMALL_MONEY: Final = 100.0
# Decimals printed when no interval says otherwise, and the most ever printed.
_DECIMALS: Final = MappingProxyType(
    {"share": (1, 2), "points": (0, 1), "score": (1, 2), "count": (0, 0), "months": (1, 1)}
)
_OTHER_DECIMALS: Final = (2, 2)
_BIG_DECIMALS: Final = (1, 2)
_FINER: Final = 4
_ROOM: Final = Context(prec=700)  # more digits than a float can have
_NARROWEST, _WIDEST = 1e-300, 1e300
_STEPS: Final = 5  # the last digit shown is at most this part of the interval's width
_SMALLEST_P: Final = 0.001
_PLAIN_P: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """How a group of numbers that stand together is printed: same size, same digits.

    ``step`` is the power of ten that is the last digit shown, after division by ``divisor``.
    """

    divisor: float
    step: int
    before: str = ""
    after: str = ""
    after_one: str = ""
    locale: Locale = LOCALES["en"]

    def digits(self, value: float) -> str:
        """The number alone, without sign of currency or unit."""
        rounded = self._rounded(value)
        text = f"{abs(rounded):,.{max(0, -self.step)}f}"
        text = text.replace(",", "\0").replace(".", self.locale.decimal)
        return (MINUS if rounded < 0 else "") + text.replace("\0", self.locale.thousands)

    def number(self, value: float) -> str:
        """The number with its unit: ``8.1%``, ``−$3,200``, ``1 month``."""
        text = self.digits(value)
        unit = self.after_one if text.lstrip(MINUS) == "1" and self.after_one else self.after
        sign = MINUS if text.startswith(MINUS) else ""
        return f"{sign}{self.before}{text.removeprefix(MINUS)}{unit}"

    def spread(self, low: float, high: float) -> str:
        """The range with its unit: ``8–14%``, ``−2% to 9%``; one number when both look alike."""
        first, last = self.digits(low), self.digits(high)
        if first == last:
            return self.number(high)
        if not first.startswith(MINUS):
            return f"{self.before}{first}–{last}{self.after}"
        if self.after.startswith(" "):  # a word is said once, a sign twice
            return f"{self._signed(first)} {self.locale.to} {self._signed(last)}{self.after}"
        return f"{self.number(low)} {self.locale.to} {self.number(high)}"

    def shown(self, value: float) -> Decimal:
        """The number as a reader reads it, in the unit of ``value``."""
        return self._rounded(value) * Decimal(repr(self.divisor))

    def finer(self) -> "Printer":
        """The same with one digit more."""
        return Printer(
            divisor=self.divisor,
            step=self.step - 1,
            before=self.before,
            after=self.after,
            after_one=self.after_one,
            locale=self.locale,
        )

    def _signed(self, digits: str) -> str:
        sign = MINUS if digits.startswith(MINUS) else ""
        return f"{sign}{self.before}{digits.removeprefix(MINUS)}"

    def _rounded(self, value: float) -> Decimal:
        scaled = _scaled(value, self.divisor)
        last_digit = Decimal(1).scaleb(self.step)
        return scaled.quantize(last_digit, rounding=ROUND_HALF_UP, context=_ROOM) or Decimal(0)


def printer(
    values: Sequence[float],
    unit: str,
    *,
    width: float | None = None,
    style: Style = "words",
    difference: bool = False,
    locale: str = "en",
) -> Printer:
    """The printer for numbers that stand together.

    Parameters
    ----------
    values
        Everything that will be printed; the largest decides between thousands and millions.
    unit
        As in Fact.
    width
        Width of the interval, which decides the digits; None for exact figures.
    style
        ``words`` in sentences ($1.4 million), ``short`` on an axis ($1.4m), ``exact`` to the unit.
    difference
        Differences of shares are percentage points, and a nonzero end is not printed as zero if a
        few more digits prevent it. So are the ends of a range on both sides of zero.
    """
    language = _locale(locale)
    width = width or None  # an interval without width says nothing about digits
    if unit in PLAIN_UNITS:
        chosen = _plain_printer(values, unit, width, language, difference=difference)
    else:
        largest = max((abs(value) for value in values), default=0.0)
        chosen = _money_printer(unit, largest, width, style, language)
    ends = [min(values), max(values)] if values else []
    if difference:
        chosen = _never_zero(chosen, values)
    elif ends and ends[0] < 0 < ends[1]:  # a range that holds zero must be seen to
        chosen = _never_zero(chosen, ends)
    return chosen


def number(
    value: float,
    unit: str,
    *,
    interval: Interval | None = None,
    style: Style = "words",
    locale: str = "en",
) -> str:
    """A number with its unit: ``8.1%``, ``46``, ``$1.4 million``, ``R$1,428,603`` (exact).

    A share that is not quite all or nothing is never printed as 0% or 100%.
    """
    values = [value] if interval is None else [value, interval.low, interval.high]
    width = None if interval is None else interval.width
    chosen = printer(values, unit, width=width, style=style, locale=locale)
    return _honest(chosen, value, unit)


def spread(
    low: float, high: float, unit: str, *, style: Style = "words", locale: str = "en"
) -> str:
    """A range with its unit: ``8–14%``, ``$0.9–2.1 million``."""
    chosen = printer([low, high], unit, width=high - low, style=style, locale=locale)
    return chosen.spread(low, high)


def pair(
    first: float, second: float, unit: str, *, difference: Interval, locale: str = "en"
) -> tuple[str, str]:
    """Two numbers with as many digits as let a reader subtract them and find their difference.

    ``difference`` is the interval of second minus first, in the same unit: its width decides the
    digits of the difference as it is printed elsewhere. ``13`` and ``4`` whose difference prints as
    10 become ``13.4`` and ``3.9``.
    """
    between = abs(second - first)
    values = [between, difference.low, difference.high]
    apart = printer(values, unit, width=difference.width, locale=locale)
    chosen = printer([first, second], unit, width=difference.width, locale=locale)
    for _ in range(_FINER):
        shown = abs(chosen.shown(second) - chosen.shown(first))
        if apart.shown(float(shown)) == apart.shown(between):
            break
        chosen = chosen.finer()
    return _honest(chosen, first, unit), _honest(chosen, second, unit)


def gap(value: float, unit: str, *, interval: Interval | None = None, locale: str = "en") -> str:
    """The size of a difference: ``7 points``, ``5.2 percentage points``, ``$120,000``."""
    values = [value] if interval is None else [value, interval.low, interval.high]
    width = None if interval is None else interval.width
    return printer(values, unit, width=width, difference=True, locale=locale).number(value)


def fact_value(fact: Fact, *, style: Style = "words", locale: str = "en") -> str:
    """The Fact's value; money without an interval is an exact sum and printed to the unit.

    Where no value but its range is known: ``somewhere in −49 to 65``.
    """
    if fact.value is None and fact.interval is not None:
        return f"{_locale(locale).somewhere} {fact_interval(fact, style=style, locale=locale)}"
    if fact.value is None:
        return CANNOT_TELL
    chosen: Style = "exact" if fact.is_money and fact.interval is None else style
    if _in_points(fact):
        return gap(fact.value, fact.unit, interval=fact.interval, locale=locale)
    return number(fact.value, fact.unit, interval=fact.interval, style=chosen, locale=locale)


def fact_interval(fact: Fact, *, style: Style = "words", locale: str = "en") -> str:
    """The Fact's range; ``counted`` for a plain count or sum, empty without value and range."""
    if fact.interval is None:
        return "" if fact.value is None else _locale(locale).exact
    values = [fact.interval.low, fact.interval.high]
    values += [] if fact.value is None else [fact.value]
    chosen = printer(
        values,
        fact.unit,
        width=fact.interval.width,
        style=style,
        difference=_in_points(fact),
        locale=locale,
    )
    return chosen.spread(fact.interval.low, fact.interval.high)


def _in_points(fact: Fact) -> bool:
    """Whether the Fact is a difference of shares: "7%" would be read as a ratio."""
    return fact.unit == "share" and definition(fact.definition).difference


def fact_text(fact: Fact, *, locale: str = "en") -> str:
    """Value and range: ``8.1% (range 6.3–10.4%)``; the value alone when it is exact."""
    value = fact_value(fact, locale=locale)
    if fact.value is None or fact.interval is None:
        return value
    return f"{value} (range {fact_interval(fact, locale=locale)})"


def count(n: int, *, locale: str = "en") -> str:
    """A whole number: ``1,240``."""
    return printer([n], "count", locale=locale).digits(n)


def counted(n: int, one: str, many: str) -> str:
    """A number with what it counts: ``1 answer was``, ``1,240 answers were``."""
    return f"{count(n)} {one if n == 1 else many}"


def listed(parts: Sequence[str]) -> str:
    """Names one after the other in a sentence: ``a, b and c``; one name stands alone."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def spoken(name: str) -> str:
    """A name made for machines as a reader says it: ``product_quality`` is ``product quality``."""
    words = name.replace("_", " ").split()
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)


def p_value(p: float, *, locale: str = "en") -> str:
    """``p = 0.52``, ``p = 0.008``, ``p < 0.001``."""
    if not 0 <= p <= 1:
        raise ValueError(f"a p-value lies between 0 and 1, got {p}")
    language = _locale(locale)
    if p < _SMALLEST_P:
        return f"p < {Printer(divisor=1, step=-3, locale=language).digits(_SMALLEST_P)}"
    return f"p = {Printer(divisor=1, step=-2 if p >= _PLAIN_P else -3, locale=language).digits(p)}"


def day(value: date, *, locale: str = "en") -> str:
    """``21 November 2026``."""
    return f"{value.day} {month(value, locale=locale)}"


def month(value: date, *, locale: str = "en") -> str:
    """``November 2026``."""
    return f"{_locale(locale).months[value.month - 1]} {value.year}"


def _locale(name: str) -> Locale:
    if name not in LOCALES:
        raise UsageError(
            f"There is no language {name!r}.", do_next=f"Choose one of: {', '.join(LOCALES)}."
        )
    return LOCALES[name]


def _plain_printer(
    values: Sequence[float],
    unit: str,
    width: float | None,
    locale: Locale,
    *,
    difference: bool,
) -> Printer:
    usual, most = _DECIMALS.get(unit, _OTHER_DECIMALS)
    divisor = 0.01 if unit == "share" else 1.0
    if width is None and all(_is_whole(value, divisor) for value in values):
        usual = 0
    step = _step(width, divisor, usual=usual, most=most, coarsest=None if unit == "count" else 0)
    after, after_one = "", ""
    if unit == "share":
        after = " percentage points" if difference else locale.percent
        after_one = " percentage point" if difference else locale.percent
    elif unit == "points" and difference:
        after, after_one = " points", " point"
    elif unit == "months":
        after, after_one = " months", " month"
    return Printer(divisor=divisor, step=step, after=after, after_one=after_one, locale=locale)


def _money_printer(
    currency: str, largest: float, width: float | None, style: Style, locale: Locale
) -> Printer:
    before = _SIGNS.get(currency, f"{currency} ")
    if style != "exact":
        for divisor, word, letter in _BIG:
            if largest >= divisor:
                usual, most = _BIG_DECIMALS
                step = _step(width, divisor, usual=usual, most=most, coarsest=0)
                after = word if style == "words" else letter
                return Printer(
                    divisor=divisor, step=step, before=before, after=after, locale=locale
                )
        if style == "short" and largest >= _THOUSAND:
            step = _step(width, _THOUSAND, usual=0, most=1, coarsest=0)
            return Printer(divisor=_THOUSAND, step=step, before=before, after="k", locale=locale)
    cents = 0 if largest >= _SMALL_MONEY or currency in _WITHOUT_CENTS else 2
    exact_width = None if style == "exact" else width
    step = _step(exact_width, 1.0, usual=cents, most=cents, coarsest=None)
    return Printer(divisor=1.0, step=step, before=before, locale=locale)


def _step(
    width: float | None, divisor: float, *, usual: int, most: int, coarsest: int | None
) -> int:
    """Power of ten of the last digit shown: at most a fifth of the width, within bounds."""
    if width is None:
        return -usual
    bounded = min(max(width, _NARROWEST), _WIDEST)
    step = max(-most, math.floor(math.log10(bounded / divisor / _STEPS)))
    return step if coarsest is None else min(coarsest, step)


def _scaled(value: float, divisor: float) -> Decimal:
    return _ROOM.divide(Decimal(repr(float(value))), Decimal(repr(divisor)))


def _is_whole(value: float, divisor: float) -> bool:
    scaled = _scaled(value, divisor)
    return scaled == scaled.to_integral_value()


def _never_zero(chosen: Printer, values: Sequence[float]) -> Printer:
    """A printer under which only zero looks like zero, if a few digits more suffice for that."""
    finer = chosen
    for _ in range(_FINER):
        if not any(value and finer.digits(value) == finer.digits(0.0) for value in values):
            return finer
        finer = finer.finer()
    return chosen


def _honest(chosen: Printer, value: float, unit: str) -> str:
    if unit != "share" or not 0 < value < 1:
        return chosen.number(value)
    smallest = 10.0**chosen.step * chosen.divisor
    if chosen.digits(value) == chosen.digits(0.0):
        return f"<{chosen.number(smallest)}"
    if chosen.digits(value) == chosen.digits(1.0):
        return f">{chosen.number(1 - smallest)}"
    return chosen.number(value)
