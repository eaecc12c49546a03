"""The JSON Schema of a digest's content, from its nouns. `python -m pipelines.adapters.digest_schema` prints it."""

import json
import sys
from typing import Any

from pydantic import TypeAdapter

from pipelines.core.digest_content import Digest

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def digest_schema() -> dict[str, Any]:
    """Every field is there in every digest: nothing is optional, and unknown is null."""
    schema = TypeAdapter(Digest).json_schema(mode="serialization")
    definitions = {name: _strict(part) for name, part in sorted(schema.pop("$defs").items())}
    return {"$schema": _DRAFT, **_strict(schema), "title": "A digest of Presswatch", "$defs": definitions}


def _strict(part: dict[str, Any]) -> dict[str, Any]:
    fields = {n: {k: v for k, v in f.items() if k not in {"title", "default"}} for n, f in part["properties"].items()}
    description = " ".join(str(part.get("description", "")).split())
    return {**part, "description": description, "properties": fields, "required": list(fields),
            "additionalProperties": False}  # fmt: skip


def written() -> str:
    """The schema as docs/digest.schema.json holds it."""
    return json.dumps(digest_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
