"""The register of pages: where each lies, what it asks, and which question it answers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from cxdash.access import Action, Actor, allowed
from cxdash.questions import QUESTIONS

__all__ = ["PAGES", "PageInfo", "entry_of", "info", "menu", "page_of_fact", "path_of"]


@dataclass(frozen=True, slots=True)
class PageInfo:
    """``question`` is the name in ``cxdash.questions``; empty for pages about the data itself.

    ``needs`` is what a visitor must be allowed to do to open the page.
    """

    section: str
    name: str
    title: str
    asks: str
    question: str = ""
    needs: Action = Action.VIEW

    @property
    def file(self) -> str:
        """Path of the script, as Streamlit's links take it."""
        return str(_PAGES / self.section.lower() / f"{self.name}.py")


_PAGES: Final = Path(__file__).parents[3] / "pages"
_QUOTES: Final = "brief"
_HEARD: Final = "listening"
_PROVED_BY: Final = {
    "coverage": _HEARD,
    "score": "churn",
    "npv": "case",
    "roi": "case",
    "payback_months": "case",
    "verified": "ledger",
    "indicated": "ledger",
    "cost": "ledger",
}
_SCORES: Final = ("heard", "adjusted", "bounds")

PAGES: Final = (
    PageInfo("Present", "brief", "Brief", QUESTIONS["brief"].asks, "brief"),
    PageInfo("Money", "worth", "Worth", QUESTIONS["worth"].asks, "worth"),
    PageInfo("Money", "churn", "Churn", QUESTIONS["churn"].asks, "churn"),
    PageInfo("Money", "revenue", "Revenue", QUESTIONS["revenue"].asks, "revenue"),
    PageInfo("Trust", "trial", "Trial", QUESTIONS["trial"].asks, "trial"),
    PageInfo("Trust", "listening", "Listening", QUESTIONS["listening"].asks, "listening"),
    PageInfo("Trust", "change", "Change", QUESTIONS["change"].asks, "change"),
    PageInfo("Trust", "examine", "Cross-examine", QUESTIONS["examine"].asks, "examine"),
    PageInfo("Voices", "voices", "Voices", QUESTIONS["voices"].asks, "voices"),
    PageInfo("Voices", "journey", "Journey", QUESTIONS["journey"].asks, "journey"),
    PageInfo("Voices", "team", "Teams", QUESTIONS["team"].asks, "team"),
    PageInfo("Act", "goals", "Goals", QUESTIONS["goals"].asks, "goals"),
    PageInfo("Act", "initiatives", "Initiatives", QUESTIONS["initiatives"].asks, "initiatives"),
    PageInfo("Act", "priorities", "Priorities", QUESTIONS["priorities"].asks, "priorities"),
    PageInfo("Act", "pilots", "Pilots", QUESTIONS["pilots"].asks, "pilots"),
    PageInfo("Act", "case", "Case", QUESTIONS["case"].asks, "case"),
    PageInfo("Act", "ledger", "Ledger", QUESTIONS["ledger"].asks, "ledger"),
    PageInfo("Act", "room", "Room", QUESTIONS["room"].asks, "room", needs=Action.DECIDE),
    PageInfo("Data", "import", "Import", "Which files should be read?", needs=Action.IMPORT),
    PageInfo("Data", "reconcile", "Reconcile", QUESTIONS["reconcile"].asks, "reconcile"),
    PageInfo("Data", "catalogue", "Catalogue", "What is loaded, and what do the words mean?"),
    PageInfo("Data", "register", "Register", "What did people enter?", needs=Action.DECIDE),
    PageInfo(
        "Data",
        "keeping",
        "Keeping",
        "Is what we hold safe, and whom may we still hold?",
        needs=Action.MAINTAIN,
    ),
    PageInfo(
        "Data",
        "access",
        "Access",
        "Who may use cxdash, and what did they do?",
        needs=Action.ADMINISTER,
    ),
)


def menu(actor: Actor, refuse: Callable[[Actor, Action, str], None]) -> "st.Page":
    """Draw the top menu and return the page that was asked for; the first page is the home page.

    The menu lists what the actor may open. A page that is not for the actor keeps its address, and
    ``refuse`` says there that it is not. A section with one page shows that page itself instead of
    a menu that hides it.
    """
    sizes = Counter(entry.section for entry in PAGES if allowed(actor, entry.needs))
    sections: dict[str, list[st.Page]] = {"": []}
    for number, entry in enumerate(PAGES):
        open_to_actor = allowed(actor, entry.needs)
        page = st.Page(
            entry.file if open_to_actor else _refusal(actor, entry, refuse),
            title=entry.title,
            url_path=entry.name,
            default=number == 0,
            help=entry.asks,
            visibility="visible" if open_to_actor else "hidden",
        )
        heading = entry.section if sizes[entry.section] > 1 else ""
        sections.setdefault(heading, []).append(page)
    return st.navigation(sections, position="top")


def _refusal(
    actor: Actor, entry: PageInfo, refuse: Callable[[Actor, Action, str], None]
) -> Callable[[], None]:
    """What stands in the place of a page that is not for the actor."""

    def refused() -> None:
        refuse(actor, entry.needs, f"page {entry.name}")

    return refused


def entry_of(page: "st.Page") -> PageInfo:
    """What the register says about the page the menu returned."""
    return next((entry for entry in PAGES if entry.name == page.url_path), PAGES[0])


def info(name: str) -> PageInfo:
    """The page of that name; KeyError if there is none."""
    return {entry.name: entry for entry in PAGES}[name]


def path_of(name: str) -> str:
    """Script path of the page of that name, as Streamlit's links take it."""
    return info(name).file


def page_of_fact(fact_id: str) -> PageInfo | None:
    """The page that proves a Fact; None if no page does.

    The first word of its id is its question. ``coverage.customers`` and the three scores of a
    rating (``nps.heard``, ``nps.adjusted``, ``nps.bounds``) are proved where it is told whom we
    hear, what goes before low scores (``score.driver.contacts``) beside what goes before leaving.
    The brief proves nothing: it quotes.
    """
    words = fact_id.split(".")
    own = next((page for page in PAGES if page.question == words[0]), None)
    if own is not None:
        return None if own.question == _QUOTES else own
    proved_by = _HEARD if len(words) > 1 and words[-1] in _SCORES else _PROVED_BY.get(words[0])
    return next((page for page in PAGES if proved_by and page.question == proved_by), None)
