"""The family trees, used in Chromium as a person would use them."""

from __future__ import annotations

import re
from contextlib import contextmanager

import numpy as np
import pytest

import backsweep
from backsweep.analysis import silenced
from backsweep.equations import backward, cases_right, forward
from backsweep.tasks import families as trees
from tests.lab.pages import (
    as_file,
    assert_axe_finds_nothing,
    assert_not_wider,
    begun_on,
    fact,
    fresh,
    from_disk,
    number,
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
        task="families", seed=1, runs=range(1), snapshots=(0, 599, 600, 1200, 3000)
    )


@pytest.fixture
def page(browser, opened):
    with watched(browser, "ERR_FAILED") as page:
        yield page


@pytest.fixture(scope="module")
def shared(browser, opened):
    """Give a page that tests share: each turns it to what it looks at."""
    with watched(browser, "ERR_FAILED") as page:
        yield visit(page, opened, "sweep=3000")


def alone(state):
    """Give the address of a view, without the others where nothing is said of them."""
    return f"page=families&{state}{'' if 'hide=' in state else '&hide=others'}"


def visit(page, opened, state=""):
    page.goto("about:blank")
    page.goto(opened.at(alone(state)))
    page.wait_for_selector('.board[aria-busy="false"]')
    settled(page)
    return page


def look(page, state):
    """Turn a page to another view of the same run, as its address would."""
    page.mouse.move(0, 0)
    page.evaluate(
        "hash => { document.activeElement.blur(); location.hash = hash }",
        alone(state),
    )
    settled(page)
    page.wait_for_selector(".numbers .facts")
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


# ---- the run ------------------------------------------------------------------------


@pytest.mark.parametrize("sweep", [0, 600, 3000])
def test_it_says_how_many_are_right_at_every_sweep(shared, runs, sweep):
    page = look(shared, "sweep=1200")
    slide(page, sweep)
    right = right_at(runs, sweep)
    apart = runs.history.held_out[0]
    assert told(page) == [np.delete(right, apart).sum(), right[apart].sum()]
    assert page.locator(".fact.right").count() - 2 == right.sum(), "two in the legend"
    assert page.locator(".matrix .frame .fact.held-out").count() == 4


def test_the_trees_name_colins_aunts(shared, runs):
    page = look(shared, "sweep=3000")
    y = runs.activities(0, "Colin has-aunt").y["output"][0]
    for name, value in zip(runs.network["output"].units, y, strict=True):
        assert said_by(page, name) == pytest.approx(value, abs=0.0051)
    text = page.locator(".answer").text_content()
    assert re.search(r"✓ right It names Margaret \(0\.\d\d\) and Jennifer", text)
    badges = page.locator(".kinship .frame .badge.right").count()
    assert badges == 2
    slide(page, 0)
    assert "\u00d7 wrong" in page.locator(".answer").text_content()


def test_a_person_in_the_tree_and_a_relation_can_be_chosen(shared):
    page = look(shared, "sweep=3000")
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


def test_questions_never_told_are_told_apart(shared, runs):
    page = look(shared, "sweep=3000")
    apart = [runs.task.case_names[k] for k in runs.history.held_out[0]]
    shown = page.locator(".secret").all_text_contents()
    assert [re.sub("\u2019s (\\w+).*", " has-\\1", text) for text in shown] == apart
    page.locator(".secret").first.click()
    settled(page)
    assert "never told" in page.locator(".question").text_content()
    assert page.locator(".relations .untold input:checked").count() == 1
    assert page.locator(".fact.held-out.chosen").count() == 1


def test_relations_are_chosen_by_keyboard(shared):
    page = look(shared, "sweep=3000")
    page.locator('.relations input[value="aunt"]').focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.hash.includes('relation=')")
    chosen = page.locator(".relations input:checked").get_attribute("value")
    assert chosen != "aunt"
    assert f"Colin\u2019s {chosen}" in page.locator(".question").text_content()


