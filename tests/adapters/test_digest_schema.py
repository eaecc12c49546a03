"""The schema of a digest says what digests are, and is what the nouns say."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipelines.adapters.digest_schema import digest_schema, written
from tests.adapters.test_rendering import content

PUBLISHED = Path(__file__).parents[2] / "docs/digest.schema.json"


def valid(digest: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(digest_schema()).is_valid(json.loads(json.dumps(digest))))


def test_the_published_schema_is_made_from_the_nouns() -> None:
    again = "python -m pipelines.adapters.digest_schema > docs/digest.schema.json"
    assert PUBLISHED.read_text(encoding="utf-8") == written(), again


def test_a_digest_is_as_its_schema_says() -> None:
    Draft202012Validator.check_schema(digest_schema())
    assert valid(content())


@pytest.mark.parametrize("path", [("numbers", "articles"), ("window", "opens_at"), ("coverage",), ("top_stories", 0)])
def test_a_digest_without_one_of_its_parts_or_with_another_is_none(path: tuple[str | int, ...]) -> None:
    digest = deepcopy(content())
    place: Any = digest
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = {"another": 1}
    assert not valid(digest)
    assert not valid({**content(), "reach": 1_000_000})
