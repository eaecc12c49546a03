"""Pages of a digest in Chromium, as readers see them: phone, light and dark. Skipped where there is none."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.rendering import letter_of, render_digest
from pipelines.adapters.site import site_pages
from pipelines.core.digest import compose
from tests.adapters.test_letters import busy
from tests.adapters.test_rendering import HOSTILE, WINDOW, content
from tests.builders import make_brief, make_known

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def _right_to_left() -> dict[str, Any]:
    told = content(title="القمة تفتتح أعمالها بدعوة إلى تعهد مشترك")
    for item in told["top_stories"]:
        item["language"] = "ar"
    return told


def _of_site(path: str) -> bytes:
    return dict(site_pages([content(), busy(20)]))[path].encode()


def _mail() -> bytes:
    return letter_of(content()).html.encode()


PAGES: dict[str, Callable[[], bytes]] = {
    "full": lambda: render_digest(content(), "html"),
    "busy": lambda: render_digest(busy(300), "html"),
    "quiet": lambda: render_digest(compose(make_known(), WINDOW, make_brief(), is_first=True), "html"),
    "hostile": lambda: render_digest(content(title=HOSTILE + "x" * 300), "html"),
    "right to left": lambda: render_digest(_right_to_left(), "html"),
    "French": lambda: render_digest({**content(), "language": "fr"}, "html"),
    "mail": _mail,
    "index": lambda: _of_site("index.html"),
    "trends": lambda: _of_site("trends.html"),
    "story": lambda: _of_site("stories/1.html"),
    "digest of the site": lambda: _of_site("digests/2026-11-24.html"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_readable_by_all_fits_a_phone_and_asks_for_nothing(
    browser: Any, tmp_path: Path, name: str, scheme: str
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGES[name]())
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert [a for a in asked if not a.startswith("cid:")] == [path.as_uri()]
    context.close()