def test_a_question_that_is_not_there_is_said(shared):
    page = look(shared, "sweep=3000&person=Colin&relation=wife")
    said = page.locator(".asking [role=status]")
    assert "there is no Colin\u2019s wife" in said.text_content()
    page.locator('.person[data-person="Arthur"]').click()
    settled(page)
    assert "Arthur\u2019s wife" in page.locator(".question").text_content()
    assert said.text_content() == ""


def test_a_question_passes_forward_once(shared):
    page = look(shared, "sweep=3000")
    waits = page.evaluate(
        "() => {"
        " document.querySelector('.person[data-person=Alfonso]')"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}));"
        " return [0, 1, 2, 3, 4].map(step => Number.parseFloat(getComputedStyle("
        "document.querySelector(`.passing .unit.step-${step} .activity`))"
        ".animationDelay)); }"
    )
    assert waits == sorted(waits)
    assert waits[0] == 0 < waits[-1] < 1
    page.wait_for_selector(".layers:not(.passing)")


def test_connections_are_stepped_through_by_keyboard(shared, runs):
    page = look(shared, "sweep=3000&view=both")
    page.locator('[data-unit="person code:2"]').focus()
    described = page.locator('[data-unit="person code:2"]').get_attribute(
        "aria-describedby"
    )
    assert "Plus and minus" in page.locator(f"#{described}").text_content()
    page.keyboard.press("+")
    settled(page)
    index = int(page.locator(".arc.stepped").get_attribute("data-arc"))
    w = runs.parameters_of(0, 3000)[index]
    assert fact(page, "weight") == pytest.approx(w, rel=6e-3, abs=1e-3)
    assert "its blame" in page.locator(".five [aria-live]").text_content()
    page.keyboard.press("+")
    settled(page)
    assert int(page.locator(".arc.stepped").get_attribute("data-arc")) != index
    page.keyboard.press("-")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "index => location.hash.includes(`unit=arc%3A${index}`)", arg=index
    )
    page.keyboard.press("-")
    settled(page)
    assert page.locator(".arc.stepped").count() == 0


def test_a_square_that_is_pointed_at_tells_its_weight(shared, runs):
    page = look(shared, "sweep=3000")
    people = runs.network["person"].units
    who = people.index("Sophia")
    w = runs.network.weights(
        runs.parameters_of(0, 3000), runs.network.incoming("person code")[0]
    )[3, who]
    page.locator(f'.field[data-unit="3"] .field-hit[data-person="{who}"]').hover()
    said = page.locator(".units .pointed").text_content()
    assert said.startswith("Sophia into unit 4: ")
    assert number(said.rsplit(" ", 1)[1]) == pytest.approx(w, rel=6e-3, abs=1e-4)


def test_two_lesions_break_what_both_break(shared, runs):
    page = look(shared, "sweep=3000&silent=04")
    page.wait_for_function(
        "() => document.querySelector('.lesioned').textContent.includes('units 1, 5')"
    )
    settled(page)
    whole, left = right_at(runs, 3000), right_at(runs, 3000, [0, 4])
    lost = int((whole & ~left).sum())
    said = page.locator(".lesioned .summary").text_content()
    assert f"it loses {lost} of the {whole.sum()}" in said
    assert page.locator(".matrix .frame .fact.broken").count() == lost
    assert page.locator(".layer-unit.lost").count() == 2


def test_a_question_can_be_chosen_among_all(shared):
    page = look(shared, "sweep=3000")
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


def test_its_numbers_are_those_of_the_equations(shared, runs):
    page = look(shared, "sweep=600&level=depth&view=backward")
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


def test_forward_shows_no_blame_and_backward_does(shared):
    page = look(shared, "sweep=300")
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


