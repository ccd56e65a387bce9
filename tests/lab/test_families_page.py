"""The family trees, used in Chromium as a person would use them."""

from __future__ import annotations

import re

import numpy as np
import pytest

import backsweep
from backsweep.analysis import silenced
from backsweep.equations import backward, cases_right, forward
from tests.lab.pages import (
    assert_axe_finds_nothing,
    assert_not_wider,
    fresh,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

STOPS = ["toggles", "stepper", "strong", "person", "relations", "secret", "layer-unit",
         "field", "fact", "transport", "code"]  # fmt: skip  # what the keyboard reaches


@pytest.fixture(scope="module")
def runs():
    """Give the run that the page opens with."""
    return backsweep.learn(
        task="families", seed=1, runs=range(1), snapshots=(0, 600, 1200, 3000)
    )


@pytest.fixture
def page(browser, opened):
    with watched(browser, allowed="ERR_FAILED") as page:
        yield page


def visit(page, opened, state=""):
    page.goto("about:blank")
    page.goto(opened.at(f"page=families&{state}"))
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    return page


def slide(page, sweep):
    page.locator("input.sweeps").fill(str(sweep))
    settled(page)


def told(page):
    """Read how many told and untold questions are right."""
    text = page.locator(".matrix .summary").text_content()
    return [int(count) for count in re.findall(r"(\d+) of (?:100|4)", text)]


def said_by(page, person):
    label = page.locator(f'.person[data-person="{person}"]').get_attribute("aria-label")
    return float(label.split(": ")[1].split(",")[0])


def right_at(runs, sweep, lost=()):
    w = silenced(runs.network, runs.parameters_of(0, sweep), "person code", lost)
    y = forward(runs.network, w, runs.task.inputs).y["output"]
    return cases_right(y, runs.task.desired)


def number(text):
    text = text.replace("\u2212", "-")
    if "\u00b7" not in text:
        return float(text)
    digits, power = text.split("\u00b710")
    return float(
        f"{digits}e{power.translate(str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-'))}"
    )


def fact(page, name):
    return number(
        page.locator(".facts div")
        .filter(has=page.locator("dt", has_text=re.compile(f"^{name}( |$)")))
        .locator("dd")
        .text_content()
    )


# ---- the run ------------------------------------------------------------------------


@pytest.mark.parametrize("sweep", [0, 600, 3000])
def test_it_says_how_many_are_right_at_every_sweep(page, opened, runs, sweep):
    visit(page, opened, "sweep=1200")
    slide(page, sweep)
    right = right_at(runs, sweep)
    apart = runs.history.held_out[0]
    assert told(page) == [np.delete(right, apart).sum(), right[apart].sum()]
    assert page.locator(".fact.right").count() - 2 == right.sum(), "two in the legend"
    assert page.locator(".matrix .frame .fact.held-out").count() == 4


def test_the_trees_name_colins_aunts(page, opened, runs):
    visit(page, opened, "sweep=3000")
    y = runs.activities(0, "Colin has-aunt").y["output"][0]
    for name, value in zip(runs.network["output"].units, y, strict=True):
        assert said_by(page, name) == pytest.approx(value, abs=0.0051)
    text = page.locator(".answer").text_content()
    assert re.search(r"✓ right It names Margaret \(0\.\d\d\) and Jennifer", text)
    badges = page.locator(".kinship .frame .badge.right").count()
    assert badges == 2
    slide(page, 0)
    assert "\u00d7 wrong" in page.locator(".answer").text_content()


def test_a_person_in_the_tree_and_a_relation_can_be_chosen(page, opened):
    visit(page, opened, "sweep=3000")
    page.locator('.person[data-person="Alfonso"]').click()
    assert "Who is Alfonso\u2019s aunt?" in page.locator(".question").text_content()
    page.locator(".relations label").filter(has_text="mother").click()
    page.wait_for_function("() => location.hash.includes('relation=mother')")
    settled(page)
    assert "Lucia" in page.locator(".answer").text_content()
    assert page.locator('input[value="wife"]').is_disabled(), "he has none"
    page.locator('.person[data-person="Penelope"]').click()
    assert re.search(
        "Who is Penelope\u2019s [a-z]+", page.locator(".question").inner_text()
    )
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('.question').innerText.includes('o\u2019s mo')"
    )


def test_questions_never_told_are_told_apart(page, opened, runs):
    visit(page, opened, "sweep=3000")
    apart = [runs.task.case_names[k] for k in runs.history.held_out[0]]
    shown = page.locator(".secret").all_text_contents()
    assert [re.sub("\u2019s (\\w+).*", " has-\\1", text) for text in shown] == apart
    page.locator(".secret").first.click()
    settled(page)
    assert "never told" in page.locator(".question").text_content()
    assert page.locator(".relations .untold input:checked").count() == 1
    assert page.locator(".fact.held-out.chosen").count() == 1


