"""The press as a whole: its world, its manners to robots, its validators, and that it remembers nothing."""

import gzip
import json
import random
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from pipelines.demo.press import Fault, Kind, Press, Request
from pipelines.demo.world import OUTLETS_FILE, WorldError, load_items, load_outlets, moment

from .asking import END, all_requests, get, get_feed


def test_the_press_is_as_large_as_promised(press: Press) -> None:
    assert len(press.outlets) >= 12
    assert len({outlet.publisher for outlet in press.outlets}) >= 8
    assert len({outlet.language for outlet in press.outlets}) >= 8
    assert len(press.articles) >= 150
    assert all(any(item.outlet_id == outlet.outlet_id for item in press.articles) for outlet in press.outlets)
    assert {item.kind for item in press.articles} == set(Kind)


def test_only_what_is_on_topic_has_topics(press: Press) -> None:
    assert all(bool(item.topics) == (item.kind is Kind.ON_TOPIC) for item in press.articles)


def test_copies_name_an_article_that_exists(press: Press) -> None:
    keys = {item.key for item in press.articles}
    copies = [item.copy_of for item in press.articles if item.copy_of is not None]
    assert copies
    assert set(copies) <= keys


def test_days_and_times_are_those_of_brussels(press: Press) -> None:
    assert press.day(0) == date(2026, 11, 8)
    assert press.day(5) == date(2026, 11, 13)
    assert moment("d1 08:40") == datetime(2026, 11, 9, 7, 40, tzinfo=UTC)


def test_the_outlets_file_has_the_keys_of_sources_yaml() -> None:
    written = yaml.safe_load(OUTLETS_FILE.read_text(encoding="utf-8"))
    assert set(written) == {"gazetteer", "publishers", "outlets"}
    assert {tuple(known) for known in written["gazetteer"]} == {("name", "kind", "role", "group")}
    known = {publisher["id"] for publisher in written["publishers"]}
    for outlet in written["outlets"]:
        assert set(outlet) == {"id", "name", "publisher", "country", "language", "kind", "tier", "home", "feeds"}
        assert outlet["publisher"] in known
        assert all(set(feed) <= {"id", "url", "kind"} for feed in outlet["feeds"])
        assert all(urlsplit(feed["url"]).netloc == urlsplit(outlet["home"]).netloc for feed in outlet["feeds"])


