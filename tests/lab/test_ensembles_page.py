"""The maps, used in Chromium as a person would use them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

import backsweep
from backsweep.figures.colour_scales import one_sided, two_sided
from backsweep.runs.summary import share_interval
from tests.lab.pages import (
    as_file,
    assert_axe_finds_nothing,
    assert_everyone_can_read,
    fresh,
    from_disk,
    settled,
    wait_until_begun,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

STEP, MOMENTUM = "step size \u03b5", "momentum \u03b1"
SMALL = "cells=32&runs=4&sweeps=300"
FRACTAL = (
    "task=trainability:8&x=rate of hidden&y=rate of output&show=convergence"
    "&cells=64&runs=1&sweeps=100"
)
DRAWN = """() => document.querySelector('.map-job progress')?.hidden
  && /networks\\./.test(document.querySelector('.summary').textContent)"""


@pytest.fixture(scope="module")
def shared(browser):
    """Give one page to all tests: each goes to an address of its own anyway."""
    with watched(browser, "400 (Bad Request)") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page


@pytest.fixture
def page(shared):
    return shared


def go(page, opened, state):
    """Go to an address; from another map by way of another page, so that all is new."""
    address = opened.at(f"page=ensembles&{state}")
    if page.locator(".maps").count():
        page.evaluate("() => { location.hash = '#page=records'; }")
        page.wait_for_selector(".maps", state="detached")
        page.evaluate("hash => { location.hash = hash; }", urlsplit(address).fragment)
        page.wait_for_selector(".maps")
    else:
        page.goto("about:blank")
        page.goto(address)


def visit(page, opened, state=SMALL):
    go(page, opened, state)
    drawn(page)
    return page


def drawn(page):
    page.wait_for_function(DRAWN)


def state_of(page):
    return dict(parse_qsl(urlsplit(page.url).fragment))


def window(page):
    return [float(edge) for edge in state_of(page)["window"].split(",")]


def spot(page, u, v):
    """Give a place on the screen by its share of the map's sides."""
    page.locator(".map-hand").scroll_into_view_if_needed()
    box = page.locator(".map-hand").bounding_box()
    return box["x"] + u * box["width"], box["y"] + (1 - v) * box["height"]


def drag(page, a, b, **keys):
    for key in keys:
        page.keyboard.down(key)
    page.mouse.move(*spot(page, *a))
    page.mouse.down()
    page.mouse.move(*spot(page, *[(p + q) / 2 for p, q in zip(a, b, strict=True)]))
    page.mouse.move(*spot(page, *b))
    page.mouse.up()
    for key in keys:
        page.keyboard.up(key)


def facts(page):
    """Read what is said of the cell that is looked at."""
    names = page.locator(".cell-facts dt").all_text_contents()
    values = page.locator(".cell-facts dd").all_text_contents()
    return dict(zip(names, values, strict=True))


def pixels(page, places):
    """Read colours of the map."""
    settled(page)
    return page.evaluate(
        """(places) => {
          const canvas = document.querySelector('canvas.map-cells');
          const pen = canvas.getContext('2d');
          return places.map(([u, v]) => [...pen.getImageData(
            u * canvas.width, (1 - v) * canvas.height, 1, 1).data]);
        }""",
        places,
    )


def pixel(page, u, v):
    return pixels(page, [[u, v]])[0]


def grid_of(page, cells=32):
    """Learn the map of XOR that the address names."""
    x0, x1, y0, y1 = window(page) if "window" in state_of(page) else (-2, 2, 0, 1)
    half = [(x1 - x0) / cells / 2, (y1 - y0) / cells / 2]
    grid = backsweep.grid(
        epsilon=np.geomspace(10 ** (x0 + half[0]), 10 ** (x1 - half[0]), cells),
        alpha=np.linspace(y0 + half[1], y1 - half[1], cells),
        runs=4,
    )
    own = backsweep.task("xor").procedure
    return backsweep.learn(
        task="xor", grid=grid, seed=1, engine="compiled",
        procedure=replace(own, sweeps=300), ends=False, every=300,
    )  # fmt: skip


