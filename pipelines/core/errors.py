"""What ends a run, as a tree. What befalls one item is a value instead (`pipelines.core.reasons.Rejected`).

PresswatchError
  ConfigError       sources.yaml or the environment is wrong; says where, all problems at once
  WarehouseError    the database or its folder refused
    WarehouseBusy   another process is writing; says who and since when
  ArchiveError      a WARC file could not be written or read
  PortInUse         a server of ours could not listen
  ClockWentBack     a run was told a time before that of the last publish
  NothingKnown      there is nothing to compose a digest from
  EmbedderFailed    the model of the semantic extra gives no vectors; caught: the query alone decides then
  OlderComposer     a digest was told by a version whose content this one cannot render
  DeliveryError     mail cannot be sent at all as things are set up
"""


class PresswatchError(Exception):
    """A run cannot go on. The message says what, where, and how to mend it, in one line."""


class ConfigError(PresswatchError):
    """`sources.yaml` or the environment is wrong.

    Attributes:
        problems: one line each, `file:line: path: what is wrong`.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class WarehouseError(PresswatchError):
    """The database or its folder refused."""


class WarehouseBusy(WarehouseError):
    """Another process holds the writer's lock."""


class ArchiveError(PresswatchError):
    """A WARC file could not be written or read."""


class PortInUse(PresswatchError):
    """A server of ours could not listen on its port."""


class ClockWentBack(PresswatchError):
    """A run was told a time before that of the last publish; "as of" would no longer be in order."""


class NothingKnown(PresswatchError):
    """There is nothing to compose a digest from."""


class EmbedderFailed(PresswatchError):
    """The model of the semantic extra cannot be loaded, or gives no vectors."""


class OlderComposer(PresswatchError):
    """A digest was told by a version whose content this one cannot render."""


class DeliveryError(PresswatchError):
    """Mail cannot be sent at all as things are set up."""
