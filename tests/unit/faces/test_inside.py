"""What the gate relies on of Streamlit's inside; a new version that breaks it is told here."""

import json
import re

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette import starlette_app_utils, starlette_websocket

from cxdash.faces.web import inside

SECRET = "a secret of this test alone"  # noqa: S105


@pytest.fixture
def signed(monkeypatch):
    """A cookie as Streamlit makes it."""
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: SECRET)

    def make(secret=SECRET, **claims):
        text = json.dumps({"is_logged_in": True, **claims})
        name = inside.AUTH_COOKIES[0]
        return {name: starlette_app_utils.create_signed_value(secret, name, text).decode()}

    return make


def message(**parts):
    made = BackMsg()
    for name, value in parts.items():
        setattr(made.rerun_script, name, value)
    made.rerun_script.SetInParent()
    return made


def test_a_cookie_that_bears_our_signature_tells_who_it_is(signed):
    assert inside.claims(signed(sub="u1"))["sub"] == "u1"


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: f"x{text}", lambda _: ""])
def test_a_cookie_that_was_changed_tells_nothing(signed, change):
    ((name, value),) = signed(sub="u1").items()
    assert inside.claims({name: change(value)}) == {}


def test_a_cookie_signed_with_another_secret_tells_nothing(signed):
    assert inside.claims(signed("another secret", sub="u1")) == {}
    assert inside.claims(signed(sub="u1", is_logged_in=False)) == {}
    assert inside.claims({}) == {}


def test_the_identity_is_all_parts_of_the_cookie_and_no_other_cookie():
    whole = inside.identity({"_streamlit_user": "a", "_streamlit_user_1": "b"})
    assert whole == inside.identity(
        {"_streamlit_user_1": "b", "_streamlit_user": "a", "_streamlit_user_tokens": "c", "x": "d"}
    )
    assert whole != inside.identity({"_streamlit_user": "a"})
    assert inside.identity({"x": "d"}) == ""


def test_the_kinds_of_messages_that_pass_are_kinds_there_are():
    known = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert known > inside.USUAL
    assert {"clear_cache", "debug_shutdown_runtime"} <= known - inside.USUAL


def test_a_page_that_polls_is_told_from_a_click():
    assert inside.heard(message().SerializeToString()).click
    polls = inside.heard(message(is_auto_rerun=True).SerializeToString())
    assert polls.runs
    assert not polls.click


@pytest.mark.parametrize("frame", [b"", b"\xff\xff\xff", b"a text"])
def test_what_is_no_message_is_nobodys_click(frame):
    found = inside.heard(frame)
    assert (found.kind, found.click, found.runs) == ("", False, False)


def test_a_page_run_from_the_top_keeps_its_place_and_loses_what_was_pressed():
    made = message(page_script_hash="h", query_string="a=1", fragment_id="f")
    made.rerun_script.widget_states.widgets.add(id="button", trigger_value=True)
    left = BackMsg.FromString(inside.from_the_top(made.SerializeToString())).rerun_script
    assert (left.page_script_hash, left.query_string) == ("h", "a=1")
    assert left.fragment_id == ""
    assert not left.widget_states.widgets


def test_the_page_of_streamlit_holds_one_script_of_its_own():
    assert inside.index_page().count("<script>") == 1


@pytest.mark.parametrize("name", ["SourceSansVF-Up", "SourceSerifV*Roman"])
def test_the_typefaces_lie_where_everybody_may_fetch_them(name):
    assert re.fullmatch(r"/static/media/Source[\w.-]+\.woff2", inside.font(name))


def test_uploads_lie_where_they_are_counted():
    manager = MemoryUploadedFileManager("/upload")
    assert dict(manager.file_storage) == {}
    assert inside.bytes_held("nobody") == 0
