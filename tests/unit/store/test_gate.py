"""Many pass at once, or one is alone."""

import threading

import pytest

from cxdash.store.gate import Gate


def test_a_thread_inside_may_enter_again_while_somebody_waits_to_be_alone():
    gate, inside, go, order = Gate(), threading.Event(), threading.Event(), []

    def read():
        with gate.passing():
            inside.set()
            assert go.wait(10)
            with gate.passing():
                order.append("read twice")

    def swap():
        with gate.alone(10):
            order.append("alone")

    reader, swapper = threading.Thread(target=read), threading.Thread(target=swap)
    reader.start()
    assert inside.wait(10)
    swapper.start()
    go.set()
    reader.join(10)
    swapper.join(10)
    assert order == ["read twice", "alone"]
    assert gate.is_empty


def test_who_comes_later_waits_for_the_one_who_is_alone():
    gate, order = Gate(), []

    def read():
        with gate.passing():
            order.append("read")

    with gate.alone(1):
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(0.1)
        order.append("alone")
    reader.join(10)
    assert order == ["alone", "read"]


def test_nobody_waits_forever_to_be_alone():
    gate, inside, go = Gate(), threading.Event(), threading.Event()

    def read():
        with gate.passing():
            inside.set()
            go.wait(10)

    reader = threading.Thread(target=read)
    reader.start()
    assert inside.wait(10)
    with pytest.raises(TimeoutError), gate.alone(0.05):
        pass
    go.set()
    reader.join(10)
    with gate.passing():
        assert gate.entered == 1
