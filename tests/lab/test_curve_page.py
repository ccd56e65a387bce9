"""The training curve, used in Chromium as a person would use it."""

from __future__ import annotations

import re

import numpy as np
import pytest

import backsweep
from backsweep.equations import backward, forward
from backsweep.lab.curve import course, network_of, procedure_of
from backsweep.lab.messages import CurveAsked, CurveSettings, WeightSet
from tests.lab.pages import (
    as_file,
    assert_axe_finds_nothing,
    assert_not_wider,
    fact,
    fresh,
    from_disk,
    number,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PARTS = ("toggles", "stepper", "strong", "part", "case-row", "small-plane", "looks",
         "job", "transport", "code")  # fmt: skip  # what the keyboard reaches
AT = "parts => document.activeElement.closest(parts.join())?.classList[0] ?? ''"


KEPT = "xor_2_0.5_0.9_0.5_sweep_1_0_/parity:3_8_0.5_0.9_0.5_case_2_3_0:0:4"
READY = """() => !document.querySelector('.board[aria-busy="true"]')
  && !document.querySelector('.others[aria-busy="true"]')
  && document.querySelector('.summary:not(:empty)')"""
GO = """state => new Promise(done => {
  document.querySelector('button.play[aria-label="Pause"]')?.click();
  document.activeElement.blur();
  if (location.hash === state) return done();
  addEventListener('hashchange', () => done(), { once: true });
  location.hash = state;
})"""


@pytest.fixture(scope="module")
def open_page(browser, opened):
    """Give a page that stays open over many tests."""
    with watched(browser, "ERR_FAILED") as page:
        anew(page, opened, "sweep=0")
        yield page


@pytest.fixture
def page(open_page):
    """Give it, and hold what went wrong on it against the test that did it."""
    wrong = []

    def listen(error):
        wrong.append(str(error))

    open_page.on("pageerror", listen)
    yield open_page
    open_page.remove_listener("pageerror", listen)
    assert wrong == []


def anew(page, opened, state=""):
    """Open the page as from a link that was sent."""
    page.goto("about:blank")
    page.goto(opened.at(state))
    page.wait_for_function(READY)
    return page


def visit(page, opened, state=""):
    """Follow a link within the page that is open, whatever was chosen before."""
    level = "" if "level=" in state else "&level=glance"
    state += level.removeprefix("&" * (not state))
    page.mouse.move(0, 0)  # over nothing
    page.evaluate(GO, f"#{state}")
    page.wait_for_function(READY)
    settled(page)
    return page


def slide(page, sweep):
    page.locator("input.sweeps").fill(str(sweep))


def outputs(page):
    """Read the outputs from the truth table."""
    return [float(text) for text in page.locator(".said").all_text_contents()]


def verdicts(page):
    return page.locator(".verdict").all_text_contents()


# ---- the run ------------------------------------------------------------------------


def test_xor_is_undecided_at_first_and_learned_at_last(page, opened):
    visit(page, opened, "sweep=0")
    assert all(0.3 < y < 0.7 for y in outputs(page))
    assert page.locator("h1").text_content() == "Before learning"
    slide(page, 600)
    low, high, high_too, low_too = outputs(page)
    assert max(low, low_too) < 0.1 < 0.9 < min(high, high_too)
    assert verdicts(page) == ["right"] * 4
    assert page.locator("h1").text_content() == "Learned"
    slide(page, 0)
    assert all(0.3 < y < 0.7 for y in outputs(page)), "back in time"


def test_and_is_learned(page, opened):
    visit(page, opened, "task=and&sweep=600")
    *low, high = outputs(page)
    assert max(low) < 0.2 < 0.8 < high


def test_the_plateau_and_the_drop_are_marked_and_told(page, opened):
    visit(page, opened, "sweep=0")
    names = page.locator(".zone-name").all_text_contents()
    assert names == ["plateau", "drop"]
    (plateau, drop) = page.locator(".error .zone").all()
    assert plateau.bounding_box()["x"] < drop.bounding_box()["x"]
    slide(page, 50)
    assert page.locator("h1").text_content() == "The plateau"
    slide(page, 190)
    assert page.locator("h1").text_content() == "The drop"


@pytest.mark.parametrize("level", ["glance", "depth", "maths"])
@pytest.mark.parametrize(("width", "height"), [(1600, 1000), (1366, 768)])
def test_the_curve_is_in_sight_while_it_plays(page, opened, level, width, height):
    page.set_viewport_size({"width": width, "height": height})
    visit(page, opened, f"sweep=130&level={level}")
    page.evaluate("() => scrollTo(0, 0)")
    settled(page)
    curve = page.locator(".error svg.curve:not(.swatch)").bounding_box()
    bar = page.locator(".bar:has(.transport)").bounding_box()
    said = page.locator(".zones span").all()
    named = {name.text_content(): name.bounding_box() for name in said}
    page.set_viewport_size({"width": 1600, "height": 1000})
    assert curve["y"] + curve["height"] < bar["y"]
    assert list(named) == ["plateau", "drop"], "and the bar names its zones"
    assert bar["y"] <= named["plateau"]["y"]
    plateau, drop = named.values()
    assert plateau["x"] + plateau["width"] <= drop["x"] + 1


def test_play_step_and_step_back(page, opened):
    visit(page, opened, "sweep=40")
    shown = page.locator(".sweep-number")
    page.get_by_role("button", name="Step forward").click()
    assert shown.text_content() == "41"
    later = outputs(page)
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    assert shown.text_content() == "39"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 45"
    )
    page.get_by_role("button", name="Pause").click()
    stood = shown.text_content()
    settled(page)
    assert shown.text_content() == stood
    slide(page, 41)
    assert outputs(page) == later


