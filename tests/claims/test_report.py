"""The report: one page that needs nothing else, whatever its words contain."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from backsweep.claims import CLAIMS, Finding, Row, measure, report
from backsweep.claims.drawing import draw, inline
from backsweep.errors import RecordError, SettingError
from tests.claims.made_up import learned, made_up

VOID = {"meta", "link", "br", "img", "input", "hr"}
EVIL = "<script>alert('&')</script>"


class Page(HTMLParser):
    """Reads a page: what is open when, which names and references there are."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.references, self.tags = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("href", "src", "xlink:href"):
            if name in found:
                self.references.append(found[name])

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def row(name="symmetry-mirror", **changes):
    runs = made_up("symmetry", 3, learned_at=learned(3, 3))
    finding = CLAIMS[name].measure({"symmetry to within 0.1": runs, "symmetry": runs})
    return Row(
        claim=CLAIMS[name],
        finding=dataclasses.replace(finding, **changes),
        runs=3,
        seed=1,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    rows = [row(), *measure(["symmetry-needs-hidden", "xor-needs-hidden"], runs=2)]
    return report(rows, tmp_path_factory.mktemp("report"))


def test_page_is_well_formed_and_names_are_its_own(written):
    read = Page(written.read_text("utf-8"))
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))


def test_page_refers_to_nothing_outside(written):
    text = written.read_text("utf-8")
    read = Page(text)
    assert read.references
    assert all(reference.startswith("#") for reference in read.references)
    assert {reference[1:] for reference in read.references} <= {*read.ids}
    assert not re.search(r"https?:|@import|url\((?!#)", text)
    assert not read.tags & {"script", "link", "img", "iframe"}


def test_figures_stand_beside_the_page(written):
    names = {path.name for path in (written.parent / "figures").iterdir()}
    assert names == {"symmetry-network.pdf", "symmetry-network.svg"}


def test_verdict_is_told_in_words_and_by_a_shape(written):
    text = written.read_text("utf-8")
    assert "</svg>reproduced</span>" in text


@pytest.mark.parametrize("field", ["measured", "settings", "share_of"])
def test_words_are_escaped(tmp_path, field):
    text = report([row(**{field: EVIL})], tmp_path).read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_captions_and_sources_are_escaped(tmp_path):
    made = row()
    plate = dataclasses.replace(made.finding.plates[0], caption=EVIL)
    source = {"name": EVIL, "runs": 3, "engine": EVIL, "version": "1", "task": EVIL,
              "network": EVIL, "procedure": {"start": {EVIL: EVIL}}, "command": EVIL,
              "outcomes": {EVIL: 3}}  # fmt: skip
    evil = dataclasses.replace(
        made,
        finding=dataclasses.replace(made.finding, plates=(plate,)),
        sources=(source,),
    )
    text = report([evil], tmp_path).read_text("utf-8")
    assert "<script" not in text
    assert Page(text).open == []


def test_figures_take_their_colours_from_the_page():
    drawn = draw(row().finding.plates[0])
    text = inline(drawn)
    assert "var(--figure-ink)" in text
    assert not re.search(r"#[0-9a-f]{6}", text)


def test_same_rows_give_the_same_bytes(tmp_path):
    made = [row()]
    one, two = report(made, tmp_path / "one"), report(made, tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()


def test_report_is_not_overwritten_unless_asked(tmp_path):
    made = [row()]
    page = report(made, tmp_path)
    with pytest.raises(RecordError, match="holds a page and it is not overwritten"):
        report(made, tmp_path)
    assert report(made, tmp_path, force=True) == page


def test_report_needs_a_folder_and_a_row(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="must go to a folder"):
        report([row()], tmp_path / "file")
    with pytest.raises(SettingError, match="at least one claim"):
        report([], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_no_space_is_said_and_leaves_no_page(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(RecordError, match="cannot be written: No space left"):
        report([row()], tmp_path / "new")
    assert not (tmp_path / "new" / "index.html").exists()


def test_row_without_figures_or_share_is_drawn(tmp_path):
    bare = Finding(verdict="not reproduced", settings="", measured="No.", numbers={})
    made = Row(claim=CLAIMS["symmetry-ratio"], finding=bare, runs=1, seed=1)
    text = report([made], tmp_path).read_text("utf-8")
    assert "<figure" not in text
    assert 'class="scale"' not in text
