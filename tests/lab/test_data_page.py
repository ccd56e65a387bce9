"""Your data, and records: used in Chromium as a person would use them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import backsweep
from backsweep.equations import backward
from tests.lab.pages import (
    LEARNED,
    as_file,
    assert_everyone_can_read,
    fresh,
    from_disk,
    watched,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).parents[2]
MINUS = "\N{MINUS SIGN}"
OPEN_ALL = "() => document.querySelectorAll('details').forEach(d => d.open = 1)"
FRUIT = "name,weight,colour,fruit\n" + "\n".join(
    f"no{k},{150 + k if k % 2 else 8 + k / 10},{'red' if k % 3 else 'green'},"
    f"{'apple' if k % 2 else 'cherry'}"
    for k in range(24)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    backsweep.learn(task="xor", runs=40, seed=1, engine="compiled").save(
        folder / "xor.zarr"
    )
    backsweep.learn(task="families", runs=1, engine="compiled").save(
        folder / "family.zarr"
    )
    spoiled = folder / "spoiled.zarr"
    backsweep.learn(task="xor", runs=2, seed=1).save(spoiled)
    part = next((spoiled / "errors" / "c").rglob("0/0"))
    part.write_bytes(part.read_bytes()[:5])
    (folder / "nothing.zarr").mkdir()
    outside = folder.parent / "outside.zarr"
    backsweep.learn(task="and", runs=2, seed=1).save(outside)
    (folder / "link.zarr").symlink_to(outside)
    return folder


@pytest.fixture(scope="module")
def lab(opened_in, folder):
    return opened_in(folder)


@pytest.fixture
def page(browser):
    with watched(browser, "a status of 4") as page:
        yield page


def visit(page, lab, state=""):
    page.goto("about:blank")
    page.goto(lab.at(state or "page=data"))
    page.wait_for_selector('.board[aria-busy="false"]', state="attached")
    return page


def hand_in(page, text, name="fruit.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    page.locator("#table-file").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content}]
    )


def learned(page):
    """Wait until what was learned is shown."""
    page.wait_for_selector(LEARNED)
    return page


def learn(page):
    page.get_by_role("button", name="Learn", exact=True).click()
    return learned(page)


def wait_for_heading(page, text):
    page.wait_for_function(
        "text => document.querySelector('h1').textContent === text", arg=text
    )


def fact(page, name):
    row = page.locator(".results .error .facts div")
    return row.filter(has_text=name).locator("dd").first.text_content()


# ---- a table ------------------------------------------------------------------------


def test_the_example_is_learned_and_told(page, lab):
    visit(page, lab)
    assert page.locator("h1").text_content() == "Your data"
    assert page.locator(".column-card").count() == 5
    assert "3 classes" in page.locator(".column-card.predict").text_content()
    learn(page)
    assert page.locator("h1").text_content() == "Learned"
    # The same numbers as from Python.
    task = backsweep.read_table(ROOT / "examples/iris.csv", hold_out=0.2)
    runs = backsweep.learn(task=task, runs=10, engine="compiled")
    assert fact(page, "right of those it learns from") == f"{runs.right[0]} of 120"
    assert fact(page, "right of those held out") == f"{runs.held_out_right[0]} of 30"
    assert page.locator(".case-table tbody tr").count() == 150
    assert page.locator(".case-table .tag").count() == 30
    wrong = page.locator(".case-table .verdict.wrong").count()
    assert wrong == 150 - runs.right[0] - runs.held_out_right[0]


def test_a_file_is_taken_in_and_learned(page, lab):
    visit(page, lab)
    hand_in(page, FRUIT)
    page.wait_for_selector(".summary:has-text('fruit.csv: 24 rows')")
    # What only names the rows is left out by itself.
    assert page.get_by_label("Use of name").input_value() == "leave"
    assert page.get_by_label("Use of fruit").input_value() == "predict"
    learn(page)
    assert "no" in page.locator(".case-name").first.text_content()
    page.get_by_label("wrong", exact=True).check(force=True)
    page.wait_for_function("() => location.hash.includes('which=wrong')")
    assert page.get_by_label("Use of colour").is_hidden()
    page.get_by_role("button", name="Change the table").click()
    page.get_by_label("Use of colour").select_option("predict")
    page.wait_for_selector(".results[hidden]", state="attached")
    learn(page)
    assert "colour" not in page.locator("h1").text_content()
    # The link opens the same again, since the browser keeps the table.
    link = page.url
    before = page.locator(".lead").text_content()
    page.goto("about:blank")
    page.goto(link)
    learned(page)
    page.wait_for_function(
        "text => document.querySelector('.lead').textContent === text", arg=before
    )


def test_what_was_learned_is_seen_first_and_the_rest_is_a_line(page, lab):
    visit(page, lab)
    assert page.locator(".folds").is_hidden()
    learn(page)
    lines = [text.strip() for text in page.locator(".fold p").all_text_contents()]
    assert lines == [
        "iris.csv, 150 rows: predict species from 4 columns",
        "4-8-3, tanh; ε 0.1, \N{GREEK SMALL LETTER ALPHA} 0.9, 500 sweeps, 10 runs",
    ]
    assert page.locator(".table-panel").is_hidden()
    assert page.locator(".results .error").bounding_box()["y"] < 420
    page.get_by_role("button", name="Change the network and how it learns").click()
    assert page.locator(".net-panel").is_visible()
    assert page.locator(".rule-panel").is_visible()
    assert page.locator(".table-panel").is_hidden()
    page.wait_for_function("() => location.hash.includes('open=network')")
    page.reload()
    learned(page)
    assert page.locator(".net-panel").is_visible()
    page.get_by_role("button", name="Change the network").click()
    assert page.locator(".net-panel").is_hidden()
    # Where something must be changed first, it is all there.
    page.get_by_role("button", name="Change the table").click()
    page.get_by_label("Use of species").select_option("leave")
    page.wait_for_selector(".trouble:not([hidden])")


def test_words_in_several_spellings_are_told(page, lab):
    visit(page, lab)
    rows = "".join(f"{k},{'yes' if k % 3 else 'Yes'}\n" for k in range(12))
    hand_in(page, f"a,answer\n{rows}", "said.csv")
    page.wait_for_selector(".spelt:has-text('In answer, “yes” stands beside “Yes”')")


def test_a_table_is_pasted_or_dropped(page, lab):
    visit(page, lab)
    page.get_by_text("Paste a table").click()
    page.get_by_label("A table as text").fill(FRUIT)
    page.get_by_role("button", name="Take it").click()
    page.wait_for_selector(".summary:has-text('pasted.csv')")
    transfer = page.evaluate_handle(
        """text => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.csv"));
          return transfer;
        }""",
        FRUIT,
    )
    # Anywhere on the page, which says so.
    page.dispatch_event(".rule-panel", "dragover", {"dataTransfer": transfer})
    assert page.locator(".drop-veil").text_content() == "Drop it anywhere"
    assert page.locator(".drop-veil").is_visible()
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".summary:has-text('dropped.csv')")
    assert page.locator(".drop-veil").is_hidden()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3\n", "Row 3 of fruit.csv must have 2 cells"),
        ("a,b\n1,x\n2,3\n4,5\n6,7\n", "got 'x' in row 2"),
        ("", "got an empty file"),
        (b"a,b\n\xff,1\n", "must be text in UTF-8"),
        ('a,b\n"1,2\n', "must be well-formed"),
        ("a,b\n" + "1,2\n" * 20_001, "at most 20,000 rows here, got 20,001"),
        (",".join(f"c{k}x" for k in range(301)) + "\n", "must hold at least one case"),
    ],
)
def test_what_is_no_table_is_said(page, lab, text, said):
    visit(page, lab)
    hand_in(page, text)
    page.wait_for_selector(".trouble:not([hidden])")
    assert said in page.locator(".trouble").text_content()
    page.get_by_role("button", name="Iris, the example").click()
    learn(page)


def test_what_is_left_out_and_in_what_unit_is_told(page, lab):
    visit(page, lab)
    rows = "\n".join(
        f"{k},{'' if k % 5 == 0 else k % 7},{75 + 2 * k},no{k}" for k in range(50)
    )
    hand_in(page, f"x,y,price,tag\n{rows}\n", "prices.csv")
    page.wait_for_selector(
        ".summary:has-text('50 rows, 4 columns. 10 rows with a gap are left out: 40')"
    )
    # The last column only names the rows: the one before it is predicted.
    assert page.locator(".column-card.predict h3").text_content() == "price"
    plan = page.locator(".net-panel .aside").first.text_content()
    assert re.search(r"within 1\d(\.\d)? \(half a standard deviation\)", plan)
    page.get_by_label("Use of y").select_option("predict too")
    page.wait_for_function(
        "() => document.querySelectorAll('.column-card.predict').length === 2"
    )
    page.get_by_label("Use of price").select_option("predict")
    page.wait_for_function(
        "() => document.querySelectorAll('.column-card.predict').length === 1"
    )
    learn(page)
    off = float(fact(page, "typically off by"))
    assert 0 < off < 15
    assert re.fullmatch(r"[\u2212]?\d\.\d\d", fact(page, "R², held out"))
    leads = set()
    for level in ("At a glance", "In depth", "The mathematics"):
        page.get_by_role("radio", name=level).check(force=True)
        leads.add(page.locator(".lead").text_content())
    assert len(leads) == 3
    assert any("½ Σ (y" in text for text in leads)
    # A name that cannot be is said in words of one's own.
    page.locator("#record-name").fill("?")
    page.get_by_role("button", name="Save the record").click()
    said = page.locator(".trouble:not([hidden])")
    said.wait_for()
    assert "must begin with a letter or a digit" in said.text_content()


def test_numbers_can_be_names_of_classes(page, lab):
    digits = "a,b,digit\n" + "\n".join(f"{k % 3},{k},{k % 3 + 1}" for k in range(30))
    visit(page, lab)
    hand_in(page, digits, "digits.csv")
    page.wait_for_selector(".summary:has-text('digits.csv')")
    page.get_by_label("Kind of digit").select_option("classes")
    page.wait_for_selector(".scheme[aria-label*='2 input']")
    page.wait_for_selector(".scheme[aria-label*='3 output']")
    assert "--classes digit" in page.get_by_label("command line").text_content()
    learn(page)
    assert page.locator("tbody td").first.text_content() in {"1", "2", "3"}


# ---- the network --------------------------------------------------------------------


def notation(page):
    return page.get_by_label("The network in its notation").input_value()


def test_the_network_is_built_and_drawn(page, lab):
    visit(page, lab)
    drawn = page.locator(".scheme")
    assert "4 input, 8 hidden, 3 output" in drawn.get_attribute("aria-label")
    page.get_by_role("button", name="Add a layer").click()
    page.wait_for_selector(".scheme[aria-label*='8 hidden2']")
    page.get_by_role("textbox", name="Units of hidden2").fill("5")
    page.keyboard.press("Enter")
    page.wait_for_selector(".scheme[aria-label*='5 hidden2']")
    hears = page.get_by_role("group", name="output hears from")
    hears.get_by_label("input").check()
    page.wait_for_selector(".scheme[aria-label*='1 link that skip']")
    assert notation(page).splitlines() == [
        "input 4",
        "hidden 8 tanh <- input",
        "hidden2 5 tanh <- hidden",
        "output 3 softmax <- hidden2, input",
    ]
    learn(page)
    assert page.locator(".weights .grid-title").count() == 4


def test_the_network_is_written_and_a_wrong_one_said(page, lab):
    visit(page, lab)
    page.locator(".notation summary").click()
    field = page.get_by_label("The network in its notation")
    field.fill("input 4; output 2 softmax <- input")
    page.get_by_role("button", name="Use it").click()
    page.wait_for_selector(".trouble:not([hidden])")
    assert "must have 3 output units" in page.locator(".trouble").text_content()
    assert page.get_by_role("button", name="Learn", exact=True).is_disabled()
    field.fill("input 4; output 3 softmax <- input")
    page.get_by_role("button", name="Use it").click()
    page.wait_for_selector(".trouble[hidden]", state="attached")
    learn(page)


# ---- learning -----------------------------------------------------------------------


def test_learning_is_seen_and_stopped_with_what_it_has(page, lab):
    visit(page, lab, "page=data&sweeps=20000&runs=200&network=4-60-60-3&hold=0")
    page.get_by_role("button", name="Learn", exact=True).click()
    grown = """() => Number(/sweep ([\\d,]+)/.exec(
      document.querySelector('.learn-row [role=status]').textContent)?.[1]
        .replace(',', '')) > 5"""
    page.wait_for_function(grown)
    assert page.locator("h1").text_content() == "Learning"
    before = len(page.locator(".results .frame .error-line.past").get_attribute("d"))
    page.wait_for_function(
        "before => document.querySelector('.results .frame .error-line.past')"
        ".getAttribute('d').length > before",
        arg=before,
    )
    page.get_by_role("button", name="Stop, and keep what it has").click()
    learned(page)
    wait_for_heading(page, "Stopped")
    told = page.locator(".lead").text_content()
    assert re.search(r"It was stopped when \d+ of 200", told)


def test_one_goes_back_in_time_and_looks_at_a_case(page, lab):
    visit(page, lab, "page=data&learn=yes")
    learned(page)
    pixels = "() => document.querySelector('canvas.strip-image').toDataURL()"
    late = page.evaluate(pixels)
    page.locator("input.sweeps").fill("0")
    assert page.evaluate(pixels) != late
    assert fact(page, "sweep") == "0"
    assert fact(page, "right of those it learns from") != "118 of 120"
    page.locator(".case-name").nth(4).click()
    name = page.locator(".case-name").nth(4).text_content()
    assert (
        page.locator(".strip-panel .numbers h3").first.text_content().startswith(name)
    )
    assert page.locator(".level-row").count() == 11
    page.locator(".strips").click(position={"x": 400, "y": 60})
    page.wait_for_function(
        "chosen => !location.hash.includes(chosen)",
        arg=f"case={name.replace(' ', '+')}",
    )
    assert page.locator("tr.chosen").count() == 1


@pytest.mark.parametrize(
    "state", ["page=data&learn=yes", "page=records&record=xor.zarr"]
)
def test_a_slider_step_asks_the_server_nothing(page, lab, state):
    visit(page, lab, f"{state}&case=row+7")
    learned(page)
    asked = []
    page.on(
        "request",
        lambda one: asked.append(one.url) if "/api/" in one.url else None,
    )
    slider = page.locator("input.sweeps")
    last = int(slider.get_attribute("max"))
    assert last == 100
    said = set()
    for place in (0, 31, 30, last):
        slider.fill(str(place))
        said.add(fact(page, "error"))
    assert len(said) == 4
    assert asked == []
    page.get_by_role("textbox", name="Run shown").fill("3")
    with page.expect_response(re.compile("/run$")):
        page.keyboard.press("Enter")
    slider.fill("3")
    assert len([url for url in asked if url.endswith("/run")]) == 1


def test_settings_beyond_the_budget_are_said(page, lab):
    state = "page=data&sweeps=20000&runs=1000&network=4-100-100-3"
    page.goto(lab.at(state))
    page.wait_for_selector(".trouble:not([hidden])")
    assert "4,000,000,000,000" in page.locator(".trouble").text_content()


# ---- the mathematics ----------------------------------------------------------------


def of_iris():
    task = backsweep.read_table(ROOT / "examples/iris.csv", hold_out=0.2)
    return backsweep.learn(task=task, runs=10, engine="compiled")


def of_xor():
    return backsweep.learn(task="xor", runs=40, seed=1, engine="compiled")


@pytest.mark.parametrize(
    ("state", "make", "case", "layer", "unit", "shown"),
    [
        ("page=data&learn=yes", of_iris, "row 7", "hidden", 2, "hidden 3"),
        ("page=data&learn=yes", of_iris, "row 60", "output", 2, "virginica"),
        ("page=records&record=xor.zarr", of_xor, "10", "hidden", 0, "hidden 1"),
        ("page=records&record=xor.zarr", of_xor, "10", "output", 0, "output 1"),
    ],
)
def test_symbols_show_where_their_numbers_stand(
    page, lab, state, make, case, layer, unit, shown
):
    visit(page, lab, f"{state}&case={case.replace(' ', '+')}&level=maths")
    learned(page)
    row = page.locator("button.level-row").filter(has_text=shown).first
    row.click()
    assert row.get_attribute("aria-pressed") == "true"
    assert page.locator(".formulas h4").first.text_content() == shown
    # The numbers are those of the equations.
    runs = make()
    passed = runs.activities(0, case)
    is_output = layer == "output"
    wanted = [passed.x[layer][0, unit], passed.y[layer][0, unit]]
    d = runs.task.desired[runs.task.case_names.index(case)]
    if is_output:
        y = passed.y[layer][0]
        wanted.append(
            -(d * np.log(y)).sum() if len(d) > 1 else 0.5 * ((y - d) ** 2).sum()
        )
    signals = backward(
        runs.network, runs.parameters[0], passed, d[None], error=runs.procedure.error
    )
    if len(d) == 1 or not is_output:
        wanted.append(signals.dE_dy[layer][0, unit])
    wanted.append(signals.dE_dx[layer][0, unit])
    lines = page.locator(".formulas .equations").first.locator(".equation")
    assert lines.count() == len(wanted)
    for line, number in enumerate(wanted):
        told = lines.nth(line).locator("mn").last.text_content()
        assert float(told.replace(MINUS, "-")) == pytest.approx(number, abs=6e-4)
    # Pointing at a weight marks it among the weights, at a sender its row.
    symbols = lines.nth(0).locator("math").first.locator(".symbol")
    symbols.filter(has_text="w").hover()
    heard = (
        len(runs.network.incoming(layer))
        and runs.network["hidden" if is_output else "input"].size
    )
    assert page.locator(".grid-hint").get_attribute("d").count("M") == heard
    symbols.filter(has_text="y").hover()
    assert page.locator(".grid-hint").get_attribute("d") == ""
    assert page.locator(".level-value.hinted").count() == heard
    symbols.filter(has_text="x").hover()
    assert page.locator(".strip-hint").count() == 1
    lines.nth(1).locator(".symbol").filter(has_text="y").hover()
    assert page.locator(".strip-hint").count() == 1
    assert page.locator(".level-value.hinted").count() == 1
    if is_output:
        lines.nth(2).locator(".symbol").filter(has_text="d").first.hover()
        goals = page.locator(".level-goal.hinted").all_text_contents()
        assert [float(text.split()[1]) for text in goals] == d.tolist()


@pytest.mark.parametrize(
    ("state", "make", "case"),
    [
        ("page=data&learn=yes&unit=2", of_iris, "row 7"),
        ("page=records&record=xor.zarr&unit=1", of_xor, "10"),
    ],
)
def test_a_weight_is_followed_through_its_change(page, lab, state, make, case):
    visit(page, lab, f"{state}&case={case.replace(' ', '+')}&level=maths")
    learned(page)
    of_weight = page.locator(".formulas .equations").last.locator(".equation")
    of_weight.nth(1).wait_for()
    # A number in equation (1) chooses its weight: here that of the first input.
    unit = int(re.findall(r"unit=(\d)", state)[0])
    runs = make()
    index = unit * runs.network.n_in
    page.locator(f".formulas mn[data-stands='w:{index}']").first.click()
    page.wait_for_function("() => location.hash.includes('weight=')")
    alone = runs.replay(0, snapshots=tuple(range(int(runs.history.sweeps[0]) + 1)))
    weights = alone.history.snapshots[0, :, index]
    labels = [line.get_attribute("aria-label") for line in of_weight.all()]
    assert labels == ["Equation (6)", "Equation (9)"]
    told = of_weight.nth(1).locator("mn").last.text_content().replace(MINUS, "-")
    assert float(told) == pytest.approx(weights[-1] - weights[-2], abs=6e-4)
    said = page.locator(".formulas p").last.text_content()
    assert f"made in sweep {len(weights) - 1:,} " in said
    # Each symbol lights the square of its weight.
    of_weight.nth(1).locator(".symbol").first.hover()
    assert page.locator(".grid-hint").get_attribute("d").count("M") == 1
    page.locator("input.sweeps").fill("0")
    page.wait_for_selector("text=Nothing has changed yet")
    assert of_weight.count() == 1


def test_what_is_learned_anew_has_equations_of_its_own(page, lab):
    visit(page, lab, "page=data&learn=yes&case=row+7&level=maths&unit=0")
    learned(page)
    page.wait_for_selector(".formulas .equation")
    with page.expect_response(re.compile("/case$"), timeout=8000) as answered:
        page.evaluate("() => location.hash += '&epsilon=0.2'")
    assert answered.value.request.post_data_json["settings"]["epsilon"] == 0.2


def test_epsilon_in_the_text_lights_its_setting(page, lab):
    visit(page, lab, "page=data&level=maths")
    symbol = page.locator(".rule-panel .explained [data-stands='epsilon']")
    symbol.focus()
    lit = page.locator(".rule-panel .stepper.hinted")
    assert lit.count() == 1
    assert "Epsilon" in lit.text_content()


def test_a_unit_is_chosen_in_the_picture_and_kept_in_the_address(page, lab):
    visit(page, lab, "page=data&learn=yes&case=row+7&level=maths")
    learned(page)
    page.wait_for_selector(".formulas h4:has-text('setosa')")
    page.locator(".strips").click(position={"x": 60, "y": 40})
    page.wait_for_selector(".formulas h4:has-text('hidden 1')")
    page.wait_for_function("() => location.hash.includes('unit=0')")
    before = page.locator(".formulas").text_content()
    page.locator("input.sweeps").fill("0")
    assert page.locator(".formulas").text_content() != before
    page.get_by_label("At a glance").check(force=True)
    assert page.locator(".formulas").text_content() == ""


# ---- taken along --------------------------------------------------------------------


def test_the_same_from_python_and_from_the_command_line(page, lab, tmp_path):
    visit(
        page, lab,
        "page=data&leave=1&epsilon=0.2&alpha=0.5&start=0.1&sweeps=60&runs=3&seed=4"
        "&hold=0.3&network=input+3%3B+hidden+5+tanh+<-+input%3B"
        "+output+3+softmax+<-+hidden,+input&learn=yes",
    )  # fmt: skip
    learned(page)
    shown = fact(page, "right of those it learns from")
    (tmp_path / "iris.csv").write_bytes((ROOT / "examples/iris.csv").read_bytes())
    python = page.get_by_label("The same from Python").text_content()
    command = page.get_by_label("command line").text_content()
    (tmp_path / "same.py").write_text(python + "print(runs.right[0])\n", "utf-8")
    words, printed = shlex.split(command), []
    assert words[:2] == ["backsweep", "learn"]
    for call, read in (
        ([sys.executable, "same.py"], lambda text: text.split()[-1]),
        (
            [sys.executable, "-m", "backsweep", *words[1:], "--save", "x.zarr",
             "--json"],
            lambda _: str(backsweep.open(tmp_path / "x.zarr").right[0]),
        ),
    ):  # fmt: skip
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, text=True, check=True,
            env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin",
                 "HOME": str(tmp_path)},
        )  # fmt: skip
        assert f"{read(done.stdout)} of 105" == shown
        printed.append(done.stdout)
    found = json.loads(printed[-1])
    assert found["runs"] == 3
    assert found["held_out"]["cases"] == 45


def test_a_record_is_saved_and_opened(page, lab, folder):
    visit(page, lab, "page=data&runs=4&learn=yes")
    learned(page)
    before = fact(page, "right of those held out")
    page.get_by_label("Name of the record").fill("my iris")
    page.get_by_role("button", name="Save the record").click()
    link = page.get_by_role("link", name="my iris.zarr")
    link.wait_for()
    assert backsweep.open(folder / "my iris.zarr").n_runs == 4
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(".trouble:not([hidden])")
    assert "my iris.zarr" in page.locator(".trouble").text_content()
    page.get_by_label("Name of the record").fill("../evil")
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(".trouble:has-text('name')")
    assert not (folder.parent / "evil.zarr").exists()
    link.click()
    wait_for_heading(page, "my iris.zarr")
    learned(page)
    assert fact(page, "right of those held out") == before


FILES = {
    "data": ("page=data&learn=yes&case=row+7&unit=2&run=3", "iris.html"),
    "records": ("page=records&record=xor.zarr&case=10&run=3", "xor.html"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_page_as_one_file_works_from_disk(page, browser, lab, tmp_path, name):
    state, file_name = FILES[name]
    visit(page, lab, state)
    learned(page)
    page.wait_for_selector(".results .facts dd")
    told = page.locator("h1").text_content()
    scores = page.locator(".results .error .facts").text_content()
    path = tmp_path / file_name
    assert as_file(page, path) == file_name
    if name == "data":
        assert "7.9," not in path.read_text("utf-8")
    with from_disk(browser, path) as alone:
        learned(alone)
        wait_for_heading(alone, told)
        assert alone.locator(".results .error .facts").text_content() == scores
        slider = alone.locator("input.sweeps")
        last = slider.get_attribute("max")
        seen = set()
        for place in ("0", "7", last):
            slider.fill(place)
            seen.add(alone.locator(".results .error .facts").text_content())
        assert len(seen) == 3
        assert scores in seen
        alone.get_by_label("The mathematics").check(force=True)
        alone.wait_for_selector(".formulas .equation")
        alone.locator(".case-name").nth(2).click()
        alone.wait_for_selector("text=This file has no equations for this case")
        # What a file cannot do is not offered.
        for what in ("Learn again", "Save the record", "the fastest"):
            assert alone.get_by_role("button", name=what).count() == 0 or not (
                alone.get_by_role("button", name=what).is_visible()
            )
        assert alone.get_by_label("Run shown").count() == 0
        assert "This file holds the run" in alone.locator(".others").text_content()


def test_a_record_is_taken_as_a_zip_file(page, lab, tmp_path):
    visit(page, lab, "page=data&runs=3&sweeps=30&learn=yes")
    learned(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="the record, ZIP").click()
    taken.value.save_as(tmp_path / "iris.zip")
    with zipfile.ZipFile(tmp_path / "iris.zip") as archive:
        archive.extractall(tmp_path)
    runs = backsweep.open(tmp_path / "iris.zarr")
    assert (runs.n_runs, runs.procedure.sweeps) == (3, 30)


@pytest.mark.parametrize(
    ("state", "gone", "there"),
    [
        ("page=data&learn=yes&hide=story,table,network,settings,learn,runs,export",
         (".story", ".learn-row", ".fold", ".others", ".takers", ".rule-panel"),
         (".results .error", ".strip-panel", ".case-panel")),
        ("page=data&hide=settings,table", (".rule-panel", ".table-panel"),
         (".net-panel",)),
        ("page=records&record=xor.zarr&hide=list,about,weights,cases,code",
         (".list-panel", ".about-panel", ".weight-panel", ".case-panel"),
         (".results .error", ".strip-panel")),
    ],
)  # fmt: skip
def test_parts_can_be_hidden_by_link(page, lab, state, gone, there):
    visit(page, lab, state)
    if "=yes" in state or "record=" in state:
        page.wait_for_selector(".results .error .facts dd")
    for part in gone:
        assert not any(one.is_visible() for one in page.locator(part).all()), part
    for part in there:
        assert page.locator(part).first.is_visible(), part


def test_drawings_can_be_taken(page, lab, tmp_path):
    visit(page, lab, "page=data&learn=yes")
    learned(page)
    for what, kind, begins in (
        ("units", "SVG", b"<svg"),
        ("weights", "SVG", b"<svg"),
        ("network", "PNG", b"\x89PNG"),
        ("error", "PNG", b"\x89PNG"),
    ):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"{what}, {kind}").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        content = path.read_bytes()
        assert content.startswith(begins)
        assert len(content) > 8_000
        assert (b'href="data:image/png' in content) == (
            (what, kind) == ("units", "SVG")
        )


def test_drawings_wait_for_the_first_run(page, lab):
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile("/run$"), hold)
    visit(page, lab, "page=records&record=xor.zarr")
    page.wait_for_selector(".others .summary:has-text('runs learned')")
    buttons = page.locator(".takers button")
    assert buttons.count() == 7
    assert not any(button.is_enabled() for button in buttons.all())
    held[0].continue_()
    learned(page)
    assert all(button.is_enabled() for button in buttons.all())


# ---- records ------------------------------------------------------------------------


def test_records_are_listed_and_damage_is_said(page, lab):
    visit(page, lab, "page=records")
    text = page.locator(".record-list").inner_text()
    assert "xor.zarr" in text
    assert re.search(r"spoiled.zarr.*'errors' cannot be read", text, re.DOTALL)
    assert "has no 'zarr.json'" in text
    assert "link.zarr" not in text, "it leads out of the folder"


def test_a_record_is_opened_and_a_run_of_it_elsewhere(page, lab, folder):
    runs = backsweep.open(folder / "xor.zarr")
    visit(page, lab, "page=records")
    page.get_by_role("button", name="xor.zarr").click()
    learned(page)
    count = int(runs.ended("learned").sum())
    assert (
        f"{count} of 40 runs learned" in page.locator(".others .summary").text_content()
    )
    page.get_by_role("button", name="one that did not learn").click()
    stuck = int(runs.run[runs.learned_at == 0][0])
    page.wait_for_function("run => location.hash.includes('run=' + run)", arg=stuck)
    page.wait_for_selector(f"text=Open run {stuck} on its own page")
    page.locator(".elsewhere").get_by_role("link", name="Training curve").click()
    page.wait_for_selector(".board.laid")  # and not the slider of this page
    page.locator("input.sweeps").fill("600")
    wait_for_heading(page, "Stuck")


def test_a_record_that_is_clicked_comes_into_view(page, lab):
    page.set_viewport_size({"width": 1000, "height": 420})
    visit(page, lab, "page=records")
    heading = page.get_by_role("heading", name="What was learned")
    page.get_by_role("button", name="xor.zarr").click()
    learned(page)
    page.wait_for_function("() => document.activeElement.textContent === 'What was"
                           " learned'")  # fmt: skip
    page.wait_for_function(
        "() => { const { top } = document.activeElement.getBoundingClientRect();"
        " return top >= 0 && top < innerHeight / 2; }"
    )
    assert heading.is_visible()
    assert "open below the list" in page.locator(".lead").text_content()
    head = page.locator(".record-head span").all_text_contents()
    assert head[-2:] == ["saved", "made by"]
    # The lead is another one at each level.
    leads = set()
    for level in ("At a glance", "In depth", "The mathematics"):
        page.get_by_role("radio", name=level).check(force=True)
        leads.add(page.locator(".lead").text_content())
    assert len(leads) == 3


def test_answers_of_many_units_are_named(page, lab, folder):
    runs = backsweep.open(folder / "family.zarr")
    visit(page, lab, "page=records&record=family.zarr")
    learned(page)
    names = runs.network.outputs[0].unit_names
    y = runs.activities(0).y["output"]
    rows = page.locator(".case-table tbody tr")
    for row in (0, 60, 103):
        case, wanted, answer = rows.nth(row).locator("th, td").all_text_contents()[:3]
        place = runs.task.case_names.index(case)
        on = [k for k in range(24) if runs.task.desired[place][k] > 0.5]
        assert wanted == ", ".join(names[k] for k in on)
        loud = sorted(
            (k for k in range(24) if y[place][k] > 0.5), key=lambda k: -y[place][k]
        )
        assert answer == ", ".join(f"{names[k]} {y[place][k]:.2f}" for k in loud)
    # Rows that are too low for names have that of their layer.
    said = page.locator(".strips text").all_text_contents()
    assert {"person code", "output code", "output"} <= set(said)


def test_a_refusal_is_in_view_wherever_it_was_caused(page, lab):
    page.set_viewport_size({"width": 360, "height": 700})
    visit(page, lab)
    page.evaluate(OPEN_ALL)
    notation = page.get_by_label("The network in its notation")
    notation.fill("input 4; output 3 <- nowhere")
    page.get_by_role("button", name="Use it").click()
    box = page.locator(".trouble:not([hidden])")
    box.wait_for()
    top, bottom = page.evaluate(
        "() => { const { top, bottom } = document.querySelector('.trouble')"
        ".getBoundingClientRect(); return [top, bottom]; }"
    )
    assert page.evaluate("scrollY") > 600
    assert 0 <= top < bottom <= 700
    page.get_by_role("button", name="Close this message").click()
    assert box.count() == 0


@pytest.mark.parametrize("name", ["link.zarr", "../outside.zarr", "gone.zarr"])
def test_nothing_outside_the_folder_is_opened(page, lab, name):
    visit(page, lab, f"page=records&record={name}")
    page.wait_for_selector(".trouble:not([hidden])")
    assert page.locator(".results").is_hidden()


# ---- links, keys, eyes --------------------------------------------------------------


def test_the_keyboard_is_enough(page, lab):
    visit(page, lab)
    page.get_by_label("Use of species").focus()
    parts = ["columns", "layer-rows", "notation", "fields", "learn-row", "code"]
    reached = set()
    for _ in range(50):
        page.keyboard.press("Tab")
        at = "parts => parts.find(p => document.activeElement.closest('.' + p)) ?? ''"
        reached.add(page.evaluate(at, parts))
    assert reached >= set(parts)
    page.get_by_role("button", name="Learn", exact=True).focus()
    page.keyboard.press("Enter")
    learned(page)
    page.locator(".case-name").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("tr.chosen").count() == 1


STATES = {
    "learned": "page=data&learn=yes&case=row+7&level=maths",
    "records": "page=records&record=xor.zarr&level=depth",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_everyone_can_read_it(browser, lab, scheme, name):
    with fresh(browser, scheme) as page:
        visit(page, lab, STATES[name])
        learned(page)
        page.evaluate(OPEN_ALL)
        assert_everyone_can_read(page, f"{name}-{scheme}")
