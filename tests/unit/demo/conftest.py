"""Two worlds: the default company, and a large one in which chance hardly matters."""

import pytest

from cxdash.demo import World, simulate


@pytest.fixture(scope="session")
def company() -> World:
    return simulate()


@pytest.fixture(scope="session")
def large() -> World:
    return simulate(customers=8000, seed=11)
