"""Points on a plane, used in Chromium as a person would use it."""

from __future__ import annotations

import json
import re
import urllib.request

import numpy as np
import pytest

from backsweep.equations import forward
from backsweep.lab import data
from backsweep.lab.examples import EXAMPLES, content_of, examples
from backsweep.lab.messages import DataSettings, LearnTable
from tests.lab.pages import (
    LEARNED,
    as_file,
    assert_everyone_can_read,
    fresh,
    from_disk,
    settled,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

RING = (
    "page=plane&table=ring&network=input+2%3B+hidden+4+tanh+<-+input%3B"
    "+output+2+softmax+<-+hidden&epsilon=0.2&sweeps=200&learn=yes"
)
IRIS = "page=plane&learn=yes"
SADDLE = (
    "page=plane&table=saddle&network=input+2%3B+hidden+4+tanh+<-+input%3B"
    "+output+1+linear+<-+hidden&epsilon=0.1&sweeps=200&learn=yes"
)
DRAWN_WHOLE = "page=plane&table=drawn&hold=0&points=a1010a2020a1020b3030b4040b3040"
CANVAS = ".large-plane canvas"
PIXELS = f"() => document.querySelector('{CANVAS}').toDataURL()"


@pytest.fixture(scope="module")
def lab(opened):
    return opened


@pytest.fixture
def page(browser):
    with watched(browser, "a status of 4") as page:
        page.emulate_media(reduced_motion="reduce")
        yield page


def learned(page):
    """Wait until the plane says how many are right."""
    page.wait_for_function(
        "() => document.querySelector('.plane-panel[aria-busy=false]')"
        " && document.querySelector('input.sweeps')"
    )
    settled(page)
    return page


def visit(page, lab, state):
    page.goto("about:blank")
    page.goto(lab.at(state))
    return learned(page)


def score(page):
    return page.locator(".plane-large .summary").text_content()


def heading(page, text):
    page.wait_for_function(
        "text => document.querySelector('h1')?.textContent === text", arg=text
    )


def asked(lab, path, body):
    """Ask the server for arrays, as the page does."""
    request = urllib.request.Request(
        f"{lab.url}/{path}",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {lab.token}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:  # on loopback
        raw = answer.read()
    long = int.from_bytes(raw[:4], "little")
    message = json.loads(raw[4 : 4 + long])
    return message, {
        place["name"]: np.frombuffer(
            raw, place["dtype"], int(np.prod(place["shape"])),
            4 + long + place["offset"],
        ).reshape(place["shape"])
        for place in message["arrays"]
    }  # fmt: skip


def colour(page, across, up, name="canvas"):
    """Read a pixel of the large plane, at shares of its width and height."""
    return page.evaluate(
        """([across, up, canvas]) => {
          const c = document.querySelector(canvas);
          const at = v => Math.round(v * (c.width - 1));
          return [...c.getContext('2d').getImageData(
            at(across), c.height - 1 - at(up), 1, 1).data].slice(0, 3);
        }""",
        [across, up, CANVAS],
    )


def variable(page, name):
    text = page.evaluate(
        "name => getComputedStyle(document.documentElement).getPropertyValue(name)",
        name,
    ).strip()
    return np.array([int(text[k : k + 2], 16) for k in (1, 3, 5)])


# ---- the first look -----------------------------------------------------------------


def test_a_first_visit_learns_before_ones_eyes(browser, lab):
    with fresh(browser, "light") as page:  # in motion
        page.goto(lab.at("page=plane"))
        heading(page, "Learning")
        assert "table=ring" in page.url
        seen = page.evaluate(PIXELS)
        page.wait_for_function(f"seen => ({PIXELS})() !== seen", arg=seen)
        assert page.get_by_role("button", name="Pause").count() == 1
        page.locator("input.sweeps").fill("100")
        heading(page, "Learned")
        assert page.get_by_role("button", name="Play").count() == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_chosen_and_learned(page, lab, name):
    visit(page, lab, RING if name != "ring" else SADDLE)
    example = next(one for one in examples().examples if one.table == name)
    page.get_by_role("button", name=example.title).click()
    page.wait_for_function("name => location.hash.includes(name)", arg=f"table={name}")
    heading(page, "Learned")
    learned(page)
    assert page.locator(".example-about").text_content() == example.about
    assert int(re.findall(r"(\d+) of 240 right", score(page))[0]) >= 220
    pressed = page.locator('.example[aria-pressed="true"]')
    assert pressed.text_content() == example.title
    assert page.locator(".dot").count() == 300
    assert page.locator(".dot.held").count() == 60
    before = page.evaluate(PIXELS)
    page.locator("input.sweeps").fill("0")
    heading(page, "The start")
    assert page.evaluate(PIXELS) != before
    page.keyboard.press("End")
    heading(page, "Learned")
    assert page.evaluate(PIXELS) == before


def test_noise_is_changed_and_learned_anew(page, lab):
    visit(page, lab, RING)
    was = page.locator(".dot").nth(3).get_attribute("transform")
    page.get_by_role("button", name="Noise, %: more").click()
    page.wait_for_function("() => location.hash.includes('table=ring-15')")
    page.wait_for_function(
        "was => document.querySelectorAll('.dot')[3].getAttribute('transform') !== was",
        arg=was,
    )
    learned(page)
    page.get_by_role("button", name="Noise, %: less").click()
    page.wait_for_function("() => /table=ring(&|$)/.test(location.hash)")


def test_what_is_no_example_is_said(page, lab):
    page.goto(lab.at("page=plane&table=rung&learn=yes"))
    page.wait_for_selector(".trouble:not([hidden])")
    assert "Did you mean 'ring'" in page.locator(".trouble").text_content()


# ---- the plane ----------------------------------------------------------------------


def test_colours_and_readings_are_those_of_the_equations(page, lab):
    visit(page, lab, RING)
    settings = {
        "table": "ring", "epsilon": 0.2, "sweeps": 200, "predict": [2],
        "network": "input 2; hidden 4 tanh <- input; output 2 softmax <- hidden",
    }  # fmt: skip
    asked_for = DataSettings.model_validate(settings)
    list(data.Learning(LearnTable(work="learn table", settings=asked_for), ""))
    found = data.result_of(asked_for)
    across, up = np.loadtxt(
        content_of("ring").decode().splitlines()[1:], delimiter=",", usecols=(0, 1)
    )[np.setdiff1d(np.arange(300), found.table.task.held_out_cases)].T
    centre = np.array([across.mean(), up.mean()])
    spread = np.array([across.std(), up.std()])
    view, _ = asked(lab, "api/data/points", {"settings": settings})
    slider = page.locator("input.sweeps")
    ground = variable(page, "--plane-off")
    own = [variable(page, f"--class-{k}") for k in (1, 2)]
    side = 57
    for moment in (0, 40, 100):
        slider.fill(str(moment))
        settled(page)
        weights = found.runs.replay(0, snapshots=(2 * moment,)).history.snapshots[0, 0]
        for row, k in ((28, 28), (3, 50), (50, 6), (20, 31)):
            share = np.array([k, row]) / (side - 1)
            low, high = np.array(view["low"]), np.array(view["high"])
            point = low + share * (high - low)
            inputs = (point - centre) / spread
            y = forward(found.runs.network, weights, inputs[None]).y["output"][0]
            strength = 0.45 * abs(y[0] - y[1])
            expected = ground + (own[int(y[1] > y[0])] - ground) * strength
            assert colour(page, *share) == pytest.approx(expected, abs=2.5)
            box = page.locator(CANVAS).bounding_box()
            page.mouse.move(
                box["x"] + share[0] * box["width"],
                box["y"] + (1 - share[1]) * box["height"],
            )
            said = page.locator(".plane-said").text_content()
            if "row" not in said:  # no case is near
                assert f"A {y[0]:.2f}, B {y[1]:.2f}" in said


def test_a_slider_step_asks_the_server_nothing(page, lab):
    visit(page, lab, RING)
    calls = []
    page.on(
        "request",
        lambda one: calls.append(one.url) if "/api/" in one.url else None,
    )
    said = set()
    for place in (3, 60, 30, 100):
        page.locator("input.sweeps").fill(str(place))
        said.add((score(page), page.evaluate(PIXELS)))
    page.locator(".tile").nth(3).click()
    assert len(said) == 4
    assert calls == []


def test_wrong_and_held_out_cases_are_marked_and_one_is_followed(page, lab):
    visit(page, lab, RING)
    page.locator("input.sweeps").fill("0")
    right, held = map(int, re.findall(r"(\d+) of", score(page)))
    assert page.locator(".dot.wrong").count() == 300 - right - held
    dot = page.locator(".dot").nth(17)
    dot.hover()
    said = page.locator(".plane-said").text_content()
    assert re.search(r"row \d+.*; across .*; wanted [AB]; A 0", said)
    dot.click()
    name = re.findall(r"row \d+", said)[0]
    page.wait_for_function("() => document.querySelector('.dot.chosen')")
    page.wait_for_url(re.compile(f"case={name}".replace(" ", ".")))


def test_a_unit_is_seen_large_and_named(page, lab):
    visit(page, lab, RING)
    answer = page.evaluate(PIXELS)
    lines = page.locator(".large-plane .divider").count()
    assert lines == 4
    unit = page.get_by_role("button", name="hidden 2", exact=True)
    unit.click()
    assert unit.get_attribute("aria-pressed") == "true"
    assert score(page).startswith("hidden 2, sweep 200")
    assert page.evaluate(PIXELS) != answer
    assert page.locator(".large-plane .divider").count() == 1
    unit.press("ArrowRight")
    page.keyboard.press("Enter")
    assert "A, sweep" in score(page) or "B, sweep" in score(page)
    page.wait_for_url(re.compile("unit=2%3A"))
    page.keyboard.press("Enter")
    page.mouse.move(5, 5)
    assert page.evaluate(PIXELS) == answer
    unit.hover()  # is enough for a glance
    assert score(page).startswith("hidden 2, sweep 200")
    page.mouse.move(5, 5)
    assert page.evaluate(PIXELS) == answer
    page.get_by_label("dividing lines").uncheck()
    assert page.locator(".large-plane .divider").count() == 0


def test_more_settings_are_folded_and_learn_anew(page, lab):
    visit(page, lab, "page=plane&table=ring&learn=yes")
    page.locator(".plane-more summary").click()
    page.get_by_label("Sweeps", exact=True).fill("60")
    page.get_by_label("Sweeps", exact=True).press("Enter")
    page.wait_for_function("() => location.hash.includes('sweeps=60')")
    page.wait_for_function(
        "() => /^sweep 60:/.test(document.querySelector('.plane-large .summary')"
        ".textContent)"
    )
    page.get_by_label("Held out, %", exact=True).fill("50")
    page.get_by_label("Held out, %", exact=True).press("Enter")
    page.wait_for_function(
        "() => / of 150$/.test(document.querySelector('.plane-large .summary')"
        ".textContent)"
    )


def test_what_was_learned_before_is_not_told_of_a_table_that_is_refused(page, lab):
    visit(page, lab, "page=plane&table=ring&learn=yes&sweep=end")
    page.wait_for_function("() => /learned/i.test(document.querySelector('h1')"
                           ".textContent)")  # fmt: skip
    page.evaluate("() => location.hash = location.hash.replace('ring', 'nothing')")
    page.wait_for_selector(".trouble:not([hidden])")
    assert page.locator("h1").text_content() == "Points on a plane"


def test_equations_stand_by_the_plane_with_their_numbers(page, lab):
    open_at = "page=plane&table=ring&learn=yes&level=maths&sweep=120"
    visit(page, lab, f"{open_at}&case=row+7&unit=1:2")
    equations = page.locator(".plane-numbers .equation")
    equations.nth(5).wait_for()
    labels = [line.get_attribute("aria-label")[9:] for line in equations.all()]
    assert labels == ["(1)", "(2)", "(7)", "(5)", "(6)", "(9)"]
    # A symbol lights the arcs, and the tile, that it stands for.
    symbols = equations.nth(0).locator("math").first.locator(".symbol")
    symbols.filter(has_text="w").hover()
    assert page.locator(".tile-arcs .hinted").count() == 2
    symbols.filter(has_text="x").hover()
    lit = page.locator(".tile.hinted")
    assert lit.count() == 1
    assert lit.get_attribute("data-unit") == "1:2"
    # The number of y is what the unit says: tanh of the number of x.
    x, y = (
        float(
            equations.nth(k)
            .locator("mn")
            .last.text_content()
            .replace("\N{MINUS SIGN}", "-")
        )
        for k in (0, 1)
    )
    assert y == pytest.approx(np.tanh(x), abs=2e-3)
    before = equations.nth(1).text_content()
    page.locator("input.sweeps").fill("3")
    page.wait_for_function(
        "before => document.querySelectorAll('.plane-numbers .equation')[1].textContent"
        " !== before",
        arg=before,
    )
    page.get_by_role("radio", name="At a glance").check(force=True)
    assert page.locator(".plane-numbers").is_hidden()


def test_layers_and_units_are_changed_and_it_learns_at_once(page, lab):
    visit(page, lab, RING)
    page.get_by_role("button", name="A unit more in hidden").click()
    learned(page)
    page.get_by_role("button", name="A hidden layer more").click()
    learned(page)
    heading(page, "Learned")
    arcs = page.locator(".tile-arcs path")
    assert arcs.count() == 2 * 5 + 5 * 5 + 5 * 2
    assert page.locator(".tile-arcs .idle").count() == 0
    signs = {"excitatory", "inhibitory"}
    assert {arcs.nth(k).get_attribute("class").split()[1] for k in range(45)} == signs
    page.get_by_role("button", name="A hidden layer less").click()
    page.wait_for_selector('.tile[aria-label="hidden2 1"]', state="detached")
    page.get_by_label("Hidden units are").select_option("logistic")
    page.wait_for_function("() => location.hash.includes('logistic')")
    learned(page)
    page.get_by_role("button", name="Another start").click()
    page.wait_for_function("() => location.hash.includes('run=1')")
    learned(page)


def test_other_columns_stay_at_their_mean_and_sides_are_chosen(page, lab):
    visit(page, lab, IRIS)
    names = page.locator(".large-plane .side-name")
    assert names.all_text_contents() == ["petal_length", "petal_width"]
    said = page.locator(".plane-sides").text_content()
    assert "sepal_length, sepal_width at the mean" in said
    before = page.evaluate(PIXELS)
    page.get_by_label("Across").select_option("sepal_width")
    page.wait_for_function(
        "() => document.querySelector('.large-plane .side-name').textContent"
        " === 'sepal_width'"
    )
    page.wait_for_function(f"before => ({PIXELS})() !== before", arg=before)
    page.wait_for_function("() => location.hash.includes('across=1')")


def test_a_diverged_run_is_told(page, lab):
    page.goto(
        lab.at(SADDLE.replace("epsilon=0.1", "epsilon=100").replace("200", "400"))
    )
    heading(page, "Diverged")
    assert "ceased to be a number" in page.locator(".lead").text_content()


# ---- a table of one's own -----------------------------------------------------------


def drawn_at(page, across, up):
    """Where a point from -1 to 1 is on the screen."""
    box = page.locator(CANVAS).bounding_box()
    share = [(v + 1.12) / 2.24 for v in (across, up)]
    return (
        box["x"] + share[0] * box["width"],
        box["y"] + (1 - share[1]) * box["height"],
    )


def draw(page, *points):
    page.mouse.move(*drawn_at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*drawn_at(page, *point), steps=4)
    page.mouse.up()


def test_a_table_is_drawn_learned_and_opened_by_its_link(page, lab, browser, tmp_path):
    visit(page, lab, RING)
    page.get_by_role("button", name="Draw your own").click()
    heading(page, "Draw your own")
    learn = page.get_by_role("button", name="Let it learn")
    assert learn.is_disabled()
    draw(page, (-0.8, -0.8), (-0.8, 0.8))
    assert learn.is_disabled()
    page.get_by_role("radio", name="B", exact=True).check(force=True)
    draw(page, (0.8, -0.8), (0.8, 0.8))
    count = page.locator(".dot").count()
    assert count > 20
    learn.click()
    heading(page, "Learned")
    learned(page)
    assert f"{count} of {count} right" in score(page)
    left, right = colour(page, 0.1, 0.5), colour(page, 0.9, 0.5)
    assert left[0] < left[1], "green"
    assert right[0] > right[1] > right[2], "gold"
    # What is drawn further is learned at once.
    page.get_by_role("radio", name="C", exact=True).check(force=True)
    draw(page, (-0.1, 0), (0.1, 0.05))
    learned(page)
    assert page.locator('.tile[aria-label="C"]').count() == 1
    more = page.locator(".dot").count()
    assert more > count
    link = re.sub("token=[^&]*&", "", page.url)
    with page.expect_download() as taken:
        page.get_by_role("button", name="the table, CSV").click()
    taken.value.save_as(tmp_path / "drawn.csv")
    lines = (tmp_path / "drawn.csv").read_text("utf-8").splitlines()
    assert lines[0] == "across,up,class"
    assert len(lines) == more + 1
    assert {line[-1] for line in lines[1:]} == {"A", "B", "C"}
    with fresh(browser, "light") as other:  # knows nothing of the first
        other.goto(lab.at(link.split("#")[1]))
        learned(other)
        assert other.locator(".dot").count() == more
        assert "drawn" in other.url


def test_drawing_by_keyboard_and_undoing(page, lab):
    page.goto(lab.at("page=plane&table=drawn"))
    plane = page.get_by_role("application")
    plane.focus()
    for keys in ("Enter", "ArrowUp ArrowUp Enter", "b ArrowRight Enter"):
        for one in keys.split():
            page.keyboard.press(one)
    assert page.locator(".dot").count() == 3
    page.keyboard.press("Backspace")
    assert page.locator(".dot").count() == 2
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".dot").count() == 3
    assert "points=a" in page.url
    plane.focus()
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    assert page.locator(".dot").count() < 3
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".dot").count() == 0
    # The keyboard reads a plane, too.
    visit(page, lab, RING)
    page.get_by_role("application").focus()
    page.keyboard.press("Shift+ArrowRight")
    said = page.locator(".plane-panel [role=status]").last.text_content()
    assert re.search(r"across .*; .*[AB] 0\.\d\d", said)


