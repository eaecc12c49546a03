"""`presswatch explain`: the whole life of any address."""

import pytest

from .conftest import Demo

PARTS = [
    "url",
    "url_key",
    "entries",
    "fetches",
    "articles",
    "topics",
    "close_calls",
    "copies",
    "story",
    "changes",
    "digests",
]


def test_a_kept_article_is_explained_from_its_feed_to_its_digest(demo: Demo) -> None:
    url = demo.one(
        "select any_value(e.url) from digest_items i join entries e using (article_id) "
        "where e.state = 'kept' and i.section = 'top_stories'"
    )
    told = demo.call("explain", url).succeeded().lines()
    assert told[0] == url
    text = "\n".join(told)
    for part in ("  key ", "  listed by ", "    kept since ", "  first request ", "  article ", "    published ",
                 "  topic ", "  story ", "  told in the digest of "):  # fmt: skip
        assert f"\n{part}" in text, part
    assert "archived in 2026/11/" in text


def test_a_life_as_json_has_the_same_parts_for_every_address(demo: Demo) -> None:
    url = demo.one("select any_value(url) from entries where state = 'kept'")
    life = demo.call("--json", "explain", url).succeeded().json()
    assert list(life) == PARTS
    assert [entry["state"] for entry in life["entries"]].count("kept") == 1
    assert life["articles"][0]["url"] == url
    unknown = demo.call("--json", "explain", "http://nordwire.press.test/no/such")
    assert unknown.code == 1
    assert list(unknown.json()) == PARTS
    assert unknown.json()["entries"] == []


def test_every_form_of_an_address_leads_to_the_same_life(demo: Demo) -> None:
    url = demo.one("select any_value(url) from entries where state = 'kept' and feed_id = 'meridian-en-news'")
    host, path = url.removeprefix("http://").split("/", 1)
    life = demo.call("--json", "explain", url).succeeded().json()
    for form in (
        f"http://{host}/amp/{path}?utm_source=rss&utm_medium=feed",
        f"https://{host}/{path}?fbclid=abc#top",
        f"HTTP://{host.upper()}:80/{path}/",
        f"http://www.{host}/{path}",
    ):
        other = demo.call("--json", "explain", form).succeeded().json()
        assert {**other, "url": url} == life, form


def test_a_duplicate_entry_is_explained_with_the_entry_it_repeats(demo: Demo) -> None:
    url = demo.one("select any_value(url) from entries where state = 'duplicate' and url like '%utm_%'")
    text = demo.call("explain", url).succeeded().out
    assert "duplicate, same_url since" in text
    assert "    kept since" in text or "    off_topic, no_match since" in text


@pytest.mark.parametrize("reason", ["consent_wall", "private_address", "no_match"])
def test_what_went_no_further_is_explained_with_its_reason(reason: str, demo: Demo) -> None:
    url = demo.one(f"select any_value(url) from entries where reason = '{reason}'")  # noqa: S608
    told = demo.call("explain", url).succeeded().out
    assert f", {reason} since " in told
    assert "told in the digest" not in told


def test_a_changed_and_a_removed_article_are_explained_with_before_and_after(demo: Demo) -> None:
    changed = demo.one(
        "select any_value(a.url) from revisions r join articles a using (article_id) where kind = 'figures'"
    )
    assert "  changed (figures) seen " in demo.call("explain", changed).succeeded().out
    removed = demo.one("select any_value(url) from articles where gone_at is not null")
    assert "its page was removed, seen " in demo.call("explain", removed).succeeded().out


def test_a_syndicated_copy_and_its_original_name_each_other(demo: Demo) -> None:
    pair = demo.call(
        "--json", "sql",
        "select c.url as copy, o.url as original from copies p join articles c using (article_id) "
        "join articles o on o.article_id = p.original_id where p.known_to is null limit 1",
    ).succeeded().json()[0]  # fmt: skip
    for url in pair.values():
        assert f": {pair['copy']} of {pair['original']}" in demo.call("explain", url).succeeded().out


@pytest.mark.parametrize("url", ["http://nordwire.press.test/no/such", "no address at all", "", "http://[::1"])
def test_an_address_that_no_feed_listed_is_a_failure_that_says_so(url: str, demo: Demo) -> None:
    called = demo.call("explain", url)
    assert "no feed has ever listed it" in called.failed_with_one_line()
    assert called.out == ""
