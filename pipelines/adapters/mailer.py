"""The one door to SMTP: one letter to one reader, over TLS, and what became of it.

connect | TLS | log in | MAIL, RCPT     whatever fails here, nothing was sent
about_to                                the caller writes down that it leaves now
DATA | answer                           no answer: nobody knows
"""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.core.posting import Answer, Outcome
from pipelines.settings import MailServer

_PERMANENT = 500  # RFC 5321 4.2.1: 4yz may be tried again, 5yz not
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Mailer:
    """A mail server, asked anew for each letter: a digest goes to few readers, and each has an outcome of its own."""

    server: MailServer
    time_limit: float = 30.0

    def send(self, letter: bytes, sender: str, recipient: str, about_to: Callable[[], None]) -> Answer:
        """Send one letter. `about_to` is called once, before any of its text leaves."""
        with contextlib.ExitStack() as undo:
            try:
                smtp = self._connected()
                undo.callback(_leave, smtp)
                refused = _envelope(smtp, sender, recipient)
            except (OSError, smtplib.SMTPException) as failed:
                return Answer(outcome=Outcome.WAITING, detail=_told(failed))
            if refused is not None:
                return refused
            about_to()
            return _text(smtp, letter)

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self.time_limit, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.time_limit)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> Answer | None:
    """None where both ends were taken."""
    for code, said in (smtp.mail(sender), smtp.rcpt(recipient)):
        if not 200 <= code < 300:  # noqa: PLR2004 (RFC 5321 4.2.1)
            return _answer(code, said)
    return None


def _text(smtp: smtplib.SMTP, letter: bytes) -> Answer:
    try:
        code, said = smtp.data(letter)
    except smtplib.SMTPDataError as refused:  # the server did not want it: nothing of it left
        return _answer(refused.smtp_code, refused.smtp_error)
    except (OSError, smtplib.SMTPException) as lost:
        return Answer(outcome=Outcome.UNCERTAIN, detail=_told(lost))
    return Answer(outcome=Outcome.SENT, detail=_said(said)) if code < 300 else _answer(code, said)  # noqa: PLR2004 (as above)


def _answer(code: int, said: bytes | str) -> Answer:
    outcome = Outcome.REFUSED if code >= _PERMANENT else Outcome.WAITING
    return Answer(outcome=outcome, detail=f"{code} {_said(said)}")


def _said(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_SHOWN]


def _told(failed: Exception) -> str:
    return f"{type(failed).__name__}: {failed}"[:_SHOWN]


def _leave(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
