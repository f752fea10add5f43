"""What does the configuration say about access? The section [access] of the secrets, checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from cxdash.access.roles import Role
from cxdash.errors import UsageError

__all__ = ["Settings", "address", "offered"]

_LISTS: Final = {"admins": Role.ADMIN, "analysts": Role.ANALYST, "viewers": Role.VIEWER}
_MOST_HOURS: Final = 24 * 7


@dataclass(frozen=True, slots=True)
class Settings:
    """Who gets which role, and how long a sign-in lasts.

    Attributes
    ----------
    listed
        Role of each e-mail address or subject named in the configuration, in lower case.
    claim
        Name of the claim that holds roles or groups; dots lead into nested claims.
    claim_roles
        Role of each value of that claim; a value that is the name of a role stands for itself.
    unverified_email
        Whether an address counts that the provider does not say it has verified.
    longest, idle
        A sign-in ends after ``longest`` in any case, and after ``idle`` without a click.
    hosts
        Further names under which the app may be addressed.
    """

    listed: Mapping[str, Role] = field(default_factory=dict)
    claim: str = "roles"
    claim_roles: Mapping[str, Role] = field(default_factory=dict)
    unverified_email: bool = False
    longest: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(hours=2)
    hosts: tuple[str, ...] = ()

    @classmethod
    def read(cls, section: Mapping[str, Any]) -> "Settings":
        """From the section [access]; UsageError names what is wrong in it."""
        known = {*_LISTS, "claim", "claim_roles", "unverified_email", "hours", "idle_minutes"}
        unknown = sorted(set(section) - known - {"hosts"})
        if unknown:
            raise _wrong(f"knows no setting {unknown[0]!r}")
        roles = section.get("claim_roles", {})
        if not isinstance(roles, Mapping):
            raise _wrong("wants claim_roles as a table of value = role")
        return cls(
            listed={
                name.casefold(): role
                # The weakest first, so that whoever stands in two lists gets the stronger role.
                for key, role in reversed(_LISTS.items())
                for name in _names(section, key)
            },
            claim=str(section.get("claim", "roles")),
            claim_roles={str(value): _role(name) for value, name in roles.items()},
            unverified_email=section.get("unverified_email", False) is True,
            longest=timedelta(hours=_number(section, "hours", 12, most=_MOST_HOURS)),
            idle=timedelta(minutes=_number(section, "idle_minutes", 120, most=60 * _MOST_HOURS)),
            hosts=_names(section, "hosts"),
        )


def offered(settings: Settings, claims: Mapping[str, Any]) -> tuple[Role | None, str]:
    """The role that configuration and claims give, and which of the two gave it."""
    names = [str(claims.get("sub", "")), address(settings, claims)]
    listed = [
        settings.listed[name.casefold()] for name in names if name.casefold() in settings.listed
    ]
    claimed = [
        role
        for value in _values(claims, settings.claim)
        if (role := settings.claim_roles.get(value) or Role.named(value))
    ]
    best = max([*listed, *claimed], key=lambda role: role.rank, default=None)
    return best, "configuration" if best in listed else "provider"


def address(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The e-mail address of a person as far as it counts; empty unless it does."""
    counts = claims.get("email_verified") is True or settings.unverified_email
    return str(claims.get("email") or "") if counts else ""


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return [found]
    return [str(one) for one in found] if isinstance(found, Iterable) else []


def _names(section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = section.get(key, [])
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise _wrong(f"wants {key} as a list of texts")
    return tuple(name for one in names if (name := str(one).strip()))


def _role(name: Any) -> Role:
    role = Role.named(str(name))
    if role is None:
        raise _wrong(f"knows no role {name!r}; there are viewer, analyst and admin")
    return role


def _number(section: Mapping[str, Any], key: str, default: int, *, most: int) -> float:
    value = section.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise _wrong(f"wants {key} as a number above 0 and at most {most}")
    return float(value)


def _wrong(what: str) -> UsageError:
    return UsageError(
        f"The section [access] of the secrets {what}.",
        state="The app was not started.",
        do_next="Mend the section; README.md shows one that works.",
    )