# ---- the map ------------------------------------------------------------------------


def test_its_colours_and_numbers_are_those_of_the_runs(page, opened):
    visit(page, opened)
    runs = grid_of(page)
    share, median = (runs.map(kind).to_numpy() for kind in ("share", "median"))
    seen = set()
    for column, row in ((16, 28), (20, 10), (22, 20), (18, 15), (2, 2), (31, 31)):
        at = ((column + 0.5) / 32, (row + 0.5) / 32)
        page.mouse.move(*spot(page, *at))
        shown = facts(page)
        assert shown["learned"].startswith(f"{share[column, row] * 4:.0f} of 4")
        seen.add(share[column, row])
        *colour, alpha = pixel(page, *at)
        assert alpha == 255
        if share[column, row] == 0:
            assert shown["sweeps, median"] == "none learned"
            assert len(set(colour)) == 3 or max(colour) - min(colour) < 10, "a grey"
            continue
        assert float(shown["sweeps, median"]) == median[column, row]
        expected = 255 * np.array(one_sided()(share[column, row])[:3])
        assert np.abs(expected - colour).max() <= 2
    assert len(seen) > 2, "cells of several kinds were looked at"


def test_it_fills_from_coarse_to_fine(page, opened):
    go(page, opened, "cells=128&runs=64&sweeps=600")
    page.locator(".map-status").evaluate(
        """status => {
          window.statuses = [];
          new MutationObserver(() => window.statuses.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    wait_until_begun(page)
    page.wait_for_function("() => window.statuses.some(text => /^128 /.test(text))")
    seen = [text for text in page.evaluate("() => window.statuses") if " cells" in text]
    levels = [int(text.split()[0]) for text in seen]
    assert levels == sorted(levels)
    assert levels[0] < 128, "coarser levels came first"
    assert seen[-1].endswith("left"), "how long it will take"
    assert page.locator(".map-job progress").is_visible()
    assert pixel(page, 0.99, 0.5)[3] == 255, "the coarse map shows while it is refined"


def test_it_stops_and_goes_on(page, opened):
    go(page, opened, "cells=256&runs=16&sweeps=600")
    wait_until_begun(page)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(
        "() => /stopped at/.test(document.querySelector('.map-status').textContent)"
    )
    assert page.locator(".map-job progress").is_hidden()
    assert "It was stopped" in page.locator(".summary").text_content()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector(".map-job progress:not([hidden])")
    page.get_by_role("radio", name="The fractal edge").check(force=True)
    page.wait_for_function("() => location.hash.includes('trainability')")
    page.wait_for_function(
        "() => !/stopped/.test(document.querySelector('.map-status').textContent)"
    )


# ---- looking closer -----------------------------------------------------------------


def test_a_rectangle_zooms_in_and_one_goes_back(page, opened):
    visit(page, opened)
    whole = page.locator(".summary").text_content()
    drag(page, (0.5, 0.5), (0.75, 0.9))
    page.wait_for_function("() => location.hash.includes('window=')")
    drawn(page)
    assert window(page) == pytest.approx([0, 1, 0.5, 0.9], abs=0.02)
    runs = grid_of(page)
    page.mouse.move(*spot(page, 10.5 / 32, 20.5 / 32))
    shown = facts(page)
    of_it = runs.grid.of_run((10 * 32 + 20) * 4)
    assert float(shown[STEP]) == pytest.approx(of_it["epsilon"], rel=0.05)
    assert float(shown[MOMENTUM]) == pytest.approx(of_it["alpha"], abs=0.01)
    share = runs.map("share").to_numpy()[10, 20]
    assert shown["learned"].startswith(f"{share * 4:.0f} of 4")
    page.get_by_role("button", name="Back to the window before").click()
    page.wait_for_function("() => !location.hash.includes('window=')")
    settled(page)
    assert page.locator(".summary").text_content() == whole, "at once"
    page.go_back()
    page.wait_for_function("() => location.hash.includes('window=')")


def test_it_moves(page, opened):
    visit(page, opened, f"{SMALL}&window=-1,1,0.2,0.8")
    drag(page, (0.5, 0.5), (0.25, 0.5), Shift=True)
    drawn(page)
    assert window(page) == pytest.approx([-0.5, 1.5, 0.2, 0.8], abs=0.05)
    page.get_by_role("radio", name="Move").check(force=True)
    drag(page, (0.5, 0.5), (0.5, 0.75))
    drawn(page)
    assert window(page) == pytest.approx([-0.5, 1.5, 0.05, 0.65], abs=0.05)
    drag(page, (0.5, 0.2), (0.5, 0.9))
    drawn(page)
    assert window(page)[2:] == pytest.approx([0, 0.6], abs=0.02), "alpha ends at 0"


def test_closer_further_and_whole(page, opened):
    visit(page, opened)
    page.get_by_role("button", name="Closer").click()
    drawn(page)
    assert window(page) == pytest.approx([-1, 1, 0.25, 0.75], abs=0.3)
    page.get_by_role("button", name="Further out").click()
    drawn(page)
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="The whole map").click()
    drawn(page)
    assert "window" not in state_of(page)


def test_by_keyboard_alone(page, opened):
    visit(page, opened)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        part = page.evaluate("() => document.activeElement.className")
        reached.append(part)
        if part == "map-hand":
            break
    assert reached[-1] == "map-hand"
    before = facts(page)
    page.keyboard.press("ArrowRight")
    assert facts(page) != before
    assert page.locator(".map-panel [aria-live]").text_content()
    page.keyboard.press("+")
    drawn(page)
    x0, x1, y0, y1 = window(page)
    assert (x1 - x0, y1 - y0) == pytest.approx((2, 0.5), abs=0.05)
    page.keyboard.press("Backspace")
    page.wait_for_function("() => !location.hash.includes('window=')")
    page.keyboard.press("-")
    drawn(page)
    page.keyboard.press("0")
    drawn(page)
    assert "window" not in state_of(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    with page.expect_response("**/api/map/cell"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert "cell" in state_of(page) or page.wait_for_function(
        "() => location.hash.includes('cell=')"
    )
    page.wait_for_selector(".cell-opens a.strong")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-page="curve"] .board[aria-busy="false"]')
    page.wait_for_selector(".summary:not(:empty)")
    assert state_of(page)["page" if "page" in state_of(page) else "epsilon"]


# ---- a cell -------------------------------------------------------------------------


def test_a_cell_opens_its_network_and_back_is_the_map(page, opened):
    visit(page, opened, "cells=32&runs=4")
    at = spot(page, 20.5 / 32, 16.5 / 32)
    page.mouse.click(*at)
    page.wait_for_function("() => location.hash.includes('cell=20')")
    page.wait_for_selector(".cell-opens a.strong")
    learned = facts(page)["learned"]
    runs = page.locator(".cell-runs a").all_text_contents()
    assert len(runs) == 4
    assert learned.startswith(f"{sum(text.isdigit() for text in runs)} of 4")
    middle = [text for text in runs if text.isdigit()]
    page.mouse.click(*at)
    page.wait_for_selector('[data-page="curve"] .board[aria-busy="false"]')
    page.wait_for_selector(".summary:not(:empty)")
    place = page.locator(".summary").text_content()
    assert f"learned in sweep {middle[len(middle) // 2]};" in place
    assert state_of(page)["epsilon"]
    page.go_back()
    drawn(page)
    assert state_of(page)["cell"] == "20,16"
    assert facts(page)["learned"] == learned


def test_its_error_curves_are_drawn(page, opened):
    visit(page, opened)
    page.mouse.move(*spot(page, 0.6, 0.6))
    page.wait_for_selector(".cell-errors path")
    assert page.locator(".cell-errors path").count() == 4


# ---- the fractal --------------------------------------------------------------------


def test_the_fractal_is_drawn_and_zoomed_deep(page, opened):
    visit(page, opened, FRACTAL)
    assert "dimension" in page.locator(".summary").text_content()
    dark_to_dark = np.array(two_sided()(np.linspace(0, 1, 512))[:, :3]) * 255
    heights = [(k + 0.5) / 64 for k in range(0, 64, 4)]
    kinds = set()
    for v, colour in zip(
        heights, pixels(page, [[32.5 / 64, v] for v in heights]), strict=True
    ):
        page.mouse.move(*spot(page, 32.5 / 64, v))
        kinds.add(facts(page)["it"])
        apart = np.abs(dark_to_dark - colour[:3]).max(axis=1)
        assert apart.min() <= 2, "a colour of the figures' scale"
        blue = int(apart.argmin()) < 256
        assert blue == (facts(page)["it"] == "learns")
    assert kinds == {"learns", "does not learn"}
    visit(page, opened, f"{FRACTAL}&window=1.3701,1.37011,1.6201,1.62011")
    assert "from 1.37" in page.locator(".map-frame").text_content()
    page.mouse.move(*spot(page, 0.5, 0.5))
    assert float(facts(page)["hidden layer\u2019s rate"]) == pytest.approx(
        10**1.370105, rel=1e-5
    )


def test_too_deep_is_said(page, opened):
    go(page, opened, f"{FRACTAL}&window=1,1.00000000000001,1,1.5")
    trouble = page.locator(".trouble")
    trouble.wait_for()
    assert "further apart than rounding" in trouble.text_content()
    page.get_by_role("button", name="The whole map").click()
    drawn(page)
    assert trouble.is_hidden()


def test_too_much_is_refused_with_the_limit(page, opened):
    go(page, opened, "cells=512&runs=64")
    page.locator(".trouble").wait_for()
    assert "at most 1,048,576 runs" in page.locator(".trouble").text_content()


# ---- the settings -------------------------------------------------------------------


def test_speed_needs_no_new_learning_and_convergence_does(page, opened):
    visit(page, opened)
    before = pixel(page, 0.62, 0.5)
    page.get_by_role("radio", name="Speed").last.check(force=True)
    settled(page)
    assert page.locator(".map-job progress").is_hidden()
    assert pixel(page, 0.62, 0.5) != before
    said = page.locator(".map-frame text").all_text_contents()
    assert {"50", "100", "200"} <= set(said), "numbers along the scale of speed"
    page.get_by_role("radio", name="Convergence").check(force=True)
    page.wait_for_function(
        "() => /of the cells learn/.test(document.querySelector('.summary')"
        ".textContent)"
    )
    assert "the middle run" in facts(page)


def test_other_settings_can_be_varied(page, opened):
    visit(page, opened)
    page.get_by_text("Change it").click()
    upward = page.locator("label.picker", has_text="Upward").locator("select")
    upward.select_option("start")
    drawn(page)
    page.mouse.move(*spot(page, 0.6, 0.6))
    assert "start range" in facts(page)
    upward.select_option("epsilon")
    drawn(page)
    assert state_of(page)["x"] == "start", "the two change places"
    page.get_by_label("Runs to a cell", exact=True).fill("0")
    page.keyboard.press("Tab")
    assert "from 1 to 256" in page.locator(".problem:not(:empty)").text_content()


def test_a_link_opens_the_same_map(page, browser, opened):
    visit(page, opened)
    drag(page, (0.4, 0.4), (0.8, 0.9))
    drawn(page)
    page.mouse.click(*spot(page, 0.5, 0.5))
    page.wait_for_function("() => location.hash.includes('cell=')")
    here = page.locator(".summary").text_content()
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    other = context.new_page()
    other.goto(opened.at(urlsplit(page.url).fragment))
    drawn(other)
    assert other.locator(".summary").text_content() == here
    assert facts(other) == facts(page)
    context.close()


# ---- to be taken --------------------------------------------------------------------


def taken(page, name):
    with page.expect_download() as found:
        page.get_by_role("button", name=name).click()
    return found.value


def test_it_can_be_taken(page, opened, tmp_path):
    visit(page, opened, "cells=16&runs=2&sweeps=300")
    for name, begins in (("map, PNG", b"\x89PNG"), ("map, SVG", b"<svg")):
        download = taken(page, name)
        path = tmp_path / download.suggested_filename
        download.save_as(path)
        content = path.read_bytes()
        assert content.startswith(begins)
        assert len(content) > 10_000
        assert not re.findall(rb"(?:src|href)=.?https?:", content)
    svg = (tmp_path / "map.svg").read_text("utf-8")
    assert svg.count("<image") == 2, "the cells and the scale"
    assert page.locator(".map-frame > image").count() == 0
    page.get_by_text("The same map from the command line").click()
    assert "backsweep map xor" in page.locator("details.code pre").first.text_content()


def test_its_record_is_made_with_a_way_out_and_fetched_once(page, opened, tmp_path):
    """What the map below would take is beyond a test, so it is cancelled."""
    go(page, opened, "cells=256&runs=16&sweeps=600")
    wait_until_begun(page)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="record, zip").click()
    making = page.locator(".making")
    making.get_by_role("progressbar").wait_for()
    page.wait_for_function(
        "() => / left/.test(document.querySelector('.making').textContent)"
    )
    making.get_by_role("button", name="Cancel").click()
    page.get_by_text("It was cancelled.").wait_for()
    assert making.get_by_role("progressbar").is_hidden()
    visit(page, opened, "cells=16&runs=2&sweeps=300")
    with page.expect_request("**/api/parcel") as asked:
        download = taken(page, "record, zip")
    assert download.suggested_filename == "xor-map.zip"
    path = tmp_path / "map.zip"
    download.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert any(name.endswith("zarr.json") for name in archive.namelist())
    again = page.request.post(
        f"{opened.url}/api/parcel",
        data=asked.value.post_data_json,
        headers={"Authorization": f"Bearer {opened.token}"},
    )
    assert again.status == 400
    assert "used or too old" in again.json()["message"]


def test_all_of_it_is_one_file_that_opens_from_disk(page, opened, browser, tmp_path):
    visit(page, opened, f"{SMALL}&cell=20,16")
    page.wait_for_selector(".cell-runs a")
    path = tmp_path / "map.html"
    as_file(page, path)
    summary = page.locator(".summary").text_content()
    shown, colour = facts(page), pixel(page, 20.5 / 32, 16.5 / 32)
    page.mouse.move(*spot(page, 12.5 / 32, 20.5 / 32))
    other = facts(page)
    assert other != shown

    with from_disk(browser, path) as file:
        drawn(file)
        assert file.locator(".summary").text_content() == summary
        assert facts(file) == shown
        file.wait_for_selector(".cell-runs b")
        assert file.locator(".cell-errors path").count() == 4
        assert pixel(file, 20.5 / 32, 16.5 / 32) == colour
        file.mouse.move(*spot(file, 12.5 / 32, 20.5 / 32))
        assert facts(file) == other
        assert "the marked cell" in file.locator(".cell-errors").text_content()
        for gone in ("record, zip", "all of it as one HTML file", "Stop", "Go on"):
            assert file.get_by_role("button", name=gone).is_hidden()
        assert file.locator(".settings").is_hidden()
        assert file.get_by_role("radio", name="Convergence").is_hidden()
        assert "open the lab" in file.locator(".map-notes").text_content()

        file.get_by_role("radio", name="Speed").check(force=True)
        assert pixel(file, 20.5 / 32, 16.5 / 32) != colour
        file.get_by_role("radio", name="Share learned").check(force=True)
        drag(file, (0.5, 0.25), (0.75, 0.75))
        file.wait_for_function("() => location.hash.includes('window=')")
        assert window(file) == pytest.approx([0, 1, 0.25, 0.75], abs=0.02)
        u, v = (20.5 / 32 - 0.5) / 0.25, (16.5 / 32 - 0.25) / 0.5
        file.mouse.move(*spot(file, u, v))
        assert facts(file) == shown, "the same cell, magnified"
        assert pixel(file, u, v) == colour
        for _ in range(6):
            file.get_by_role("button", name="Closer").click()
        x0, x1, _, _ = window(file)
        assert x1 - x0 == pytest.approx(1, abs=0.01), "8 of 32 cells at least"
        file.get_by_role("button", name="The whole map").click()
        file.get_by_text("The map as a table").click()
        file.locator(".map-table tbody tr").nth(7).wait_for()
        file.get_by_role("radio", name="The mathematics").check(force=True)
        file.locator(".numbers-panel .symbol").nth(10).wait_for()


def test_the_table_says_what_the_map_shows(page, opened):
    visit(page, opened)
    page.get_by_text("The map as a table").click()
    rows = page.locator(".map-table tbody tr")
    rows.first.wait_for()
    assert rows.count() == 8
    share = grid_of(page).map("share").to_numpy()
    said = rows.nth(2).locator("td").all_text_contents()
    places = [int((k + 0.5) / 8 * 32) for k in range(8)]
    expected = [share[column, places[5]] for column in places]
    assert said == [f"{100 * one:.0f} %" if one else "none" for one in expected]


# ---- in letters ---------------------------------------------------------------------


@pytest.mark.parametrize("state", [SMALL, FRACTAL], ids=["share", "convergence"])
def test_every_symbol_is_linked_to_its_number(page, opened, state):
    visit(page, opened, f"{state}&level=maths&cell=18,14")
    page.locator(".numbers-panel .symbol").first.wait_for()
    lit = page.evaluate(
        """() => [...document.querySelectorAll('.numbers-panel .symbol')].map((one) => {
          one.focus();
          const lit = [...document.querySelectorAll('[data-key].hinted')]
            .map((part) => part.textContent);
          const marks = document.querySelectorAll(
            '.map-hint.on, .cell-errors.tail').length;
          const told = [one.textContent, one.getAttribute('aria-label'), lit, marks];
          one.blur();
          const left = document.querySelectorAll('.hinted, .map-hint.on').length;
          return [...told, left];
        })"""
    )
    assert len(lit) > 6
    for symbol, name, where, marks, left in lit:
        assert where or marks, f"{symbol} ({name}) is linked to nothing"
        assert left == 0
    said = page.locator(".numbers-panel").text_content().replace("\u2212", "-")
    shown = facts(page)
    if state == SMALL:
        by_letter = {symbol: where for symbol, _, where, _, _ in lit}
        assert by_letter["\u03b5"] == [f"{STEP}{shown[STEP]}"]
        assert by_letter["\u03b1"] == [f"{MOMENTUM}{shown[MOMENTUM]}"]
        assert f"{2 * (1 + 14.5 / 32) / 10 ** (-2 + 18.5 / 8):.3f}" in said
        learned = int(shown["learned"][0])
        low, high = share_interval(learned, 4)
        assert f"{low:.3f}\u00a0to\u00a0{high:.3f}" in said
        assert shown["95 % interval"] == f"{100 * low:.0f} to {100 * high:.0f} %"
    else:
        assert (
            f"{float(shown['measure of convergence'].replace(chr(8722), '-')):.2f}"[:5]
            in said
        )
    page.locator(".numbers-panel .symbol").first.hover()
    assert page.locator(".hinted, .map-hint.on").count()


@pytest.mark.parametrize("cell", ["18,14", "22,25", "2,31"])
def test_the_edge_is_what_its_numbers_give(page, opened, cell):
    visit(page, opened, f"{SMALL}&level=maths&cell={cell}")
    line = page.locator(".numbers-panel .equation").filter(has_text="edge")
    line.locator("mn").first.wait_for()
    *_, two, one, alpha, epsilon, edge = line.locator("mn").all_text_contents()
    given = (float(two) * (float(one) + float(alpha))) / float(epsilon)
    assert (two, one) == ("2", "1")
    assert f"{given:.4g}" == f"{float(edge):.4g}"
    column, row = map(int, cell.split(","))
    assert float(alpha) == pytest.approx((row + 0.5) / 32, rel=1e-5)
    assert float(epsilon) == pytest.approx(10 ** (-2 + (column + 0.5) / 8), rel=1e-5)


# ---- how long, and what is shown ----------------------------------------------------


def test_a_map_that_takes_long_is_asked_about_first(page, opened):
    state = "task=parity:3&hidden=8&cells=256&runs=4&sweeps=20000"
    go(page, opened, state)
    asking = page.locator(".map-asking")
    asking.wait_for()
    assert "279,552 networks would learn" in asking.text_content()
    assert re.search(r"about \d+ (min|h)", asking.text_content())
    assert page.locator(".map-job progress").is_hidden()
    asking.get_by_role("button", name="Draw it").click()
    page.wait_for_selector(".map-job progress:not([hidden])")
    assert asking.is_hidden()
    assert "279,552 networks learn" in page.locator(".summary").text_content()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(
        "() => /stopped at/.test(document.querySelector('.map-status').textContent)"
    )


def test_parts_are_hidden_by_a_link(page, opened):
    parts = {
        "settings": ".settings",
        "story": ".story",
        "cell": ".cell-panel",
        "numbers": ".numbers-panel",
        "edge": ".edge-panel",
        "code": "details.code:not(.map-table)",
        "timeline": ".sources",
    }
    visit(page, opened, f"{SMALL}&level=maths&hide={','.join(parts)}")
    assert all(page.locator(part).is_hidden() for part in parts.values())
    assert page.locator(".map-panel").is_visible()
    visit(page, opened, f"{SMALL}&level=maths&cell=18,14&hide=map")
    page.locator(".numbers-panel .symbol").first.wait_for()
    assert all(page.locator(part).is_visible() for part in parts.values())
    assert page.locator(".map-panel").is_hidden()


def test_all_of_the_map_is_seen_at_once(page, opened):
    visit(page, opened)
    box = page.locator(".map-frame").bounding_box()
    assert page.evaluate("() => scrollY") == 0
    assert box["y"] + box["height"] <= 1000
    assert page.locator(".map-hand").bounding_box()["width"] > 600
    cell = page.locator(".cell-panel").bounding_box()
    assert cell["x"] > box["x"] + box["width"], "the cell stands beside it"


def test_a_cells_command_can_be_copied(page, opened):
    visit(page, opened, f"{SMALL}&cell=18,14")
    page.get_by_role("button", name="Copy command").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert text.startswith("backsweep learn xor --network 2-2-1 --epsilon")
    assert text.endswith("--runs 4 --seed 1 --engine compiled")


def test_the_wheel_zooms_a_map_that_is_taken_in_hand(page, opened):
    visit(page, opened)
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.mouse.wheel(0, -200)
    settled(page)
    assert "window" not in state_of(page), "it moves the page instead"
    page.mouse.wheel(0, 200)
    page.locator(".map-hand").focus()
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.mouse.wheel(0, -200)
    page.wait_for_function("() => location.hash.includes('window=')")
    assert window(page) == pytest.approx([-1, 1, 0.25, 0.75], abs=0.02)


def test_two_fingers_zoom(browser, opened):
    context = browser.new_context(
        has_touch=True, viewport={"width": 800, "height": 1000}
    )
    page = context.new_page()
    visit(page, opened)
    line = context.new_cdp_session(page)

    def touch(kind, *places):
        points = [
            dict(zip(("x", "y"), spot(page, u, v), strict=True)) | {"id": k}
            for k, (u, v) in enumerate(places)
        ]
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0.4, 0.5), (0.6, 0.5))
    touch("touchMove", (0.35, 0.5), (0.65, 0.5))
    touch("touchMove", (0.3, 0.5), (0.7, 0.5))
    touch("touchEnd")
    page.wait_for_function("() => location.hash.includes('window=')")
    assert window(page) == pytest.approx([-1, 1, 0.25, 0.75], abs=0.03)
    context.close()


# ---- everyone -----------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_it(browser, opened, scheme):
    with fresh(browser, scheme) as page:
        visit(page, opened, f"{SMALL}&cell=20,16")
        page.wait_for_selector(".cell-runs a")
        for fold in ("The map as a table", "The same map from", "Change it"):
            page.get_by_text(fold).click()
        assert_axe_finds_nothing(page)
        page.get_by_role("radio", name="The mathematics").check(force=True)
        page.locator(".numbers-panel .symbol").first.wait_for()
        assert_everyone_can_read(page, f"ensembles-{scheme}")
