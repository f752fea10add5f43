"""What is followed: the way of a customer, themes, accounts, competitors, the cost of a leaver."""

from decimal import Decimal

from cxdash.demo.story.aims import CX, Aims
from cxdash.demo.story.diary import Diary
from cxdash.demo.story.ground import Ground
from cxdash.register.kinds.journey import StaffCost, Stage
from cxdash.register.kinds.room import Signal, Watch
from cxdash.register.kinds.voices import Theme

__all__ = ["watching"]


def watching(diary: Diary, ground: Ground, aims: Aims) -> None:
    """Enter them."""
    on = ground.back(12, 3)
    for position, name, touchpoints, reasons, goal in (
        (1, "Getting going", (), ("access", "how-to"), aims.serve),
        (2, "Living with it", ("relationship",), ("change of seats", "billing"), aims.keep),
        (3, "Something breaks", ("support ticket",), ("fault",), aims.keep),
    ):
        diary.enter(
            on,
            CX,
            Stage(
                name=name, position=position, touchpoints=touchpoints, reasons=reasons, goal=goal
            ),
        )
    diary.enter(
        on,
        CX,
        Theme(
            name="Nobody knows my account",
            words="explain again, every time, new person, different person, nobody knows, handed "
            "around, named contact",
        ),
    )
    diary.enter(
        ground.back(4, 11),
        "Chief revenue officer",
        Signal(
            kind_of="deal_lost",
            name="Two accounts of the East",
            noted_on=ground.back(4, 11),
            what="Both went to a cheaper supplier.",
            source="Regional sales",
        ),
    )
    diary.enter(on, CX, Watch(revenue=Decimal(60_000), note="Accounts worth a call"))
    diary.enter(
        ground.back(7, 2),
        "Head of people",
        StaffCost(
            cost_per_leaver=Decimal(21_000),
            source="Head of people: agency, training, and six weeks until calls are taken alone",
        ),
    )
