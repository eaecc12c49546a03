"""A mail server on loopback that notes what it was given, and can be unwilling, slow to answer, or deadly."""

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class PostOffice:
    """What arrived, and how the server behaves.

    Attributes:
        refuses: recipient -> answer to RCPT.
        answers: to DATA, after the letter was taken or not.
        kills: a process that dies once its letter is here, before it hears so.
    """

    arrived: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    answer: str = "250 taken"
    drops: bool = False
    kills: list[int] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.answer.startswith("2"):
            self.arrived.append(message_from_bytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        while self.kills:
            os.kill(self.kills.pop(), signal.SIGKILL)
        if self.drops:
            server.transport.abort()
        return self.answer

    def ids(self) -> list[str]:
        return [str(m["Message-ID"]) for m in self.arrived]


@contextmanager
def opened(office: PostOffice, **options: Any) -> Iterator[int]:
    """The server's port."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for localhost, and the file that a client must trust."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30000", "-keyout", str(key)]
    subprocess.run([*command, "-out", str(cert), *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def only(user: str, password: str) -> Any:
    """An authenticator that knows one reader."""

    def check(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = mechanism in {"LOGIN", "PLAIN"} and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return check
