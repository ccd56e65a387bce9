"""Moving about: links, the browser's history, from page to page, and through time."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.lab.pages import watched

pytestmark = [pytest.mark.slow, pytest.mark.browser]

READY = '.board[aria-busy="false"]'
TIMED = ("curve", "symmetry", "families")
PLAYS = ".play[aria-label='Pause']"
STANDS = ".play[aria-label='Play']"
NUMBER = ".sweep-number"
SHOWN = f"() => Number(document.querySelector('{NUMBER}').textContent)"


@pytest.fixture
def page(browser):
    with watched(browser) as page:
        yield page


def visit(page, opened, state, ready=READY):
    """Open the page as from a link that was sent."""
    page.goto("about:blank")
    page.goto(opened.at(state))
    page.wait_for_selector(ready)


def sweep_of(page):
    return int(page.locator(NUMBER).text_content())


def hash_of(page):
    return urlsplit(page.url).fragment


def wait_for_address(page, pattern):
    page.wait_for_function(f"() => /{pattern}/.test(location.hash)")


def wait_for_sweep(page, condition):
    page.wait_for_function(f"() => ({SHOWN})() {condition}")


# ---- a link reopens what was seen ----------------------------------------------------


@pytest.mark.parametrize("name", TIMED)
def test_a_link_to_the_start_stands_there(name, page, opened):
    """Without a sweep an address is a first visit, which plays."""
    visit(page, opened, f"page={name}", PLAYS)
    wait_for_sweep(page, "> 0")
    page.get_by_label("Back to the start").click()
    wait_for_address(page, r"\bsweep=0\b")
    visit(page, opened, hash_of(page))
    page.wait_for_load_state("networkidle")
    assert page.locator(STANDS).count() == 1
    assert sweep_of(page) == 0


AT_ONCE = f"""new MutationObserver(() =>
  document.querySelector("{PLAYS}")?.click()
).observe(document, {{ subtree: true, attributes: true }})"""


def test_who_stops_it_before_it_moves_has_chosen_the_start(page, opened):
    """It rests before it plays by itself."""
    page.add_init_script(AT_ONCE)
    visit(page, opened, "page=curve")
    wait_for_address(page, r"\bsweep=0\b")
    assert page.locator(STANDS).count() == 1


def test_a_sweep_that_the_page_does_not_have_is_no_first_visit(page, opened):
    visit(page, opened, "page=curve&sweep=99999")
    page.locator(".case-row", has=page.locator("input[value='01']")).click()
    wait_for_address(page, "case=01")
    assert "sweep=0" in hash_of(page)
    assert page.locator(STANDS).count() == 1


BARE = """async () => {
  const { State, choice, sweepUpTo } = await import("/shared/state.js");
  window.state = new State({
    task: choice("xor", ["xor", "and"]), case: choice("a", ["a", "b"]),
    sweep: sweepUpTo(100),
  });
  state.subscribe(changed =>
    changed.has("task")
    && state.set({ case: state.get("task") === "and" ? "b" : "a" }));
}"""


@pytest.fixture
def bare(page, opened):
    """Give an empty page of the lab's with a state of its own."""
    page.route(
        "**/bare",
        lambda route: route.fulfill(
            content_type="text/html", body="<link rel=icon href='data:,'>"
        ),
    )
    page.clock.install()
    page.goto(f"{opened.url}/bare")
    page.evaluate(BARE)
    return page


def test_what_follows_from_going_back_makes_no_entry(bare):
    entries = "() => history.length"
    before = bare.evaluate(entries)
    bare.evaluate("() => state.set({ task: 'and' })")
    after = bare.evaluate(entries)
    assert after > before
    bare.go_back()
    assert bare.evaluate("() => state.get('case')") == "a"
    bare.go_back()
    bare.go_forward()
    bare.go_forward()
    assert bare.evaluate("() => [state.get('task'), state.get('case')]") == ["and", "b"]
    assert bare.evaluate(entries) == after


def test_a_write_that_waits_ends_with_the_address_it_was_of(bare):
    bare.evaluate("() => { state.set({ sweep: 50 }); location.hash = '#case=b'; }")
    bare.wait_for_function("() => state.get('case') === 'b'")
    bare.clock.run_for(1000)
    assert bare.evaluate("() => [location.hash, state.get('sweep')]") == ["#case=b", 0]