def test_it_plays_by_itself_when_it_is_first_opened(page, opened):
    anew(page, opened)
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 3"
    )


def test_it_stays_still_where_less_motion_is_asked_for(browser, opened):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    anew(page, opened)
    settled(page)
    assert page.locator(".sweep-number").text_content() == "0"
    moving = page.evaluate("() => document.getAnimations().length")
    context.close()
    assert moving == 0


def test_without_hidden_units_it_says_why_xor_cannot_be_learned(page, opened):
    visit(page, opened, "hidden=0&sweep=600&level=depth")
    assert page.locator("h1").text_content() == "One line is not enough"
    assert "linearly separable" in page.locator(".lead").text_content()
    assert "wrong" in verdicts(page)
    visit(page, opened, "hidden=0&sweep=600&task=and")
    assert verdicts(page) == ["right"] * 4


# ---- forward and backward -----------------------------------------------------------


@pytest.mark.parametrize("case", [0, 1, 2, 3, None])
def test_its_numbers_are_those_of_the_equations(page, opened, case):
    settings = CurveSettings(hidden=3, run=4)
    task, network = backsweep.task("xor"), network_of(settings)
    sweep = 180
    w = backsweep.learn(
        task=task, network=network, procedure=procedure_of(settings), seed=1,
        runs=range(4, 5), engine="compiled", snapshots=(sweep,),
    ).history.snapshots[0, 0]  # fmt: skip
    chosen = slice(None) if case is None else slice(case, case + 1)
    passed = forward(network, w, task.inputs[chosen])
    signals = backward(network, w, passed, task.desired[chosen])
    name = "all" if case is None else task.case_names[case]
    state = f"hidden=3&run=4&sweep={sweep}&case={name}&view=backward&level=depth"
    visit(page, opened, state)
    for index in range(network.n_parameters):
        page.locator(f'[data-part="arc:{index}"]').focus()
        settled(page)
        named = "bias" if index in (6, 7, 8, 12) else "weight"
        assert fact(page, named) == pytest.approx(w[index], rel=6e-3, abs=1e-4)
        blamed = "its blame, all cases" if case is None else "its blame"
        assert fact(page, blamed) == pytest.approx(
            signals.dE_dw[index], rel=6e-2, abs=6e-5
        )
    if case is None:
        return
    units = [("hidden", 0), ("hidden", 1), ("hidden", 2), ("output", 0)]
    for index, (layer, unit) in enumerate(units):
        page.locator(f'[data-part="unit:{index + 2}"]').focus()
        settled(page)
        for shown, values in (
            ("total input", passed.x),
            ("activity", passed.y),
            ("blame of its activity", signals.dE_dy),
            ("blame of its input", signals.dE_dx),
        ):
            assert fact(page, shown) == pytest.approx(
                values[layer][0, unit], rel=6e-2, abs=6e-4
            )


def test_forward_shows_no_blame_and_backward_does(page, opened):
    visit(page, opened, "sweep=150")
    flows = """() => [...document.querySelectorAll('.net .part .flow:not(.clear)')]
      .filter(arc => arc.style.display !== 'none').length"""
    page.get_by_label("Backward").check(force=True)
    assert page.evaluate(flows) > 5
    page.get_by_label("Forward", exact=True).check(force=True)
    assert page.evaluate(flows) == 0


def signals_of(sweep, cases=slice(None)):
    """Pass XOR through the page's first run, as the equations do."""
    settings = CurveAsked()
    task, network = backsweep.task("xor"), network_of(settings)
    w = course(settings).parameters[sweep]
    passed = forward(network, w, task.inputs[cases])
    return passed, backward(network, w, passed, task.desired[cases])


@pytest.mark.parametrize("case", [0, 2, None])
def test_backward_writes_the_blame_into_units_and_on_arcs(page, opened, case):
    chosen = slice(None) if case is None else slice(case, case + 1)
    name = "all" if case is None else backsweep.task("xor").case_names[case]
    visit(page, opened, f"sweep=150&view=backward&case={name}")
    _, signals = signals_of(150, chosen)
    blames = [
        *signals.dE_dx["hidden"].sum(axis=0),
        *signals.dE_dx["output"].sum(axis=0),
    ]
    values = page.locator(".net .unit-value").all_text_contents()
    arcs = [page.locator(f'[data-part="arc:{k}"]') for k in range(9)]
    order = [int(arc.get_attribute("data-part")[4:]) for arc in
             page.locator(".net .part.arc").all()]  # fmt: skip
    assert len(arcs) == len(order)
    written = page.locator(".net .arc-weight:not(.swatch *)").all_text_contents()

    def says(text, value):
        if text == "\u22480":
            return 0 < abs(value) < 0.0006
        return number(text) == pytest.approx(value, abs=0.0006)

    assert values[:2] == ["", ""], "inputs are not blamed"
    assert all(map(says, values[2:], blames))
    assert all(map(says, written, signals.dE_dw[order]))
    page.get_by_label("Forward", exact=True).check(force=True)
    settled(page)
    assert not any(page.locator(".net .arc-weight:not(.swatch *)").all_text_contents())


def test_a_units_blame_is_summed_over_the_cases(page, opened):
    visit(page, opened, "sweep=150&case=all&level=depth")
    _, signals = signals_of(150)
    for unit, blame in [(2, signals.dE_dx["hidden"][:, 0].sum()),
                        (4, signals.dE_dx["output"].sum())]:  # fmt: skip
        page.locator(f'[data-part="unit:{unit}"]').focus()
        settled(page)
        said = fact(page, "summed over the cases")
        assert said == pytest.approx(blame, rel=6e-2, abs=6e-5)