def test_a_table_that_is_handed_in_is_seen_on_the_plane(page, lab):
    page.goto(lab.at("page=data"))
    page.wait_for_selector('.board[aria-busy="false"]')
    page.locator("#table-file").set_input_files(
        [{"name": "mine.csv", "mimeType": "text/csv", "buffer": content_of("corners")}]
    )
    page.wait_for_selector(".summary:has-text('mine.csv: 300 rows')")
    page.get_by_role("button", name="on a plane").click()
    heading(page, "Learned")
    learned(page)
    assert page.locator(".dot").count() == 300
    assert page.locator('.example[aria-pressed="true"]').count() == 0
    page.get_by_role("button", name="Everything about these runs").click()
    page.wait_for_selector(LEARNED)
    assert "mine.csv" in page.locator(".table-panel").text_content()


def test_a_table_without_a_plane_is_said(page, lab):
    page.goto(lab.at("page=plane&leave=0,1,2&learn=yes"))
    page.wait_for_selector(".trouble:not([hidden])")
    assert "two columns of numbers" in page.locator(".trouble").text_content()


def test_the_plane_can_be_taken(page, lab, tmp_path):
    visit(page, lab, RING)
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"the plane, {kind}").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        assert path.read_bytes().startswith(begins)
        if kind == "SVG":
            assert b"data:image/png" in path.read_bytes()
    with page.expect_download() as taken:
        page.get_by_role("button", name="the table, CSV").click()
    taken.value.save_as(tmp_path / "ring.csv")
    assert (tmp_path / "ring.csv").read_bytes() == content_of("ring")


