"""The feeds: what each format says, read with the libraries that read the web."""

import json
from calendar import timegm
from datetime import UTC, datetime

import pytest
from lxml import etree

from pipelines.demo.press import Press
from pipelines.demo.world import moment

from .asking import END, NEWS, get, get_feed, links, parsed


def test_every_feed_lists_the_newest_first_and_nothing_from_the_future(calm: Press) -> None:
    for outlet in calm.outlets:
        for channel in outlet.feeds:
            for at in ("d0 06:30", "d1 12:30", "d3 18:30", "d5 20:00"):
                now = moment(at)
                listed = calm.listed(channel.feed_id, now)
                assert links(get(calm, channel.url, now)) == [item.url for item in listed]
                assert all(item.published_at <= now for item in listed)
                assert list(listed) == sorted(listed, key=lambda item: item.published_at, reverse=True)
                assert len(listed) <= 25


def test_a_main_feed_lists_every_article_of_its_outlet(calm: Press) -> None:
    for outlet in calm.outlets:
        listed = calm.listed(outlet.feeds[0].feed_id, END)
        assert set(listed) == {item for item in calm.articles if item.outlet_id == outlet.outlet_id}


def test_five_formats_are_spoken(calm: Press) -> None:
    formats = set()
    for outlet in calm.outlets:
        for channel in outlet.feeds:
            response = get(calm, channel.url, END)
            if (response.header("Content-Type") or "").startswith("application/feed+json"):
                formats.add(json.loads(response.body)["version"])
            elif b"<urlset" in response.body:
                formats.add("news sitemap")
            else:
                document = parsed(response)
                assert not document.bozo, channel.feed_id
                formats.add(document.version)
    assert formats == {"https://jsonfeed.org/version/1.1", "news sitemap", "rss20", "rss10", "atom10"}


def test_xml_feeds_carry_title_summary_authors_and_exact_dates(calm: Press) -> None:
    by_url = {item.url: item for item in calm.articles}
    for feed_id in ("meridian-fr-une", "courrier-du-canal-infos", "meridian-de-aktuell", "gazzetta-lido-notizie"):
        for entry in parsed(get_feed(calm, feed_id, "d5 20:00")).entries:
            item = by_url[entry.link]
            assert entry.title == item.title
            assert entry.summary == item.lead
            assert [author.name for author in entry.get("authors", []) if author] == list(item.authors)
            said = entry.get("published_parsed") or entry.updated_parsed
            assert datetime.fromtimestamp(timegm(said), UTC) == item.published_at


def test_the_json_feed_has_what_version_1_1_demands(calm: Press) -> None:
    document = json.loads(get_feed(calm, "nordwire-news", "d5 20:00").body)
    for item in document["items"]:
        assert item["id"]
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None


def test_the_news_sitemap_has_title_language_and_date(calm: Press) -> None:
    root = etree.fromstring(get_feed(calm, "jornal-do-cabo-sitemap", "d5 20:00").body)
    items = [item for item in calm.articles if item.outlet_id == "jornal-do-cabo"]
    assert root.xpath("//n:title/text()", namespaces=NEWS) == [item.title for item in reversed(items)]
    assert set(root.xpath("//n:language/text()", namespaces=NEWS)) == {"pt"}
    dates = [datetime.fromisoformat(text) for text in root.xpath("//n:publication_date/text()", namespaces=NEWS)]
    assert dates == [item.published_at for item in reversed(items)]


def test_both_feeds_of_rheinblatt_list_the_same_addresses(press: Press) -> None:
    assert links(get_feed(press, "rheinblatt-alle", "d4 20:00")) == links(
        get_feed(press, "rheinblatt-sitemap", "d4 20:00")
    )


def test_dialects_differ_as_they_do_on_the_web(press: Press) -> None:
    assert b"<guid" not in get_feed(press, "polderpost-nieuws", "d4 20:00").body
    assert b" CET</pubDate>" in get_feed(press, "kurier-wislany-wiadomosci", "d4 20:00").body
    assert b" +0100</pubDate>" in get_feed(press, "rheinblatt-alle", "d4 20:00").body
    assert b"<content:encoded>" in get_feed(press, "meridian-fr-une", "d4 20:00").body
    latin = get_feed(press, "gazzetta-lido-notizie", "d2 20:00")
    assert "iso-8859-1" in (latin.header("Content-Type") or "")
    assert latin.body.startswith(b'<?xml version="1.0" encoding="iso-8859-1"?>')
    latin.body.decode("iso-8859-1")
    with pytest.raises(UnicodeDecodeError):
        latin.body.decode("utf-8")


def test_feeds_carry_pictures_that_a_client_of_text_must_leave_alone(press: Press) -> None:
    for feed_id in ("meridian-en-news", "meridian-de-aktuell", "nordwire-news", "jornal-do-cabo-sitemap"):
        assert b"/images/" in get_feed(press, feed_id, "d4 20:00").body
