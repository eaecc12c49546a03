"""Each fault at its time and not before, and the press without it."""

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trafilatura
from lxml import etree, html

from pipelines.demo.press import ALL_FAULTS, NO_FAULTS, Fault, Kind, Press
from pipelines.demo.world import moment

from .asking import END, all_requests, get, get_feed, links, outlet_of, parsed


def test_a_calm_press_never_fails(calm: Press) -> None:
    for request in all_requests(calm):
        for at in ("d1 12:30", "d2 06:30", "d2 12:30", "d3 06:30", "d5 20:00"):
            response = calm.respond(request, moment(at))
            assert response.status in {200, 404}
            assert response.drip == 0


def test_lying_is_not_among_the_faults_that_are_on(press: Press) -> None:
    assert set(Fault) - ALL_FAULTS == {Fault.LYING_304}
    assert press.faults == ALL_FAULTS


def test_each_article_is_the_victim_of_one_chosen_fault_at_most(press: Press) -> None:
    written = {Fault.SYNDICATION, Fault.CORRECTION, Fault.REMOVED}
    struck = [item.key for fault in Fault if fault not in written for item in press.victims(fault)]
    assert len(struck) == len(set(struck)) == 11


def test_victims_are_the_same_with_and_without_their_fault(press: Press, calm: Press) -> None:
    assert all(press.victims(fault) == calm.victims(fault) for fault in Fault)


@pytest.mark.parametrize(
    ("fault", "feed_id", "status", "before", "first", "last", "after"),
    [
        (Fault.THROTTLED_SECONDS, "diario-puerto-portada", 429, "d2 04:59", "d2 05:00", "d2 09:59", "d2 10:00"),
        (Fault.SERVER_ERROR, "courrier-du-canal-infos", 500, "d2 10:59", "d2 11:00", "d2 13:59", "d2 14:00"),
    ],
)
def test_a_feed_fails_in_its_window_and_only_there(  # noqa: PLR0913, PLR0917 (one column each)
    fault: Fault, feed_id: str, status: int, before: str, first: str, last: str, after: str
) -> None:
    press = Press.load({fault})
    assert [get_feed(press, feed_id, at).status for at in (before, first, last, after)] == [200, status, status, 200]


def test_throttling_in_seconds(press: Press) -> None:
    assert get_feed(press, "diario-puerto-portada", "d2 06:30").header("Retry-After") == "3600"


def test_throttling_with_a_date_strikes_two_pages(press: Press) -> None:
    victims = press.victims(Fault.THROTTLED_DATE)
    assert [item.outlet_id for item in victims] == ["polderpost"] * 2
    for item in victims:
        assert get(press, item.url, moment("d1 10:59")).status == 200
        refused = get(press, item.url, moment("d1 12:30"))
        assert refused.status == 429
        assert parsedate_to_datetime(refused.header("Retry-After") or "") == moment("d1 14:00")
        assert get(press, item.url, moment("d1 14:00")).status == 200


def test_a_page_fails_until_it_is_mended(press: Press) -> None:
    item = press.victim(Fault.SERVER_ERROR)
    assert item.outlet_id == "rheinblatt"
    assert item.published_at < moment("d2 12:30")
    assert get(press, item.url, moment("d2 14:59")).status == 500
    assert get(press, item.url, moment("d2 15:00")).status == 200


def test_a_page_redirects_into_a_private_network(press: Press) -> None:
    item = press.victim(Fault.PRIVATE_REDIRECT)
    response = get(press, item.url, END)
    assert (item.outlet_id, item.kind) == ("harbour-herald", Kind.NEAR_MISS)
    assert (response.status, response.header("Location")) == (302, "http://10.0.0.1/admin")


def test_a_feed_moves_for_good_on_day_3(press: Press) -> None:
    new = "http://gazzetta-lido.press.test/feeds/nuovo.xml"
    assert get_feed(press, "gazzetta-lido-notizie", "d2 23:59").status == 200
    assert get(press, new, moment("d2 23:59")).status == 404
    moved = get_feed(press, "gazzetta-lido-notizie", "d3 00:00")
    assert (moved.status, moved.header("Location")) == (301, "/feeds/nuovo.xml")
    listed = press.listed("gazzetta-lido-notizie", moment("d3 06:30"))
    assert links(get(press, new, moment("d3 06:30"))) == [item.url for item in listed]