@pytest.mark.parametrize("state", [RING, f"{DRAWN_WHOLE}&learn=yes"])
def test_a_file_is_opened_from_disk(page, lab, browser, tmp_path, state):
    visit(page, lab, state)
    count = page.locator(".dot").count()
    shown = page.evaluate(PIXELS)
    path = tmp_path / "points.html"
    as_file(page, path, "one HTML file")
    with from_disk(browser, path) as alone:
        learned(alone)
        assert alone.evaluate(PIXELS) == shown
        assert alone.locator(".dot").count() == count
        alone.locator("input.sweeps").fill("0")
        heading(alone, "The start")
        assert alone.evaluate(PIXELS) != shown
        assert alone.get_by_role("button", name="A unit more").count() == 0
        alone.locator(".tile").nth(2).click()
        assert score(alone).startswith("hidden 1")


def test_parts_are_hidden_for_a_lesson(page, lab):
    visit(page, lab, f"{RING}&hide=story,examples,export")
    for part in (".story", ".examples", ".takers"):
        assert page.locator(part).is_hidden()
    assert page.locator(".plane-panel").is_visible()


# ---- eyes ---------------------------------------------------------------------------

STATES = {
    "plane-ring": f"{RING}&level=depth&case=row+7",
    "plane-saddle": f"{SADDLE}&unit=1:1&level=maths",
    "plane-iris": IRIS,
}
DRAWN = "page=plane&table=drawn&points=a1010a2020b3030b4040"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*STATES, "drawn"])
def test_everyone_can_read_it(browser, lab, scheme, name):
    with fresh(browser, scheme) as page:
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        page.goto(lab.at(STATES.get(name, DRAWN)))
        if name in STATES:
            learned(page)
        else:
            page.wait_for_selector(".dot")
        assert_everyone_can_read(page, f"{name}-{scheme}")