def test_the_mathematics_of_all_cases_is_written_as_sums(page, opened):
    passed, signals = signals_of(150)
    visit(page, opened, "sweep=150&case=all&level=maths&part=unit:4")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(3\).*\(6\)", text)
    y = passed.y["output"][:, 0]
    for said, desired in zip(y, (0, 1, 1, 0), strict=True):
        assert f"({said:.3f}-{desired})" in text
    assert f"={((y - [0, 1, 1, 0]) ** 2).sum() / 2:.3f}" in text
    assert f"={signals.dE_dw[8]:.5f}(6)" in text, "of its bias"
    visit(page, opened, "sweep=150&case=all&level=maths&part=arc:6")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(6\).*\(9\)", text)
    for blame, sent in zip(
        signals.dE_dx["output"][:, 0], passed.y["hidden"][:, 0], strict=True
    ):
        assert f"{blame:.3f}" in text or f"{blame:.5f}" in text
        assert f"\u00b7{sent:.3f}" in text or f"\u00b7{sent:.5f}" in text


def test_the_mathematics_shows_the_numbers_on_screen(page, opened):
    visit(page, opened, "sweep=150&level=maths&part=unit:4")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(1\).*\(2\).*\(4\).*\(5\)", text)
    assert f"{fact(page, 'activity'):.3f}" in text
    page.locator(".symbol").first.hover()
    assert page.locator(".part.hinted").count() == 1


# ---- a weight set by hand -----------------------------------------------------------


def hand(page, label):
    return page.get_by_role("textbox", name=f"Set {label} to")


def set_to(page, label, value):
    field = hand(page, label)
    field.fill(str(value))
    field.press("Enter")
    page.wait_for_function(READY)
    settled(page)


def test_a_weight_can_be_set_and_the_network_learns_on_from_it(page, opened):
    visit(page, opened, "sweep=120&part=arc:6&level=depth")
    visit(page, opened, "sweep=120&part=arc:6&level=depth&epsilon=0.4")
    assert "Momentum begins at zero" in page.locator(".by-hand").text_content()
    assert page.locator("path.untouched[d]:not([d=''])").count() == 0
    set_to(page, "Hidden 1 \u2192 Output", -2.5)
    page.wait_for_function("() => location.hash.includes('edit=120%3A6%3A-2.5')")
    assert fact(page, "weight") == -2.5
    assert page.locator("h1").text_content() == "Set by hand"
    assert "without momentum" in page.locator(".lead").text_content()
    said = "At sweep 120 Hidden 1 \u2192 Output set to \u22122.5"
    mark = page.locator(".marks .set-mark")
    assert mark.text_content() == said
    assert mark.locator(".set-said").is_visible()
    assert page.locator(".error .set-marks title").text_content() == said
    assert page.locator(".error path.untouched").first.get_attribute("d")
    assert "without your change" in page.locator(".error .legend").text_content()
    summary = page.locator(".summary").text_content()
    assert summary.startswith("As drawn, without what you set by hand")
    assert "weights[6] = -2.5  # sweep 120" in page.locator(".code pre").text_content()

    settings = CurveAsked(
        epsilon=0.4, by_hand=(WeightSet(sweep=120, parameter=6, value=-2.5),)
    )
    task, network = backsweep.task("xor"), network_of(settings)
    run = course(settings)
    for sweep in (119, 120, 121, 300, 600):
        slide(page, sweep)
        settled(page)
        assert fact(page, "weight") == pytest.approx(
            run.parameters[sweep, 6], rel=1e-3, abs=1e-4
        )
        assert fact(page, "last change") == pytest.approx(
            run.change[sweep, 6], rel=1e-2, abs=1e-4
        )
        y = forward(network, run.parameters[sweep], task.inputs).y["output"][:, 0]
        assert outputs(page) == pytest.approx(y.tolist(), abs=0.006)
    assert not page.locator(".set-said").is_visible(), "but where it was set"


def test_what_was_set_is_undone_and_goes_back_in_the_browser_too(page, opened):
    visit(page, opened, "sweep=50&part=arc:0")
    set_to(page, "Input 1 \u2192 Hidden 1", 4)
    slide(page, 300)
    set_to(page, "Input 1 \u2192 Hidden 1", -3)
    said = page.locator(".set-list li span").all_text_contents()
    assert said == [
        "Input 1 \u2192 Hidden 1 set to 4",
        "Input 1 \u2192 Hidden 1 set to \u22123",
    ]
    page.get_by_role("button", name="At sweep 50", exact=True).click()
    assert page.locator(".sweep-number").text_content() == "50"
    page.get_by_role("button", name=re.compile("^Undo: at sweep 50 ")).click()
    page.wait_for_function(READY)
    assert page.locator(".set-list li").count() == 1
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('.set-list li').length > 1")
    page.wait_for_function(READY)
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Undo")).first.click()
        page.wait_for_function(READY)
    assert page.locator(".set-list li, .marks .set-mark").count() == 0
    assert "edit" not in page.url


def test_a_start_is_chosen_by_hand_with_the_keyboard_alone(page, opened):
    """Equal hidden units stay alike until one weight parts them."""
    visit(page, opened, "start=0&task=and&sweep=1")
    assert page.locator("h1").text_content() == "All alike"
    slide(page, 0)
    page.locator('[data-part="unit:0"]').focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    part = page.evaluate("() => document.activeElement.dataset.part")
    assert part.startswith("arc:")
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => !!document.activeElement.closest('.setter')"):
            break
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => location.hash.includes('edit=0%3A')")
    page.wait_for_function(READY)
    assert page.evaluate("() => document.activeElement.value") == "0.5"
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => location.hash.includes('%3A1')")
    page.wait_for_function(READY)
    assert page.locator(".set-list li").count() == 1, "the same weight, set again"
    slide(page, 600)
    assert page.locator("h1").text_content() == "Learned"