def test_a_feed_breaks_inside_a_tag_of_an_item(press: Press) -> None:
    feed_id = "kurier-wislany-wiadomosci"
    whole = get_feed(Press.load(NO_FAULTS), feed_id, "d3 06:30")
    broken = get_feed(press, feed_id, "d3 06:30")
    assert broken.status == 200
    assert whole.body.startswith(broken.body)
    assert broken.body.rindex(b"<") > broken.body.rindex(b">")
    assert 0 < broken.body.count(b"<item>") < whole.body.count(b"<item>")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken.body)
    assert broken.header("ETag") != whole.header("ETag")
    for at in ("d3 04:59", "d3 10:00"):
        assert not parsed(get_feed(press, feed_id, at)).bozo


def test_a_page_drips(press: Press) -> None:
    item = press.victim(Fault.SLOW_DRIP)
    response = get(press, item.url, END)
    assert (item.outlet_id, item.kind) == ("gazzetta-lido", Kind.OFF_TOPIC)
    assert response.drip == pytest.approx(0.3)
    others = [i for i in press.articles if i.key != item.key]
    assert all(get(press, i.url, END).drip == 0 for i in others)


def test_a_page_is_wrong_about_its_charset(press: Press) -> None:
    item = press.victim(Fault.WRONG_CHARSET)
    response = get(press, item.url, END)
    assert response.header("Content-Type") == "text/html; charset=utf-8"
    assert b'<meta charset="utf-8">' in response.body
    with pytest.raises(UnicodeDecodeError):
        response.body.decode("utf-8")
    text = html.fromstring(response.body.decode("windows-1252")).text_content()
    assert all(paragraph in text for paragraph in item.version(END).paragraphs)


def test_a_consent_form_stands_in_place_of_an_article(press: Press, calm: Press) -> None:
    item = press.victim(Fault.CONSENT_WALL)
    response = get(press, item.url, END)
    assert response.status == 200
    assert item.title not in response.body.decode()
    assert item.version(END).paragraphs[0] not in response.body.decode()
    assert item.title in html.fromstring(get(calm, item.url, END).body.decode()).text_content()


def test_a_paywall_shows_the_first_paragraph_only(press: Press) -> None:
    item = press.victim(Fault.PAYWALL)
    page = get(press, item.url, END).body.decode()
    tree = html.fromstring(page)
    first, *others = item.version(END).paragraphs
    assert first in tree.text_content()
    assert not any(other in page for other in others)
    assert json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])["isAccessibleForFree"] is False


def test_links_are_tracked_and_some_lead_to_amp_twins(press: Press) -> None:
    listed = press.listed("meridian-en-europe", END)
    told = links(get_feed(press, "meridian-en-europe", "d5 20:00"))
    assert len(told) == len(listed) >= 3
    assert all(link.endswith("?utm_source=rss&utm_medium=feed") for link in told)
    twins = [link for link in told if "/amp/" in link]
    assert 0 < len(twins) < len(told)
    assert all(get(press, link, END).status == 200 for link in told)
    plain = Press.load(ALL_FAULTS - {Fault.TRACKING_AND_AMP})
    assert links(get_feed(plain, "meridian-en-europe", "d5 20:00")) == [item.url for item in listed]


def test_a_link_stays_the_same_when_newer_ones_come(press: Press) -> None:
    early = links(get_feed(press, "meridian-en-europe", "d2 20:00"))
    assert links(get_feed(press, "meridian-en-europe", "d5 20:00"))[-len(early) :] == early


def test_copies_are_listed_only_with_syndication(press: Press) -> None:
    copy = press.victim(Fault.SYNDICATION)
    without = Press.load(ALL_FAULTS - {Fault.SYNDICATION})
    assert copy in press.articles
    assert all(item.copy_of is None for item in without.articles)
    assert get(without, copy.url, END).status == 404
    assert copy.path not in get(without, f"http://{urlsplit(copy.url).netloc}/", END).body.decode()


