"""How many comments hold contact details, so that somebody can look after them."""

from dataclasses import dataclass
from typing import Final

from cxdash.facts.format import counted
from cxdash.privacy.contact_details import found_in
from cxdash.privacy.rules import FEWEST_WRITERS, is_small
from cxdash.store import Reader

__all__ = ["Remarks", "remarks"]

_KEPT: Final = 2
# Whatever holds none of these holds no contact detail; the rest is looked at closely.
_SUSPECT: Final = r"\d{3}|@|[\[(]at[\])]|https?://|www\."


@dataclass(frozen=True, slots=True)
class Remarks:
    """Comments there are, and those with a contact detail or a number of a person in them."""

    comments: int
    with_details: int

    def told(self, *, sees_people: bool) -> str:
        """One sentence; empty without comments.

        Who may not see single customers is not told a number of few.
        """
        if not self.comments:
            return ""
        few = is_small(self.with_details, FEWEST_WRITERS) and not sees_people
        number = (
            f"Fewer than {FEWEST_WRITERS} comments hold"
            if few
            else counted(self.with_details, "comment holds", "comments hold")
        )
        return (
            f"{number} contact details, such as an e-mail address; they are masked in every file."
        )


def remarks(view: Reader) -> Remarks:
    """Counted once for each state of the data."""
    return view.kept("remarks", (), lambda: _counted(view), room=_KEPT)


def _counted(view: Reader) -> Remarks:
    comments = view.rows("SELECT count(*) AS n FROM comments WHERE is_current")[0]["n"]
    suspects = view.rows(
        "SELECT body FROM comments WHERE is_current AND regexp_matches(body, ?)", [_SUSPECT]
    )
    return Remarks(int(comments), sum(bool(found_in(row["body"])) for row in suspects))