@pytest.mark.parametrize(
    "wrong",
    [
        "- {slug: a}",
        "- {slug: A b, published: d0 08:00, section: x, kind: off_topic, title: t, authors: [], lead: l, text: t}",
        "- {slug: a, published: soon, section: x, kind: off_topic, title: t, authors: [], lead: l, text: t}",
        "- {slug: a, published: d0 08:00, section: x, kind: odd, title: t, authors: [], lead: l, text: t}",
        "- {slug: a, published: d0 08:00, section: x, kind: off_topic, title: t, authors: [], lead: l, text: t, z: 1}",
        "- just words",
    ],
)
def test_a_wrong_text_file_is_refused_with_its_name(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "polderpost.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(WorldError, match=r"polderpost\.yaml: item 1"):
        load_items(load_outlets(), tmp_path)


def test_a_press_without_any_text_still_answers(tmp_path: Path) -> None:
    empty = Press.load(texts=tmp_path)
    assert {empty.respond(request, END).status for request in all_requests(empty)} <= {200, 301, 404}
    with pytest.raises(LookupError):
        empty.victim(Fault.PAYWALL)


def test_robots_txt_differs_by_host(press: Press) -> None:
    robots = {o.outlet_id: get(press, f"{o.home}robots.txt", END) for o in press.outlets}
    assert [name for name, response in robots.items() if response.status == 404] == ["harbour-herald"]
    said = {name: response.body.decode() for name, response in robots.items() if response.status == 200}
    assert all("Disallow: /search\nDisallow: /intern/\n" in text for text in said.values())
    assert [name for name, text in said.items() if "Crawl-delay: 1\n" in text] == ["meridian-de"]
    refused = press.victim(Fault.ROBOTS_REFUSAL)
    assert [name for name, text in said.items() if f"Disallow: {refused.path}\n" in text] == [refused.outlet_id]
    assert {name for name, text in said.items() if "Sitemap: " in text} == {"rheinblatt", "jornal-do-cabo"}


def test_one_host_reserves_text_and_data_mining(press: Press) -> None:
    answers = {o.outlet_id: get(press, f"{o.home}.well-known/tdmrep.json", END) for o in press.outlets}
    assert [name for name, response in answers.items() if response.status == 200] == ["courrier-du-canal"]
    assert json.loads(answers["courrier-du-canal"].body)[0]["tdm-reservation"] == 1


def test_both_validators_give_304_without_a_body(press: Press) -> None:
    for request in all_requests(press):
        first = press.respond(request, END)
        etag, changed = first.header("ETag"), first.header("Last-Modified")
        if first.status != 200:
            continue
        assert etag is not None
        assert changed is not None
        assert not etag.startswith("W/")
        assert parsedate_to_datetime(changed) <= END
        for known in ({"if-none-match": etag}, {"if-none-match": f'"x", W/{etag}'}, {"if-modified-since": changed}):
            again = press.respond(Request(request.host, request.path, "", known), END)
            assert (again.status, again.body) == (304, b"")
            assert (again.header("ETag"), again.header("Last-Modified")) == (etag, changed)


def test_if_none_match_overrules_if_modified_since(press: Press) -> None:
    changed = get_feed(press, "nordwire-news", "d4 20:00").header("Last-Modified") or ""
    response = get_feed(press, "nordwire-news", "d4 20:00", if_none_match='"other"', if_modified_since=changed)
    assert response.status == 200


@pytest.mark.parametrize("nonsense", ["yesterday", "", "2026-11-10", "Tue, 99 Nov 2026 17:30:00 GMT"])
def test_an_unreadable_date_is_no_validator(press: Press, nonsense: str) -> None:
    assert get_feed(press, "nordwire-news", "d4 20:00", if_modified_since=nonsense).status == 200


def test_old_validators_bring_the_news(press: Press) -> None:
    old = get_feed(press, "nordwire-news", "d1 06:30")
    assert get_feed(press, "nordwire-news", "d4 20:00", if_none_match=old.header("ETag") or "").status == 200
    assert (
        get_feed(press, "nordwire-news", "d4 20:00", if_modified_since=old.header("Last-Modified") or "").status == 200
    )


def test_some_feeds_have_a_max_age(press: Press) -> None:
    ages = {c.feed_id: get(press, c.url, END).header("Cache-Control") for o in press.outlets for c in o.feeds}
    assert ages["nordwire-news"] == "max-age=600"
    assert ages["polderpost-nieuws"] is None


def test_gzip_is_the_same_bytes_at_any_time_and_has_its_own_validator(press: Press) -> None:
    plain = get_feed(press, "nordwire-news", "d4 20:00")
    zipped = get_feed(press, "nordwire-news", "d4 20:00", accept_encoding="br, gzip;q=0.8")
    assert zipped.header("Content-Encoding") == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.header("ETag") != plain.header("ETag")
    assert zipped == get_feed(press, "nordwire-news", "d4 20:00", accept_encoding="gzip")
    for refused in ("gzip;q=0", "identity", "br"):
        assert get_feed(press, "nordwire-news", "d4 20:00", accept_encoding=refused) == plain


def test_the_date_header_is_simulated(press: Press) -> None:
    assert get_feed(press, "nordwire-news", "d4 20:00").header("Date") == "Thu, 12 Nov 2026 19:00:00 GMT"


def test_answers_depend_on_the_request_and_the_time_alone(press: Press) -> None:
    asked = [(request, moment(at)) for request in all_requests(press) for at in ("d1 12:30", "d3 06:30", "d5 20:00")]
    first = {(r.host, r.path, now): press.respond(r, now) for r, now in asked}
    random.Random(7).shuffle(asked)
    fresh = Press.load()
    for request, now in asked[:400]:
        assert fresh.respond(request, now) == first[request.host, request.path, now]
