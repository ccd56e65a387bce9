"""Mirror: the messages as JSDoc types, for the pages.

    python -m backsweep.lab.mirror

writes `pages/shared/messages.js` anew; a test holds it to `messages`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from backsweep.lab import messages

__all__ = ["FILE", "mirrored"]

FILE: Final = Path(__file__).parent / "pages" / "shared" / "messages.js"
HEAD: Final = """\
/**
 * The messages between the pages and the server, mirrored from `messages.py`.
 * Written by `python -m backsweep.lab.mirror`: change them there.
 */
"""
PLAIN: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def mirrored() -> str:
    """Write all messages as JSDoc types."""
    models = [
        value
        for name in messages.__all__
        if isinstance(value := getattr(messages, name), type)
        and issubclass(value, BaseModel)
        and value is not messages.Message
    ]
    _, whole = models_json_schema(
        [(model, "serialization") for model in models], ref_template="{model}"
    )
    parts = [_typedef(name, schema) for name, schema in sorted(whole["$defs"].items())]
    return HEAD + "\n" + "\n".join(parts) + "export {};\n"


def _typedef(name: str, schema: dict[str, Any]) -> str:
    about = " ".join(schema.get("description", "").split())
    lines = [f"/**\n * {about}", f" * @typedef {{Object}} {name}"]
    for field, kind in schema["properties"].items():
        said = kind.get("description", "")
        lines.append(f" * @property {{{_type(kind)}}} {field} {said}".rstrip())
    return "\n".join(lines) + "\n */\n"


def _type(kind: dict[str, Any]) -> str:
    if "$ref" in kind:
        return str(kind["$ref"])
    if "const" in kind:
        return json.dumps(kind["const"])
    if "enum" in kind:
        return " | ".join(map(json.dumps, kind["enum"]))
    if "anyOf" in kind or "oneOf" in kind:
        return " | ".join(map(_type, kind.get("anyOf") or kind["oneOf"]))
    if "prefixItems" in kind:
        return f"[{', '.join(map(_type, kind['prefixItems']))}]"
    if kind["type"] == "array":
        return f"readonly ({_type(kind['items'])})[]"
    return PLAIN[kind["type"]]


if __name__ == "__main__":
    FILE.write_text(mirrored(), "utf-8")
