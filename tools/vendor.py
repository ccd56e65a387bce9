"""Vendor again what the lab's pages carry from others: D3 and the typeface.

    python tools/vendor.py

fetches the packages through `npm pack`, copies the files named here with their
licences into src/backsweep/lab/pages/vendor, and writes down versions and digests.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "backsweep" / "lab" / "pages" / "vendor"

PACKAGES = {
    "d3@7.9.2": {
        "dist/d3.min.js": "d3.min.js",
        "LICENSE": "d3.LICENSE",
    },
    "@fontsource-variable/source-sans-3@5.3.0": {
        "files/source-sans-3-latin-wght-normal.woff2": "source-sans-3-latin.woff2",
        "files/source-sans-3-greek-wght-normal.woff2": "source-sans-3-greek.woff2",
        "LICENSE": "source-sans-3.LICENSE",
    },
}


def packed(package: str, folder: Path) -> Path:
    """Fetch a package as npm would, and give its archive."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / done.stdout.split()[-1]


def main() -> None:
    """Fetch, copy, and write down."""
    VENDOR.mkdir(exist_ok=True)
    digests = {}
    with tempfile.TemporaryDirectory() as name:
        for package, files in PACKAGES.items():
            with tarfile.open(packed(package, Path(name))) as archive:
                for inside, target in files.items():
                    member = archive.extractfile(f"package/{inside}")
                    if member is None:
                        raise FileNotFoundError(inside)
                    content = member.read()
                    (VENDOR / target).write_bytes(content)
                    digests[target] = {
                        "package": package,
                        "file": inside,
                        "sha256": hashlib.sha256(content).hexdigest(),
                    }
    (VENDOR / "vendored.json").write_text(json.dumps(digests, indent=2) + "\n")


if __name__ == "__main__":
    main()