def test_a_default_sweep_is_written_once_it_was_chosen(bare):
    bare.evaluate("() => state.set({ case: 'b' })")
    assert bare.evaluate("() => location.hash") == "#case=b"
    bare.evaluate("() => state.set({ sweep: 0 })")
    bare.clock.run_for(1000)
    assert bare.evaluate("() => location.hash") == "#case=b&sweep=0"


FETCHED = """async () => {
  const { onDemand } = await import("/shared/on_demand.js");
  let asked = 0;
  const module = onDemand(async () => {
    if (!asked++) throw new Error("it did not come");
    return asked;
  }, () => {});
  const failed = await module.ready().catch((error) => error.message);
  await Promise.all([module.ready(), module.ready()]);
  return [failed, module.now];
}"""


def test_what_did_not_come_is_fetched_again_when_it_is_wanted(bare):
    assert bare.evaluate(FETCHED) == ["it did not come", 2]


KEEP = """async () => {
  const { remember, remembered } = await import("/shared/memory.js");
  remember("level", "depth");
  const got = [remembered("level")];
  for (const fails of [["setItem"], ["getItem", "setItem"], ["getItem"]]) {
    for (const name of fails) {
      Storage.prototype["_" + name] = Storage.prototype[name];
      Storage.prototype[name] = () => { throw new DOMException("full"); };
    }
    remember("level", fails.join());
    got.push(remembered("level"));
    for (const name of fails) Storage.prototype[name] = Storage.prototype["_" + name];
  }
  remember("level", "maths");
  localStorage.setItem("level", "by another tab");
  return [...got, remembered("level")];
}"""


def test_a_choice_that_cannot_be_stored_holds_as_long_as_the_page(bare):
    kept = ["depth", "setItem", "getItem,setItem", "getItem", "by another tab"]
    assert bare.evaluate(KEEP) == kept


# ---- from page to page, and back -----------------------------------------------------


def held_back(page, name):
    """Hold a page's script on its way, and give what is held."""
    held = []
    page.route(f"**/{name}/page.js", lambda route: held.append(route))  # noqa: PLW0108
    return held


def go_to(page, title):
    page.locator("nav a", has_text=title).click()


@pytest.mark.parametrize(
    ("name", "other", "title"),
    [
        ("symmetry", "families", "Family trees"),
        ("families", "symmetry", "Symmetry"),
        ("curve", "symmetry", "Symmetry"),
    ],
)
def test_what_plays_is_left_behind(name, other, title, page, opened):
    """The sweep of a page that plays is not the next one's."""
    page.clock.install()
    visit(page, opened, f"page={name}", PLAYS)
    wait_for_sweep(page, "> 0")
    held = held_back(page, other)
    with page.expect_request(f"**/{other}/page.js"):
        go_to(page, title)
    there = sweep_of(page)
    page.clock.run_for(1000)  # its script is on its way
    assert hash_of(page) == f"page={other}"
    assert page.locator(".board").is_visible(), "what is left stays in sight"
    assert page.locator("#main > :not([inert])").count() == 0
    assert sweep_of(page) == there
    (route,) = held
    route.continue_()
    page.wait_for_selector(f"[data-page={other}]")
    page.wait_for_selector(PLAYS)
    assert page.locator("[inert]").count() == 0


def test_a_page_that_is_left_and_opened_again_is_there_once(page, opened):
    """Its script was still on its way when another page was chosen."""
    visit(page, opened, "page=curve&sweep=9")
    held = held_back(page, "symmetry")
    with page.expect_request("**/symmetry/page.js"):
        go_to(page, "Symmetry")
    go_to(page, "Training curve")
    page.wait_for_selector(READY)
    go_to(page, "Symmetry")
    page.wait_for_selector("#main > [inert]")
    for route in held:
        route.continue_()
    page.wait_for_selector("[data-page=symmetry]")
    page.wait_for_selector(PLAYS)
    assert page.locator(".board").count() == 1
    assert page.locator("[aria-label=Time]").count() == 1


