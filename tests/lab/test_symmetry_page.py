"""The symmetry page, used in Chromium as a person would use it."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import backsweep
from backsweep.analysis import ratio_code, side_magnitudes
from backsweep.equations import backward, forward
from backsweep.lab import packing, symmetry
from backsweep.lab.messages import SymmetrySettings
from tests.lab.pages import (
    as_file,
    assert_axe_finds_nothing,
    assert_not_wider,
    begun_on,
    fresh,
    from_disk,
    number,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

STOPS = ["stepper", "strong", "toggles", "part", "cell", "flip", "bin", "transport",
         "code"]  # fmt: skip  # what the keyboard reaches
LEARNED = 452  # sweeps that run 3 takes
LOPSIDED = 20  # times the smallest, from which on no ratio to it is told
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
        snapshots=(0, LEARNED - 2, LEARNED - 1, LEARNED, last),
    )


@pytest.fixture
def page(browser, opened):
    with watched(browser, "ERR_FAILED") as page:
        yield page


@pytest.fixture(scope="module")
def alone(browser, opened):
    """Give a page that tests share: each turns it to what it looks at."""
    with watched(browser, "ERR_FAILED") as page:
        yield visit(page, opened, f"{ALONE}&sweep=0")


@pytest.fixture(scope="module")
def crowd(browser, opened):
    """Give a page on which ten thousand others learn, while other tests run."""
    with watched(browser, "ERR_FAILED") as page:
        yield visit(page, opened, "run=3&sweep=0")


def visit(page, opened, state=""):
    page.goto("about:blank")
    page.goto(opened.at(f"page=symmetry&{state}"))
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    return page


def look(page, state):
    """Turn a page to another view of the same run, as its address would."""
    page.mouse.move(0, 0)
    page.evaluate(
        "hash => { document.activeElement.blur(); location.hash = hash }",
        f"page=symmetry&{ALONE}&{state}",
    )
    settled(page)


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
    sides = side_magnitudes(weights)
    shown = np.reshape(ratios(page), (2, 3))
    for texts, expected in zip(shown, sides / sides[:, :1], strict=True):
        if "" in texts:  # to a weight next to nothing none is told
            assert "".join(texts) == ""
            assert expected[2] > LOPSIDED
            continue
        told_ratios = [float(text.strip("\u203a ")) for text in texts]
        assert told_ratios == pytest.approx(expected, abs=0.051)


def ratios(page):
    return page.locator(".mirrors .ratio-value").all_text_contents()


def test_ten_thousand_others_begin_to_learn_unasked(crowd):
    crowd.wait_for_function(
        "() => document.querySelector('.job [role=status]')"
        "?.textContent.includes('of 10,000')",
        timeout=60_000,
    )
    assert crowd.get_by_role("button", name="Stop", exact=True).is_visible()
    assert crowd.locator(".looks button").count() == 5, "while the others learn"


def test_what_the_address_hides_does_not_learn(page, opened):
    begun = begun_on(page)
    visit(page, opened, f"{ALONE}&sweep=0")
    page.evaluate("() => { location.hash = location.hash.replace('others', 'grid') }")
    page.locator(".job progress").wait_for()
    assert not page.locator(".rows-of-six").is_visible()
    assert [one["runs"] for one in begun] == [1000], "once it is seen, not before"
    page.evaluate("() => { location.hash = location.hash.replace('grid', 'others') }")
    page.locator(".rows-of-six").wait_for()
    assert not page.locator(".others-of-symmetry").is_visible()
    assert page.locator(".job progress").count() == 0


def test_other_settings_end_what_learned_and_back_shows_it_again(page, opened):
    visit(page, opened, "run=3&sweep=0")
    page.wait_for_selector(".bin")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Let 10,000 learn").wait_for()
    before = page.locator(".starts-said").text_content()
    page.get_by_label("Epsilon, \u03b5: more").click()
    page.wait_for_function(
        "said => document.querySelector('.starts-said').textContent !== said",
        arg=before,
    )
    page.go_back()
    page.wait_for_function(
        "many => Number(document.querySelector('.starts-said').textContent"
        ".match(/of ([\\d,]+) learned/)?.[1].replace(',', '')) >= many",
        arg=int(re.findall(r"of ([\d,]+) learned", before)[0].replace(",", "")),
    )


def test_the_slider_at_its_beginning_and_its_end(alone, runs):
    page = alone
    look(page, "sweep=300")
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


def test_it_learns_in_the_sweep_that_the_run_tells(alone, runs):
    page, at = alone, LEARNED
    assert at == runs.learned_at[0]
    look(page, f"sweep={at}")
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


def test_a_row_is_chosen_and_flows_through_the_network(alone, runs):
    page, end = alone, runs.recording.snapshots[-1]
    look(page, f"sweep={end}&view=both")
    cell(page, "101001").click()
    page.wait_for_function("() => location.hash.includes('case=101001')")
    settled(page)
    y = outputs_at(runs, end)[runs.task.case_names.index("101001")]
    assert f"It says {y:.2f}: not symmetric" in page.locator(".answer").text_content()
    values = page.locator(".network .unit-value").all_text_contents()
    assert [float(text) for text in values if text][-1] == pytest.approx(y, abs=0.0051)
    page.get_by_role("button", name="Bit 2 is 0").click()
    page.get_by_role("button", name="Bit 4 is 0").click()
    page.wait_for_function("() => location.hash.includes('case=111101')")
    page.get_by_role("button", name="Bit 2 is 1").click()
    settled(page)
    assert ": symmetric." in page.locator(".answer").text_content(), "101101 is"
    page.locator('[data-part="unit:8"]').focus()
    settled(page)
    assert page.locator(".facts").text_content().count("blame") == 2


def test_the_weights_stand_on_their_arcs(alone, runs):
    for sweep in (0, LEARNED):
        look(alone, f"sweep={sweep}")
        shown = alone.locator(".network .arc-weight").all_text_contents()
        w = runs.parameters_of(3, sweep)
        assert sorted(map(number, shown)) == pytest.approx(sorted(w), abs=0.0501)


def test_it_says_which_code_the_ratio_becomes(alone, runs):
    end = runs.recording.snapshots[-1]
    look(alone, f"sweep={end}&level=maths")
    into = runs.network.incoming("hidden")[0]
    sides = side_magnitudes(runs.network.weights(runs.parameters_of(3, end), into))
    codes = ratio_code(sides)
    assert set(codes) <= {"1:2:4", "2:3:4"}
    found = alone.locator(".mirrors .code-name").all_text_contents()
    assert found == [f"near {code}" for code in codes]
    assert f"near {codes[0]}" in alone.locator(".mirrors-said").text_content()
    lines = alone.locator(".mirror-weights .equation")
    lines.first.wait_for()
    for line, side in zip(lines.all(), sides, strict=True):
        written = line.text_content().split("=")
        shown = [float(text) for text in written[1].split(":")]
        assert shown == pytest.approx(side, abs=0.0051)


LIT = """() => [
  ...document.querySelectorAll('.of-symmetry .equation .symbol')
].map(symbol => {
  symbol.focus();
  const lit = [...document.querySelectorAll('.hinted:not(.symbol)')];
  return {
    stands: symbol.getAttribute('data-stands'),
    parts: lit.map(one => one.dataset.part).filter(Boolean),
    bars: lit.filter(one => one.matches('.mirror-part')).length,
    cells: lit.map(one => one.dataset.case).filter(Boolean),
    numbers: lit.filter(one => one.matches('mn, dl div, .stepper')).length,
  };
})"""


@pytest.mark.parametrize(
    ("part", "labels"),
    [
        ("unit:6", ["(1)", "(2)", "(7)", "(5)"]),
        ("unit:8", ["(1)", "(2)", "(3)", "(4)", "(5)"]),
        ("arc:3", ["(6)", "(9)"]),
    ],
)
def test_every_symbol_lights_the_number_it_stands_for(alone, part, labels):
    look(alone, f"sweep={LEARNED}&level=maths&part={part}&case=011110")
    block = alone.locator(".of-symmetry .equations")
    block.wait_for()
    assert block.locator(".number").all_text_contents() == labels
    found = {one["stands"]: one for one in alone.evaluate(LIT)}
    assert len(found) > 5
    for stands, lit in found.items():
        assert lit["numbers"] or lit["cells"], stands
    if part == "unit:6":
        weights = next(one for key, one in found.items() if key.count("w:") == 6)
        assert (len(weights["parts"]), weights["bars"]) == (6, 6)
        assert found["y:6"]["parts"] == ["unit:6"]
    elif part == "unit:8":
        assert found["y:8"]["cells"] == found["d:8"]["cells"] == ["011110"]
        outputs = next(one for key, one in found.items() if "y:8:000000" in key)
        assert len(outputs["cells"]) == 64
    else:
        assert found["dw:3"]["parts"] == ["arc:3"]
        assert found["epsilon"]["numbers"] >= 2, "in the equation and in the settings"


def test_what_is_pointed_at_lights_its_symbols(alone):
    look(alone, f"sweep={LEARNED}&level=maths&part=unit:6&case=011110")
    alone.locator(".of-symmetry .equation").first.wait_for()
    alone.locator('.mirror-part[aria-label^="Input 2 to Hidden 1"]').hover()
    assert alone.locator(".part.hinted").get_attribute("data-part") == "arc:1"
    assert alone.locator(".of-symmetry .equation .symbol.hinted").count() == 1
    look(alone, f"sweep={LEARNED}&level=maths&part=unit:8&case=011110")
    cell(alone, "011110").hover()
    lit = alone.locator(".of-symmetry .equation .symbol.hinted")
    assert lit.count() > 5
    alone.locator("h1").hover()
    assert alone.locator(".hinted").count() == 0
    alone.locator(".explained .symbol", has_text="w").first.focus()
    assert alone.locator(".part.hinted").count() == 17, "all weights"


def test_equation_9_is_that_of_the_run(alone, runs):
    look(alone, f"sweep={LEARNED}&level=maths&part=arc:3")
    w = runs.parameters_of(3, LEARNED)
    now = [number(text) for text in alone.locator(".facts dd").all_text_contents()]
    last, older = (runs.parameters_of(3, LEARNED - back) for back in (1, 2))
    assert now[2] == pytest.approx((w - last)[3], abs=6e-5)
    line = alone.locator(".equation").nth(1)
    line.wait_for()  # equations are fetched on demand
    numbers = [
        number(text) for text in line.locator("mn[data-stands]").all_text_contents()
    ]
    passed = forward(runs.network, last, runs.task.inputs)
    slope = backward(runs.network, last, passed, runs.task.desired).dE_dw[3]
    expected = [0.1, slope, 0.9, (last - older)[3], (w - last)[3]]
    assert numbers == pytest.approx(expected, rel=2e-2, abs=6e-6)


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
    assert page.locator("h1").text_content() == "Standing still"
    assert page.locator(".sweep-number").text_content() == "20000"


# ---- what it says where all goes otherwise -------------------------------------------


@pytest.fixture(scope="module")
def anywhere(browser, opened):
    """Give a page that tests turn to runs of other settings."""
    with watched(browser) as page:
        yield visit(page, opened, f"{ALONE}&sweep=0")


def turn(page, state, place, words):
    """Turn a page to a view of any run, and wait until it says so."""
    page.evaluate("hash => { location.hash = hash }", f"page=symmetry&{state}")
    page.wait_for_function(
        "([place, words]) => document.querySelector(place).textContent.includes(words)",
        arg=[place, words],
    )
    settled(page)


@pytest.mark.parametrize(
    ("state", "title", "said"),
    [
        ("epsilon=0&sweep=20000", "Standing still", ("no step", "stays", "Δw")),
        ("epsilon=0.001&sweep=20000", "Too slow", ("0.6 %", "100,000", "0.6 %")),
        ("start=0&sweep=0", "All alike", ("alike for ever", "no more than one", "(6)")),
        ("start=0&sweep=20000", "All alike", ("alike", "equal", "Equal rows")),
        ("start=20&sweep=0", "Before learning", ("large", "large", "large")),
        ("start=20&sweep=20000", "Stuck", ("100,000", "on to 100,000", "100,000")),
        ("run=72&sweep=20000", "Not yet", ("in sweep 25,498",) * 3),
        ("epsilon=10&sweep=20000", "Out of hearing", ("since", "Since", "since")),
        ("run=3&sweep=100", "The plateau", ("firmly", "firmly", "nearly 0")),
        ("start=20&sweep=90", "On the way", ("undecided", "of 64", "of 64")),
    ],
)
def test_its_story_is_true_at_any_setting(anywhere, state, title, said):
    for level, part in zip(("glance", "depth", "maths"), said, strict=True):
        view = f"{state}&run=272&hide=others&level={level}"
        turn(anywhere, view, ".story .lead", part)
        assert anywhere.locator("h1").text_content() == title
        assert "{" not in anywhere.locator(".story .lead").text_content()


def test_a_link_to_another_run_says_its_sweep(page, opened):
    """Where none is said, the end of one run is followed by the end of the next."""
    visit(page, opened, f"{ALONE}&sweep=20000")
    turn(page, "run=54&sweep=6174&hide=others", ".mirrors-said", "one pair hardly")
    assert "sweep=6174" in page.url
    slide(page, page.locator("input.sweeps").get_attribute("max"))
    assert page.locator(".sweep-number").text_content() == "7059"
    turn(page, "run=3&sweep=7059&hide=others", ".sweep-number", f"{LEARNED + 500}")


@pytest.mark.parametrize(
    ("state", "verdict", "codes"),
    [
        ("run=3&sweep=386", "in one unit and", {"near 2:3:4"}),
        ("run=3&sweep=362", "but neither 1 : 2 : 4 nor", set()),
        ("run=54&sweep=6174", "one pair hardly counts", set()),
        ("start=0&sweep=20000", "no more than one", set()),
    ],
)
def test_its_verdict_is_that_of_the_weights(anywhere, state, verdict, codes):
    turn(anywhere, f"{state}&hide=others", ".mirrors-said", verdict)
    named = anywhere.locator(".mirrors .code-name").all_text_contents()
    assert {name for name in named if name.startswith("near")} == codes


def test_without_a_pair_that_counts_no_ratio_is_written(anywhere):
    view = "hide=others&level=maths&start=0&sweep=20000"
    turn(anywhere, view, ".mirrors-said", "no more than one")
    equations = anywhere.locator(".mirror-weights .equation")
    equations.first.wait_for()
    assert ratios(anywhere) == [""] * 6
    assert [line.count("=") for line in equations.all_text_contents()] == [1, 1]
    drawing = anywhere.locator(".frame .mirrors").get_attribute("aria-label")
    assert "one side" in drawing
    assert "ratio" not in drawing


def test_the_bars_of_one_side_are_its_weights(alone, runs):
    end = runs.recording.snapshots[-1]
    look(alone, f"sweep={end}")
    into = runs.network.incoming("hidden")[0]
    weights = runs.network.weights(runs.parameters_of(3, end), into).ravel()
    shown = alone.locator(".mirrors .bar-value").all_text_contents()
    assert [number(text) for text in shown] == pytest.approx(weights, abs=0.0501)
    bars = alone.locator(".frame .mirror-bar").evaluate_all(
        "bars => bars.map(bar => [Number(bar.getAttribute('height')),"
        " bar.classList.contains('negative')])"
    )
    scale = max(high for high, _ in bars) / np.abs(weights).max()
    for (high, is_negative), w in zip(bars, weights, strict=True):
        assert high == pytest.approx(scale * abs(w), rel=1e-3, abs=0.01)
        assert is_negative == (w < 0)


def test_the_keyboard_is_enough(page, opened):
    visit(page, opened, "run=3&sweep=0")
    page.wait_for_selector(".bin")
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


@pytest.fixture(scope="module", params=["light", "dark"])
def schemed(browser, opened, request):
    """Give a page in a colour scheme, with all that it can show."""
    with fresh(browser, request.param) as page:
        visit(page, opened, "run=3&sweep=400&level=maths&view=both")
        page.wait_for_selector(".bin", timeout=60_000)
        yield page, request.param


def test_axe_finds_nothing(schemed):
    page, _ = schemed
    page.locator("details.code summary").click()
    assert_axe_finds_nothing(page)
    page.locator("details.code summary").click()


@pytest.mark.parametrize("width", [360, 900, 1600])
def test_nothing_is_wider_than_the_window(schemed, width):
    page, scheme = schemed
    page.set_viewport_size({"width": width, "height": 1000})
    look(page, "sweep=700&level=maths")
    assert_not_wider(page, width, f"symmetry-maths-{width}-{scheme}")
    look(page, "sweep=700")
    assert_not_wider(page, width, f"symmetry-{width}-{scheme}")


def test_it_plays_by_itself_when_it_is_first_opened(page, opened):
    visit(page, opened, "hide=others")
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 30"
    )


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path, runs):
    visit(page, opened, f"{ALONE}&sweep=300")
    path = tmp_path / "symmetry.html"
    as_file(page, path)
    with from_disk(browser, path) as alone:
        alone.wait_for_selector('.board[aria-busy="false"]')
        slide(alone, alone.locator("input.sweeps").get_attribute("max"))
        is_said(alone, runs, runs.recording.snapshots[-1])
        cell(alone, "111111").click()
        settled(alone)
        assert "symmetric" in alone.locator(".answer").text_content()
    assert opened.token not in path.read_text("utf-8")


def test_what_is_hidden_stays_hidden_in_a_file(page, browser, opened, tmp_path):
    visit(page, opened, "run=3&sweep=300&hide=others,weights")
    assert not page.locator(".mirror-weights").is_visible()
    assert page.locator(".of-symmetry").is_visible()
    as_file(page, tmp_path / "symmetry.html")
    with from_disk(browser, tmp_path / "symmetry.html") as alone:
        alone.wait_for_selector('.board[aria-busy="false"]')
        for hidden in (".settings", ".mirror-weights", ".others-of-symmetry"):
            assert not alone.locator(hidden).is_visible()
        assert alone.locator(".rows-of-six").is_visible()


@pytest.mark.parametrize("what", ["network", "grid", "weights"])
def test_drawings_can_be_taken(alone, tmp_path, what):
    look(alone, f"sweep={LEARNED}")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with alone.expect_download() as taken:
            alone.get_by_role("button", name=f"{what}, {kind}").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        assert path.read_bytes().startswith(begins)
        assert path.stat().st_size > 10_000


# ---- the ten thousand, which have learned by now -------------------------------------


@pytest.fixture
def learned(crowd):
    """Give the page of the ten thousand once all have learned, whatever ran before."""
    crowd.wait_for_function(
        "() => /of 10,000 learned/.test("
        "document.querySelector('.starts-said')?.textContent)",
        timeout=300_000,
    )
    crowd.wait_for_selector(".looks button")
    return crowd


def test_ten_thousand_others_have_learned(learned):
    crowd = learned
    said = crowd.locator(".starts-said").text_content()
    bars = crowd.locator(".histogram .bin").evaluate_all(
        "bars => bars.map(bar => bar.getAttribute('aria-label'))"
    )
    counts = [int(label.split()[0].replace(",", "")) for label in bars]
    assert sum(counts) == 10_000
    assert int(said.split()[0].replace(",", "")) == 10_000 - counts[-1]
    assert "had not learned" in bars[-1]
    assert f"This start took {LEARNED}" in said
    few = backsweep.learn(task="symmetry", seed=1, runs=range(100), every=20_000)
    assert int(counts[-1]) / 10_000 == pytest.approx(
        (few.learned_at == 0).mean(), abs=0.06
    )


def test_their_number_is_told_and_there_is_a_scale(learned):
    crowd = learned
    text = crowd.locator(".others-of-symmetry .explained").text_content()
    assert "from 10,000 random beginnings" in text
    marks = crowd.locator(".histogram .counts")
    values = [int(text.replace(",", "")) for text in marks.all_text_contents()]
    assert values[0] == 0
    assert values[-1] > 100
    heights = [mark.locator("line").get_attribute("y1") for mark in marks.all()]
    unit = (float(heights[0]) - float(heights[-1])) / values[-1]
    for bar in crowd.locator(".bin:not(.stuck)").all():
        many = int(bar.get_attribute("aria-label").split()[0].replace(",", ""))
        high = float(bar.locator(".bin-bar").get_attribute("height"))
        assert high == pytest.approx(many * unit, rel=1e-3)


def test_1425_and_this_run_are_marked_among_them(learned):
    crowd = learned
    assert "the letter\u2019s run: 1,425" in crowd.locator(".histogram").text_content()
    letter = crowd.locator(".letter-line").bounding_box()["x"]
    (around,) = [
        bar.bounding_box()
        for bar in crowd.locator(".histogram .bin").all()
        if is_within(bar.get_attribute("aria-label"), 1425)
    ]
    assert around["x"] - 2 <= letter <= around["x"] + around["width"] + 2
    (own,) = crowd.locator(".bin:has(.bin-own)").all()
    assert is_within(own.get_attribute("aria-label"), LEARNED)


def is_within(label, sweeps):
    """Whether a bar, by its label, holds runs that took so many sweeps."""
    ends = re.search(r"in ([\d,]+) to ([\d,]+) sweeps", label)
    if ends is None:
        return False
    low, high = (int(end.replace(",", "")) for end in ends.groups())
    return low <= sweeps <= high


def test_they_go_along_in_a_file(learned, browser, tmp_path):
    crowd = learned
    said = crowd.locator(".starts-said").text_content()
    counts = "bars => bars.map(bar => Number(bar.getAttribute('height')).toFixed(3))"
    as_file(crowd, tmp_path / "symmetry.html")
    with from_disk(browser, tmp_path / "symmetry.html") as alone:
        alone.wait_for_selector(".bin")
        assert alone.locator(".starts-said").text_content() == said
        assert alone.locator(".bin-bar").evaluate_all(counts) == crowd.locator(
            ".bin-bar"
        ).evaluate_all(counts)
        assert alone.locator(".others-of-symmetry [role=button]").count() == 0
        assert alone.locator(".others-of-symmetry button.plain").count() == 0


def test_one_of_them_is_opened(learned):
    crowd = learned
    crowd.locator(".bin:not(.stuck)").nth(9).click()
    crowd.wait_for_function("() => !location.hash.includes('run=3&')")
    crowd.wait_for_function(
        "() => !document.querySelector('.starts-said').textContent.includes('took 452')"
    )
    assert crowd.locator(".histogram .bin").count() > 30, "not learned again"
    crowd.get_by_role("button", name="one that is stuck").click()
    crowd.wait_for_function(
        "() => document.querySelector('.starts-said').textContent.includes('did not.')"
    )
