"""Where the SQL and the shipped `sources.yaml` are: in a checkout at its top, in a wheel inside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """The path of a shipped file or folder, e.g. `warehouse/migrations`."""
    packed = _PACKAGE / "_shipped" / name
    return packed if packed.exists() else _PACKAGE.parent / name
