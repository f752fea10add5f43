"""An open page: only a person's acts are clicks, and silence does not outlive a sign-in."""

import anyio
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cxdash.access import Actor, Role
from cxdash.access.sessions import Standing, State
from cxdash.faces.web.watch import CLOSED, Watch

ANN = Standing(State.GOOD, Actor("ann", frozenset({Role.ANALYST}), 1), 1)
LESS = Standing(State.GOOD, Actor("ann", frozenset({Role.VIEWER}), 1), 1)
IDLE = Standing(State.IDLE, Actor("ann", frozenset(), 1), 1)
ALWAYS = 3_600.0


def frame(kind, **parts):
    made = BackMsg()
    if kind == "rerun_script":
        made.rerun_script.SetInParent()
        for name, value in parts.items():
            setattr(made.rerun_script, name, value)
    elif kind == "file_urls_request":
        made.file_urls_request.request_id = "1"
    elif kind == "deferred_file":
        made.backend_operation_request.deferred_file.file_id = "1"
    elif kind == "dataframe_chunk":
        made.backend_operation_request.dataframe_chunk.offset = 1
    else:
        setattr(made, kind, True)
    return made.SerializeToString()


RUN = frame("rerun_script", page_script_hash="worth")


class Open:
    """A page that says ``frames`` and then nothing more; ``standing`` may be changed meanwhile."""

    def __init__(self, *frames, every=ALWAYS, who=ANN):
        self.frames = [{"type": "websocket.receive", "bytes": one} for one in frames]
        self.standing = who
        self.clicks = []
        self.sent = []
        self.watch = Watch(who, self.receive, self.send, look=self.look, every=every)

    async def receive(self):
        if not self.frames:
            await anyio.sleep_forever()
        return self.frames.pop(0)

    async def send(self, message):
        self.sent.append(message)

    async def look(self, clicked):
        self.clicks.append(clicked)
        return self.standing

    def next(self):
        return anyio.run(self.watch)


def told(message):
    return BackMsg.FromString(message["bytes"]).rerun_script


@pytest.mark.parametrize(
    ("said", "click"),
    [
        (frame("app_heartbeat"), False),
        (frame("rerun_script", is_auto_rerun=True), False),
        (frame("dataframe_chunk"), False),
        (b"\xff\xff", False),
        (frame("rerun_script"), True),
        (frame("stop_script"), True),
        (frame("file_urls_request"), True),
        (frame("deferred_file"), True),
    ],
)
def test_only_what_a_person_does_is_a_click(said, click):
    page = Open(RUN, said)
    page.next()
    page.next()
    assert page.clicks == [False, click]


def test_the_first_run_on_a_socket_is_no_click_because_a_browser_reconnects_by_itself():
    page = Open(frame("app_heartbeat"), RUN, RUN)
    for _ in range(3):
        page.next()
    assert page.clicks == [False, False, True]


@pytest.mark.parametrize(
    "said",
    [
        frame("app_heartbeat"),
        frame("rerun_script", fragment_id="f", page_script_hash="worth"),
    ],
)
def test_where_a_sign_in_has_ended_any_message_brings_the_page_to_say_so_and_the_next_closes(said):
    page = Open(RUN, said, RUN)
    page.next()
    page.standing = IDLE
    shown = told(page.next())
    assert (shown.page_script_hash, shown.fragment_id) == ("worth", "")
    assert page.next() == {"type": "websocket.disconnect", "code": CLOSED}
    told_to, closed = page.sent
    assert ForwardMsg.FromString(told_to["bytes"]).WhichOneof("type") == "auth_redirect"
    assert closed["code"] == CLOSED


def test_a_page_that_says_nothing_is_run_anew_once_when_its_sign_in_ends():
    page = Open(RUN, every=0.001)
    page.next()
    page.standing = IDLE
    assert told(page.next()).page_script_hash == "worth"

    async def waits():
        with anyio.move_on_after(0.05):
            await page.watch()
            return "said something"
        return "said nothing"

    assert anyio.run(waits) == "said nothing"
    assert page.sent == []


def test_a_page_that_says_nothing_is_run_anew_for_another_role_and_stays_open():
    page = Open(RUN, every=0.001)
    page.next()
    page.standing = LESS
    assert told(page.next()).page_script_hash == "worth"
    page.frames.append({"type": "websocket.receive", "bytes": RUN})
    assert page.next()["bytes"] == RUN


def test_what_no_page_of_ours_sends_is_not_handed_on():
    page = Open(frame("clear_cache"), frame("debug_shutdown_runtime"), RUN)
    assert page.next()["bytes"] == RUN


def test_who_may_not_take_data_out_makes_no_download_of_somebody_else():
    viewer = Open(frame("deferred_file"), RUN, who=LESS)
    assert viewer.next()["bytes"] == RUN
    analyst = Open(frame("deferred_file"), RUN)
    assert analyst.next()["bytes"] == frame("deferred_file")
