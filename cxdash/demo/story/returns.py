"""The case that was approved, what it promised and brought, and what is claimed and paid for."""

from decimal import Decimal
from typing import Final

from cxdash.demo.pilots import IDLE_MONTHS
from cxdash.demo.story.aims import CX, Aims
from cxdash.demo.story.diary import Diary
from cxdash.demo.story.ground import Ground
from cxdash.demo.story.trying import Tried
from cxdash.register.kinds.cases import Case, CaseLine, Promise, Realised
from cxdash.register.kinds.ledger import Claim, Funding, SignOff
from cxdash.register.kinds.room import Ask

__all__ = ["returns"]

_CONTROLLER: Final = "Finance controller"
_SERVICE: Final = "Head of service"
_CONTACT_COST: Final = Decimal(96_000)
_MARGIN: Final = Decimal("0.7")


def returns(diary: Diary, ground: Ground, aims: Aims, tried: Tried) -> None:
    """Enter the approved case and its record, the case that is open, claims and budgets.

    Where the contact kept nothing by the day it was read, in a small company of another seed,
    nobody approved it.
    """
    worked = ground.kept_a_month(ground.read_on) > 0
    if worked:
        _approved(diary, ground, aims, tried)
    _open(diary, ground, aims, tried)
    _claims(diary, ground, tried, worked=worked)
    _funding(diary, ground, aims)
    _signed(diary, ground)


def _approved(diary: Diary, ground: Ground, aims: Aims, tried: Tried) -> None:
    """The no came back as a yes once the pilot was read."""
    case = diary.enter(
        ground.back(2, 2),
        CX,
        Case(
            name="Keep the named contact for the accounts that have it",
            starts=ground.read_on,
            years=2,
            discount_rate=0.1,
            margin=float(_MARGIN),
            initiative=tried.contact,
            goal=aims.keep,
        ),
    )
    kept = diary.enter(
        ground.back(2, 2),
        CX,
        CaseLine(
            case=case,
            name="Fewer accounts lost",
            side="save",
            line="retention",
            first_year=1,
            last_year=2,
            source="pilot",
            pilot=tried.contact_pilot,
            reach=ground.members,
        ),
    )
    paid = diary.enter(
        ground.back(2, 2),
        CX,
        CaseLine(
            case=case,
            name="One person and a half who know the accounts",
            side="cost",
            line="cost",
            first_year=1,
            last_year=2,
            source="assertion",
            amount=_CONTACT_COST,
            low=Decimal(90_000),
            high=Decimal(110_000),
        ),
    )
    diary.enter(
        ground.back(2, 8),
        CX,
        Ask(
            title="Keep the named contact where it was tried",
            executive=aims.finance,
            asked_on=ground.back(2, 8),
            decision="Decide whether to keep the named contact for the accounts of the pilot, for "
            "96,000 a year.",
            amount=_CONTACT_COST,
            outcome="yes",
            decided_on=ground.back(2, 10),
            supplied_by="pilot",
            pilot=tried.contact_pilot,
            case=case,
            follows=tried.refused,
        ),
    )
    _promised(diary, ground, case, kept, paid)
    for line, amount, says in (
        (kept, _since(ground) * _MARGIN, "Contracts that still run, beside the control group"),
        (paid, _CONTACT_COST / 4, "Salaries of the cost centre"),
    ):  # fmt: skip
        diary.enter(
            ground.end,
            _CONTROLLER,
            Realised(case_line=line, after="3", amount=amount.quantize(Decimal(1)), says=says),
        )


def _promised(diary: Diary, ground: Ground, case: str, kept: str, paid: str) -> None:
    """The approval: case and lines frozen, and what they promised that day written down."""
    on = ground.back(2, 10)
    won = [end * _MARGIN for end in ground.won_a_year()]
    diary.freeze(on, CX, case, Case)
    for line, (amount, low, high), grade in (
        (kept, won, "A"),
        (paid, (_CONTACT_COST, Decimal(90_000), Decimal(110_000)), "F"),
    ):
        diary.freeze(on, CX, line, CaseLine)
        promise = diary.enter(
            on,
            CX,
            Promise(
                case_line=line,
                approved_on=on,
                amount=amount.quantize(Decimal(1)),
                low=low.quantize(Decimal(1)),
                high=high.quantize(Decimal(1)),
                grade=grade,
            ),
        )
        diary.freeze(on, CX, promise, Promise)


def _since(ground: Ground) -> Decimal:
    """What the contact kept in the three months since the pilot was read."""
    return sum((ground.kept_a_month(ground.back(back)) for back in (2, 1, 0)), Decimal(0))


