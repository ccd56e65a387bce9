"""The pictures of the pages: taken here, and made small for the docs by their script.

`python docs/images/take_lab_pictures.py` runs this file and puts what it leaves in
`build/lab-screenshots` into `docs/images`, so that pictures and pages keep in step.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

import backsweep
from tests.lab.conftest import ROOT
from tests.lab.pages import NAMES, SHOTS, settled

FRACTAL = (
    "task=trainability%3A8&x=rate+of+hidden&y=rate+of+output"
    "&show=convergence&cells=256&runs=1&sweeps=100"
)
SPIRALS = (
    "table=spirals&network=input+2%3B+hidden+10+tanh+%3C-+input%3B+hidden2+8+tanh+%3C-"
    "+hidden%3B+output+2+softmax+%3C-+hidden2&epsilon=0.2&alpha=0.95&sweeps=800&runs=4"
    "&learn=yes"
)
# What each page shows in its picture, and what is to be seen before it is taken.
PICTURES = {
    "curve": ("sweep=130&view=both", ".looks button"),
    "symmetry": ("sweep=1424&view=both", ".looks button"),
    "families": ("sweep=3000", ".secrets button"),
    "plane": (SPIRALS, ".plane-large .summary"),
    "data": ("learn=yes&case=row+7", ".results svg"),
    "ensembles": (FRACTAL, ".cell-facts dd"),
    "records": ("record=code.zarr&hide=story", ".results svg"),
}
MOST_BYTES = 160_000
FLAT_BYTES = 30_000  # of a picture of one colour, which comes first now and then


@pytest.fixture(scope="module")
def lab(opened_in):
    """Give a lab with a few records, in a folder of a short name: it is shown."""
    folder = Path(tempfile.mkdtemp(prefix="records-"))
    learned = {
        "xor": ("xor", 1000), "mirrors": ("symmetry", 100), "trees": ("families", 4),
        "code": ("encoder:8-3", 200),
    }  # fmt: skip
    for name, (task, runs) in learned.items():
        backsweep.learn(task=task, runs=runs, seed=1).save(folder / f"{name}.zarr")
    yield opened_in(folder)
    shutil.rmtree(folder)


def test_every_page_has_its_picture():
    assert list(PICTURES) == NAMES


def drawn_to_the_end(page):
    """Give a picture that is like the one before it."""
    before = b""
    for _ in range(100):
        now = page.screenshot()
        if now == before and len(now) > FLAT_BYTES:
            return now
        before = now
        settled(page)
    raise AssertionError("the page does not come to rest")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_page_has_its_picture_taken(browser, lab, name, scheme):
    state, seen = PICTURES[name]
    context = browser.new_context(
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": 1600, "height": 1000},
    )
    page = context.new_page()
    page.set_default_timeout(240_000)  # ten thousand learn on one of them
    try:
        page.goto(lab.at(f"page={name}&{state}"))
        page.wait_for_selector('[aria-busy="false"]', state="attached")
        page.locator(seen).first.wait_for()
        page.wait_for_function(
            "() => [...document.querySelectorAll('progress')]"
            ".every((one) => !one.checkVisibility())"
        )
        page.evaluate("() => document.fonts.ready.then(() => {})")
        picture = drawn_to_the_end(page)
        SHOTS.mkdir(parents=True, exist_ok=True)
        (SHOTS / f"lab-{name}-{scheme}.png").write_bytes(picture)
        assert page.locator(".trouble:not([hidden])").count() == 0
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_page_has_its_picture_in_the_docs(name, scheme):
    """Small enough to be fetched, and shown by the README and by the guide."""
    file = ROOT / "docs" / "images" / f"lab-{name}-{scheme}.png"
    assert 10_000 < file.stat().st_size < MOST_BYTES
    for text in (ROOT / "README.md", ROOT / "docs" / "guides" / "lab.md"):
        assert f"images/{file.name}" in text.read_text("utf-8")
