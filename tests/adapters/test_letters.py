"""A digest as mail: whole in its text, short enough in its HTML, with the picture it shows and nothing from afar."""

import email
import email.policy
import re
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

from lxml import html

from pipelines.adapters.rendering import LARGEST_MAIL, letter_of, render_digest
from pipelines.core.digest import compose
from tests.adapters.test_rendering import WINDOW, content
from tests.builders import make_brief, make_known, make_record, make_seen_feed, make_told


def mail_of(told: dict[str, Any]) -> EmailMessage:
    return email.message_from_bytes(render_digest(told, "eml"), policy=email.policy.default)


def part(mail: EmailMessage, kind: str) -> Any:
    (found,) = [p for p in mail.walk() if p.get_content_type() == kind]
    return found.get_content()


def busy(articles: int = 5000) -> dict[str, Any]:
    """A day of many articles and feeds in trouble."""
    new = [make_told(n, line_id=n % 900, title=f"Ministers agree on pledge number {n}") for n in range(articles)]
    feeds = [make_seen_feed(feed=f"feed-{n}", trouble="failing", detail="HTTP 500") for n in range(300)]
    daily = {WINDOW.day - timedelta(days=n): n for n in range(1, 20)}
    known = make_known(new, feeds=feeds, record=make_record(daily=daily, watching_since=date(2026, 1, 1)))
    return compose(known, WINDOW, make_brief(), is_first=False)


def test_the_html_of_a_mail_is_never_clipped_and_its_text_has_all() -> None:
    told = busy()
    letter = letter_of(told)
    assert len(letter.html.encode()) < LARGEST_MAIL
    assert all(f"https://outlet-{n}.example/story" in letter.text for n in range(5000))
    assert "see the plain text of this mail" in letter.html
    assert "see the plain text of this mail" not in letter_of(content()).html


def test_a_mail_shows_the_chart_as_a_picture_of_its_own_with_its_words_beside() -> None:
    mail = mail_of(busy(10))
    page = html.document_fromstring(part(mail, "text/html"))
    (picture,) = page.xpath("//img")
    assert picture.get("src") == "cid:volume"
    assert picture.get("alt").startswith("Articles a day from")
    (png,) = [p for p in mail.walk() if p.get_content_type() == "image/png"]
    assert png["Content-ID"] == "<volume>"
    assert png.get_content().startswith(b"\x89PNG")


def test_nothing_in_a_mail_comes_from_afar() -> None:
    page = part(mail_of(busy(10)), "text/html")
    assert set(re.findall(r'src="([^"]*)"', page)) == {"cid:volume"}
    assert not re.search(r"<(?:script|link|iframe|object|video|audio)\b|@import|url\(", page)


def test_styles_stand_on_the_elements_and_dark_mode_in_the_sheet() -> None:
    page = part(mail_of(content()), "text/html")
    tree = html.document_fromstring(page)
    assert all(h.get("style") for h in tree.xpath("//h1 | //h2 | //a"))
    assert "prefers-color-scheme: dark" in page


def test_a_mail_kept_for_the_record_names_no_reader_and_is_the_same_bytes_each_time() -> None:
    told = content()
    mail = mail_of(told)
    assert mail["To"] == "undisclosed-recipients:;"
    assert mail["Subject"] == "Summit watch: Tuesday 24 November 2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert render_digest(told, "eml") == render_digest(told, "eml")


def test_its_text_is_the_text_of_the_digest() -> None:
    told = content()
    assert part(mail_of(told), "text/plain").splitlines() == render_digest(told, "text").decode().splitlines()
