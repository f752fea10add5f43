"""Every kind of entry can be drawn, listed and referred to as it says of itself."""

import dataclasses

import pytest

from cxdash.register.kinds import KINDS
from cxdash.register.records import specs

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.KIND)


@ALL
def test_a_kind_says_what_it_is_how_it_is_called_and_what_an_entry_is_called_by(kind):
    assert kind.__doc__.splitlines()[0].endswith(".")
    assert kind.NAMED
    assert kind.SHOWN_BY in specs(kind)


@ALL
def test_every_field_of_a_kind_has_its_words(kind):
    assert {one.name for one in dataclasses.fields(kind)} == set(specs(kind))
    for name, spec in specs(kind).items():
        assert spec.label, name
        assert spec.kind != "choice" or spec.choices, name


@ALL
def test_whatever_is_referred_to_is_a_kind(kind):
    assert {spec.refers for spec in specs(kind).values() if spec.refers} <= set(KINDS)


@ALL
def test_an_empty_entry_of_a_kind_can_be_drawn_whatever_it_closes(kind):
    """The form of a new entry asks which fields are not asked yet before anything is filled."""
    empty = kind(**{name: spec.empty for name, spec in specs(kind).items()})
    assert set(empty.closed()) <= set(specs(kind))