def test_the_mathematics_shows_the_numbers_on_screen(shared):
    page = look(shared, "sweep=600&level=maths&unit=hidden%3A4")
    text = page.locator(".equations").text_content().replace("\u2212", "-")
    assert re.search(r"\(1\).*\(2\).*\(7\).*\(5\)", text)
    assert f"{fact(page, 'activity'):.3f}" in text


LIT = """() => [...document.querySelectorAll('.five .equation .symbol')].map(symbol => {
  symbol.focus();
  const lit = [...document.querySelectorAll('.hinted:not(.symbol)')];
  const count = what => lit.filter(one => one.matches(what)).length;
  return {stands: symbol.getAttribute('data-stands'), numbers: count('mn, dl div'),
    units: count('.layer-unit'), arcs: count('.layers .arc'),
    people: count('.person'), squares: count('.field-hit'), told: count('.fact')};
})"""


@pytest.mark.parametrize(
    ("part", "labels"),
    [
        ("person code:2", ["(1)", "(2)", "(7)", "(5)"]),
        ("output:5", ["(1)", "(2)", "(3)", "(4)", "(5)"]),
        ("arc:7", ["(6)", "(9)"]),
    ],
)
def test_every_symbol_lights_the_number_it_stands_for(shared, part, labels):
    look(shared, f"sweep=600&level=maths&unit={part.replace(':', '%3A')}")
    shared.locator(".equation").nth(len(labels) - 1).wait_for()
    assert shared.locator(".equation .number").all_text_contents() == labels
    found = {one["stands"]: one for one in shared.evaluate(LIT)}
    assert len(found) > 4
    for stands, lit in found.items():
        assert lit["numbers"] or lit["told"] == 100, stands
    if part == "output:5":
        y = found["y:output:5"]
        assert (y["units"], y["people"]) == (1, 1), "in the layers and in the tree"
        assert found["told"]["told"] == 100
    elif part == "arc:7":
        assert found["dw:7"]["arcs"] == 1
    else:
        assert found["y:person_code:2"]["units"] == 1
        (heard,) = [lit for lit in found.values() if lit["squares"]]
        assert heard["arcs"] == heard["squares"] == 1, "Colin, in Fig. 4 too"


def test_the_error_is_that_of_the_told_questions(shared, runs):
    look(shared, "sweep=600&level=maths&unit=output%3A5")
    line = shared.locator(".equation", has_text="(3)")
    y = forward(runs.network, runs.parameters_of(0, 600), runs.task.inputs).y["output"]
    told = np.delete(np.arange(104), runs.history.held_out[0])
    error = 0.5 * ((y - runs.task.desired)[told] ** 2).sum()
    shown = number(line.locator("mn[data-stands=E]").text_content())
    assert shown == pytest.approx(error, abs=0.01)


def test_a_connection_is_chosen_and_its_numbers_are_those_of_the_run(shared, runs):
    look(shared, "sweep=600&level=maths&view=both")
    shared.locator(".layers .arc:not([display=none])").first.dispatch_event("click")
    shared.wait_for_function("() => location.hash.includes('unit=arc')")
    (index,) = map(int, re.findall(r"unit=arc%3A(\d+)", shared.url))
    shared.locator(".equation", has_text="(9)").wait_for()
    w = runs.parameters_of(0, 600)
    case = runs.task.case_names.index("Colin has-aunt")
    inputs, desired = (
        values[case : case + 1] for values in (runs.task.inputs, runs.task.desired)
    )
    passed = forward(runs.network, w, inputs)
    slope = backward(runs.network, w, passed, desired, zone=0.3).dE_dw
    assert fact(shared, "weight") == pytest.approx(w[index], rel=6e-3, abs=1e-4)
    assert fact(shared, "its blame") == pytest.approx(slope[index], rel=6e-2, abs=6e-5)
    moved = (w / (1 - decay_at(runs, 600)) - runs.parameters_of(0, 599))[index]
    assert fact(shared, "last change") == pytest.approx(moved, rel=6e-2, abs=6e-5)
    assert shared.locator(".layers .arc.chosen").count() == 1