THROW = "throw new Error('broken');"
BROKEN = {
    "does not come": (404, ""),
    "cannot be read": (200, THROW),
    "fails": (200, f"export const page = {{ schema: {{}}, mount() {{ {THROW} }} }}"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_page_whose_script_fails_says_so_once(how, browser, opened):
    """The server answers, so that there is nothing to wait for."""
    status, body = BROKEN[how]
    with watched(browser, "broken", "dynamically imported", "404") as page:
        asked = []
        page.on("request", lambda one: asked.append(one.method == "HEAD"))
        page.clock.install()
        page.route(
            "**/symmetry/page.js",
            lambda route: route.fulfill(
                status=status, body=body, content_type="text/javascript"
            ),
        )
        page.goto(opened.at("page=symmetry"))
        trouble = page.locator(".trouble:visible")
        said = trouble.text_content()
        assert re.fullmatch(r"A script .* failed \(\w*Error: .*\)\. Reload .*", said)
        page.clock.run_for(3000)
        assert sum(asked) == 1
        go_to(page, "Records")
        page.wait_for_selector("[aria-label='In this folder']")
        assert trouble.count() == 0


@pytest.mark.parametrize("name", TIMED)
def test_a_page_that_is_left_waits_for_no_answer(name, page, opened):
    page.route(f"**/api/{name}", lambda _: None)
    with page.expect_request(f"**/api/{name}"):
        page.goto(opened.at(f"page={name}&sweep=9"))
    with page.expect_event("requestfailed", lambda one: one.url.endswith(f"/{name}")):
        go_to(page, "Records")


def test_a_page_that_is_left_before_its_mathematics_come_plays_no_more(page, opened):
    page.clock.install()
    held = []
    page.route("**/part_equations.js", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/part_equations.js"):
        page.goto(opened.at("page=curve&level=maths"))
    page.wait_for_selector(".truth .case-row")
    go_to(page, "Records")
    page.wait_for_selector("[aria-label='In this folder']")
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    page.clock.run_for(3000)
    assert "sweep" not in hash_of(page)


def test_what_is_fetched_twice_at_once_is_made_once(page, opened):
    """The curves that are kept, and the field that sets a weight."""
    scripts = re.compile(r"/(pins|by_hand)\.js$")
    held = []
    page.route(scripts, lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/pins.js"):
        page.goto(opened.at("page=curve&sweep=9"))
    page.wait_for_selector(READY)
    with page.expect_response("**/api/curve"):
        page.get_by_role("button", name="Another start").click()
    page.wait_for_selector(READY)
    for route in held:
        route.continue_()
    page.get_by_role("button", name="Keep this curve").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("button", name="Keep this curve").count() == 1
    assert page.locator(".setter").count() == 1


def test_back_undoes_a_wider_task_in_one_press(page, opened):
    visit(page, opened, "page=curve&sweep=100&case=01")
    task = page.get_by_role("radio", name="XOR", exact=True)
    page.get_by_role("radio", name="Parity of 3").check(force=True)
    wait_for_address(page, "task=parity")
    page.wait_for_selector(".case-row:has(input[value='100']:checked)")
    page.go_back()
    page.wait_for_selector(".case-row:has(input[value='01']:checked)")
    assert task.is_checked()
    page.go_forward()
    page.wait_for_selector(".case-row:has(input[value='100']:checked)")
    assert "task=parity" in hash_of(page)
    page.go_back()
    page.wait_for_selector(".case-row:has(input[value='01']:checked)")


@pytest.mark.parametrize("name", ["symmetry", "families"])
def test_a_report_of_long_work_scrolls_nothing(name, page, opened):
    """The bar that has the focus keeps it when it is drawn anew."""
    others = ".others-of-symmetry" if name == "symmetry" else ".others-of-four"
    slow = "epsilon=0.05" if name == "symmetry" else "recipe=longer"
    visit(page, opened, f"page={name}&sweep=9&{slow}")
    bar = page.locator(f"{others} g[role=button]").first
    bar.wait_for()
    bar.focus()
    page.evaluate("() => document.activeElement.setAttribute('data-drawn', 'before')")
    page.evaluate("() => scrollTo(0, 0)")
    for _ in range(2):
        page.wait_for_function(
            "() => document.activeElement.matches('g[role=button]:not([data-drawn])')"
        )
        page.evaluate("() => document.activeElement.setAttribute('data-drawn', '')")
    assert page.evaluate("() => scrollY") == 0


# ---- keys ----------------------------------------------------------------------------


def test_keys_move_through_time_where_a_mouse_left_the_focus(page, opened):
    visit(page, opened, "page=curve&sweep=100")
    slider = page.locator(".sweeps")
    slider.focus()
    for key, sweep in (
        ("Shift+ArrowRight", 110), ("ArrowRight", 111), ("Shift+ArrowLeft", 101),
        ("ArrowUp", 102), ("ArrowDown", 101), ("PageUp", 111), ("PageDown", 101),
        ("End", 600), ("Home", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert sweep_of(page) == sweep, key
    page.keyboard.press("Space")
    page.wait_for_selector(PLAYS)
    page.keyboard.press("Space")
    page.wait_for_selector(STANDS)
    page.locator(".case-row", has=page.locator("input[value='01']")).click()
    page.keyboard.press("Space")
    page.wait_for_selector(PLAYS)
    page.keyboard.press("Space")
    page.wait_for_selector(STANDS)


def test_keys_keep_their_meaning_where_they_have_one(page, opened):
    """Space checks a radio, opens a fold and chooses a unit; none of it plays."""
    visit(page, opened, "page=curve&sweep=100")
    page.evaluate("() => document.querySelector('input[value=depth]').focus()")
    page.keyboard.press("Space")
    assert page.get_by_role("radio", name="In depth").is_checked()
    page.locator(".code summary").focus()
    page.keyboard.press("Space")
    assert page.locator("details.code[open]").count() == 1
    page.locator(".network g[role=button]").last.focus()
    page.keyboard.press("Space")
    wait_for_address(page, "part=")
    page.locator("summary", has_text="Rule").evaluate("e => e.parentElement.open = 1")
    page.get_by_label("Seed", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert sweep_of(page) == 100
    assert page.locator(STANDS).count() == 1


# ---- play, and its speed -------------------------------------------------------------


WRITTEN = """() => {
  window.written = 0;
  new MutationObserver((all) => { window.written += all.length; }).observe(
    document.querySelector(".story"),
    { attributes: true, childList: true, characterData: true, subtree: true },
  );
}"""


def test_what_has_not_changed_is_not_read_out_again(page, opened):
    """Another run is told of in the same words; a number that runs is not read out."""
    visit(page, opened, "page=curve&sweep=0")
    page.evaluate(WRITTEN)
    with page.expect_response("**/api/curve"):
        page.get_by_role("button", name="Another start").click()
    page.wait_for_selector(READY)
    assert page.evaluate("() => window.written") == 0
    assert page.locator(NUMBER).get_attribute("aria-live") == "off"


@pytest.mark.parametrize("name", TIMED)
def test_play_and_its_speed_go_on_with_another_run(name, page, opened):
    visit(page, opened, f"page={name}&sweep=100")
    assert "speed" not in hash_of(page)
    speed = page.get_by_label("Speed", exact=True)
    speed.select_option("slow")
    page.locator(STANDS).click()
    code = page.locator(".code pre").text_content()
    page.get_by_role("button", name="Another start").click()
    page.wait_for_function(
        "code => document.querySelector('.code pre').textContent !== code", arg=code
    )
    assert speed.input_value() == "slow"
    page.wait_for_selector(PLAYS)
    before = sweep_of(page)
    wait_for_sweep(page, f"> {before}")
    wait_for_address(page, "speed=slow")
    visit(page, opened, f"page={name}&sweep=100&speed=fast")
    assert speed.input_value() == "fast"


def test_the_speed_is_the_readers_on_every_page(page, opened):
    visit(page, opened, "page=curve&sweep=100")
    page.get_by_label("Speed", exact=True).select_option("fast")
    page.locator("nav a", has_text="Symmetry").click()
    page.wait_for_selector("[data-page=symmetry]")
    page.wait_for_selector(PLAYS)
    assert page.get_by_label("Speed", exact=True).input_value() == "fast"


def test_it_plays_on_from_where_it_was_put(page, opened):
    visit(page, opened, "page=curve&sweep=100&speed=slow")
    page.locator(STANDS).click()
    wait_for_sweep(page, "> 100")
    page.evaluate("() => { location.hash = '#page=curve&sweep=500&speed=slow'; }")
    wait_for_sweep(page, "> 500")
    assert sweep_of(page) < 560


# ---- steps ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("page=curve", None),
        ("page=symmetry", r"steps of 1 to (\d)"),
        ("page=families", "steps of (10)"),
        ("page=families&recipe=longer", "steps of (40)"),
    ],
)
def test_the_transport_says_how_far_a_step_goes(state, steps, page, opened):
    visit(page, opened, f"{state}&sweep=0")
    said = page.locator(".steps").text_content()
    description = page.locator(".sweeps").evaluate(
        "slider => document.getElementById(slider.getAttribute('aria-describedby'))"
        ".textContent"
    )
    assert description == said
    page.keyboard.press("ArrowRight")
    step = sweep_of(page)
    if steps is None:
        assert (said, step) == ("", 1)
        return
    found = re.fullmatch(steps, said)
    assert found
    assert step == int(found[1])
    page.keyboard.press("Shift+ArrowRight")
    assert step < sweep_of(page) <= 11 * step
