"""What was asked for, refused, tried on a few and read: one pilot worked and one did not."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from cxdash.demo.pilots import IDLE_MONTHS, IDLE_PILOT, PILOT
from cxdash.demo.story.aims import CX, Aims
from cxdash.demo.story.diary import Diary
from cxdash.demo.story.ground import Ground
from cxdash.register.kinds.initiatives import Capacity, Initiative, Step
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import Ask

__all__ = ["Tried", "trying"]

_SERVICE: Final = "Head of service"
_MARKETING: Final = "Marketing"
_CFO: Final = "Chief financial officer"


@dataclass(frozen=True, slots=True)
class Tried:
    """Ids of what was tried, and of the no that led to it."""

    contact: str
    mail: str
    assistant: str
    contact_pilot: str
    mail_pilot: str
    refused: str


def trying(diary: Diary, ground: Ground, aims: Aims) -> Tried:
    """Enter them in the order of the days."""
    contact, refused = _refused(diary, ground, aims)
    contact_pilot = _planned(diary, ground, contact, refused)
    mail, mail_pilot = _idle(diary, ground, aims)
    assistant = _others(diary, ground, aims)
    diary.enter(
        ground.back(1),
        _CFO,
        Capacity(name="Second half of the year", budget=Decimal(600_000), days=260.0, at_once=2),
    )
    return Tried(contact, mail, assistant, contact_pilot, mail_pilot, refused)


def _refused(diary: Diary, ground: Ground, aims: Aims) -> tuple[str, str]:
    """The idea, and the no it met: too few accounts had been tried."""
    idea = Initiative(
        name="A named contact for every account",
        aim="keep",
        need="Accounts with more than one open problem tell their story anew at every call and "
        "cannot find out who looks after it.",
        behaviour="They renew instead of giving notice.",
        line="retention",
        falsifier="If, of accounts drawn by lot, as many leave with a named contact as without, "
        "within a year, it is stopped.",
        goal=aims.keep,
        sponsor=aims.operations,
        owner=_SERVICE,
        function="Service",
        status="wish",
        effort_days=180.0,
        cost=Decimal(540_000),
    )
    contact = diary.enter(ground.back(14, 4), CX, idea)
    asking = Ask(
        title="A named contact for every account",
        executive=aims.finance,
        asked_on=ground.back(14, 11),
        decision="Decide whether to give every account a contact it knows by name, for 480,000 a "
        "year, from July on.",
        amount=Decimal(480_000),
        outcome="open",
    )
    ask = diary.enter(ground.back(14, 11), CX, asking)
    no = replace(
        asking,
        outcome="no",
        decided_on=ground.back(14, 18),
        reason="distrust",
        wanted="sample",
        least_effect=0.09,
        evidence="You tried it on nine accounts of one desk. The sample is too small, and the desk "
        "chose them itself.",
        supplied_by="pilot",
    )
    diary.change(ground.back(14, 18), CX, ask, no)
    start = ground.back(11)
    diary.change(
        ground.back(13, 6), CX, contact,
        replace(idea, status="running", starts=start, roster=PILOT),
    )  # fmt: skip
    for name, kind, status, due, more in (
        ("Draw the accounts by lot and tell the desks", "phase", "done", ground.back(12, 20), {}),
        ("Name a contact for each account of the group", "phase", "done", ground.back(11, 4), {}),
        (
            "Desks hand calls over to the named contact", "change", "running", ground.back(8, 15),
            {
                "resistance": "Desk leads: “It takes our best people off the line.” A callback "
                "rule of two years ago was dropped for that reason after a month.",
                "exposed": 14,
                "used": 11,
            },
        ),
    ):  # fmt: skip
        diary.enter(
            ground.back(13, 6),
            _SERVICE,
            Step(
                initiative=contact,
                name=name,
                kind=kind,
                owner=_SERVICE,
                due=due,
                status=status,
                **more,  # type: ignore[arg-type]
            ),
        )
    return contact, ask


def _planned(diary: Diary, ground: Ground, contact: str, refused: str) -> str:
    """The plan, frozen before the first day, and the no that waits for it."""
    plan = PilotPlan(
        name="Named contact",
        design="randomised",
        outcome="churn",
        starts=ground.back(11),
        reads_on=ground.read_on,
        least_effect=0.09,
        roster=PILOT,
        initiative=contact,
        ask=refused,
        note="Each account of the group has one person it reaches by name; others call the desk.",
    )
    entry = diary.enter(ground.back(13, 10), _SERVICE, plan)
    diary.freeze(ground.back(12, 22), _SERVICE, entry, PilotPlan)
    return entry


def _idle(diary: Diary, ground: Ground, aims: Aims) -> tuple[str, str]:
    """A check-in by mail: tried the same way, and found to do nothing worth having."""
    mail = Initiative(
        name="A check-in e-mail every month",
        aim="keep",
        need="Accounts without an open problem do not hear from us until the invoice comes.",
        behaviour="They renew instead of giving notice.",
        line="retention",
        falsifier="If it does not keep five accounts of a hundred within nine months, it ends.",
        goal=aims.keep,
        owner=_MARKETING,
        function="Marketing",
        status="running",
        starts=ground.back(IDLE_MONTHS - 1),
        roster=IDLE_PILOT,
        effort_days=30.0,
        cost=Decimal(18_000),
    )
    entry = diary.enter(ground.back(IDLE_MONTHS, 8), _MARKETING, mail)
    plan = diary.enter(
        ground.back(IDLE_MONTHS, 9),
        _MARKETING,
        PilotPlan(
            name="Check-in e-mail",
            design="randomised",
            outcome="churn",
            starts=ground.back(IDLE_MONTHS - 1),
            reads_on=ground.end,
            least_effect=0.05,
            roster=IDLE_PILOT,
            initiative=entry,
            note="One mail a month from the account desk, the same for everybody.",
        ),
    )
    diary.freeze(ground.back(IDLE_MONTHS, 20), _MARKETING, plan, PilotPlan)
    diary.change(ground.end, CX, entry, replace(mail, status="stopped", ends=ground.end))
    return entry, plan


def _others(diary: Diary, ground: Ground, aims: Aims) -> str:
    """A saving that has to be watched, an idea without an owner, and two asks that wait."""
    assistant = diary.enter(
        ground.back(3, 12),
        "Chief information officer",
        Initiative(
            name="A chat assistant for simple questions",
            aim="cut_cost",
            need="Customers with a how-to question wait for a desk although the answer is written "
            "down.",
            behaviour="They find the answer and do not call; whoever cannot reaches a person.",
            line="cost",
            falsifier="If those who used it contact us again within a week more often than before, "
            "it is switched off.",
            goal=aims.serve,
            sponsor=aims.technology,
            owner="Support operations",
            function="Technology",
            status="planned",
            starts=ground.back(-2),
            customers="segment=SMB",
            effort_days=120.0,
            cost=Decimal(60_000),
            claimed_saving=Decimal(45_000),
        ),
    )
    diary.enter(
        ground.back(5, 14),
        _MARKETING,
        Initiative(
            name="A fresher look for the app",
            aim="grow",
            status="wish",
            function="Product",
            effort_days=90.0,
        ),
    )
    diary.enter(
        ground.back(11, 2),
        "Support operations",
        Initiative(
            name="Help pages before the desk, in the South",
            aim="cut_cost",
            need="Customers in the South wait longest for an answer to a how-to question.",
            behaviour="They find it by themselves and do not write to the desk.",
            line="cost",
            falsifier="If the cost of their contacts does not fall beside the other regions, it "
            "ends within a year.",
            goal=aims.serve,
            owner="Support operations",
            function="Service",
            status="running",
            starts=ground.back(10),
            customers="region=South",
            effort_days=25.0,
            cost=Decimal(14_000),
            claimed_saving=Decimal(9_000),
        ),
    )
    diary.enter(
        ground.back(3, 19),
        CX,
        Ask(
            title="The chat assistant",
            executive=aims.finance,
            asked_on=ground.back(3, 19),
            decision="Decide whether to build an assistant for simple questions, for 60,000.",
            amount=Decimal(60_000),
            outcome="no",
            decided_on=ground.back(3, 26),
            reason="not_now",
            wanted="comparison",
            evidence="Not before the desks are staffed; and show me that customers are not just "
            "moved from one queue to another.",
            supplied_by="upload",
            trigger="measure",
            trigger_measure="employees_lost",
            trigger_side="below",
            trigger_value=2.0,
        ),
    )
    diary.enter(
        ground.back(6, 9),
        CX,
        Ask(
            title="A bonus for renewals instead of full marks",
            executive=aims.sales,
            asked_on=ground.back(6, 9),
            decision="Decide whether the desks' bonus follows renewals from January on.",
            outcome="no",
            decided_on=ground.back(6, 12),
            reason="sales_first",
            evidence="After the quarter.",
            supplied_by="nothing",
            trigger="day",
            trigger_day=ground.back(-3),
        ),
    )
    return assistant
