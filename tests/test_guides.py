"""The Python blocks of the README and the pages run, one after another."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMPILER = ROOT / "docs" / "concepts" / "compiler.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WITH_BLOCKS = [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    known: dict[str, object] = {}
    for block in BLOCK.findall(page.read_text("utf-8")):
        exec(compile(block, str(page), "exec"), known)
    assert known


def test_there_are_pages_with_blocks():
    found = {page.stem for page in WITH_BLOCKS}
    assert {"README", "python", "compiler", "engines"} <= found


def test_the_compiler_in_one_page_is_as_short_as_it_says():
    text = COMPILER.read_text("utf-8")
    lines = "".join(BLOCK.findall(text)).splitlines()
    assert "under 300 lines" in " ".join(text.split())
    assert 200 < len([line for line in lines if line.strip()]) < 300


def test_the_compiler_in_one_page_is_built_from_nothing():
    """Of Backsweep it sees the front door, to compare with."""
    code = "".join(BLOCK.findall(COMPILER.read_text("utf-8")))
    modules = {
        name
        for node in ast.walk(ast.parse(code))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.startswith("backsweep")
    }
    assert modules == {"backsweep"}
    assert ".engines" not in code


@pytest.mark.parametrize(
    ("said", "instead", "noticed"),
    [
        pytest.param(
            '"{r} = call {T} @llvm.fma.v{L}f64({T} {0}, {T} {1}, {T} {2})"',
            '"{r}.p = fmul {T} {0}, {1}\\n{r} = fadd {T} {r}.p, {2}"',
            "interpret(program, column",
            id="machine code that rounds twice",
        ),
        pytest.param(
            "back[i] = plus(b, back[i], w[p], dE_dx)",
            'back[i] = plus(b, back[i], w[p], b("mul", dE_dx, b.const(0.99)))',
            "assert_allclose",
            id="a wrong equation (7)",
        ),
    ],
)
@pytest.mark.slow
def test_the_compiler_in_one_page_notices(said, instead, noticed):
    """A fault that is put into the page fails the check that is there for it."""
    blocks = BLOCK.findall(COMPILER.read_text("utf-8"))
    assert said in "".join(blocks)
    known: dict[str, object] = {}
    for block in blocks:
        changed = compile(block.replace(said, instead), str(COMPILER), "exec")
        if noticed in block:
            with pytest.raises(AssertionError):
                exec(changed, known)
            return
        exec(changed, known)
    raise AssertionError("no block checks this")