def test_a_weight_is_set_by_touch(browser, opened):
    context = browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 800}
    )
    page = anew(context.new_page(), opened, "sweep=200")
    arc = page.locator('[data-part="arc:7"] .hit')
    arc.scroll_into_view_if_needed()
    middle = """arc => {
      const { x, y } = arc.getPointAtLength(arc.getTotalLength() * .6);
      const at = new DOMPoint(x, y).matrixTransform(arc.getScreenCTM());
      return [at.x, at.y];
    }"""
    page.touchscreen.tap(*arc.evaluate(middle))
    less = page.get_by_role("button", name="Set Hidden 2 \u2192 Output to: less")
    before = float(hand(page, "Hidden 2 \u2192 Output").input_value())
    less.tap()
    page.wait_for_function("() => location.hash.includes('edit=200%3A7')")
    page.wait_for_function(READY)
    after = float(hand(page, "Hidden 2 \u2192 Output").input_value())
    context.close()
    assert before - 0.5 <= after < before
    assert 2 * after == int(2 * after)


@pytest.mark.parametrize("wrong", ["1000", "-100.5", "much", ""])
def test_a_wrong_weight_is_met_at_the_field(page, opened, wrong):
    visit(page, opened, "sweep=10&part=arc:8")
    field = hand(page, "Bias of Output")
    field.fill(wrong)
    field.press("Enter")
    said = page.locator(".setter .problem").text_content()
    assert said == "a number from -100 to 100"
    assert field.get_attribute("aria-invalid") == "true"
    assert "edit" not in page.url


def test_other_weights_let_go_of_what_was_set_and_other_rules_do_not(page, opened):
    visit(page, opened, "sweep=10&edit=10:3:1.5")
    page.get_by_label("AND", exact=True).check(force=True)
    page.wait_for_function(READY)
    page.get_by_role("button", name="Epsilon, \u03b5: more").click()
    page.wait_for_function(READY)
    assert "edit=10%3A3%3A1.5" in page.url
    assert page.locator(".set-list li").count() == 1
    page.get_by_role("button", name="Hidden units: more").click()
    page.wait_for_function(READY)
    assert "edit" not in page.url
    assert page.locator(".set-list li").count() == 0
    assert page.locator(".net .part.unit").count() == 6
    assert not page.locator(".trouble").is_visible()


def test_a_link_to_a_weight_that_is_not_there_is_refused_in_a_sentence(browser, opened):
    with fresh(browser, "light") as page:
        page.goto(opened.at("sweep=10&edit=10:9:1"))
        page.wait_for_selector(".trouble:not([hidden])")
        assert "0 to 8, got 9" in page.locator(".trouble").text_content()


def test_at_the_last_sweep_it_says_that_nothing_is_left_to_learn_in(page, opened):
    visit(page, opened, "sweep=600&part=arc:8")
    assert "No sweep is left" in page.locator(".by-hand").text_content()
    set_to(page, "Bias of Output", 50)
    assert verdicts(page) == ["wrong", "right", "right", "wrong"]


# ---- what is told -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "title", "said"),
    [
        ("start=0&sweep=300", "All alike", "set one weight by hand"),
        ("hidden=1&sweep=300", "One line is not enough", "One hidden unit draws one"),
        ("epsilon=100&sweep=500", "Out of hearing", r"since sweep \d+\. Try a smaller"),
        ("epsilon=0&sweep=300", "Standing still", "Make it larger"),
        ("start=20&sweep=0", "Before learning", "random and large"),
        ("start=0&hidden=1&sweep=0", "Before learning", "All weights are 0"),
        ("alpha=0&sweep=600", "Not yet", r"would learn in sweep 1,448\."),
        ("epsilon=0.05&sweep=600&level=depth", "Not yet", r"right in sweep 1,505\."),
        ("alpha=0.5&sweep=600&level=maths", "Not yet", r"is 732\. .*, is 1:"),
        ("alpha=0.999999&sweep=600", "Stuck", r"not even 20,000 sweeps do"),
    ],
)
def test_what_cannot_learn_is_explained(page, opened, state, title, said):
    visit(page, opened, state)
    assert page.locator("h1").text_content() == title
    text = re.sub(r"\s+", " ", page.locator(".lead").inner_text())
    assert re.search(said, text)


def test_an_answer_near_a_half_shows_its_side(page, opened):
    visit(page, opened, "sweep=0")
    seen = set()
    for sweep in range(0, 130, 5):
        slide(page, sweep)
        for y, desired, verdict in zip(
            outputs(page), (0, 1, 1, 0), verdicts(page), strict=True
        ):
            assert (abs(y - desired) < 0.5) == (verdict == "right")
            seen.add(f"{y:.2f}")
    assert "0.50" in seen, "some were near enough"


def test_right_and_wrong_differ_by_more_than_colour(page, opened):
    visit(page, opened, "sweep=130")
    shapes = {
        (verdict.text_content(), verdict.locator("path").get_attribute("d"))
        for verdict in page.locator(".verdict").all()
    }
    assert {word for word, _ in shapes} == {"right", "wrong"}
    assert len(shapes) == 2


