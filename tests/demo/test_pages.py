"""The pages: what each template says, and what it is surrounded by."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import html

from pipelines.demo import pages
from pipelines.demo.press import Press

from .asking import END, all_requests, get, outlet_of


def test_trafilatura_reads_the_whole_text_from_each_template(calm: Press) -> None:
    read: dict[str, int] = {}
    for item in calm.articles:
        response = get(calm, item.url, END)
        assert response.status == 200
        text = trafilatura.extract(response.body, url=item.url, include_comments=False) or ""
        assert [part for part in item.version(END).paragraphs if part not in text] == [], item.key
        template = pages.template_of(outlet_of(calm, item))
        read[template] = read.get(template, 0) + 1
    assert set(read) == {"jsonld", "microdata", "opengraph", "plain"}


def test_pages_say_who_and_when_in_the_manner_of_their_template(calm: Press) -> None:
    for outlet in calm.outlets:
        item = max((i for i in calm.articles if i.outlet_id == outlet.outlet_id), key=lambda i: len(i.authors))
        tree = html.fromstring(get(calm, item.url, END).body.decode())
        assert tree.xpath("//link[@rel='canonical']/@href") == [item.url]
        assert [h1.text_content() for h1 in tree.xpath("//h1")] == [item.title]
        template = pages.template_of(outlet)
        assert datetime.fromisoformat(_date_of(tree, template)) == item.published_at
        assert _authors_of(tree, template) == list(item.authors)


def _date_of(tree: Any, template: str) -> str:
    if template == "jsonld":
        return str(json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])["datePublished"])
    places = {
        "microdata": "//*[@itemprop='datePublished']/@datetime",
        "opengraph": "//meta[@property='article:published_time']/@content",
        "plain": "//time/@datetime",
    }
    return str(tree.xpath(places[template])[0])


def _authors_of(tree: Any, template: str) -> list[str]:
    if template == "jsonld":
        data = json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])
        return [author["name"] for author in data["author"]]
    if template == "microdata":
        return [str(name) for name in tree.xpath("//*[@itemprop='author']//*[@itemprop='name']/text()")]
    if template == "opengraph":
        return [str(name) for name in tree.xpath("//meta[@property='article:author']/@content")]
    line = tree.xpath("//p[@class='byline']")[0].text_content().split(" · ")[0]
    return [str(name) for name in line.split(" ", 1)[1].split(", ")]


def test_pages_are_furnished_like_pages(press: Press) -> None:
    for outlet in press.outlets:
        item = [i for i in press.articles if i.outlet_id == outlet.outlet_id][-1]
        page = get(press, item.url, END).body.decode()
        for piece in (
            "<nav",
            "<img",
            "<script src",
            'rel="stylesheet"',
            "favicon.ico",
            "share-bar",
            "newsletter-signup",
        ):
            assert piece in page, (outlet.outlet_id, piece)
        assert 'class="teaser"' in page
        assert "Invented for the Presswatch demo press" in page


def test_pages_and_feeds_point_nowhere_outside_the_press(press: Press) -> None:
    for request in all_requests(press):
        response = press.respond(request, END)
        if "html" in (response.header("Content-Type") or ""):
            tree = html.fromstring(response.body)
            for address in tree.xpath("//@href | //@src | //@action"):
                host = urlsplit(str(address)).netloc
                assert host == "" or host.endswith(".press.test"), address


def test_an_amp_twin_names_its_page(press: Press) -> None:
    item = next(i for i in press.articles if i.outlet_id == "meridian-en")
    twin = get(press, item.url.replace(item.path, f"/amp{item.path}"), END)
    assert twin.status == 200
    assert f'<link rel="canonical" href="{item.url}">' in twin.body.decode()
    assert b'rel="amphtml"' in get(press, item.url, END).body
    other = next(i for i in press.articles if i.outlet_id == "rheinblatt")
    assert get(press, other.url.replace(other.path, f"/amp{other.path}"), END).status == 404


def test_a_page_does_not_exist_before_it_is_published(calm: Press) -> None:
    for item in calm.articles:
        assert get(calm, item.url, item.published_at - timedelta(seconds=1)).status == 404
        assert get(calm, item.url, item.published_at).status == 200


def test_index_pages_list_what_is_out(press: Press) -> None:
    item = next(i for i in press.articles if i.outlet_id == "meridian-de")
    home = f"http://{urlsplit(item.url).netloc}/"
    assert item.path in get(press, home, item.published_at).body.decode()
    assert item.path in get(press, f"{home}{item.section}", item.published_at).body.decode()
    assert item.path not in get(press, home, item.published_at - timedelta(minutes=1)).body.decode()


def test_names_and_paths_that_do_not_exist_are_404(press: Press) -> None:
    assert get(press, "http://example.press.test/", END).status == 404
    assert get(press, "http://nordwire.press.test/no/such", END).status == 404
    assert get(press, "http://nordwire.press.test/amp/no/such", END).status == 404
    assert get(press, "http://NORDWIRE.press.test:8123/", END).status == 200


def test_a_request_for_a_picture_script_style_or_font_is_answered(press: Press) -> None:
    for path, kind in {
        "/images/x.jpg": "image/jpeg",
        "/favicon.ico": "image/x-icon",
        "/static/logo.svg": "image/svg+xml",
        "/static/site.js": "text/javascript",
        "/static/site.css": "text/css",
        "/static/text.woff2": "font/woff2",
    }.items():
        response = get(press, f"http://nordwire.press.test{path}", END)
        assert (response.status, response.header("Content-Type")) == (200, kind)
        assert response.body
