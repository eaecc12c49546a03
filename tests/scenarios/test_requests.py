"""What the press saw of us: text only, each page once, conditional wherever it can be, and nothing that tracks."""

from collections import Counter
from pathlib import PurePosixPath

from pipelines.core.url_key import url_key
from pipelines.demo.press import Fault, Press

from .conftest import Played
from .playing import Logged, address, is_conditional

_TEXTUAL = {"", ".xml", ".json", ".rdf", ".atom", ".txt"}
_NOT_TEXT = ("image/", "text/css", "javascript", "font/", "video/", "audio/")
# What a request may carry: our name, what we read, and the validators of a conditional request.
_HEADERS = {"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"}


def feed_addresses(press: Press) -> set[str]:
    return {c.url for o in press.outlets for c in o.feeds} | {"http://gazzetta-lido.press.test/feeds/nuovo.xml"}


OK, REDIRECTED = 200, 301


def doubted(press: Press) -> set[str]:
    """The feed that goes silent answers 304 for days on end: it is asked once without conditions, to be sure."""
    return {c.url for o in press.outlets if o.outlet_id == "harbour-herald" for c in o.feeds}


def is_robots(request: Logged) -> bool:
    return bool(request["path"] == "/robots.txt")


def is_well_known(request: Logged) -> bool:
    """Documents about the rights of a host, as its robots.txt is."""
    return is_robots(request) or request["path"].startswith("/.well-known/")


def pages(played: Played, press: Press) -> list[Logged]:
    """The requests for pages, in the order of arrival."""
    feeds = feed_addresses(press)
    return [r for r in played.log if not is_well_known(r) and address(r) not in feeds]


def test_no_image_script_style_or_font_is_asked_for_by_path(played: Played) -> None:
    suffixes = Counter(PurePosixPath(r["path"]).suffix.lower() for r in played.log)
    assert suffixes[""] > 100
    assert set(suffixes) <= _TEXTUAL


def test_no_image_script_style_or_font_is_asked_for_by_accept_header(played: Played) -> None:
    accepted = {r["headers"]["accept"] for r in played.log}
    assert [a for a in accepted if any(part in a for part in _NOT_TEXT)] == []
    for accept in {r["headers"]["accept"] for r in played.log if not is_well_known(r) and ".xml" not in r["path"]}:
        assert "text/html" in accept or "xml" in accept


def test_only_pages_feeds_and_the_rules_of_a_host_are_asked_for(played: Played, press: Press) -> None:
    known = {i.url for i in press.articles} | feed_addresses(press)
    assert {address(r) for r in played.log if not is_well_known(r) and address(r) not in known} == set()
    assert {r["method"] for r in played.log} == {"GET"}


def test_every_request_but_the_first_of_a_feed_is_conditional(played: Played, press: Press) -> None:
    for url in feed_addresses(press):
        asked = [r for r in played.log if address(r) == url]
        answered = [r for r in asked if r["status"] in {200, 304}]
        # An address that only leads on gave no validator, and is sent none; a lying 304 is doubted once a day.
        whole = [r["now"] for r in asked if not is_conditional(r) and r["status"] != REDIRECTED]
        assert whole[:1] in ([], [asked[0]["now"]], [min(r["now"] for r in asked if r["status"] == OK)]), url
        assert len(whole) <= (2 if url in doubted(press) else 1), url
        assert answered, url


def test_a_page_is_asked_for_without_a_condition_only_until_it_has_been_had(played: Played, press: Press) -> None:
    had: set[str] = set()
    repeated = []
    for request in pages(played, press):
        url = address(request)
        if not is_conditional(request):
            repeated += [url] if url in had else []
            if request["status"] == 200 and not is_dripping(press, url):
                had.add(url)
    assert len(had) > 100
    assert repeated == []


def is_dripping(press: Press, url: str) -> bool:
    """A page that begins with 200 and never ends has not been had."""
    return url == press.victim(Fault.SLOW_DRIP).url


def test_a_page_that_was_asked_for_again_without_a_condition_had_failed(played: Played, press: Press) -> None:
    unconditional = Counter(address(r) for r in pages(played, press) if not is_conditional(r))
    struck = {i.url for f in (Fault.THROTTLED_DATE, Fault.SERVER_ERROR, Fault.SLOW_DRIP) for i in press.victims(f)}
    assert {url for url, n in unconditional.items() if n > 1} <= struck


def test_each_page_has_been_asked_for_under_one_address_only(played: Played, press: Press) -> None:
    forms: dict[str | None, set[str]] = {}
    for request in pages(played, press):
        forms.setdefault(url_key(address(request)), set()).add(address(request))
    assert [f for f in forms.values() if len(f) > 1] == []


def test_a_page_that_robots_forbids_is_never_asked_for(played: Played, press: Press) -> None:
    forbidden = {i.url for i in press.victims(Fault.ROBOTS_REFUSAL)}
    assert forbidden
    assert [address(r) for r in played.log if address(r) in forbidden] == []


def test_robots_is_asked_for_before_any_page_of_a_host_and_once_a_day(played: Played, press: Press) -> None:
    page_hosts = {r["host"] for r in pages(played, press)}
    for host in page_hosts:
        of_host = [r for r in played.log if r["host"] == host]
        first_page = next(i for i, r in enumerate(of_host) if r in pages_of(of_host, press))
        assert any(is_robots(r) for r in of_host[:first_page]), host
        asked = [r["now"] for r in of_host if is_robots(r)]
        assert len(asked) == len(set(asked)), f"{host}: twice in one pass"
        assert len(asked) <= 7, host  # days on which a page of the host was asked for


def pages_of(requests: list[Logged], press: Press) -> list[Logged]:
    feeds = feed_addresses(press)
    return [r for r in requests if not is_well_known(r) and address(r) not in feeds]


def test_no_cookie_referrer_or_other_trace_is_sent(played: Played) -> None:
    assert {name for r in played.log for name in r["headers"]} <= _HEADERS


def test_no_query_is_added_and_none_that_tracks_is_kept(played: Played) -> None:
    assert [address(r) for r in played.log if r["query"]] == []


def test_every_request_says_who_asks_and_how_to_complain(played: Played) -> None:
    (name,) = {r["headers"]["user-agent"] for r in played.log}
    assert name.startswith("Presswatch/")
    assert "contact: " in name
    assert "@" in name


def test_no_feed_is_asked_twice_within_an_hour(played: Played, press: Press) -> None:
    for url in feed_addresses(press):
        asked = [r["now"] for r in played.log if address(r) == url]
        assert len(asked) == len(set(asked)), url


def test_a_throttled_host_is_left_alone_for_the_rest_of_its_pause(played: Played) -> None:
    throttled = [r for r in played.log if r["status"] == 429]
    assert {r["host"] for r in throttled} == {"diario-puerto.press.test", "polderpost.press.test"}
    polder = [r for r in throttled if r["host"] == "polderpost.press.test"]
    later = [r for r in played.log if r["host"] == "polderpost.press.test" and r["now"] == polder[0]["now"]]
    # Requests of the same batch may be under way; none leaves in a later pass before 14:00.
    assert {r["now"] for r in later} == {"2026-11-09T11:30:00+00:00"}