def test_the_numbers_keep_up_with_the_counter(page, opened):
    visit(page, opened, "sweep=20&part=arc:2&level=depth")
    behind = page.evaluate(
        """async () => {
          const play = document.querySelector('button.play');
          play.click();
          let behind = 0, moved = 0;
          while (moved < 10) {
            const before = document.querySelector('.sweep-number').textContent;
            await new Promise(requestAnimationFrame);
            await new Promise(done => setTimeout(done));
            const counter = document.querySelector('.sweep-number').textContent;
            const said = document.querySelector('.numbers h3').textContent;
            moved += counter !== before;
            behind += !said.endsWith(`after sweep ${counter}`);
          }
          play.click();
          return behind;
        }"""
    )
    assert behind == 0


@pytest.mark.parametrize("level", ["glance", "depth", "maths"])
def test_each_chapter_can_be_read_and_the_drop_comes_soon(page, opened, level):
    """By the pace that playing takes, not by a clock."""
    visit(page, opened, "sweep=0")
    seconds = page.evaluate(
        """async level => {
          const { Run } = await import('/shared/run.js');
          const { ask } = await import('/shared/server.js');
          const { chapter } = await import('/curve/story.js');
              const { paces } = await import('/curve/paces.js');
          const run = new Run(await ask('api/curve', {}));
          const seconds = {};
          paces(run, level).forEach((pace, sweep) => {
            const name = chapter(run, sweep);
            seconds[name] = (seconds[name] ?? 0) + 1 / pace;
          });
          return seconds;
        }""",
        level,
    )
    assert min(seconds["plateau"], seconds["drop"], seconds["learned"]) > 2
    if level == "glance":
        assert seconds["plateau"] + seconds["drop"] < 8


def test_at_the_end_it_says_what_to_try_next(page, opened):
    visit(page, opened, "sweep=599")
    assert not page.locator(".next").is_visible()
    page.get_by_role("button", name="Step forward").click()
    page.locator(".next button").first.wait_for()  # fetched on demand
    ideas = page.locator(".next button").all_text_contents()
    assert ideas == ["another start", "0 hidden units", "parity of 3"]
    page.get_by_role("button", name="0 hidden units").click()
    page.wait_for_function(
        "() => document.querySelector('h1').textContent === 'One line is not enough'"
    )
    page.get_by_role("button", name="Pause").click()
    slide(page, 600)
    assert "2 hidden units" in page.locator(".next button").all_text_contents()


def test_a_slow_run_is_offered_larger_steps(page, opened):
    visit(page, opened, "sweep=600&alpha=0&epsilon=0.2")
    summary = page.locator(".summary").text_content()
    assert re.search(r"This start did not; it would in sweep \d,\d\d\d\.", summary)
    ideas = page.locator(".next button")
    assert ideas.all_text_contents()[:2] == ["alpha 0.9", "epsilon 0.5"]
    ideas.first.click()
    page.wait_for_function(READY)
    slide(page, 600)
    assert page.locator("h1").text_content() == "Learned"


# ---- what is drawn ------------------------------------------------------------------


@pytest.mark.parametrize("task", ["or", "nand", "xnor", "parity:3"])
@pytest.mark.parametrize("update", ["sweep", "case"])
def test_every_task_is_drawn_and_its_answers_are_those_of_learn(
    page, opened, task, update
):
    settings = CurveAsked(task=task, hidden=8, update=update)
    visit(page, opened, f"task={task}&hidden=8&update={update}&sweep=600")
    y = forward(
        network_of(settings),
        course(settings).parameters[-1],
        backsweep.task(task).inputs,
    ).y["output"][:, 0]
    assert outputs(page) == pytest.approx(y.tolist(), abs=0.006)
    assert page.locator(".net .part.unit").count() == len(f"{len(y) - 1:b}") + 9
    assert page.locator(".small-plane").count() == 9


def test_arcs_are_wide_as_weights_and_say_their_sign(page, opened):
    visit(page, opened, "sweep=600&hidden=3")
    w = course(CurveAsked(hidden=3)).parameters[-1]
    arcs = [page.locator(f'[data-part="arc:{k}"]') for k in range(len(w))]
    lines = [arc.locator(".weight") for arc in arcs]
    kinds = [line.get_attribute("class").split()[1] for line in lines]
    assert kinds == ["excitatory" if weight > 0 else "inhibitory" for weight in w]
    wide = [
        float(line.evaluate("l => parseFloat(l.style.strokeWidth)")) for line in lines
    ]
    np.testing.assert_array_equal(np.argsort(wide), np.argsort(np.abs(w)))
    ends = {
        kind: arc.locator(".end").get_attribute("d").count("L")
        for kind, arc in zip(kinds, arcs, strict=True)
    }
    assert ends["excitatory"] != ends["inhibitory"], "an arrow, a bar"
    for arc in arcs:  # the blame flows on the same arcs
        way = arc.locator(".weight").get_attribute("d")
        assert arc.locator(".flow:not(.clear)").get_attribute("d") == way


def test_numbers_come_by_pointing_too(page, opened):
    visit(page, opened, "sweep=300")
    page.locator('[data-part="unit:2"]').hover()
    assert page.locator(".numbers h3").text_content().startswith("Hidden 1,")
    page.mouse.move(0, 0)
    assert page.locator(".numbers h3").text_content().startswith("Output,")