def test_a_question_can_be_chosen_among_all(page, opened):
    visit(page, opened, "sweep=3000")
    page.get_by_role("button", name="Emilio\u2019s niece: right").click()
    assert "Emilio\u2019s niece" in page.locator(".question").text_content()


def test_as_printed_nothing_is_learned_and_it_says_so(page, opened):
    visit(page, opened, "recipe=printed&sweep=1500&level=depth")
    assert told(page) == [0, 0]
    assert page.locator("h1").text_content() == "As printed, it fades"
    note = page.locator(".recipe-note").text_content()
    assert "none got a single told question right" in note
    page.get_by_label("One that learns").check(force=True)
    page.wait_for_function(
        "() => document.querySelector('.sweep-number').textContent === '3000'"
    )
    settled(page)
    assert told(page)[0] > 90


# ---- forward and backward -----------------------------------------------------------


def test_its_numbers_are_those_of_the_equations(page, opened, runs):
    visit(page, opened, "sweep=600&level=depth&view=backward")
    case = runs.task.case_names.index("Colin has-aunt")
    w = runs.parameters_of(0, 600)
    passed = forward(runs.network, w, runs.task.inputs[case : case + 1])
    blame = backward(
        runs.network, w, passed, runs.task.desired[case : case + 1], zone=0.3
    )
    for layer, unit in (("person code", 3), ("hidden", 7), ("output", 5)):
        page.locator(f'[data-unit="{layer}:{unit}"]').focus()
        settled(page)
        for shown, values in (
            ("total input", passed.x),
            ("activity", passed.y),
            ("blame of its activity", blame.dE_dy),
            ("blame of its input", blame.dE_dx),
        ):
            expected = values[layer][0, unit]
            assert fact(page, shown) == pytest.approx(expected, rel=6e-2, abs=6e-4)


def test_forward_shows_no_blame_and_backward_does(page, opened):
    visit(page, opened, "sweep=300")
    flows = "() => document.querySelectorAll('.arcs .flow:not([display=none])').length"
    arcs = "() => document.querySelectorAll('.arcs .weight:not([display=none])').length"
    page.get_by_label("Backward").check(force=True)
    settled(page)
    assert page.evaluate(flows) > 5
    assert page.evaluate(arcs) == 0
    page.get_by_label("Forward", exact=True).check(force=True)
    settled(page)
    assert page.evaluate(flows) == 0
    assert page.evaluate(arcs) > 50


def test_the_mathematics_shows_the_numbers_on_screen(page, opened):
    visit(page, opened, "sweep=600&level=maths&unit=hidden%3A4")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(1\).*\(2\).*\(7\).*\(5\)", text)
    assert f"{fact(page, 'activity'):.3f}" in text


# ---- what the units are, and lesions ------------------------------------------------


def test_a_unit_is_silenced_and_it_shows_what_breaks(page, opened, runs):
    visit(page, opened, "sweep=3000")
    whole, left = right_at(runs, 3000), right_at(runs, 3000, [1])
    page.locator('.field[data-unit="1"] .field-name').click()
    page.wait_for_function("() => location.hash.includes('silent=1')")
    page.wait_for_function(
        "() => document.querySelector('.lesioned').textContent.includes('Without')"
    )
    settled(page)
    lost = int((whole & ~left).sum())
    assert lost > 10
    said = page.locator(".lesioned .summary").text_content()
    assert said.startswith(f"Without unit 2 it loses {lost} of the {whole.sum()}")
    assert page.locator(".matrix .frame .fact.broken").count() == lost
    assert page.locator("h1").text_content() == "With a lesion"
    assert page.locator(".layer-unit.lost").count() == 1
    page.get_by_role("button", name="Let all of them speak").click()
    settled(page)
    assert page.locator(".fact.broken").count() == 0
    assert "silent" not in page.url


def test_it_says_what_each_unit_has_come_to_mean(page, opened):
    visit(page, opened, "sweep=3000")
    means = page.locator(".field-means").all_text_contents()
    assert {"nationality", "branch", "generation"} <= set(means)
    slide(page, 0)
    assert set(page.locator(".field-means").all_text_contents()) == {"no single thing"}


# ---- other starts -------------------------------------------------------------------


