"""The one reader of the environment. Everything else is handed values.

| variable | means |
|---|---|
| `PRESSWATCH_SOURCES` | the file of sources, default `sources.yaml` |
| `PRESSWATCH_WAREHOUSE` | the folder of all state, default `warehouse/` |
| `PRESSWATCH_HOSTS` | for a demo or a test: `press.test=127.0.0.1:8123` leads that name and all under it there |
| `PRESSWATCH_SMTP` | the mail server, like `smtps://USER@HOST:465` or `smtp+starttls://USER@HOST:587` |
| `PRESSWATCH_SMTP_PASSWORD` | its password |
| `PRESSWATCH_NOW` | for a demo or a test: the time that runs are told, ISO 8601 with offset |

`PRESSWATCH_HOSTS` opens the guard against private addresses for exactly the address and port it names.
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pipelines.core.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedHost:
    """A name (and all names under it) that leads to one address and port."""

    name: str
    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over.

    Attributes:
        security: tls from the first byte, starttls before anything is said, or none.
    """

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment and the command line say.

    Attributes:
        now: a fixed time for every run; None: the machine's clock.
    """

    sources: Path = Path("sources.yaml")
    warehouse: Path = Path("warehouse")
    hosts: tuple[MappedHost, ...] = ()
    now: datetime | None = None
    mail: MailServer | None = None

    def clock(self) -> datetime:
        """The time of a run, aware and in UTC. Called once per run, at the edge."""
        return self.now if self.now is not None else datetime.now(UTC)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment.

    Raises:
        ConfigError: with every variable that cannot be read.
    """
    env = os.environ if environment is None else environment
    problems: list[str] = []
    hosts = tuple(h for h in (_host(part, problems) for part in env.get("PRESSWATCH_HOSTS", "").split(",")) if h)
    now = _now(env.get("PRESSWATCH_NOW"), problems)
    mail = _mail(env.get("PRESSWATCH_SMTP"), env.get("PRESSWATCH_SMTP_PASSWORD"), problems)
    if problems:
        raise ConfigError(problems)
    return Settings(
        sources=Path(env.get("PRESSWATCH_SOURCES") or "sources.yaml"),
        warehouse=Path(env.get("PRESSWATCH_WAREHOUSE") or "warehouse"),
        hosts=hosts,
        now=now,
        mail=mail,
    )


def _host(text: str, problems: list[str]) -> MappedHost | None:
    if not text.strip():
        return None
    name, _, target = text.strip().partition("=")
    address, _, port = target.rpartition(":")
    if name and _is_address(address) and port.isdecimal() and 0 < int(port[:6]) < 1 << 16:
        return MappedHost(name=name.lower(), address=address, port=int(port))
    problems.append(f"PRESSWATCH_HOSTS: {text!r} is not NAME=ADDRESS:PORT, like press.test=127.0.0.1:8123")
    return None


_SECURITY: dict[str, tuple[Literal["tls", "starttls", "none"], int]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("none", 25),
}


def _mail(text: str | None, password: str | None, problems: list[str]) -> MailServer | None:
    """A mail server. Nothing is sent in the clear to another machine, a password least of all."""
    if not text:
        return None
    parts = urlsplit(text)
    try:
        security, port = _SECURITY[parts.scheme]
        host, port = parts.hostname or "", parts.port or port
    except (KeyError, ValueError):
        host = ""
    if not host:
        problems.append("PRESSWATCH_SMTP: write it like smtps://USER@HOST:465 or smtp+starttls://USER@HOST:587")
        return None
    if security == "none" and not (
        host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
    ):
        problems.append(f"PRESSWATCH_SMTP: {host} is another machine; say smtps:// or smtp+starttls://")
        return None
    user = unquote(parts.username) if parts.username else None
    return MailServer(host=host, port=port, security=security, user=user, password=password)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _now(text: str | None, problems: list[str]) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        problems.append(f"PRESSWATCH_NOW: {text!r} is not a time with an offset, like 2026-11-10T06:30+01:00")
        return None
    return moment.astimezone(UTC)
