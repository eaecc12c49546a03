"""The global options of this call of the command: they come before the command's name."""

from dataclasses import dataclass, field

from pipelines.settings import Settings


@dataclass(slots=True)
class Call:
    """What `presswatch --sources … --warehouse … --json` was told."""

    settings: Settings = field(default_factory=Settings)
    is_json: bool = False


call = Call()
