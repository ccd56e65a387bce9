"""A page left open while its server ends and is started again, and two tabs at once."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

import backsweep
from tests.lab.conftest import end, start
from tests.lab.pages import wait_until_begun, watched

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LOST = ("net::ERR_", "WebSocket connection to")  # where nobody answers any more
READY = '.board[aria-busy="false"]'
TROUBLE = ".trouble:not([hidden])"
RULE = "() => document.querySelectorAll('details').forEach(d => d.open = 1)"


@dataclass(frozen=True)
class Left:
    """A page that is left open: its state, its long work, and what one asks of it.

    `work` is pressed to begin what takes longer than the server is there, where it does
    not begin by itself; `ask` is a control that is set to `value`; that it was answered
    is seen by `answer`.
    """

    state: str
    answer: str
    work: str | None = None
    has_work: bool = True
    ask: str = "Seed"
    value: str = "7"


HARD = "task=parity%3A3&hidden=8&update=case"
LEFT = {
    "curve": Left(
        f"page=curve&sweep=9&{HARD}", "seed=7", work="button:has-text('Let 100,000')"
    ),
    "symmetry": Left("page=symmetry&sweep=9&epsilon=0.01", "seed=7"),
    "families": Left("page=families&sweep=9&recipe=longer", "seed=7"),
    "data": Left(
        "page=data&runs=1000&sweeps=20000",
        "seed=7",
        work="button:has-text('Learn')",
    ),
    "ensembles": Left("page=ensembles&cells=512&runs=4&sweeps=1500", "--seed 7"),
    "records": Left(
        "page=records", "xor.zarr", has_work=False, ask="button.record-name"
    ),
}


def lab_again(cache, address, *options):
    """Start the lab where it was, as the same user would."""
    port = urlsplit(address.url).port
    lab, again = start(cache, "--port", str(port), *options)
    return lab, again


def visit(page, address, left):
    page.goto(address.at(left.state))
    page.wait_for_selector(READY)
    page.wait_for_load_state("networkidle")  # what is fetched on demand too
    page.evaluate(RULE)
    page.evaluate("() => { window.isTheSame = true; }")  # until it is loaded anew


def begin_work(page, left):
    if left.work is not None:
        page.locator(left.work).first.click()
    # The line is open then: a server may end in the middle of a greeting, too.
    wait_until_begun(page)


def ask_for_something(page, left):
    if left.ask.startswith("button"):
        page.locator(left.ask).first.click()
        return
    field = page.get_by_label(left.ask, exact=True)
    if not field.is_visible():  # what learns is folded to a line
        page.locator(".fold button:visible").last.click()
    field.fill(left.value)
    field.press("Enter")


def assert_it_goes_on(page, left):
    page.wait_for_selector(TROUBLE, state="detached")
    page.wait_for_function(
        "text => document.body.textContent.includes(text)", arg=left.answer
    )
    if left.has_work:
        if not page.locator("progress:visible").count() and left.work:
            page.locator(left.work).first.click()
        wait_until_begun(page)
    else:
        page.wait_for_selector(".results:visible .curve")
    assert page.evaluate("() => window.isTheSame === true"), "it was loaded anew"
    assert page.locator(TROUBLE).count() == 0


@pytest.fixture
def folder(tmp_path):
    backsweep.learn(task="xor", runs=3, seed=1, engine="compiled").save(
        tmp_path / "records" / "xor.zarr"
    )
    return tmp_path / "records"


@pytest.fixture
def page(browser):
    with watched(browser, *LOST) as page:
        yield page


@pytest.mark.parametrize(
    ("name", "ends"),
    [*((name, signal.SIGTERM) for name in LEFT), ("curve", signal.SIGKILL)],
)
def test_a_page_left_open_goes_on_by_itself(name, ends, page, tmp_path, folder):
    left = LEFT[name]
    options = ("--folder", str(folder))
    lab, address = start(tmp_path, "--port", str(free_port()), *options)
    try:
        visit(page, address, left)
        if left.has_work:
            begin_work(page, left)
        lab.send_signal(ends)
        lab.wait(30)
        if left.has_work:
            page.wait_for_selector(f"{TROUBLE}:has-text('has ended')")
            assert page.locator("progress:visible").count() == 0
        ask_for_something(page, left)
        page.wait_for_selector(f"{TROUBLE}:has-text('does not answer')")
        end(lab)
        lab, again = lab_again(tmp_path, address, *options)
        assert again == address
        assert_it_goes_on(page, left)
    finally:
        end(lab)


def free_port():
    from backsweep.lab.opening import free_socket  # noqa: PLC0415  # loads the server

    with free_socket(None) as taken:
        return taken.getsockname()[1]


ANOTHER_VERSION = """
import sys, backsweep
backsweep.__version__ = "99.1"
from backsweep.cli import main
sys.argv = ["backsweep", "lab", *sys.argv[1:]]
main()
"""
AGAIN = {
    "another token": ("open the address that `backsweep lab` printed", False),
    "another version": ("version 99.1, and this page is of", True),
}


@pytest.mark.parametrize("name", AGAIN)
def test_a_page_says_what_to_do_where_it_cannot_go_on(name, browser, tmp_path):
    """The server that is back is not the one that the page was opened from."""
    sentence, is_other = AGAIN[name]
    port = str(free_port())
    left = LEFT["curve"]
    lab, address = start(tmp_path / "cache", "--port", port)
    with watched(browser, "Failed to load resource", *LOST) as page:
        try:
            visit(page, address, left)
            begin_work(page, left)
            end(lab)
            page.wait_for_selector(f"{TROUBLE}:has-text('has ended')")
            cache = tmp_path / ("cache" if is_other else "other")
            program = (
                ("-c", ANOTHER_VERSION) if is_other else ("-m", "backsweep", "lab")
            )
            lab, again = start(cache, "--port", port, program=program)
            assert (again == address) == is_other
            page.wait_for_selector(f"{TROUBLE}:has-text('{sentence}')")
            ask_for_something(page, left)
            page.wait_for_selector(f"{TROUBLE}:has-text('{sentence}')")
            if is_other:  # what it says to do helps
                page.reload()
            else:
                page.goto("about:blank")
                page.goto(again.at(left.state))
            page.wait_for_selector(READY)
            ask_for_something(page, left)
            page.wait_for_function(
                "text => document.body.textContent.includes(text)", arg=left.answer
            )
            assert page.locator(TROUBLE).count() == 0
        finally:
            end(lab)


def test_another_page_opens_once_the_server_is_back(page, tmp_path):
    """Its scripts were not fetched yet when the server ended."""
    lab, address = start(tmp_path, "--port", str(free_port()))
    try:
        visit(page, address, LEFT["curve"])
        end(lab)
        page.locator("nav a", has_text="Symmetry").click()
        page.wait_for_selector(f"{TROUBLE}:has-text('cannot be fetched')")
        lab, _ = lab_again(tmp_path, address)
        page.wait_for_selector('[data-page="symmetry"]')
        page.wait_for_selector(READY)
        assert page.locator(TROUBLE).count() == 0
    finally:
        end(lab)


# ---- two tabs ------------------------------------------------------------------------


def test_two_tabs_do_not_disturb_each_other(browser, opened):
    """Each has its own settings, level and work; to cancel one's ends nothing else."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    one, two = context.new_page(), context.new_page()
    try:
        visit(one, opened, LEFT["curve"])
        begin_work(one, LEFT["curve"])
        visit(two, opened, Left("page=symmetry&seed=3&sweep=9&epsilon=0.01", ""))
        two.wait_for_selector("progress:visible")
        two.get_by_role("radio", name="In depth").check()
        two.get_by_label(re.compile("^Colours")).click()
        two.get_by_role("button", name="Stop").dispatch_event("click")
        two.wait_for_selector("progress", state="detached")
        assert one.locator("progress:visible").count() == 1
        assert "level" not in urlsplit(one.url).fragment
        assert one.locator("html").get_attribute("data-theme") == "light"
        assert one.get_by_label("Seed", exact=True).input_value() == "1"
        assert two.get_by_label("Seed", exact=True).input_value() == "3"
        before = one.locator("progress").evaluate("bar => bar.value")
        one.wait_for_function(
            "before => document.querySelector('progress')?.value > before", arg=before
        )
        one.get_by_role("button", name="Stop").dispatch_event("click")
        one.wait_for_selector("progress", state="detached")
        ask_for_something(one, LEFT["curve"])
        one.wait_for_function("() => document.body.textContent.includes('seed=7')")
        assert two.get_by_label("Seed", exact=True).input_value() == "3"
        assert "level=depth" in urlsplit(two.url).fragment
    finally:
        context.close()


def test_what_one_chose_for_the_eyes_holds_on_every_page(browser, opened):
    """The level and the colours stay when another page is opened from the menu."""
    with watched(browser) as page:
        page.goto(opened.at("page=symmetry&sweep=9"))
        page.wait_for_selector(READY)
        page.get_by_role("radio", name="In depth").check()
        page.get_by_label(re.compile("^Colours")).click()  # from the system's to light
        page.get_by_label(re.compile("^Colours")).click()
        page.locator("nav a", has_text="Records").click()
        page.wait_for_selector("[aria-label='In this folder']")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.get_by_role("radio", name="In depth").is_checked()
