"""Finance signs a month by name: what is loaded stands beside what is signed."""

from decimal import Decimal

import streamlit as st

from cxdash.access import Action
from cxdash.faces.web import forms, state, words
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may
from cxdash.facts.format import month
from cxdash.questions.reconcile.signing import Signable, to_sign
from cxdash.register.kinds.ledger import SIGNED, SignOff

__all__ = ["sign"]

_KEY = "sign-a-month"


def sign() -> None:
    """The form of a signature, for visitors who may decide; nothing for others."""
    if not may(Action.DECIDE):
        return
    offered = to_sign(state.database())
    if not offered:
        return
    words.section("Sign a month", "sign")
    if st.session_state.pop(f"{_KEY}-done", False):
        words.notice(["Signed. It stands until a file is loaded or an import is undone."], "signed")
    left, right = st.columns(2, gap="medium")
    days = list(dict.fromkeys(day for day, _ in offered))
    day = left.selectbox("Month", days, format_func=month, key=f"{_KEY}-month")
    line = right.selectbox(
        "What is signed", list(SIGNED), format_func=lambda name: SIGNED[name], key=f"{_KEY}-line"
    )
    chosen = offered[day, line]
    st.markdown(md(_said(chosen)))
    saved = forms.entry_form(
        SignOff,
        preset={
            "month": chosen.month,
            "line": chosen.line,
            "currency": chosen.currency or "",
            "total": chosen.control,
            "loaded": float(chosen.loaded),
            "loaded_version": chosen.loaded_version,
        },
        key=f"{_KEY}-{day:%Y-%m}-{line}-{chosen.loaded_version}",
        fields=("total", "signed_by", "note"),
        save="Sign",
    )
    if saved is not None:
        st.session_state[f"{_KEY}-done"] = True
        st.rerun()


def _said(chosen: Signable) -> str:
    said = f"Loaded here: {_exact(chosen.loaded, chosen.currency)}."
    if chosen.control is not None:
        said += f" Finance's total so far: {_exact(chosen.control, chosen.currency)}."
    return said


def _exact(figure: Decimal, currency: str | None) -> str:
    """To the cent, as whoever signs it has it in the books."""
    return f"{figure:,.2f} {currency}" if currency else f"{figure:,.0f}"