def test_the_plane_is_dark_where_the_unit_says_yes(page, opened):
    visit(page, opened, "sweep=600&theme=light")
    corner = """([a, b]) => {
      const canvas = document.querySelector('.plane-box canvas');
      const side = canvas.width - 1;
      const at = [Math.round(a * side), Math.round((1 - b) * side), 1, 1];
      return canvas.getContext('2d').getImageData(...at).data[0];
    }"""
    corners = [
        page.evaluate(corner, list(at)) for at in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    assert np.argsort(corners).tolist()[2:] in ([0, 3], [3, 0])
    assert page.locator("svg.plane .divider:not(.under)").count() == 2
    assert page.locator("svg.plane .border").get_attribute("d")
    page.locator('.small-plane[data-over="1"]').click()
    label = page.locator("svg.plane").get_attribute("aria-label")
    assert label == "Hidden 2 over the unit square after sweep 600"
    assert "over=1" in page.url


def test_a_line_beyond_the_square_is_followed_and_pointed_at(page, opened):
    """Without hidden units it is seen trying: where it is, or which way."""
    visit(page, opened, "sweep=0&hidden=0")
    w = course(CurveAsked(hidden=0)).parameters
    line = page.locator("svg.plane .divider:not(.under)")
    seen = set()
    for sweep in (1, 10, 40, 90, 300):
        slide(page, sweep)
        settled(page)
        assert line.get_attribute("d"), f"nothing in sweep {sweep}"
        corners = [w[sweep] @ [a, b, 1] for a in (0, 1) for b in (0, 1)]
        away = "away" in line.get_attribute("class")
        said = page.locator("svg.plane .divider-name").text_content()
        seen.add(away)
        if away:
            assert min(corners) > 0 or max(corners) < 0
            middle = w[sweep] @ [0.5, 0.5, 1]
            long = np.hypot(*w[sweep][:2])
            way = np.abs(w[sweep][:2]) / long
            far = abs(middle) / long - 0.5 / way.max()
            assert said == f"line {far:.1f} away"
    assert True in seen


def test_names_of_lines_do_not_lie_on_each_other(page, opened):
    visit(page, opened, "sweep=0&hidden=8&task=parity%3A3&case=000")
    for sweep in (150, 300, 600):
        slide(page, sweep)
        settled(page)
        at = page.locator("svg.plane .divider-name").evaluate_all(
            "all => all.filter(one => one.textContent)"
            ".map(one => [one.x.baseVal[0].value, one.y.baseVal[0].value])"
        )
        apart = [np.hypot(*np.subtract(one, other)) for k, one in enumerate(at)
                 for other in at[:k]]  # fmt: skip
        assert min(apart) > 10


def test_parity_of_3_is_cut_where_the_chosen_case_is(page, opened):
    visit(page, opened, "task=parity%3A3&hidden=4&sweep=600&case=001")
    assert "third input is 1" in page.locator(".slice").text_content()
    names = page.locator("svg.plane .unit-name").all_text_contents()
    assert sorted(names) == ["001", "011", "101", "111"]


def test_the_curve_lies_among_a_thousand(page, opened):
    visit(page, opened, "sweep=600")
    assert page.locator(".error g > path.fan").count() == 2
    assert page.locator(".error svg.curve:not(.swatch) path.median").get_attribute("d")
    said = page.locator(".summary").text_content()
    (told,) = re.findall(
        r"^(\d+) learned within 600 sweeps \(\d+\.\d %\), "
        r"(\d+) were stuck or too slow\. This start learned in",
        said,
    )
    assert sum(map(int, told)) == 1000
    label = page.locator("canvas.dots").get_attribute("aria-label")
    counts = [int(n) for n in re.findall(r"(\d+) (?:learned|did not|diverged)", label)]
    assert sum(counts) == 1000


# ---- curves to compare with ---------------------------------------------------------


def test_curves_are_kept_to_compare_with(page, opened):
    visit(page, opened, "sweep=600")
    keep = page.get_by_role("button", name="Keep this curve")
    own = page.locator(".error path.error-line:not(.past)").first
    first = own.get_attribute("d")
    keep.click()
    line = page.locator(".error svg.curve:not(.swatch) path.kept-line")
    line.wait_for(state="attached")
    assert line.get_attribute("d") == first
    assert keep.is_disabled(), "it is kept already"
    for name in ("Hidden units: more", "Epsilon, \u03b5: more"):
        page.get_by_role("button", name=name).click()
        page.wait_for_function(READY)
        keep.click()
    page.wait_for_function(
        "() => document.querySelectorAll('.error svg.curve .kept-name').length === 3"
    )
    page.get_by_role("button", name="Another start", exact=True).click()
    page.wait_for_function(READY)
    assert keep.is_disabled(), "three are the most"
    said = page.locator(".kept li > span").all_text_contents()
    assert said == [
        "A XOR, 2 hidden, \u03b5 0.5, \u03b1 0.9, \u00b10.5, start 0",
        "B XOR, 3 hidden, \u03b5 0.5, \u03b1 0.9, \u00b10.5, start 0",
        "C XOR, 3 hidden, \u03b5 0.7, \u03b1 0.9, \u00b10.5, start 0",
    ]
    link, lines = page.url, line.evaluate_all("all => all.map(one => one.outerHTML)")
    visit(page, opened, "sweep=600")
    assert line.count() == 0
    visit(page, opened, link.partition("#")[2])
    page.wait_for_function(
        "() => document.querySelectorAll('.error svg.curve .kept-name').length === 3"
    )
    assert line.evaluate_all("all => all.map(one => one.outerHTML)") == lines
    page.get_by_role("button", name="Open A").click()
    page.wait_for_function(READY)
    assert "hidden" not in page.url
    page.get_by_role("button", name="Let B go").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.error svg.curve .kept-name').length === 2"
    )
    assert page.locator(".kept li > span").nth(1).text_content().startswith("B XOR, 3")


