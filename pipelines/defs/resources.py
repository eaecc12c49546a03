"""What assets share: the monitor, built when a run starts from the environment as it is then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import dagster as dg

from pipelines.adapters.warehouse import Warehouse
from pipelines.config import Sources
from pipelines.monitor import Monitor
from pipelines.settings import read_settings

_PATIENCE = 900.0  # seconds: a `presswatch run` from a terminal may be writing


class MonitorResource(dg.ConfigurableResource[None]):
    """The monitor of this run. The clock is read once an asset; no asset reads the environment."""

    def monitor(self) -> Monitor:
        """Settings and sources as they are now."""
        return Monitor.from_settings(read_settings())

    def sources(self) -> Sources:
        """What sources.yaml says."""
        return self.monitor().sources

    @contextmanager
    def writing(self, who: str) -> Iterator[tuple[Monitor, Warehouse, datetime]]:
        """The monitor, the warehouse opened for writing, and the time of this step."""
        monitor = self.monitor()
        with monitor.open_warehouse(who, _PATIENCE) as warehouse:
            yield monitor, warehouse, monitor.settings.clock()


@dg.definitions
def resources() -> dg.Definitions:
    """The one resource, and one process for a run: six small steps cost 0.7 CPU-s so, and 20 with a process each."""
    return dg.Definitions(resources={"presswatch": MonitorResource()}, executor=dg.in_process_executor)
