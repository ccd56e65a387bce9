"""A page as one HTML file with its data, which works from disk without a server.

Every module, the style sheet, the typeface and the answers that the page would ask
the server for are put into the file; modules find each other through an import map.
The file's own policy lets it load nothing from anywhere.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
import zlib
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from backsweep.lab.pages_folder import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Answer", "in_one_file"]

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
    "font-src data:; img-src data: blob:; connect-src data:"
)
IMPORT: Final = re.compile(
    r'(\bfrom |^import |\bimport\()"(\.{1,2}/[^"]+)"', re.MULTILINE
)
FILE: Final = re.compile(r'url\("([^"]+)"\)')
TYPES: Final = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
SCRIPT_END: Final = re.compile("</", re.IGNORECASE)


# The path that is asked, the request, and the body that answers it.
Answer: TypeAlias = tuple[str, "Mapping[str, Any]", bytes]


def in_one_file(state: str, answers: Iterable[Answer]) -> str:
    """Write a page with the answers it needs.

    Parameters
    ----------
    state
        What stands behind the hash of its address.
    answers
        All that the page may ask for.
    """
    kept = [
        {
            "path": path,
            "request": dict(request),
            "body": base64.b64encode(zlib.compress(body, 6)).decode(),
        }
        for path, request, body in answers
    ]
    style = FILE.sub(
        lambda found: f'url("{_as_data(PAGES / found[1])}")',
        (PAGES / "style.css").read_text("utf-8"),
    )
    modules = {
        f"lab/{path.relative_to(PAGES).as_posix()}": _as_data(path)
        for path in sorted(PAGES.rglob("*.js"))
    }
    data = _inert({"state": state, "answers": kept})
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backsweep lab</title>
<link rel="icon" href="{_as_data(PAGES / "icon.svg")}">
<style>{style}</style>
<script type="application/json" id="kept">{data}</script>
<script type="importmap">{_inert({"imports": modules})}</script>
</head>
<body>
<header id="top"></header>
<main id="main" tabindex="-1"></main>
<script type="module">import "lab/main.js";</script>
</body>
</html>
"""


def _inert(value: object) -> str:
    """Write JSON so that nothing in it can end the element it stands in."""
    return SCRIPT_END.sub(r"<\\/", json.dumps(value)).replace("<!--", r"<\u0021--")


def _as_data(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".js":
        folder = path.relative_to(PAGES).parent.as_posix()
        text = IMPORT.sub(
            lambda found: (
                f'{found[1]}"lab/{posixpath.normpath(f"{folder}/{found[2]}")}"'
            ),
            content.decode("utf-8"),
        )
        content = text.encode()
    return f"data:{TYPES[path.suffix]};base64,{base64.b64encode(content).decode()}"
