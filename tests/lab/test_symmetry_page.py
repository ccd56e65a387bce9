"""The symmetry page, used in Chromium as a person would use it."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import backsweep
from backsweep.analysis import side_magnitudes
from backsweep.equations import forward
from backsweep.lab import packing, symmetry
from backsweep.lab.messages import SymmetrySettings
from tests.lab.pages import (
    assert_axe_finds_nothing,
    assert_not_wider,
    fresh,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

STOPS = ["stepper", "strong", "toggles", "part", "cell", "flip", "bin", "transport",
         "code"]  # fmt: skip  # what the keyboard reaches
LEARNED = 452  # sweeps that run 3 takes
ALONE = "run=3&hide=others"  # without the thousand others


@pytest.fixture(scope="module")
def runs():
    """Give a run that learns soon, at its beginning, while it learns and at its end."""
    raw, _ = packing.unpacked(symmetry.history(SymmetrySettings(run=3)))
    last = json.loads(raw)["sweeps"][-1]
    spread = backsweep.Spread(0.3)
    procedure = backsweep.Procedure(
        epsilon=0.1,
        alpha=0.9,
        start=backsweep.Start(spread, spread),
        sweeps=last,
        until="end",
    )
    return backsweep.learn(
        task="symmetry",
        procedure=procedure,
        seed=1,
        runs=range(3, 4),
        snapshots=(0, LEARNED, last),
    )


@pytest.fixture
def page(browser, opened):
    with watched(browser, allowed="ERR_FAILED") as page:
        yield page


def visit(page, opened, state=""):
    page.goto("about:blank")
    page.goto(opened.at(f"page=symmetry&{state}"))
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    return page


def slide(page, place):
    """Move the slider to one of its places: not every sweep has one."""
    page.locator("input.sweeps").fill(str(place))
    settled(page)


def outputs_at(runs, sweep):
    w = runs.parameters_of(3, sweep)
    return forward(runs.network, w, runs.task.inputs).y["output"][:, 0]


def cell(page, name):
    return page.locator(f'.cell[data-case="{name}"]')


def is_said(page, runs, sweep):
    """Hold all that the page says of a moment to the run."""
    y = outputs_at(runs, sweep)
    right = np.abs(y - runs.task.desired[:, 0]) < 0.5
    said = page.locator(".grid-said").text_content()
    assert said.startswith(f"{right.sum()} of 64 are right")
    labels = {
        node["name"]: node["said"]
        for node in page.evaluate(
            "() => [...document.querySelectorAll('.frame .cell')].map(one => ({"
            "name: one.dataset.case, said: one.getAttribute('aria-label')}))"
        )
    }
    assert len(labels) == 64
    for name, value, good in zip(runs.task.case_names, y, right, strict=True):
        told = re.search(r": ([\d.]+), (right|wrong)$", labels[name])
        assert told
        assert float(told[1]) == pytest.approx(value, abs=0.0051)
        assert (told[2] == "right") == good
        assert ("symmetric" in labels[name]) == (name == name[::-1])
    assert page.locator(".frame .cell.wrong").count() == 64 - right.sum()
    weights = runs.network.weights(
        runs.parameters_of(3, sweep), runs.network.incoming("hidden")[0]
    )
    shown = [float(text.strip("\u203a ")) for text in ratios(page)]
    sides = side_magnitudes(weights)
    expected = (sides / sides[:, :1]).ravel()
    assert shown == pytest.approx(expected, abs=0.051)


def ratios(page):
    return page.locator(".mirrors .ratio-value").all_text_contents()


def test_the_slider_at_its_beginning_and_its_end(page, opened, runs):
    visit(page, opened, f"{ALONE}&sweep=300")
    slide(page, 0)
    assert page.locator("h1").text_content() == "Before learning"
    assert "Not yet mirrors" in page.locator(".mirrors-said").text_content()
    is_said(page, runs, 0)
    last = page.locator("input.sweeps").get_attribute("max")
    slide(page, last)
    end = runs.recording.snapshots[-1]
    assert page.locator(".sweep-number").text_content() == str(end)
    assert page.locator("h1").text_content() == "A mirror detector"
    is_said(page, runs, end)
    page.get_by_role("button", name="Step back").click()
    settled(page)
    assert int(page.locator(".sweep-number").text_content()) < end


def test_it_learns_in_the_sweep_that_the_run_tells(page, opened, runs):
    at = LEARNED
    assert at == runs.learned_at[0]
    visit(page, opened, f"{ALONE}&sweep={at}")
    is_said(page, runs, at)
    assert page.locator("h1").text_content() == "Learned"
    page.keyboard.press("ArrowLeft")  # what that sweep found, before its change
    settled(page)
    assert page.locator(".sweep-number").text_content() == str(at - 1)
    assert "64 of 64" in page.locator(".grid-said").text_content()
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert "64 of 64" not in page.locator(".grid-said").text_content()
    assert page.locator("h1").text_content() == "The mirror forms"


def test_a_row_is_chosen_and_flows_through_the_network(page, opened, runs):
    end = runs.recording.snapshots[-1]
    visit(page, opened, f"{ALONE}&sweep={end}&view=backward")
    cell(page, "101001").click()
    page.wait_for_function("() => location.hash.includes('case=101001')")
    settled(page)
    y = outputs_at(runs, end)[runs.task.case_names.index("101001")]
    assert f"It says {y:.2f}: not symmetric" in page.locator(".answer").text_content()
    values = page.locator(".network .unit-value").all_text_contents()
    assert [float(text) for text in values if text][-1] == pytest.approx(y, abs=0.0051)
    assert page.locator(".network.backward").count() == 1
    page.get_by_role("button", name="Bit 2 is 0").click()
    page.get_by_role("button", name="Bit 4 is 0").click()
    page.wait_for_function("() => location.hash.includes('case=111101')")
    page.get_by_role("button", name="Bit 2 is 1").click()
    settled(page)
    assert ": symmetric." in page.locator(".answer").text_content(), "101101 is"
    page.locator('[data-part="unit:8"]').focus()
    settled(page)
    assert page.locator(".facts").text_content().count("blame") == 2


def test_a_thousand_others_learn_and_one_is_opened(page, opened):
    visit(page, opened, "run=3&sweep=0")
    page.wait_for_selector(".looks button", timeout=60_000)
    text = page.locator(".starts-said").text_content()
    learned = backsweep.learn(task="symmetry", seed=1, runs=range(100), every=20_000)
    assert re.match(r"\d{3} of 1,000 learned", text)
    assert f"This start took {learned.learned_at[3]}" in text
    assert "the letter\u2019s run: 1,425" in page.locator(".histogram").text_content()
    assert page.locator(".bin-own").count() == 1
    assert page.locator(".bin.stuck").count() == 1
    page.locator(".bin:not(.stuck)").nth(9).click()
    page.wait_for_function("() => !location.hash.includes('run=3&')")
    page.wait_for_function(
        "() => !document.querySelector('.starts-said').textContent.includes('took 452')"
    )
    assert page.locator(".histogram .bin").count() > 30, "not learned again"
    page.get_by_role("button", name="one that is stuck").click()
    page.wait_for_function(
        "() => document.querySelector('.starts-said').textContent.includes('did not.')"
    )
    page.get_by_role("button", name="Let 10,000 learn").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Let 10,000 learn").wait_for()
    count = re.search(r"of ([\d,]+) learned", page.locator(".starts-said").inner_text())
    assert count
    assert int(count[1].replace(",", "")) < 10_000


def test_a_link_opens_the_same_view(page, opened):
    view = "case=110010&level=maths&theme=dark&view=both&part=unit%3A7"
    visit(page, opened, f"{ALONE}&sweep=400&{view}")
    first = page.locator("main").inner_text()
    link = page.url
    assert opened.token not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    assert page.locator("main").inner_text() == first
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert re.search(r"Hidden 2, row 110010 after sweep (39\d|400)", first)


def test_settings_out_of_range_are_said(page, opened):
    visit(page, opened, f"{ALONE}&sweep=0")
    field = page.get_by_label("Epsilon, \u03b5", exact=True)
    field.fill("11")
    field.press("Enter")
    assert "a number from 0 to 10" in page.locator(".problem").first.text_content()
    field.fill("0")
    field.press("Enter")
    page.wait_for_function("() => location.hash.includes('epsilon=0')")
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.querySelector('input.sweeps').max === '599'")
    slide(page, 599)
    assert page.locator("h1").text_content() == "Stuck"
    assert page.locator(".sweep-number").text_content() == "20000"


def test_the_keyboard_is_enough(page, opened):
    visit(page, opened, "run=3&sweep=0")
    page.wait_for_selector(".looks button", timeout=60_000)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    assert page.locator(".sweep-number").text_content() == "0"
    reached = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "stops => stops.find(one => document.activeElement.closest('.' + one))"
                " ?? ''",
                STOPS,
            )
        )
    assert reached >= set(STOPS)
    cell(page, "000000").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('case=001100')")
    page.locator(".bin").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.hash.includes('run=3&')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, opened, scheme):
    with fresh(browser, scheme) as page:
        visit(page, opened, "run=3&sweep=400&level=maths&view=both")
        page.wait_for_selector(".looks button", timeout=60_000)
        page.locator("details.code summary").click()
        assert_axe_finds_nothing(page)


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(360, "light"), (360, "dark"), (900, "light"), (1600, "light"), (1600, "dark")],
)
def test_nothing_is_wider_than_the_window(browser, opened, width, scheme):
    with fresh(browser, scheme, width) as page:
        visit(page, opened, "run=3&sweep=700")
        assert_not_wider(page, width, f"symmetry-{width}-{scheme}")


def test_it_plays_by_itself_when_it_is_first_opened(page, opened):
    visit(page, opened, "hide=others")
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 30"
    )


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path, runs):
    visit(page, opened, f"{ALONE}&sweep=300")
    with page.expect_download() as taken:
        page.get_by_role("button", name="all of it as one HTML file").click()
    path = tmp_path / "symmetry.html"
    taken.value.save_as(path)
    context = browser.new_context(offline=True)
    alone = context.new_page()
    wrong = []
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.goto(path.as_uri())
    alone.wait_for_selector('.board[aria-busy="false"]')
    slide(alone, alone.locator("input.sweeps").get_attribute("max"))
    is_said(alone, runs, runs.recording.snapshots[-1])
    cell(alone, "111111").click()
    settled(alone)
    assert "symmetric" in alone.locator(".answer").text_content()
    context.close()
    assert wrong == []
    assert opened.token not in path.read_text("utf-8")
