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


def test_nobody_outside_waits_for_somebody_slow_inside():
    """Between two tries to be alone the gate is open, and who comes later goes in."""
    gate, go, inside, passed, order = (
        Gate(),
        threading.Event(),
        threading.Event(),
        threading.Event(),
        [],
    )

    def read():
        with gate.passing():
            inside.set()
            assert go.wait(60)

    def swap():
        with gate.alone(0.01, tries=10_000):
            order.append("alone")

    def come_later():
        with gate._changed:
            gate._changed.wait_for(lambda: gate._shut, 10)
        with gate.passing():
            order.append("passed")
            passed.set()

    threads = [threading.Thread(target=what) for what in (read, come_later, swap)]
    threads[0].start()
    assert inside.wait(10)
    for thread in threads[1:]:
        thread.start()
    assert passed.wait(20)
    go.set()
    for thread in threads:
        thread.join(20)
    assert order == ["passed", "alone"]
