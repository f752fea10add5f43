"""The parts of the Access page: people and their roles, sign-ins, the audit log."""

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdash.access import Role, audit, people, sessions
from cxdash.access.people import Person
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, signin, tables, words
from cxdash.faces.web.escape import md, plain
from cxdash.facts.format import counted

__all__ = ["log", "people_table", "sign_ins"]

_NO_ROLE: Final = "no role"
_GIVEN: Final = {
    "provider": "the sign-in provider",
    "configuration": "the configuration",
    "person": "an admin",
}
_NO_SIGN_IN: Final = (
    "There is no sign-in. Whoever uses this machine may see, load and take out everything, and is "
    "called local in the log below."
)
_ROLES: Final = (
    "A viewer reads the answers. An analyst also sees single customers, loads files, takes data "
    "out and writes decisions down. An admin may do everything. A change counts at the person's "
    "next click."
)
_SHOWN: Final = 100  # lines of the log


def people_table() -> None:
    """Everyone who ever signed in, and the ways to change what they may do."""
    if not signin.configuration().sign_in:
        words.notice([_NO_SIGN_IN], "no-sign-in")
        return
    found = people.people(signin.book())
    tables.text_table(
        ["Who", "Role", "Given by", "State", "First signed in (UTC)"],
        [
            [
                plain(one.name, 80),
                one.role.value if one.role else _NO_ROLE,
                _GIVEN[one.given_by],
                "shut out" if one.disabled else "may come in",
                _moment(one.created),
            ]
            for one in found
        ],
        key="people",
    )
    _changes(found)


def _changes(found: list[Person]) -> None:
    names = {one.person_id: plain(one.name, 80) for one in found}
    st.markdown(_ROLES)
    with st.container(horizontal=True, vertical_alignment="bottom", key="change-person"):
        number = st.selectbox(
            "Person",
            list(names),
            index=None,
            placeholder="Choose a person",
            format_func=names.__getitem__,
            key="person",
            width=320,
        )
        chosen = next((one for one in found if one.person_id == number), None)
        nobody = chosen is None
        roles = [*(role.value for role in Role), _NO_ROLE]
        role = st.selectbox("Role", roles, key="person-role", width=160, disabled=nobody)
        give = st.button("Give this role", key="give-role", disabled=nobody)
        shut = chosen is not None and chosen.disabled
        bar = st.button("Let in" if shut else "Shut out", key="shut-out", disabled=nobody)
        end = st.button("End all sign-ins", key="end-sign-ins", disabled=nobody)
    if chosen is None or not (give or bar or end):
        return
    try:
        if give:
            deeds.give_role(chosen, Role.named(role))
        elif bar:
            deeds.shut_out(chosen, disabled=not shut)
        else:
            deeds.end_sign_ins(chosen)
    except CxdashError as error:
        words.problem(error, "people")
    else:
        st.rerun()


def sign_ins() -> None:
    """Sign-ins that last, the one used last first."""
    configuration = signin.configuration()
    live = sessions.live(signin.book(), configuration.settings, datetime.now(UTC))
    if not live:
        st.markdown("Nobody is signed in.")
        return
    tables.text_table(
        ["Who", "Since (UTC)", "Last click (UTC)"],
        [[plain(one.name, 80), _moment(one.issued), _moment(one.last_seen)] for one in live],
        key="sign-ins",
    )


def log() -> None:
    """Whether the log is whole, its newest lines, and all of it as a file."""
    book = signin.book()
    verdict = audit.verify(book)
    if verdict.whole:
        st.markdown(md(verdict.sentence))
    else:
        words.notice([verdict.sentence], "audit-broken")
    newest = audit.entries(book, newest=_SHOWN)
    tables.text_table(
        ["When (UTC)", "Who", "Role", "Did", "What"],
        [
            [
                one.at[:19].replace("T", " "),
                plain(one.actor, 80),
                one.role,
                audit.written(one),
                plain(_what(one), 200),
            ]
            for one in newest
        ],
        key="audit",
    )
    if verdict.entries > len(newest):
        shown = counted(len(newest), "newest line is", "newest lines are")
        st.markdown(md(f"The {shown} shown; the file holds all {verdict.entries:,}."))
    st.download_button(
        "Download the whole log (CSV)",
        data=deeds.audit_log(),
        file_name="audit-log.csv",
        mime="text/csv",
        key="download-audit",
        on_click="ignore",
    )


def _what(one: audit.Entry) -> str:
    """What it was about; the name of the right that was missing is for programs."""
    refused = one.action == audit.Event.REFUSED.name
    return one.what.partition(": ")[2] if refused else one.what


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