def _open(diary: Diary, ground: Ground, aims: Aims, tried: Tried) -> None:
    """What is asked now: the same for every account, with the record of the first case."""
    asked = ground.end
    case = diary.enter(
        asked,
        CX,
        Case(
            name="A named contact for every account",
            starts=ground.back(-1),
            years=3,
            discount_rate=0.1,
            margin=float(_MARGIN),
            initiative=tried.contact,
            goal=aims.keep,
            rating="nps",
            cost_per_point=Decimal(250_000),
        ),
    )
    diary.enter(
        asked,
        CX,
        CaseLine(
            case=case,
            name="Fewer accounts lost",
            side="save",
            line="retention",
            first_year=1,
            last_year=3,
            source="pilot",
            pilot=tried.contact_pilot,
            reach=ground.customers - ground.members,
        ),
    )
    diary.enter(
        asked,
        CX,
        CaseLine(
            case=case,
            name="Accounts that know somebody buy more",
            side="make",
            line="revenue",
            first_year=1,
            last_year=3,
            source="assertion",
            amount=Decimal(60_000),
            low=Decimal(0),
            high=Decimal(120_000),
            citation="Account desks, asked in June",
        ),
    )
    for name, first, last, amount, low, high in (
        ("Hiring and training", 0, 0, 60_000, 50_000, 80_000),
        ("Seven people who know the accounts", 1, 3, 480_000, 450_000, 530_000),
    ):
        diary.enter(
            asked,
            CX,
            CaseLine(
                case=case,
                name=name,
                side="cost",
                line="cost",
                first_year=first,
                last_year=last,
                source="assertion",
                amount=Decimal(amount),
                low=Decimal(low),
                high=Decimal(high),
            ),
        )
    diary.enter(
        asked,
        CX,
        Ask(
            title="A named contact for every account",
            executive=aims.finance,
            asked_on=asked,
            decision="Decide by the end of next month whether every account gets a contact it "
            "knows by name, for 480,000 a year.",
            amount=Decimal(480_000),
            outcome="open",
            pilot=tried.contact_pilot,
            case=case,
            follows=tried.refused,
        ),
    )


def _claims(diary: Diary, ground: Ground, tried: Tried, *, worked: bool) -> None:
    """What the teams say they delivered, what became of it included."""
    if worked:
        diary.enter(
            ground.end,
            CX,
            Claim(
                delivered="Fewer accounts with a named contact left",
                initiative=tried.contact,
                line="retention",
                month=ground.back(2),
                until=ground.end,
                amount=ground.kept_a_month(ground.read_on),
                source="pilot",
                pilot=tried.contact_pilot,
                team="Service",
                cx_role="recommended",
            ),
        )
    diary.enter(
        ground.back(3, 20),
        "Marketing",
        Claim(
            delivered="Fewer accounts left after the monthly check-in",
            initiative=tried.mail,
            line="retention",
            month=ground.back(IDLE_MONTHS - 1),
            until=ground.back(3),
            amount=Decimal(12_000),
            source="pilot",
            pilot=tried.mail_pilot,
            team="Marketing",
            cx_role="found",
            note="Claimed in March, before the pilot was read.",
        ),
    )
    diary.enter(
        ground.back(1, 6),
        _SERVICE,
        Claim(
            delivered="Fewer calls because accounts ask their contact",
            initiative=tried.contact,
            line="cost",
            month=ground.back(2),
            until=ground.end,
            amount=Decimal(900),
            source="assertion",
            team="Service",
            cx_role="coordinated",
        ),
    )


def _funding(diary: Diary, ground: Ground, aims: Aims) -> None:
    for name, amount, months, until, status in (
        ("Customer experience team", 210_000, 11, 0, "granted"),
        ("Pilots of the year", 114_000, 11, 0, "granted"),
        ("Customer experience team, next half-year", 105_000, -1, -6, "at_risk"),
    ):
        diary.enter(
            ground.back(12),
            _CONTROLLER,
            Funding(
                name=name,
                amount=Decimal(amount),
                starts=ground.back(months),
                ends=ground.back(until, 28),
                status=status,
                granted_by=aims.finance,
            ),
        )


def _signed(diary: Diary, ground: Ground) -> None:
    """Finance signs its own total of the last month, for the data as it is loaded."""
    total = ground.books()
    diary.enter(
        ground.end,
        _CONTROLLER,
        SignOff(
            month=ground.end,
            line="revenue",
            total=total,
            signed_by=_CONTROLLER,
            loaded=float(total),
            loaded_version=ground.view.loaded_version,
        ),
    )
