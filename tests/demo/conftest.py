"""The press of these tests, loaded once."""

import pytest

from pipelines.demo.press import NO_FAULTS, Press


@pytest.fixture(scope="session")
def press() -> Press:
    """The press as it is by default: everything goes wrong that can, but for the lie."""
    return Press.load()


@pytest.fixture(scope="session")
def calm() -> Press:
    """A press in which nothing goes wrong."""
    return Press.load(NO_FAULTS)
