"""A card that gives a team the credit for what it delivered: one page, to print or to send.

It says no more than the ledger does: the sum with its evidence grade, what was delivered, by whom,
and what others did for it. Everything people typed is masked and escaped.
"""

from html import escape
from typing import Final

from cxdash.faces.columns import money_unit
from cxdash.faces.days import day_of
from cxdash.facts import Answer, Grade, Interval, Row
from cxdash.facts.format import day, number, spread
from cxdash.privacy import masked

__all__ = ["card_of", "card_stem"]

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: Georgia, serif; color: #1b2a33; background: #fff; margin: 0; }}
main {{ max-width: 42rem; margin: 12vh auto; padding: 3rem; border: 2px solid #1b2a33; }}
h1 {{ font-size: 2.6rem; margin: 0 0 .4rem; }}
.sum {{ font-size: 2rem; margin: 1.6rem 0 .2rem; }}
p {{ font-size: 1.1rem; line-height: 1.5; margin: .4rem 0; }}
footer {{ margin-top: 2rem; font-size: .9rem; color: #51626c; }}
</style>
</head>
<body>
<main>
<p>For the team</p>
<h1>{team}</h1>
<p>{delivered}</p>
<p class="sum">{amount}</p>
<p>{line}, {period}. Initiative: {initiative}.</p>
<p>Evidence {grade}: {meaning}.</p>
<footer>The customer experience team {role}. Every dollar of the ledger is counted once, and this
one is counted here. Data up to {as_of}.</footer>
</main>
</body>
</html>
"""


def card_of(answer: Answer, win: Row) -> str:
    """The card of one row of the table ``wins`` of the ledger, as a page of HTML by itself."""
    grade = Grade[str(win["grade"])]
    told = {
        "title": f"Delivered by {win['team']}",
        "team": str(win["team"]),
        "delivered": str(win["delivered"]),
        "amount": _amount(win, money_unit(answer)),
        "line": str(win["line"]),
        "period": _period(str(win["from"]), str(win["until"])),
        "initiative": str(win["initiative_name"]),
        "grade": grade.name,
        "meaning": grade.value.lower(),
        "role": str(win["cx_role"]),
        "as_of": day(answer.as_of),
    }
    return _PAGE.format(**{name: escape(masked(text)) for name, text in told.items()})


def card_stem(answer: Answer, place: int) -> str:
    """A name for the file, without its ending; nothing in it comes from the data."""
    return f"cxdash-recognition-{place}-{answer.as_of.isoformat()}"


def _amount(win: Row, unit: str) -> str:
    """The sum with its range, where it has one."""
    value, low, high = (win.get(name) for name in ("amount", "low", "high"))
    if low is None or high is None or low == high:
        return number(float(str(value)), unit)
    reach = Interval(float(str(low)), float(str(high)))
    said = number(float(str(value)), unit, interval=reach)
    return f"{said} (range {spread(reach.low, reach.high, unit)})"


def _period(first: str, last: str) -> str:
    months = [f"{found:%B %Y}" if (found := day_of(text)) else text for text in (first, last)]
    return months[0] if months[0] == months[1] else f"{months[0]} to {months[1]}"