def test_a_correction_changes_the_page_its_dates_and_its_validators(press: Press) -> None:
    item = press.victim(Fault.CORRECTION)
    assert item.correction is not None
    at = item.correction.at
    before, after = get(press, item.url, at - timedelta(minutes=1)), get(press, item.url, at)
    assert trafilatura.extract(before.body) != trafilatura.extract(after.body)
    assert before.header("ETag") != after.header("ETag")
    assert parsedate_to_datetime(after.header("Last-Modified") or "") == at
    assert get(press, item.url, at, if_none_match=before.header("ETag") or "").status == 200
    assert get(press, item.url, at, if_modified_since=before.header("Last-Modified") or "").status == 200
    data = json.loads(html.fromstring(after.body.decode()).xpath("//script[@type='application/ld+json']/text()")[0])
    assert data["headline"] == item.correction.title
    assert datetime.fromisoformat(data["dateModified"]) == at
    uncorrected = Press.load(ALL_FAULTS - {Fault.CORRECTION})
    assert get(uncorrected, item.url, END).body == before.body


def test_a_removed_article_is_gone_from_page_feed_and_index(press: Press) -> None:
    item = press.victim(Fault.REMOVED)
    assert item.removed_at is not None
    assert get(press, item.url, item.removed_at - timedelta(minutes=1)).status == 200
    assert get(press, item.url, item.removed_at).status == 410
    feed_id = next(c.feed_id for c in outlet_of(press, item).feeds)
    assert item not in press.listed(feed_id, item.removed_at)
    assert item.path not in get(press, f"http://{urlsplit(item.url).netloc}/", item.removed_at).body.decode()
    assert get(Press.load(ALL_FAULTS - {Fault.REMOVED}), item.url, END).status == 200


def test_a_feed_falls_silent_and_says_so_in_no_way(tmp_path: Path) -> None:
    line = (
        "- {{slug: s{0}, published: {1}, section: town, kind: off_topic, title: T{0}, authors: [], lead: L, text: X}}"
    )
    text = "\n".join(line.format(n, at) for n, at in enumerate(("d2 11:59", "d2 12:01", "d3 08:00")))
    (tmp_path / "harbour-herald.yaml").write_text(text, encoding="utf-8")
    silent, open_ = Press.load({Fault.SILENT_FEED}, tmp_path), Press.load(NO_FAULTS, tmp_path)
    at_noon = get_feed(silent, "harbour-herald-news", "d2 12:00")
    later = get_feed(silent, "harbour-herald-news", "d5 20:00")
    assert (later.body, later.header("ETag")) == (at_noon.body, at_noon.header("ETag"))
    assert get_feed(silent, "harbour-herald-news", "d5 20:00", if_none_match=at_noon.header("ETag") or "").status == 304
    assert len(links(at_noon)) == 1
    assert len(links(get_feed(open_, "harbour-herald-news", "d5 20:00"))) == 3


def test_an_entry_without_a_date_and_one_without_a_title(press: Press) -> None:
    undated, untitled = press.victim(Fault.NO_DATE), press.victim(Fault.NO_TITLE)
    entries = {e.link: e for e in parsed(get_feed(press, "polderpost-nieuws", "d4 20:00")).entries}
    assert [link for link, entry in entries.items() if "published" not in entry] == [undated.url]
    entries = {e.link: e for e in parsed(get_feed(press, "harbour-herald-news", "d4 20:00")).entries}
    assert [link for link, entry in entries.items() if "title" not in entry] == [untitled.url]


def test_a_liar_says_304_to_any_validator(press: Press) -> None:
    liar = Press.load(ALL_FAULTS | {Fault.LYING_304})
    old = get_feed(liar, "polderpost-nieuws", "d1 06:30").header("ETag") or ""
    assert get_feed(press, "polderpost-nieuws", "d4 20:00", if_none_match=old).status == 200
    lie = get_feed(liar, "polderpost-nieuws", "d4 20:00", if_none_match=old)
    assert (lie.status, lie.body, lie.header("ETag")) == (304, b"", old)
    assert get_feed(liar, "polderpost-nieuws", "d4 20:00", if_modified_since="nonsense").status == 304
    assert len(links(get_feed(liar, "polderpost-nieuws", "d4 20:00"))) > len(
        liar.listed("polderpost-nieuws", moment("d1 06:30"))
    )