def decay_at(runs, sweep):
    """Give the decay of the stage that a sweep belongs to."""
    left = sweep
    for stage in runs.procedure.changes:
        left -= stage.sweeps
        if left <= 0:
            break
    return stage.decay


def test_the_receptive_fields_are_the_weights_at_any_sweep(shared, runs):
    order = [
        name for side in trees.NATIONALITIES for name in trees.FIGURE_4_ORDER[side]
    ]
    block = runs.network.incoming("person code")[0]
    for sweep in (600, 3000):
        look(shared, f"sweep={sweep}")
        w = runs.network.weights(runs.parameters_of(0, sweep), block)
        for unit in range(6):
            column = dict(zip(runs.network["person"].units, w[unit], strict=True))
            for sign, name in ((1, "positive"), (-1, "negative")):
                field = shared.locator(f'.field[data-unit="{unit}"] .square.{name}')
                sides = re.findall(r"h([\d.]+)v", field.get_attribute("d"))
                expected = [abs(column[who]) for who in order if sign * column[who] > 0]
                assert len(sides) == len(expected)
                areas = np.array([float(side) for side in sides]) ** 2
                scale = areas.sum() / sum(expected)
                assert areas / scale == pytest.approx(expected, rel=0.05, abs=0.15)


def test_the_five_layers_fit_in_a_window(shared):
    look(shared, "sweep=600&level=maths")
    head = shared.locator(".five").bounding_box()
    legend = shared.locator(".five .legend").bounding_box()
    bar = shared.locator(".transport").bounding_box()
    assert legend["y"] + legend["height"] - head["y"] < 1000 - bar["height"] - 20


# ---- what the units are, and lesions ------------------------------------------------


def test_a_unit_is_silenced_and_it_shows_what_breaks(shared, runs):
    page = look(shared, "sweep=3000")
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


def test_it_says_what_each_unit_has_come_to_mean(shared):
    page = look(shared, "sweep=3000")
    means = page.locator(".field-means").all_text_contents()
    assert {"nationality", "branch", "generation"} <= set(means)
    slide(page, 0)
    assert set(page.locator(".field-means").all_text_contents()) == {"no single thing"}


# ---- other starts -------------------------------------------------------------------


def test_two_hundred_others_learn_and_one_can_be_chosen(page, opened):
    visit(page, opened, "sweep=3000&recipe=printed&hide=")
    page.wait_for_selector(".job progress, .start-dot")
    page.wait_for_function(
        "() => document.querySelectorAll('.start-dot').length === 200", timeout=180_000
    )
    assert "of 200" in page.locator(".starts-said").text_content()
    assert page.locator(".start-dot.own").count() == 1
    page.locator('.start-dot[data-run="7"]').click()
    page.wait_for_function("() => location.hash.includes('run=7')")
    settled(page)
    assert page.locator(".start-dot").count() == 200, "the same lot, not learned again"


def test_what_the_address_hides_does_not_learn(page, opened):
    begun = begun_on(page)
    visit(page, opened, "sweep=3000&hide=others")
    assert not page.locator(".others-of-four").is_visible()
    page.evaluate("() => { location.hash = location.hash.replace('others', 'trees') }")
    page.locator(".job progress").wait_for()
    assert not page.locator(".kinship").is_visible()
    assert len(begun) == 1, "once it is seen, not before"
    page.evaluate("() => { location.hash = location.hash.replace('trees', 'others') }")
    page.locator(".kinship").wait_for()
    assert not page.locator(".others-of-four").is_visible()
    assert page.locator(".job progress").count() == 0


def test_the_others_can_be_stopped(page, opened):
    visit(page, opened, "sweep=3000&recipe=longer&hide=")
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


@pytest.fixture(scope="module", params=["light", "dark"])
def schemed(browser, opened, request):
    """Give a page in a colour scheme."""
    with fresh(browser, request.param) as page:
        yield visit(page, opened, "sweep=600"), request.param


