"""What is taken along looks as it did on the page: drawings, dot by dot."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import uniform_filter

from tests.lab.pages import LEARNED, fresh, settled

pytestmark = [pytest.mark.slow, pytest.mark.browser]

RING = (
    "page=plane&table=ring&network=input 2; hidden 4 tanh <- input;"
    " output 2 softmax <- hidden&sweeps=200&runs=4&learn=yes"
)
# Where a drawing stands, what has come when it is there, and what is drawn on the page.
DRAWINGS = {
    "units": ("page=data&learn=yes", LEARNED, "svg.strips"),
    "weights": ("page=data&learn=yes", LEARNED, "svg.weights"),
    "error": ("page=data&learn=yes", LEARNED, ".results .error svg.curve:not(.swatch)"),
    "network": ("page=data&learn=yes&open=network", LEARNED, "svg.scheme"),
    "the plane": (RING, ".plane-large .summary:not(:empty)", "svg.plane:not(.swatch)"),
    "map": (
        "page=ensembles&cells=16&runs=2&sweeps=300",
        ".maps[aria-busy=false] .cell-runs",
        "svg.map-frame",
    ),
}
# The slider's bar does not lie over the drawing, nor an outline around it.
STILL = """() => {
  for (const bar of document.querySelectorAll('#main > .bar'))
    bar.style.display = 'none';
  document.activeElement?.blur();
}"""
# It lies on whole dots, as it does in its file.
WHOLE = """svg => {
  const {x, y} = svg.getBoundingClientRect();
  svg.style.translate = `${Math.round(x) - x}px ${Math.round(y) - y}px`;
}"""
FAR = 50  # of 255: less is an edge that lies a part of a dot beside
MOST = 0.004  # of the dots may be otherwise
DOTS = """async ([url, wide, high]) => {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [wide, high];
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.drawImage(picture, 0, 0, wide, high);
  const dots = new Blob([pen.getImageData(0, 0, wide, high).data]);
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(',')[1]);
    reader.readAsDataURL(dots);
  });
}"""


@pytest.fixture(scope="module")
def page(browser):
    with fresh(browser, "light", 1400) as page:
        yield page


@pytest.fixture(scope="module")
def blank(browser):
    """Give an empty page, which may draw anything."""
    page = browser.new_page()
    yield page
    page.close()


def dots(page, url, wide, high):
    """Draw a picture so large and read its colours."""
    read = base64.b64decode(page.evaluate(DOTS, [url, wide, high]))
    return np.frombuffer(read, np.uint8).reshape(high, wide, 4)[..., :3].astype(int)


def smoothed(colours):
    """Give means of three by three dots: an edge may lie a part of one beside."""
    return uniform_filter(colours.astype(float), (3, 3, 1))[1:-1, 1:-1]


def as_data(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_that_is_taken_looks_as_on_the_page(page, blank, opened, name):
    state, ready, drawn = DRAWINGS[name]
    page.goto("about:blank")
    page.goto(opened.at(state))
    page.wait_for_selector(ready)
    settled(page)
    drawing = page.locator(drawn)
    page.evaluate(STILL)
    drawing.scroll_into_view_if_needed()
    drawing.evaluate(WHOLE)
    seen = drawing.screenshot()
    box = drawing.bounding_box()
    wide, high = round(box["width"]), round(box["height"])
    with page.expect_download() as taken:
        page.get_by_role("button", name=f"{name}, SVG").click()
    content = Path(taken.value.path()).read_bytes()
    shown = dots(blank, as_data("png", seen), wide, high)
    told = dots(blank, as_data("svg+xml", content), wide, high)
    away = np.abs(smoothed(shown) - smoothed(told)).max(axis=2)
    assert len(np.unique(shown @ (65536, 256, 1))) > 20, "something is drawn"
    assert (away > FAR).mean() < MOST
