"""The training curve, used in Chromium as a person would use it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import numpy as np
import pytest

import backsweep
from backsweep.equations import backward, forward
from backsweep.lab.curve import network_of, procedure_of
from backsweep.lab.messages import CurveSettings
from tests.lab.pages import (
    assert_axe_finds_nothing,
    assert_not_wider,
    fresh,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PARTS = ("toggles", "stepper", "strong", "part", "case-row", "small-plane", "looks",
         "job", "transport", "code")  # fmt: skip  # what the keyboard reaches
AT = "parts => document.activeElement.closest(parts.join())?.classList[0] ?? ''"


@pytest.fixture
def page(browser, opened):
    with watched(browser, allowed="ERR_FAILED") as page:
        yield page


def visit(page, opened, state=""):
    page.goto("about:blank")
    page.goto(opened.at(state))
    page.wait_for_selector('.board[aria-busy="false"]')
    page.wait_for_selector(".summary:not(:empty)", state="attached")
    return page


def slide(page, sweep):
    page.locator("input.sweeps").fill(str(sweep))


def outputs(page):
    """Read the outputs from the truth table."""
    return [float(text) for text in page.locator(".said").all_text_contents()]


def verdicts(page):
    return page.locator(".verdict").all_text_contents()


def fact(page, name):
    """Read a number that is shown about the part that is looked at."""
    text = (
        page.locator(".facts div")
        .filter(has=page.locator("dt", has_text=re.compile(f"^{name}( |$)")))
        .locator("dd")
        .text_content()
    )
    return number(text)


def number(text):
    text = text.replace("\u2212", "-")
    if "\u00b7" in text:
        digits, power = text.split("\u00b710")
        raised = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        return float(f"{digits}e{raised}")
    return float(text)


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
    visit(page, opened)
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 3"
    )


def test_it_stays_still_where_less_motion_is_asked_for(browser, opened):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    visit(page, opened)
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


def test_the_mathematics_shows_the_numbers_on_screen(page, opened):
    visit(page, opened, "sweep=150&level=maths&part=unit:4")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(1\).*\(2\).*\(4\).*\(5\)", text)
    assert f"{fact(page, 'activity'):.3f}" in text
    page.locator(".symbol").first.hover()
    assert page.locator(".part.hinted").count() == 1


# ---- a thousand others --------------------------------------------------------------


def test_a_start_among_the_thousand_can_be_chosen(page, opened):
    visit(page, opened, "sweep=600")
    before = page.locator(".summary").text_content()
    page.get_by_role("button", name="one that is stuck").click()
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


def test_very_many_more_can_learn(page, opened):
    visit(page, opened, "sweep=600")
    page.get_by_role("button", name="Let 100,000 learn").click()
    page.wait_for_function(
        """() => /of 100,000 learned: .* interval/.test(
          document.querySelector('.job').textContent)"""
    )


# ---- links, keys, eyes --------------------------------------------------------------


def test_a_link_opens_the_same_view(page, opened):
    state = (
        "task=parity%3A3&hidden=4&epsilon=0.3&alpha=0.8&start=1&seed=9&run=12&sweep=321"
        "&case=110&view=backward&part=arc%3A5&over=2&level=depth&theme=dark"
    )
    visit(page, opened, state)
    first = page.locator("main").inner_text()
    link = page.url
    assert opened.token not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(".summary:not(:empty)", state="attached")
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
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, opened, scheme, level):
    with fresh(browser, scheme) as page:
        visit(page, opened, f"sweep=150&level={level}")
        page.locator("details.code summary").click()
        assert_axe_finds_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900, 1600])
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("curve", "sweep=130"),
        ("curve-full", "sweep=150&level=maths&task=parity%3A3&hidden=8"),
    ],
)
def test_nothing_is_wider_than_the_window(browser, opened, width, scheme, name, state):
    """The pictures that it leaves are for looking at, and for the README."""
    with fresh(browser, scheme, width) as page:
        visit(page, opened, state)
        assert_not_wider(page, width, f"{name}-{width}-{scheme}")


def test_trouble_is_said_and_mended(page, opened):
    """A server that goes away is waited for, and the page goes on by itself."""
    visit(page, opened, "sweep=0")
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name="Another start").click()
    page.wait_for_selector(".trouble:not([hidden])")
    assert "does not answer" in page.locator(".trouble").text_content()
    page.unroute("**/api/**")
    page.wait_for_selector(".trouble[hidden]", state="attached", timeout=5000)


def test_a_wrong_setting_is_said_beside_it(page, opened):
    visit(page, opened, "sweep=0")
    field = page.get_by_role("textbox", name="Hidden units")
    field.fill("12")
    page.keyboard.press("Enter")
    assert "from 0 to 8" in page.locator(".problem:not(:empty)").text_content()
    assert field.get_attribute("aria-invalid") == "true"


# ---- taken along --------------------------------------------------------------------


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path):
    visit(page, opened, "sweep=100&run=3&level=depth")
    with page.expect_download() as taken:
        page.get_by_role("button", name="all of it as one HTML file").click()
    path = tmp_path / "curve.html"
    taken.value.save_as(path)
    here = [outputs(page), page.locator(".summary").text_content()]
    context = browser.new_context(offline=True)
    alone = context.new_page()
    wrong, asked = [], []
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.on("console", lambda said: wrong.extend([said.text] * (said.type == "error")))
    alone.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
    alone.goto(path.as_uri())
    alone.wait_for_selector(".summary:not(:empty)")
    assert alone.locator(".sweep-number").text_content() == "100"
    assert [outputs(alone), alone.locator(".summary").text_content()] == here
    assert not alone.locator(".settings").is_visible()
    slide(alone, 600)
    slide(page, 600)
    assert outputs(alone) == outputs(page)
    assert alone.locator("h1").text_content() == page.locator("h1").text_content()
    context.close()
    assert wrong == []
    assert set(asked) <= {"file", "data", "blob"}
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
    visit(page, opened, "sweep=0")
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