def test_a_kept_curve_that_cannot_be_is_refused_in_a_sentence(browser, opened):
    with fresh(browser, "light") as page:
        page.goto(opened.at("sweep=10&keep=xor_12_0.5_0.9_0.5_sweep_1_0_"))
        page.wait_for_selector(".trouble:not([hidden])")
        said = page.locator(".trouble").text_content()
        assert "`hidden` must be less than or equal to 8, got 12" in said


# ---- a thousand others --------------------------------------------------------------


def test_a_start_among_the_thousand_can_be_chosen(page, opened):
    visit(page, opened, "sweep=600")
    before = page.locator(".summary").text_content()
    page.get_by_role("button", name="one that did not learn").click()
    page.wait_for_function("() => document.querySelector('h1').textContent === 'Stuck'")
    assert re.search(r"run=\d+", page.url)
    page.wait_for_function(
        "before => document.querySelector('.summary').textContent !== before",
        arg=before,
    )
    assert "This start did not." in page.locator(".summary").text_content()
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('h1').textContent === 'Learned'"
    )


def test_a_dot_can_be_pointed_at_and_clicked(page, opened):
    visit(page, opened, "sweep=600")
    canvas = page.locator("canvas.dots")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for share in np.linspace(0.1, 0.8, 30):
        canvas.hover(position={"x": box["width"] * share, "y": box["height"] - 34})
        if page.locator(".pointed").text_content():
            break
    said = page.locator(".pointed").text_content()
    assert re.fullmatch(r"Start \d+: learned in sweep \d+", said)
    assert page.locator("path.other").get_attribute("d")
    page.mouse.down()
    page.mouse.up()
    start = said.split()[1].rstrip(":")
    page.wait_for_function("start => location.hash.includes('run=' + start)", arg=start)


def test_the_keyboard_walks_the_dots_in_the_order_of_learning(page, opened):
    visit(page, opened, "sweep=600")
    first = int(re.findall(r"sweep (\d+);", page.locator(".summary").text_content())[0])
    canvas = page.locator("canvas.dots")
    page.locator(".others .looks button").first.focus()
    page.keyboard.press("Shift+Tab")
    assert canvas.evaluate("dots => dots === document.activeElement")
    said, learned = re.compile(r"Start (\d+): learned in sweep (\d+)\. Enter"), []
    start = ""
    for key in ("", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        if key:
            page.keyboard.press(key)
        ((start, at),) = said.findall(canvas.get_attribute("aria-label"))
        learned.append(int(at))
    assert learned[0] == first, "it begins at this start"
    assert learned[0] <= learned[1] <= learned[2] <= learned[4] <= learned[3]
    assert learned[2] < learned[3], "ten at a time"
    assert page.locator(".sweep-number").text_content() == "600", "time stands still"
    assert page.locator("path.other").get_attribute("d")
    page.keyboard.press("Enter")
    page.wait_for_function("run => location.hash.includes('run=' + run)", arg=start)
    page.wait_for_function(READY)
    page.keyboard.press("End")
    assert "not learned" in canvas.get_attribute("aria-label")
    page.keyboard.press("Tab")
    assert canvas.get_attribute("aria-label").startswith("Of 1,000 starts")


def test_very_many_more_can_learn(page, opened):
    visit(page, opened, "sweep=600")
    page.get_by_role("button", name="Let 100,000 learn").click()
    page.wait_for_function(
        """() => /of 100,000 learned: .* interval/.test(
          document.querySelector('.job').textContent)"""
    )
    counted = page.locator(".job").text_content()
    page.get_by_role("button", name="Another start", exact=True).click()
    page.wait_for_function(READY)
    assert page.locator(".job").text_content() == counted, "it was one of them"


def test_a_count_ends_with_the_settings_that_it_was_of(browser, opened):
    with fresh(browser, "light") as page:
        anew(page, opened, "sweep=600&hidden=2")
        with page.expect_websocket() as opening:
            page.get_by_role("button", name="Let 100,000 learn").click()
        said = page.locator('.job [role="status"]')
        page.wait_for_selector('.job [role="status"]:not(:empty)')
        with opening.value.expect_event(
            "framereceived", lambda frame: '"kind":"done"' in frame
        ):
            page.get_by_role("button", name="Hidden units: more").click()
            page.wait_for_function("() => location.hash.includes('hidden=3')")
        settled(page)
        page.wait_for_function(READY)
        settled(page)
        assert said.text_content() == ""
        assert page.locator(".job button").text_content() == "Let 100,000 learn"


# ---- links, keys, eyes --------------------------------------------------------------


def test_a_link_opens_the_same_view(page, opened):
    state = (
        "task=parity%3A3&hidden=4&epsilon=0.3&alpha=0.8&start=1&seed=9&run=12&sweep=321"
        "&case=110&view=backward&part=arc%3A5&over=2&level=depth&theme=dark"
    )
    anew(page, opened, state)
    first = page.locator("main").inner_text()
    link = page.url
    assert opened.token not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_function(READY)
    assert page.locator("main").inner_text() == first
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert page.locator(".sweep-number").text_content() == "321"
    assert page.locator('.part.chosen[data-part="arc:5"]').count() == 1


def test_every_change_is_in_the_address(page, opened):
    visit(page, opened, "sweep=0")
    page.get_by_label("OR", exact=True).check(force=True)
    page.get_by_role("textbox", name="Hidden units").fill("3")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('hidden=3')")
    slide(page, 77)
    page.wait_for_function("() => location.hash.includes('sweep=77')")
    assert "task=or" in page.url


def test_controls_can_be_hidden_by_link(page, opened):
    visit(page, opened, "sweep=0&hide=settings,others")
    assert not page.locator(".settings").is_visible()
    assert not page.locator(".others").is_visible()
    assert page.locator(".net").is_visible()


def test_the_keyboard_is_enough(page, opened):
    visit(page, opened, "sweep=100")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".sweep-number").text_content() == "110"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(AT, [f".{part}" for part in PARTS]))
    assert reached >= set(PARTS)
    page.locator('[data-part="unit:0"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.part") != "unit:0"
    label = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert re.search(r"weight|bias|activity", label)
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('part=')")


@pytest.mark.parametrize("level", ["glance", "depth", "maths"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, opened, theme, level):
    """With a weight set by hand, and all that is said of it."""
    visit(
        page,
        opened,
        f"sweep=600&edit=120:6:-2.5&part=arc:6&keep=and_0_1_0.5_1_case_2_3_0:0:4"
        f"&level={level}&theme={theme}",
    )
    page.locator("details.code").evaluate("details => { details.open = true; }")
    assert_axe_finds_nothing(page)


def test_the_systems_colours_are_taken(browser, opened):
    with fresh(browser, "dark") as page:
        anew(page, opened, "sweep=150")
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        assert_axe_finds_nothing(page)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("curve", "sweep=130"),
        ("curve-full", "sweep=150&level=maths&task=parity%3A3&hidden=8"),
        (
            "curve-by-hand",
            "sweep=120&part=arc:6&edit=120:6:-2.5&level=depth&keep=" + KEPT,
        ),
        ("curve-end", "sweep=600&hidden=0"),
    ],
)
def test_nothing_is_wider_than_the_window(page, opened, name, state):
    """The pictures that it leaves are for looking at, and for the README."""
    for width in (360, 900, 1600):
        page.set_viewport_size({"width": width, "height": 1000})
        for theme in ("light", "dark"):
            visit(page, opened, f"{state}&theme={theme}")
            page.evaluate("() => scrollTo(0, 0)")
            assert_not_wider(page, width, f"{name}-{width}-{theme}")


