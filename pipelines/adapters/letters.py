"""A digest as a letter (RFC 5322): plain text, HTML and the pictures that it shows. The same digest, the same bytes."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter is made of.

    Attributes:
        written_at: for the Date header.
        pictures: PNG bytes by the id that the HTML names as `cid:`.
    """

    letter_id: str
    subject: str
    language: str
    written_at: datetime
    text: str
    html: str  # empty: a letter of text alone
    pictures: dict[str, bytes] = field(default_factory=dict)


def as_eml(
    letter: Letter, *, sender: str = "presswatch@localhost", recipient: str | None = None, message_id: str | None = None
) -> bytes:
    """The letter for one recipient; without one, for keeping. Boundaries are drawn from its id, never by chance."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["From"] = sender
    mail["To"] = recipient or "undisclosed-recipients:;"
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = message_id or f"<{letter.letter_id}@{sender.rpartition('@')[2]}>"
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes, please
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        _add_page(mail, letter)
    return mail.as_bytes()


def _add_page(mail: EmailMessage, letter: Letter) -> None:
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.pictures:
        page = mail.get_payload(1)
        if isinstance(page, MIMEPart):
            for name, png in letter.pictures.items():
                page.add_related(png, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
            page.set_boundary(f"=_{letter.letter_id}_related")
    mail.set_boundary(f"=_{letter.letter_id}_alternative")
