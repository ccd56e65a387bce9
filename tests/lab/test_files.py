"""The pages' files: light, from nowhere else, and of the types they say."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from backsweep.lab.pages_folder import PAGES

ROOT = Path(__file__).parents[2]
NAMES = sorted(
    path.parent.name for path in PAGES.glob("*/page.js") if path.parent.name != "shared"
)
OWN = sorted(path for path in PAGES.rglob("*.js") if "vendor" not in path.parts)


IMPORTED = re.compile(r'(?:\bfrom |^import )"(\.{1,2}/[^"]+)"', re.MULTILINE)
ON_DEMAND = re.compile(
    r'(?:\bfrom |^import |(?:=>|await) import\()"(\.{1,2}/[^"]+)"(?!\)\.)',
    re.MULTILINE,
)
SAID = re.compile(r"/\*\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
MENU = PAGES / "contents.js"  # fetches pages, each when it is opened


def fetched(path, known=frozenset(), names=IMPORTED):
    """Give a script and all that it imports, but not what stands in types alone."""
    known = known | {path}
    for name in names.findall(path.read_text("utf-8")):
        other = (path.parent / name).resolve()
        is_left = "vendor" in other.parts or (names is ON_DEMAND and other == MENU)
        if other not in known and not is_left:
            known = fetched(other, known, names)
    return known


@pytest.mark.parametrize("name", NAMES)
def test_a_pages_own_scripts_are_light(name):
    """All that is fetched to open it, as it is served, with its types and comments."""
    scripts = fetched(PAGES / "main.js") | fetched(PAGES / name / "page.js")
    assert (PAGES / "shared" / "dom.js") in scripts
    assert 10_000 < weight(scripts) < 150_000


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_fetches_on_demand_is_its_own_and_light(name):
    """The mathematics, once it is wanted; other starts; drawings that are saved.

    All that a page ever runs, without the types and comments that explain it.
    """
    scripts = fetched(PAGES / name / "page.js", names=ON_DEMAND)
    assert {path for path in OWN if path.parent.name == name} <= scripts
    scripts |= fetched(PAGES / "main.js")
    bare = sum(len(SAID.sub("", path.read_text("utf-8")).encode()) for path in scripts)
    assert 10_000 < bare < 160_000


def weight(scripts):
    return sum(path.stat().st_size for path in scripts)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_exists_is_in_the_menu(name):
    assert f'"./{name}/page.js"' in (PAGES / "contents.js").read_text("utf-8")


@pytest.mark.parametrize(
    "path",
    [*OWN, *PAGES.glob("*.html"), *PAGES.glob("*.css")],
    ids=lambda path: str(path.relative_to(PAGES)),
)
def test_no_address_from_elsewhere(path):
    """Names of XML vocabularies look like addresses and are none."""
    text = path.read_text("utf-8").replace("http://www.w3.org/", "")
    assert not re.findall(r"(?:https?:)?//[\w.-]+\.\w{2,}", text)


def test_vendored_files_are_those_written_down():
    folder = PAGES / "vendor"
    for name, entry in json.loads((folder / "vendored.json").read_text()).items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert digest == entry["sha256"], f"{name}: run tools/vendor.py"


def test_every_term_that_is_used_is_in_the_glossary():
    glossary = (PAGES / "shared" / "terms.js").read_text("utf-8")
    known = set(re.findall(r'^  "?([\w -]+?)"?: "', glossary, re.MULTILINE))
    assert len(known) > 10
    words = re.compile("story|texts|presets|chapters")
    texts = [path for path in OWN if words.search(path.name)]
    used = {
        term.rpartition("|")[2]
        for path in texts
        for said in re.findall(r': "(.*)",$', path.read_text("utf-8"), re.MULTILINE)
        for term in re.findall(r"\[([^\]]+)\]", said)
    }
    assert len(used) > 10
    assert used <= known


def test_the_three_levels_of_a_text_say_different_things():
    levels = re.compile(r'glance: "(.*)",\s+depth: "(.*)",\s+maths: "(.*)",')
    found = [said for path in OWN for said in levels.findall(path.read_text("utf-8"))]
    assert len(found) > 50
    for said in found:
        told = [text for text in said if text]
        assert len(set(told)) == len(told), said


@pytest.mark.slow
def test_the_pages_types_hold():
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip("there is no tsc here: npm install -g typescript")
    done = subprocess.run(
        [compiler, "-p", ROOT / "tools" / "jsconfig.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