def test_trouble_is_said_and_mended(page, opened):
    """A server that goes away is waited for, and the page goes on by itself."""
    visit(page, opened, "sweep=0")
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name="Another start").click()
    page.wait_for_selector(".trouble:not([hidden])")
    assert "does not answer" in page.locator(".trouble").text_content()
    page.unroute("**/api/**")
    page.wait_for_selector(".trouble[hidden]", state="attached")


def test_a_wrong_setting_is_said_beside_it(page, opened):
    visit(page, opened, "sweep=0")
    field = page.get_by_role("textbox", name="Hidden units")
    field.fill("12")
    page.keyboard.press("Enter")
    assert "from 0 to 8" in page.locator(".problem:not(:empty)").text_content()
    assert field.get_attribute("aria-invalid") == "true"


# ---- taken along --------------------------------------------------------------------


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path):
    visit(
        page,
        opened,
        "sweep=100&run=3&level=depth&edit=50:1:2&keep=xor_2_0.5_0.9_0.5_sweep_1_0_",
    )
    here = [outputs(page), page.locator(".summary").text_content()]
    path = tmp_path / "curve.html"
    as_file(page, path)
    with from_disk(browser, path) as alone:
        alone.wait_for_selector(".summary:not(:empty)")
        assert alone.locator(".sweep-number").text_content() == "100"
        assert [outputs(alone), alone.locator(".summary").text_content()] == here
        assert not alone.locator(".settings").is_visible()
        assert alone.locator(".setter, .kept button").count() == 0
        dots = alone.locator("canvas.dots")
        assert dots.get_attribute("role") == "img"
        assert dots.get_attribute("tabindex") is None, "none can be chosen here"
        assert "make it yours" not in alone.locator(".others").inner_text()
        assert "make it yours" in page.locator(".others").inner_text()
        box = dots.bounding_box()
        for share in np.linspace(0.1, 0.8, 30):
            dots.hover(position={"x": box["width"] * share, "y": box["height"] - 34})
            if alone.locator(".pointed").text_content():
                break
        assert alone.locator(".pointed").text_content()
        assert dots.evaluate("dots => dots.style.cursor") == ""
        for drawn in ("untouched", "kept-line"):
            line = f".error svg.curve:not(.swatch) path.{drawn}"
            assert alone.locator(line).get_attribute("d")
        slide(alone, 600)
        slide(page, 600)
        assert outputs(alone) == outputs(page)
        assert alone.locator("h1").text_content() == page.locator("h1").text_content()
    assert opened.token not in path.read_text("utf-8")


@pytest.mark.parametrize("what", ["network", "curve"])
def test_drawings_can_be_taken(page, opened, tmp_path, what):
    visit(page, opened, "sweep=100")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"{what}, {kind}").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        content = path.read_bytes()
        assert content.startswith(begins)
        assert len(content) > 10_000
        assert not re.findall(rb"(?:src|href)=.?https?:", content)


# ---- speed, counted: seconds are for benchmarks/lab.py -----------------------------


def test_the_first_page_asks_for_little(browser, opened):
    context = browser.new_context()
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    anew(page, opened, "sweep=0")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    context.close()
    scripts = [size for url, size in sizes.items() if url.endswith(".js")]
    assert len(sizes) < 50
    assert sum(scripts) < 500_000  # D3 included
    assert sum(sizes.values()) < 4_000_000


@pytest.mark.parametrize("state", ["", "task=parity%3A3&hidden=8&"])
def test_a_slider_step_asks_the_server_nothing(page, opened, state):
    visit(page, opened, f"{state}sweep=0")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for sweep in range(3, 600, 60):
        slide(page, sweep)
    assert [url for url in asked if not url.endswith("/icon.svg")] == []