@pytest.mark.parametrize("state", ["level=glance", "level=maths&silent=1&view=both"])
def test_axe_finds_nothing(schemed, state):
    page, _ = schemed
    look(page, f"sweep=600&recipe=learns&{state}")
    page.locator("details.code summary").click()
    assert_axe_finds_nothing(page)
    page.locator("details.code summary").click()


@pytest.mark.parametrize("width", [360, 900, 1600])
def test_nothing_is_wider_than_the_window(schemed, width):
    page, scheme = schemed
    page.set_viewport_size({"width": width, "height": 1000})
    look(page, "sweep=2000&level=maths")
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
    page.wait_for_selector(".trouble[hidden]", state="attached")


# ---- taken along, and speed ---------------------------------------------------------


def test_the_page_as_one_file_works_from_disk(page, browser, opened, tmp_path):
    visit(page, opened, "sweep=1000&run=3&level=depth")
    path = tmp_path / "families.html"
    as_file(page, path)
    with from_disk(browser, path) as alone:
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
    assert opened.token not in path.read_text("utf-8")


@contextmanager
def lesions_from_disk(page, browser, tmp_path):
    """Give the page as one file, once its run is there."""
    as_file(page, tmp_path / "families.html")
    with from_disk(browser, tmp_path / "families.html") as alone:
        alone.wait_for_selector('.board[aria-busy="false"]')
        settled(alone)
        yield alone


def test_a_lesion_goes_along_in_the_file(page, browser, opened, tmp_path):
    visit(page, opened, "sweep=3000&silent=13&level=depth")
    with lesions_from_disk(page, browser, tmp_path) as alone:
        place = ".lesioned .summary"
        said = page.locator(place).text_content()
        assert said.startswith("Without units 2, 4 it loses")
        assert alone.locator(place).text_content() == said
        assert told(alone) == told(page)
        assert alone.locator(".numbers .facts").count() == 1, "its signals are there"
        assert alone.locator('.field[role="button"]').count() == 2
        assert "Click for" not in alone.locator(".units .explained").text_content()
        alone.locator('.field[data-unit="0"] .field-name').click()
        settled(alone)
        assert alone.locator(place).text_content() == said, "nothing was offered"
        alone.locator('.field[data-unit="3"] .field-name').click()
        alone.wait_for_function("() => !document.querySelector('.field.lost')")
        settled(alone)
        assert "one lesion: without units 2, 4" in alone.locator(place).text_content()
        page.get_by_role("button", name="Let all of them speak").click()
        page.wait_for_function("() => !document.querySelector('.field.lost')")
        settled(page)
        assert told(alone) == told(page)
        alone.locator('.field[data-unit="1"] .field-name').click()
        alone.wait_for_function(
            "([place, said]) => document.querySelector(place).textContent === said",
            arg=[place, said],
        )


def test_a_file_without_a_lesion_offers_none(page, browser, opened, tmp_path):
    visit(page, opened, "sweep=3000")
    with lesions_from_disk(page, browser, tmp_path) as alone:
        assert "no lesion" in alone.locator(".lesioned .summary").text_content()
        assert alone.locator('.field[role="button"]').count() == 0
        assert alone.locator(".units").get_by_text("silence", exact=True).count() == 0
        assert "to silence it" not in alone.locator(".units").inner_text()


def test_drawings_can_be_taken(shared, tmp_path):
    page = look(shared, "sweep=3000")
    for what, begins in (("units, SVG", b"<svg"), ("trees, PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=what).click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        assert path.read_bytes().startswith(begins)
        assert path.stat().st_size > 10_000


def test_a_slider_step_asks_the_server_nothing(shared):
    page = look(shared, "sweep=0&silent=1")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for sweep in range(10, 3000, 600):
        slide(page, sweep)
    assert [url for url in asked if not url.endswith("/icon.svg")] == []
