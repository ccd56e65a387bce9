"""`backsweep map`, and ranges of settings in `backsweep learn`."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import backsweep
from backsweep.cli.gridded import letters
from backsweep.cli.ranges import as_values

SMALL = ("--epsilon", "0.3:3:4log", "--alpha", "0:0.9:3", "--sweeps", 200, "--runs", 4)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1:10:3log", (0.1, 1, 10)),
        ("0:1:5", (0, 0.25, 0.5, 0.75, 1)),
        ("0:1:3lin", (0, 0.5, 1)),
        (" 1 : 2 : 2 ", (1, 2)),
        ("-1:1:1_001", tuple(np.linspace(-1, 1, 1001))),
        ("1e-3:1:1e2LOG", tuple(np.geomspace(1e-3, 1, 100))),
        ("0.1,0.2, 0.5", (0.1, 0.2, 0.5)),
        ("0.1,0.2", (0.1, 0.2)),
    ],
)
def test_ranges_and_lists(text, values):
    found = as_values("--epsilon", text)
    assert found == pytest.approx(values)
    assert (found[0], found[-1]) == (values[0], values[-1])  # to the last bit


MISUSES = [
    ("--epsilon 0.1:1", "a range of `--epsilon` must be START:STOP:COUNT", "64log"),
    ("--epsilon 0.1:1:4:5", "must be START:STOP:COUNT, got '0.1:1:4:5'", ""),
    ("--epsilon :1:4", "must be START:STOP:COUNT", ""),
    ("--epsilon a:1:4", "`--epsilon` must have finite numbers, got 'a'", ""),
    ("--epsilon 0:inf:4", "`--epsilon` must have finite numbers, got 'inf'", ""),
    ("--epsilon 0.1:1:many", "must end in how many values, got 'many'", "64log"),
    ("--epsilon 0.1:1:4lg", "must be 'lin' or 'log', got 'lg'", "did you mean 'log'"),
    ("--epsilon 0.1:1:1", "a whole number of values from 2 to 1,000,000, got 1", ""),
    ("--epsilon 0.1:1:2.5", "a whole number of values", ""),
    ("--epsilon 0.1:1:1e12", "from 2 to 1,000,000, got 1e12", ""),
    ("--epsilon 1:0.1:4", "must go up, got '1:0.1:4'", "write '0.1:1:4'"),
    ("--epsilon 1:1:4", "must go up", ""),
    ("--epsilon 0:10:4log", "must begin above 0, got '0:10:4log'", "'0.01'"),
    ("--epsilon -1:10:4log", "must begin above 0", "'-1:10:4'"),
    ("--epsilon 0.1,,0.5", "must have a number at each comma", ""),
    ("--epsilon 0.1,b,0.5", "must have finite numbers, got 'b'", ""),
    ("--epsilon 0.5,0.1", "must ascend, got 0.5 before 0.1", ""),
    ("--epsilon 0,1", "`--epsilon` must be a number, got '0,1'", "write '0.1'"),
    ("--epsilon 1:2:2 --epsilon 3:4:2", "each axis once, got 'epsilon' twice", ""),
    ("--rate hidden=1:2:2 --rate hidden=3:4:2", "got 'rate of hidden' twice", ""),
    ("--rate hidden", "`--rate` must be LAYER=NUMBER, got 'hidden'", "'hidden=2'"),
    ("--rate hidden=fast", "`--rate` must be a number, got 'fast'", ""),
    (
        "--rate hidde=2",
        "must name layers that links lead into, got 'hidde'",
        "'hidden'",
    ),
    ("--rate hidde=1:2:2", "layers that links lead into, got 'hidde'", "'hidden'"),
    ("--alpha 0:1:3", "`--alpha` must be at least 0 and under 1, got 1.0", ""),
    ("--start 0:1:3:4", "must be START:STOP:COUNT", ""),
    (
        "--epsilon 1:2:100000 --alpha 0:0.9:100000",
        "2**32 runs, got 100,000 x 100,000 x",
        "fewer values",
    ),
    ("--epsilon 1:2:30000 --alpha 0:0.9:30000", "900,000,000 runs must fit", ""),
]
MAP_MISUSES = [
    *(
        pair
        for pair in MISUSES
        if not pair[0].startswith(("--epsilon 1:2:30", "--epsilon 1:2:100"))
    ),
    ("--epsilon 1:2:2 --size 9", "`--size` goes without ranges", ""),
    ("--size 1", "`--size` must be a whole number, at least 2", ""),
    ("--size 9000", "at most 8,192, got 9,000, which are 81,000,000 cells", ""),
    ("--centre 1,1", "goes with a task that has a map of its own", "'trainability'"),
    ("--width 1", "goes with a task that has a map of its own", "'trainability'"),
    ("--show shares", "`--show` must be one of 'share', 'median'", "'share'"),
    ("--show convergence --until learned", "must be of whole runs", "'end'"),
    ("--theme pink", "`theme` must be one of", ""),
    ("--figure x.bmp", "a figure's name must end in one of", ""),
    (
        "--epsilon 1:2:2 --alpha 0,0.5,0.6 --decay 0,0.1,0.2",
        "one or two axes, got 3: epsilon, alpha, decay",
        "backsweep learn",
    ),
]


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [("learn xor " + one, *rest) for one, *rest in MISUSES]
    + [("map xor " + one, *rest) for one, *rest in MAP_MISUSES]
    + [
        ("map trainability --centre 1", "`--centre` must be 2 numbers", "1.5,-0.6"),
        ("map trainability --centre a,b", "`--centre` must be 2 numbers", ""),
        ("map trainability --centre 1,999", "`--centre` must be 2 numbers", ""),
        ("map trainability --width 0", "`--width` must be above 0 and at most 100", ""),
        ("map trainability --width 1e-15", "must lie further apart than rounding", ""),
    ],
)
def test_what_is_misused_is_said(run, words, said, hint):
    done = run(*words.split())
    assert done.exit_code == 2, done.stderr
    assert said in done.stderr
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_map_writes_a_picture_and_a_record(run, tmp_path):
    done = run("map", "xor", *SMALL)
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "xor-map.png").read_bytes().startswith(b"\x89PNG")
    assert done.stderr == "drawn: xor-map.png\nsaved: xor-map.zarr\n"
    record = backsweep.open(tmp_path / "xor-map.zarr")
    assert record.grid is not None
    assert record.grid.names == ("epsilon", "alpha")
    assert record.grid.axes[0].values == pytest.approx(np.geomspace(0.3, 3, 4))
    assert record.n_runs == 4 * 3 * 4
    assert not record.recording.ends
    text = done.stdout
    assert "epsilon 0.3, 0.646" in text
    assert "alpha 0, 0.45, 0.9\n" in text
    assert "12 cells, 4 runs to each: 48" in text
    again = run("map", "xor", *SMALL)
    assert again.exit_code == 1
    assert "'xor-map.png' exists and is not overwritten" in again.stderr
    assert run("map", "xor", *SMALL, "--force").exit_code == 0


def test_the_axes_stand_in_the_order_given(data):
    words = ("--alpha", "0,0.5,0.9", "--sweeps", 20, "--runs", 2, "--epsilon=1:2:2")
    found = data("map", "xor", *words)["map"]
    assert [axis["setting"] for axis in found["axes"]] == ["alpha", "epsilon"]


def test_json_has_the_cells_and_the_best(data):
    found = data("map", "xor", *SMALL, "--engine", "plain", "--seed", 5)
    shown = found["map"]
    assert (shown["cells"], shown["runs_to_a_cell"]) == (12, 4)
    shares = np.array(shown["values"])
    assert shares.shape == (4, 3)
    assert sum(shown["counts"].values()) == 12
    assert shown["counts"]["all learned"] == (shares == 1).sum()
    assert shown["best"]["share"] == shares.max()
    assert (found["record"], found["figure"]) == ("xor-map.zarr", "xor-map.png")
    # Cell by cell as the same settings learn alone.
    own = backsweep.task("xor").procedure
    steps = backsweep.grid(
        epsilon=np.geomspace(0.3, 3, 4), alpha=np.linspace(0, 0.9, 3), runs=4
    )
    runs = backsweep.learn(
        task="xor", procedure=replace(own, sweeps=200), grid=steps, seed=5
    )
    np.testing.assert_array_equal(runs.map().values, shares)


@pytest.mark.slow
@pytest.mark.parametrize("show", ["share", "median", "convergence"])
@pytest.mark.parametrize("words", [SMALL, SMALL[:2] + SMALL[4:]], ids=["two", "one"])
def test_each_map_is_drawn_and_shown_again(run, show, words):
    done = run("map", "xor", *words, "--show", show, "--theme", "dark")
    assert done.exit_code == 0, done.stderr
    shown = run("show", "xor-map.zarr", "--figure", "again.svg")
    assert shown.exit_code == 0, shown.stderr
    one = run("show", "xor-map.zarr", "--run", 7)
    assert one.exit_code == 0, one.stderr
    count = 48 if words is SMALL else 16
    assert f"Run 7 of {count}" in one.stdout


def test_a_run_of_a_map_is_learned_again_to_be_looked_at(run, data):
    run("map", "xor", *SMALL)
    found = data("show", "xor-map.zarr", "--run", 40)
    record = backsweep.open("xor-map.zarr")
    assert record.grid is not None
    assert found["procedure"]["epsilon"] == record.grid.of_run(40)["epsilon"]
    assert found["learned_at"] == (int(record.learned_at[40]) or None)
    assert len(found["weights"]) == 4


def test_learn_takes_ranges(run, data):
    found = data(
        "learn", "xor", *SMALL[:4], "--runs", 3, "--sweeps", 30, "--save", "x.zarr"
    )
    assert found["runs"] == 36
    assert found["map"]["cells"] == 12
    assert found["procedure"]["epsilon"] == [0.3, 3.0]
    record = backsweep.open("x.zarr")
    assert record.parameters.shape == (36, 9)
    text = run("show", "x.zarr").stdout
    assert "12 cells, 3 runs to each: 36" in text
    assert "Share of the runs that learned" in text


def test_learn_takes_more_axes_than_a_map(data):
    found = data(
        "learn", "xor", *SMALL[:4], "--start", "0.1,0.5,2", "--decay", "0:0.01:2",
        "--rate", "hidden=0.5:2:3log", "--rate", "output=2", "--sweeps", 3,
    )  # fmt: skip
    assert found["runs"] == 4 * 3 * 3 * 2 * 3
    names = [axis["setting"] for axis in found["map"]["axes"]]
    assert names == ["epsilon", "alpha", "start", "decay", "rate of hidden"]
    assert found["procedure"]["rates"] == {"output": 2.0, "hidden": [0.5, 2.0]}
    assert "picture" not in found["map"]


def test_starts_of_several_widths_keep_their_distribution(run):
    run(
        "learn",
        "xor",
        "--start",
        "normal:0.1:1:3log",
        "--sweeps",
        1,
        "--save",
        "x.zarr",
    )
    start = backsweep.open("x.zarr").procedure.start
    assert start.weights.distribution == "normal"
    assert start.weights.width == pytest.approx((0.1, 10**-0.5, 1.0))
    assert start.biases == start.weights


def test_a_start_of_two_numbers_is_a_range_to_draw_from(data):
    found = data("learn", "xor", "--start", "0:0.1", "--sweeps", 1)
    assert found["procedure"]["start"]["weights"]["centre"] == 0.05


def test_trainability_has_a_map_of_its_own(run, data):
    found = data("map", "trainability:4", "--size", 12)
    shown = found["map"]
    assert shown["show"] == "convergence"
    text = run("show", "trainability-4-map.zarr").stdout
    assert "rate of hidden 0.001 to 1e+06, 12 values (log)" in text
    assert "# converged   . not\n" in text
    assert [axis["setting"] for axis in shown["axes"]] == [
        "rate of hidden",
        "rate of output",
    ]
    assert (shown["cells"], shown["runs_to_a_cell"]) == (144, 1)
    values = np.array(shown["values"])
    assert shown["counts"]["converged"] == (values < 0).sum() > 0
    assert 0 < shown["boundary"]["share"] < 1
    assert shown["best"]["convergence"] == values[values < 0].max()
    assert "final_errors" not in found
    record = backsweep.open("trainability-4-map.zarr")
    np.testing.assert_array_equal(record.map("convergence").values, values)


def test_a_window_is_where_it_was_asked_for(data):
    shown = data(
        "map", "trainability:2", "--size", 5, "--centre", "-1,2.5", "--width", 0.5
    )["map"]
    ends = [np.log10([axis["values"][0], axis["values"][-1]]) for axis in shown["axes"]]
    assert ends == [pytest.approx([-1.25, -0.75]), pytest.approx([2.25, 2.75])]


@pytest.mark.parametrize(
    ("width", "engine"), [("1", "compiled-f32"), ("1e-6", "compiled")]
)
def test_the_engine_tells_the_cells_apart(data, width, engine):
    words = ("--size", 4, "--centre", "1,1", "--width", width)
    assert data("map", "trainability:2", *words)["engine"] == engine


def test_what_no_compiled_engine_does_is_done_by_another(data):
    found = data("map", "xor", *SMALL, "--sweeps", 2, "--update", "case")
    assert found["engine"] == "compiled-f32"


def test_the_map_in_letters():
    values = np.array([[0.0, 0.5, 0.96], [1.0, np.nan, 0.04]])
    lost = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert letters(values, lost, "share") == ["99xx", "55??", "..##"]
    sweeps = np.array([[10.0, 100.0], [1000.0, np.nan]])
    assert letters(sweeps, np.zeros((2, 2)), "median") == ["55..", "1199"]
    # Of a large map each letter stands for a block.
    large = np.full((120, 36), -1.0)
    large[60:, :18] = 5.0
    large[0, 0] = 5.0
    drawn = letters(large, np.zeros_like(large), "convergence")
    assert len(drawn) == 18
    assert drawn[0] == "#" * 60
    assert drawn[-1] == "+" + "#" * 29 + "." * 30


def test_settings_of_the_record_hold_no_number_a_run(run):
    run("map", "xor", *SMALL)
    settings = json.loads(backsweep.open("xor-map.zarr").dataset.attrs["settings"])
    assert settings["procedure"]["epsilon"] == backsweep.task("xor").procedure.epsilon
    assert settings["grid"]["runs"] == 4


def test_a_setting_that_is_given_one_value_does_not_vary(run, tmp_path):
    words = ("--sweeps", "5", "--runs", "1", "--size", "3", "--json", "--quiet")
    where = ("--save", str(tmp_path / "a.zarr"), "--figure", str(tmp_path / "a.png"))
    said = run("map", "xor", "--epsilon", "0.5", *words, *where)
    assert said.exit_code == 0, said.stderr
    axes = json.loads(said.stdout)["grid"]["axes"]
    assert [axis["setting"] for axis in axes] == ["alpha"]
    said = run("map", "xor", "--epsilon", "0.5", "--alpha", "0.9", *words, *where)
    assert said.exit_code == 2
    assert "a map must vary something" in said.stderr
