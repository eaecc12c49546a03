"""A demo press that stands still at one evening, and the environment that leads Dagster's assets to it."""

from collections.abc import Iterator

import pytest

from pipelines.demo.play import prepare, settings_for
from pipelines.demo.press import ALL_FAULTS, Fault, Press
from pipelines.demo.server import PressServer
from pipelines.demo.world import moment
from pipelines.monitor import Monitor

EVENING = moment("d2 18:30")


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """The demo's monitor, with its press open, and the environment set for this module."""
    folder = tmp_path_factory.mktemp("dagster")
    press = Press.load(ALL_FAULTS - {Fault.SLOW_DRIP})
    with PressServer(press, EVENING) as server, pytest.MonkeyPatch.context() as patch:
        made = prepare(folder, server.port)
        for name, value in settings_for(made, EVENING).items():
            patch.setenv(name, value)
        yield made