def test_two_hundred_others_learn_and_one_can_be_chosen(page, opened):
    visit(page, opened, "sweep=3000&recipe=printed")
    page.wait_for_selector(".job progress, .start-dot")
    page.wait_for_function(
        "() => document.querySelectorAll('.start-dot').length === 200", timeout=60_000
    )
    assert "of 200" in page.locator(".starts-said").text_content()
    assert page.locator(".start-dot.own").count() == 1
    page.locator(".start-dot").nth(6).click()  # run 0, this one, is drawn last
    page.wait_for_function("() => location.hash.includes('run=7')")
    settled(page)
    assert page.locator(".start-dot").count() == 200, "the same lot, not learned again"


def test_the_others_can_be_stopped(page, opened):
    visit(page, opened, "sweep=3000&recipe=longer")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Let 200 learn").wait_for()
    assert page.locator(".start-dot").count() < 200


# ---- links, keys, eyes --------------------------------------------------------------


def test_a_link_opens_the_same_view(page, opened):
    state = (
        "seed=3&run=12&sweep=1230&person=Sophia&relation=uncle&view=backward"
        "&unit=hidden%3A3&silent=25&level=depth&theme=dark&hide=others"
    )
    visit(page, opened, state)
    first = page.locator("main").inner_text()
    link = page.url
    assert opened.token not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    assert page.locator("main").inner_text() == first
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert "Sophia\u2019s uncle" in first
    assert page.locator(".field.lost").count() == 2


def test_from_page_to_page_and_back(page, opened):
    visit(page, opened, "sweep=3000")
    page.get_by_role("link", name="Training curve").click()
    page.wait_for_selector(".truth")
    page.go_back()
    page.wait_for_selector(".kinship")
    page.wait_for_selector('.board[aria-busy="false"]')


def test_the_keyboard_is_enough(page, opened):
    visit(page, opened, "sweep=1000")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".sweep-number").text_content() == "1100"
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
    page.locator('.person[data-person="Colin"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    settled(page)
    assert "Charles\u2019s" in page.locator(".question").text_content()
    page.locator('.field[data-unit="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('silent=1')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["level=glance", "level=maths&silent=1&view=both"])
def test_axe_finds_nothing(browser, opened, scheme, state):
    with fresh(browser, scheme) as page:
        visit(page, opened, f"sweep=600&recipe=learns&{state}")
        page.locator("details.code summary").click()
        assert_axe_finds_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900, 1600])
def test_nothing_is_wider_than_the_window(browser, opened, width, scheme):
    with fresh(browser, scheme, width) as page:
        visit(page, opened, "sweep=2000&level=maths")
        assert_not_wider(page, width, f"families-{width}-{scheme}")


def test_it_plays_by_itself_when_it_is_first_opened(page, opened):
    visit(page, opened)
    page.wait_for_function(
        "() => Number(document.querySelector('.sweep-number').textContent) > 30"
    )


def test_trouble_is_said_and_mended(page, opened):
    visit(page, opened, "sweep=0")
    page.route("**/api/families**", lambda route: route.abort())
    page.get_by_role("button", name="Another start").click()
    page.wait_for_selector(".trouble:not([hidden])")
    assert "does not answer" in page.locator(".trouble").text_content()
    page.unroute("**/api/families**")
    page.wait_for_selector(".trouble[hidden]", state="attached", timeout=8000)


# ---- taken along, and speed ---------------------------------------------------------


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path):
    visit(page, opened, "sweep=1000&run=3&level=depth")
    with page.expect_download() as taken:
        page.get_by_role("button", name="all of it as one HTML file").click()
    path = tmp_path / "families.html"
    taken.value.save_as(path)
    context = browser.new_context(offline=True)
    alone = context.new_page()
    wrong = []
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.on("console", lambda said: wrong.extend([said.text] * (said.type == "error")))
    alone.goto(path.as_uri())
    alone.wait_for_selector('.board[aria-busy="false"]')
    for sweep in (1000, 3000, 0):
        slide(alone, sweep)
        slide(page, sweep)
        assert told(alone) == told(page)
        assert said_by(alone, "Margaret") == said_by(page, "Margaret")
    slide(alone, 3000)
    alone.locator('.person[data-person="Lucia"]').click()
    settled(alone)
    assert "Lucia\u2019s" in alone.locator(".question").text_content()
    context.close()
    assert wrong == []
    assert opened.token not in path.read_text("utf-8")


def test_drawings_can_be_taken(page, opened, tmp_path):
    visit(page, opened, "sweep=3000")
    for what, begins in (("units, SVG", b"<svg"), ("trees, PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=what).click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        assert path.read_bytes().startswith(begins)
        assert path.stat().st_size > 10_000


def test_a_slider_step_asks_the_server_nothing(page, opened):
    visit(page, opened, "sweep=0&silent=1")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for sweep in range(10, 3000, 600):
        slide(page, sweep)
    assert [url for url in asked if not url.endswith("/icon.svg")] == []
