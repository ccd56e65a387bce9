"""Take the pictures of the lab's pages anew, and put them here, made small.

`tests/lab/test_pictures.py` says what each page shows in its picture. Needs the extra
`test` and Chromium; run it with `python docs/images/take_lab_pictures.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEST = "tests/lab/test_pictures.py::test_a_page_has_its_picture_taken"
COLOURS = 128


def main():
    """Run the test that takes them, then reduce each to few colours."""
    shots = ROOT / "build" / "lab-screenshots"
    before = {path: path.stat().st_mtime_ns for path in shots.glob("lab-*.png")}
    subprocess.run([sys.executable, "-m", "pytest", "-q", TEST], cwd=ROOT, check=True)
    for path in sorted(shots.glob("lab-*.png")):
        if path.stat().st_mtime_ns == before.get(path):
            continue  # of a page that is none any more
        picture = Image.open(path).convert("RGB")
        small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(HERE / path.name, optimize=True)


if __name__ == "__main__":
    main()
