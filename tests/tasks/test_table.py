"""Tables of one's own: what is read, how units come of it, and what is refused."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from pyarrow import parquet

from backsweep.errors import (
    BacksweepError,
    DataError,
    FitWarning,
    SettingError,
    UnknownNameError,
)
from backsweep.procedure import Criterion
from backsweep.tasks.table import Table, read_table

ROOT = Path(__file__).parents[2]
IRIS = ROOT / "examples" / "iris.csv"

PEOPLE = """height,sex,smoker,group
170,f,true,a
180,m,false,b
160,f,false,a
190,m,true,b
175,m,true,c
165,f,false,c
"""


@pytest.fixture
def write(tmp_path):
    """Give a function that writes a file and tells where."""

    def write_file(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def save_npz(tmp_path):
    def save(**arrays):
        path = tmp_path / "table.npz"
        np.savez(path, **arrays)
        return path

    return save


@pytest.fixture
def save_parquet(tmp_path):
    def save(**columns):
        path = tmp_path / "table.parquet"
        parquet.write_table(pa.table(columns), path)
        return path

    return save


# --- what a table becomes


def test_iris_is_a_classification_of_its_last_column():
    task = read_table(IRIS)
    assert (task.name, task.source, task.n_cases) == ("iris", str(IRIS), 150)
    assert task.about == (
        "Tell 'species' (3 classes), the last column, from 4 other columns."
    )
    assert task.network["input"].units == (
        "sepal_length",
        "sepal_width",
        "petal_length",
        "petal_width",
    )
    output = task.network["output"]
    assert output.activation == "softmax"
    assert output.units == (
        "species=setosa",
        "species=versicolor",
        "species=virginica",
    )
    np.testing.assert_array_equal(task.desired, np.eye(3)[np.repeat([0, 1, 2], 50)])
    assert task.procedure.error == "cross-entropy"
    assert task.procedure.criterion == Criterion("winner", 0.5, 0.95)
    assert task.procedure.misfits(task.network) == ()
    assert task.held_out_cases == ()


@pytest.mark.slow  # scikit-learn takes a second to load
def test_iris_file_holds_the_published_numbers():
    datasets = pytest.importorskip("sklearn.datasets", reason="an extra")
    iris = datasets.load_iris()
    with IRIS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    measured = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    np.testing.assert_array_equal(measured, iris.data)
    assert [row[-1] for row in rows] == list(iris.target_names[iris.target])


def test_words_and_numbers_become_units_as_worked_by_hand(write):
    task = read_table(write(PEOPLE))
    assert task.network["input"].units == ("height", "sex=m", "smoker=true")
    sd = np.sqrt(np.mean(np.square([-10 / 3, 20 / 3, -40 / 3, 50 / 3, 5 / 3, -25 / 3])))
    np.testing.assert_allclose(
        task.inputs[:2], [[-10 / 3 / sd, 0, 1], [20 / 3 / sd, 1, 0]]
    )
    assert task.network["output"].units == ("group=a", "group=b", "group=c")
    np.testing.assert_array_equal(task.desired[[0, 1, 4]], np.eye(3))


def test_input_words_have_a_unit_each_where_there_are_three(write):
    task = read_table(write(PEOPLE), inputs=["group"], desired=["sex"])
    assert task.network["input"].units == ("group=a", "group=b", "group=c")
    assert task.network["output"].units == ("sex=f", "sex=m")
    assert task.about == "Tell 'sex' (2 classes) from 1 other column."


def test_desired_numbers_are_a_regression(write):
    table = Table.read(write(PEOPLE), desired=["height"], inputs=["sex", "smoker"])
    task = table.task
    assert task.network["output"].activation == "linear"
    assert task.procedure.error == "squared"
    assert task.procedure.criterion == Criterion("within", 0.5, 0.9)
    assert task.desired.mean() == pytest.approx(0)
    assert task.desired.std() == pytest.approx(1)
    heights = table.to_columns(task.desired)["height"]
    np.testing.assert_allclose(heights, [170, 180, 160, 190, 175, 165])


def test_several_desired_columns_of_words_answer_each_for_itself(write):
    table = Table.read(write(PEOPLE), desired=["group", "sex"])
    task = table.task
    output = task.network["output"]
    assert (output.activation, task.procedure.error) == ("logistic", "cross-entropy")
    assert output.units == ("group=a", "group=b", "group=c", "sex=m")
    assert task.procedure.criterion == Criterion("within", 0.5, 0.95)
    assert task.procedure.misfits(task.network) == ()
    back = table.to_columns(0.8 * task.desired + 0.1)
    assert back["group"].tolist() == ["a", "b", "a", "b", "c", "c"]
    assert back["sex"].tolist() == ["f", "m", "f", "m", "m", "f"]


def test_nought_and_one_are_classes(write):
    task = read_table(write("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"))
    np.testing.assert_array_equal(task.inputs, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert task.network["output"].units == ("y=0", "y=1")


def test_a_great_majority_does_not_pass_for_learning(write):
    rows = "".join(f"{k},{'rare' if k < 2 else 'common'}\n" for k in range(40))
    criterion = read_table(write(f"x,y\n{rows}")).procedure.criterion
    assert criterion.share == pytest.approx(0.975)  # one of the two rare ones, too


@pytest.mark.parametrize(("hidden", "size"), [(None, 8), (3, 3)])
def test_hidden_units(hidden, size):
    assert read_table(IRIS, hidden=hidden).network["hidden"].size == size


def test_hidden_layer_grows_with_the_table_to_a_limit(save_npz):
    words = np.array(["a", "b"] * 3)
    sizes = [
        read_table(save_npz(x=np.random.default_rng(1).normal(size=(6, n)), y=words))
        .network["hidden"]
        .size
        for n in (20, 200)
    ]
    assert sizes == [11, 32]


def test_many_inputs_begin_with_smaller_weights(save_npz):
    x = np.random.default_rng(1).normal(size=(6, 300))
    start = read_table(save_npz(x=x, y=np.array(["a", "b"] * 3))).procedure.start
    assert start.weights.width == pytest.approx(0.1)


def test_columns_left_out_name_the_cases(write):
    path = write("who,x,y\nann,1,a\nbob,2,b\ncyn,3,a\n")
    assert read_table(path, inputs=["x"]).case_names == ("ann", "bob", "cyn")
    assert read_table(write(PEOPLE)).case_names[:2] == ("row 2", "row 3")


def test_rows_left_out_take_their_names_along(write):
    path = write("who,x,y\nann,1,a\nbob,,b\ncyn,3,a\ndan,4,b\n")
    task = read_table(path, inputs=["x"], missing="drop")
    assert task.case_names == ("ann", "cyn", "dan")


def test_words_that_name_the_cases_are_taken_where_asked_for(write):
    path = write("who,x,y\nann,1,a\nbob,2,b\ncyn,3,a\n")
    task = read_table(path, inputs=["who"])
    np.testing.assert_array_equal(task.inputs, np.eye(3))


def test_a_column_left_out_need_not_be_in_order(write):
    path = write("x,mess,y\n1,1,a\n2,2,b\n3,oops,a\n")
    assert read_table(path, inputs=["x"]).n_cases == 3


def test_a_lone_name_need_not_stand_in_a_list():
    assert read_table(IRIS, desired="species").n_cases == 150


# --- formats


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", PEOPLE),
        ("t.CSV", PEOPLE),
        ("bom.csv", "\ufeff" + PEOPLE),
        ("crlf.csv", PEOPLE.replace("\n", "\r\n")),
        ("blank.csv", PEOPLE.replace("\n", "\n\n")),
        ("trailing.csv", PEOPLE + ",,,\n"),
        ("spaces.csv", PEOPLE.replace(",", " , ")),
        ("tabs.csv", PEOPLE.replace(",", "\t")),
        ("t.tsv", PEOPLE.replace(",", "\t")),
        ("semicolons.csv", PEOPLE.replace(",", ";")),
        ("comma.csv", PEOPLE.replace(",", ";").replace("70;", "70,0;")),
        ("quoted.csv", PEOPLE.replace("height", '"height"').replace("170", '"170"')),
        ("case.csv", PEOPLE.replace("true", "TRUE").replace("false", "False")),
    ],
)
def test_text_in_any_dress_is_the_same_table(write, name, content):
    plain = read_table(write(PEOPLE))
    task = read_table(write(content, name))
    np.testing.assert_array_equal(task.inputs, plain.inputs)
    np.testing.assert_array_equal(task.desired, plain.desired)
    assert task.network == plain.network


def test_quoted_cells_hold_anything(write):
    path = write('"a, b",y\n1,"red\nand ""blue"""\n2,green\n3,green\n')
    task = read_table(path)
    assert task.network["input"].units == ("a, b",)
    assert task.network["output"].units == ("y=green", 'y=red\nand "blue"')
    assert task.case_names == ("row 2", "row 3", "row 4")


def test_parquet_and_npz_hold_the_same_table(write, save_parquet, save_npz):
    columns = {
        "height": np.array([170, 180, 160, 190, 175, 165]),
        "sex": np.array(["f", "m", "f", "m", "m", "f"]),
        "smoker": np.array([True, False, False, True, True, False]),
        "group": np.array(["a", "b", "a", "b", "c", "c"]),
    }
    plain = read_table(write(PEOPLE))
    for path in (save_parquet(**columns), save_npz(**columns)):
        task = read_table(path)
        np.testing.assert_array_equal(task.inputs, plain.inputs)
        np.testing.assert_array_equal(task.desired, plain.desired)
        assert task.network == plain.network
        assert task.case_names[0] == "row 1"


def test_parquet_kinds(save_parquet):
    path = save_parquet(
        small=pa.array([1, 2, 3, 4], pa.int8()),
        half=pa.array(np.array([1, 2, 3, 4], np.float16)),
        money=pa.array(
            [Decimal("1.5"), Decimal("2.5"), Decimal("3.5"), Decimal("4.5")]
        ),
        kind=pa.array(["a", "b", "a", "b"]).dictionary_encode(),
        large=pa.array(["a", "b", "c", "c"], pa.large_string()),
        __index_level_0__=pa.array([7, 8, 9, 9]),
    )
    task = read_table(path)
    np.testing.assert_allclose(
        task.inputs[:, 0], np.array([-1.5, -0.5, 0.5, 1.5]) / 1.25**0.5
    )
    np.testing.assert_allclose(task.inputs[:, 0], task.inputs[:, 1])
    np.testing.assert_allclose(task.inputs[:, 0], task.inputs[:, 2])
    assert task.network["output"].units == ("large=a", "large=b", "large=c")


def test_npz_arrays_of_two_axes_are_named_whole_or_by_column(save_npz):
    x = np.array([[1.0, 5.0], [2.0, 5.5], [3.0, 4.0]])
    y = np.array([[0.5, 1.0], [2.0, 0.0], [1.0, 3.0]])
    path = save_npz(x=x, y=y)
    task = read_table(path)
    assert task.network["input"].units == ("x_1", "x_2")
    assert task.network["output"].units == ("y_1", "y_2")
    assert (
        task.about
        == "Estimate 'y_1' and 'y_2', the last columns, from 2 other columns."
    )
    assert read_table(path, inputs=["y"], desired=["x_2"]).desired.shape == (3, 1)


def test_numbers_written_as_words_stay_words(save_npz):
    task = read_table(save_npz(x=np.arange(4), digit=np.array(["7", "9", "7", "9"])))
    assert task.network["output"].units == ("digit=7", "digit=9")


# --- held-out cases, and what only learning cases decide


def test_hold_out_takes_each_class_in_its_proportion(write):
    labels = ["a"] * 50 + ["b"] * 30 + ["c"] * 20
    path = write("x,y\n" + "".join(f"{k},{y}\n" for k, y in enumerate(labels)))
    for amount in (0.3, 30):
        apart = read_table(path, hold_out=amount).held_out_cases
        assert Counter(labels[case] for case in apart) == {"a": 15, "b": 9, "c": 6}


def test_every_class_keeps_a_case_to_be_learned(write):
    labels = ["a"] * 8 + ["b"]
    path = write("x,y\n" + "".join(f"{k},{y}\n" for k, y in enumerate(labels)))
    for seed in range(20):
        apart = read_table(path, hold_out=7, seed=seed).held_out_cases
        assert len(apart) == 7
        assert 8 not in apart


def test_the_seed_decides_the_held_out_cases():
    draws = [
        read_table(IRIS, hold_out=0.2, seed=seed).held_out_cases for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]
    assert len(set(draws[0])) == 30


def test_held_out_numbers_are_spread_over_the_table(save_npz):
    values = np.arange(1000.0)
    apart = read_table(save_npz(x=values, y=values**2), hold_out=0.5).held_out_cases
    assert 400 < np.mean(apart) < 600


def test_scaling_comes_from_learning_cases_alone(save_npz):
    rng = np.random.default_rng(3)
    x, y = rng.normal(5, 2, 40), rng.normal(-3, 4, 40)
    apart = list(read_table(save_npz(x=x, y=y), hold_out=10, seed=4).held_out_cases)
    wild = x.copy(), y.copy()
    for values in wild:
        values[apart] += 1e6
    table = Table.read(save_npz(x=wild[0], y=wild[1]), hold_out=10, seed=4)
    assert table.task.held_out_cases == tuple(apart)
    learned = np.setdiff1d(np.arange(40), apart)
    for cases, values in ((table.task.inputs, x), (table.task.desired, y)):
        expected = (values[learned] - values[learned].mean()) / values[learned].std()
        np.testing.assert_allclose(cases[learned, 0], expected)
    assert table.task.inputs[apart].min() > 1e5
    np.testing.assert_allclose(table.to_columns(table.task.desired)["y"], wild[1])


def test_filling_comes_from_learning_cases_alone(write):
    rows = [f"{k},{'uv'[k % 2]},{'ab'[k % 2]}" for k in range(20)]
    apart = read_table(write("x,w,y\n" + "\n".join(rows)), hold_out=6).held_out_cases
    learned = [case for case in range(20) if case not in apart]
    gap = learned[0]
    rows[gap] = f",,{'ab'[gap % 2]}"
    for case in apart:
        rows[case] = f"1000,z,{'ab'[case % 2]}"
    task = read_table(write("x,w,y\n" + "\n".join(rows)), hold_out=6, missing="mean")
    assert task.held_out_cases == apart
    assert task.inputs[gap, 0] == pytest.approx(0)
    words = Counter("uv"[case % 2] for case in learned[1:])
    commonest = max(sorted(words), key=words.__getitem__)
    units = task.network["input"].units
    assert task.inputs[gap, units.index(f"w={commonest}")] == 1


def test_a_word_that_no_learning_case_has_says_nothing(write):
    labels = [f"{k},{'uv'[k % 2]},{'ab'[k % 2]}" for k in range(20)]
    apart = read_table(write("x,w,y\n" + "\n".join(labels)), hold_out=1).held_out_cases
    labels[apart[0]] = f"5,strange,{'ab'[apart[0] % 2]}"
    task = read_table(write("x,w,y\n" + "\n".join(labels)), hold_out=1)
    assert task.network["input"].units == ("x", "w=strange", "w=u", "w=v")
    np.testing.assert_array_equal(task.inputs[apart[0], 1:], 0)


def test_a_class_that_no_learning_case_has_is_desired_all_the_same(write):
    rows = [f"{k},{'ab'[k % 2]},{'uv'[k // 2 % 2]}" for k in range(20)]
    choice: dict[str, Any] = {"desired": ["y", "z"], "hold_out": 1}
    (case,) = read_table(write("x,y,z\n" + "\n".join(rows)), **choice).held_out_cases
    rows[case] = rows[case][:-1] + "strange"
    task = read_table(write("x,y,z\n" + "\n".join(rows)), **choice)
    assert task.held_out_cases == (case,)
    units = task.network["output"].units
    assert task.desired[case, units.index("z=strange")] == 1


def test_constant_inputs_stay_at_nought_with_a_warning(write):
    path = write("x,same,word,y\n1,0.1,u,a\n2,0.1,u,b\n3,0.1,u,a\n")
    with pytest.warns(
        FitWarning, match=r"stay at 0, got 'same', 'word'; leave"
    ) as seen:
        task = read_table(path)
    assert seen[0].filename == __file__
    np.testing.assert_array_equal(task.inputs[:, 1:], 0)


# --- missing values

GAPS = "x,w,y\n1,u,a\n,u,b\n3,?,a\n5,v,b\n"


def test_missing_values_are_dropped_on_request(write):
    task = read_table(write(GAPS), missing="drop")
    assert task.case_names == ("row 2", "row 5")
    np.testing.assert_array_equal(task.inputs, [[-1, 0], [1, 1]])


def test_missing_values_are_filled_on_request(write):
    task = read_table(write(GAPS), missing="mean")
    np.testing.assert_allclose(task.inputs[1], [0, 0], atol=1e-15)
    assert task.inputs[2, 1] == 0  # "u" is commoner than "v"


def test_missing_values_of_every_format(save_npz, save_parquet):
    for path in (
        save_npz(x=np.array([1, np.nan, 3]), w=["u", "v", ""], y=["a", "b", "a"]),
        save_parquet(x=[1, None, 3], w=["u", "v", None], y=["a", "b", "a"]),
        save_parquet(x=[1.0, np.nan, 3.0], w=["u", "v", "NA"], y=["a", "b", "a"]),
    ):
        task = read_table(path, missing="mean")
        np.testing.assert_allclose(task.inputs[1], [0, 1], atol=1e-15)
        assert task.inputs[2, 1] == 0


def test_sodium_is_not_missing(write):
    task = read_table(write("x,y\n1,Na\n2,K\n3,Na\n"))
    assert task.network["output"].units == ("y=K", "y=Na")


# --- what is refused

Y = "x,y\n1,a\n2,b\n"

REFUSED = {
    "suffix": (
        "t.xls",
        Y,
        r"must end in one of '.csv', '.npz', '.parquet', '.tsv', got",
    ),
    "empty": ("t.csv", "", "must hold a table, got an empty file"),
    "blank": ("t.csv", "\n\n,,\n", "must hold a table, got an empty file"),
    "header only": ("t.csv", "x,y\n", "at least one case, got names of columns only"),
    "no header": ("t.csv", "1,2\n3,4\n", "row 1 of .* must hold the names .* got '1'"),
    "no header, words": ("t.csv", "5.1,a\n2.0,b\n", "must hold the names .* got '5.1'"),
    "nameless": ("t.csv", ",x,y\n0,1,a\n1,2,b\n", "column 1 of .* a name, got none"),
    "same names": ("t.csv", "x,x,y\n1,2,a\n", "distinct names, got 'x' more than once"),
    "ragged": ("t.csv", "x,y\n1,a\n2\n", r"row 3 of .* must have 2 cells, .* got 1\."),
    "quotes": ("t.csv", 'x,y\n1,"a\n2,b\n', r"well-formed, got: .*\(line 3\)"),
    "latin": ("t.csv", b"x,y\n1,\xe9\n", "text in UTF-8, got byte 0xe9 in line 2"),
    "text": (
        "t.csv",
        "x,y\n1,a\n2,b\nfoo,a\n",
        "'x' must hold numbers, .* 'foo' in row 4",
    ),
    "underscore": (
        "t.csv",
        "x,y\n1,a\n2,b\n1_0,a\n",
        "must hold numbers, .* '1_0' in row 4",
    ),
    "infinity": (
        "t.csv",
        "x,y\n1,a\n\ninf,b\n",
        "'x' must hold numbers between .* got inf in row 4",
    ),
    "overflow": ("t.csv", "x,y\n1,a\n-1e999,b\n", "got -inf in row 3"),
    "large": (
        "t.csv",
        "x,y\n1,a\n1e200,b\n",
        r"between -1e\+150 and 1e\+150, got 1e\+200",
    ),
    "missing": (
        "t.csv",
        "x,y\n1,a\n,b\n",
        "'x' must have a value in each row, got none in row 3",
    ),
    "nan": (
        "t.csv",
        "x,y\n1,a\nnan,b\n",
        "'x' must have a value in each row, got none in row 3",
    ),
    "no class": (
        "t.csv",
        "x,y\n1,a\n2,\n",
        "'y' must have a value in each row, got none in row 3",
    ),
    "one class": (
        "t.csv",
        "x,y\n1,a\n2,a\n",
        "'y' must hold at least two classes .* got 'a' in all",
    ),
    "one value": (
        "t.csv",
        "x,y\n1,5\n2,5\n",
        "'y' must hold at least two values .* got 5.0 in all",
    ),
    "one row": ("t.csv", "x,y\n1,a\n", "at least two classes"),
    "one column": ("t.csv", "y\na\nb\n", "a column to learn from besides the desired"),
    "names": (
        "t.csv",
        "x,y\nann,a\nbob,b\ncyn,a\n",
        "'x' must not have a different word .* got 'ann', 'bob'",
    ),
    "own classes": (
        "t.csv",
        "x,y\n1,a\n2,b\n3,c\n",
        "'y' must hold some word twice, .* each of 3 rows",
    ),
    "no variety": (
        "t.csv",
        "x,y\n1,a\n1,b\n",
        "some input column of .* must differ .* got 1 that",
    ),
    "not parquet": ("t.parquet", Y, "could not be read as Parquet"),
    "not npz": ("t.npz", Y, "must be an NPZ archive of arrays, got something else"),
    "empty npz": ("t.npz", "", "must be an NPZ archive of arrays, got something else"),
}


@pytest.mark.parametrize(("name", "content", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_tables_are_refused(write, name, content, words):
    with pytest.raises(DataError, match=words):
        read_table(write(content, name))


def test_a_file_that_does_not_exist(write, tmp_path):
    write(Y, "fruit.csv")
    with pytest.raises(DataError, match=r"there is no file .*\n.*mean 'fruit.csv'\?"):
        read_table(tmp_path / "friut.csv")
    with pytest.raises(DataError, match=r"there is no file .*\nhint: paths begin"):
        read_table(tmp_path / "unlike.npz")
    with pytest.raises(DataError, match=r"there is no folder .*nowhere' either"):
        read_table(tmp_path / "nowhere" / "fruit.csv")


def test_a_folder_is_not_read(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="could not be read: Is a directory"):
        read_table(tmp_path / "folder.csv")


BOTH = {"inputs": ["petal_width"], "desired": ["petal_width"]}
MIXED = {"desired": ["species", "petal_width"]}


@pytest.mark.parametrize(
    ("choice", "error", "words"),
    [
        ({"desired": ["speces"]}, UnknownNameError, "'speces'.\nhint: .* 'species'"),
        ({"inputs": ["petal"]}, UnknownNameError, "'petal'.\nhint: did you .* 'petal_"),
        ({"inputs": ["species"]}, DataError, "'species' as both.\nhint: the last"),
        (BOTH, DataError, "'petal_width' as both.\nhint: take it out"),
        ({"inputs": ["petal_width"] * 2}, DataError, "name each column once"),
        (MIXED, DataError, "words in 'species' and numbers in 'petal_width'"),
        ({"missing": "man"}, SettingError, "one of 'drop', .* 'man'.\nhint: .*'mean'"),
        ({"hold_out": -0.1}, SettingError, "`hold_out` must be a share .* got -0.1"),
        ({"hold_out": 1.5}, SettingError, "`hold_out` must be a share .* got 1.5"),
        ({"hold_out": math.nan}, SettingError, "must be a share .* got nan"),
        ({"hold_out": math.inf}, SettingError, "must be a share .* got inf"),
        ({"hold_out": 0.001}, DataError, "0.001 of 150 cases must be at least one"),
        ({"hold_out": 148}, DataError, "148 of 150 cases must not .* room for 147"),
        ({"hidden": 0}, BacksweepError, "'hidden' must have a whole number of units"),
    ],
    ids=str,
)
def test_wrong_choices_are_refused(choice, error, words):
    with pytest.raises(error, match=words):
        read_table(IRIS, **choice)


def test_rows_are_counted_as_the_file_shows_them(write):
    path = write('x,note,y\n1,"two\nlines",a\n\n2,u,b\nfoo,u,a\n')
    with pytest.raises(DataError, match="'foo' in row 5"):
        read_table(path)


def test_desired_values_are_never_made_up(write):
    with pytest.raises(DataError, match="'y' must have a value in each row"):
        read_table(write("x,y\n1,a\n2,b\n3,\n"), missing="mean")


def test_columns_without_any_value_are_refused(write):
    path = write("x,z,y\n1,,a\n2,,b\n")
    with pytest.raises(DataError, match="'z' must have a value in some learning case"):
        read_table(path, missing="mean")
    with pytest.raises(DataError, match=r"a value in every column .* got none"):
        read_table(path, missing="drop")


def test_npz_of_the_wrong_kind_is_refused(save_npz, tmp_path):
    y = np.array(["a", "b"])
    with pytest.raises(DataError, match="same cases, got 3 in 'x' and 2 in 'y'"):
        read_table(save_npz(x=np.arange(3), y=y))
    with pytest.raises(DataError, match=r"got Python objects in 'x'"):
        read_table(save_npz(x=np.array([1, "a"], dtype=object), y=y))
    with pytest.raises(DataError, match=r"array 'x' of .* got shape \(2, 1, 1\)"):
        read_table(save_npz(x=np.zeros((2, 1, 1)), y=y))
    with pytest.raises(DataError, match=r"array 'x' of .* got shape \(\)"):
        read_table(save_npz(x=np.zeros(()), y=y))
    with pytest.raises(DataError, match=r"'x' must hold numbers, .* got complex128"):
        read_table(save_npz(x=np.array([1j, 2j]), y=y))
    with pytest.raises(DataError, match="must have named columns, got none"):
        read_table(save_npz())
    with pytest.raises(DataError, match="distinct names, got 'x_1' more than once"):
        read_table(save_npz(x=np.zeros((2, 2)), x_1=np.zeros(2)))
    with pytest.raises(DataError, match="at least one case"):
        read_table(save_npz(x=np.zeros(0), y=np.zeros(0)))
    with (tmp_path / "single.npz").open("wb") as file:
        np.save(file, y)
    with pytest.raises(DataError, match="got a single array"):
        read_table(tmp_path / "single.npz")


def test_damaged_npz_is_refused(save_npz, write, tmp_path):
    content = bytearray(save_npz(x=np.arange(100.0), y=np.arange(100.0)).read_bytes())
    with pytest.raises(DataError, match="got something else or a part of one"):
        read_table(write(bytes(content[:600]), "part.npz"))
    with zipfile.ZipFile(write(bytes(content), "other.npz"), "a") as archive:
        archive.writestr("notes.txt", "not an array")
    with pytest.raises(DataError, match=r"got the file 'notes.txt'"):
        read_table(tmp_path / "other.npz")
    content[400] ^= 0xFF
    with pytest.raises(DataError, match="got 'x' damaged"):
        read_table(write(bytes(content), "flipped.npz"))


def test_nested_parquet_is_refused_where_it_is_used(save_parquet):
    path = save_parquet(x=[1, 2, 3], z=[[1], [2], [3]], y=["a", "b", "a"])
    with pytest.raises(DataError, match=r"'z' must hold numbers, .* got list<"):
        read_table(path)
    assert read_table(path, inputs=["x"]).n_cases == 3


def test_parquet_words_that_are_not_utf8_are_refused(save_parquet):
    places = pa.array([0, 1, 2, 3], pa.int32()).buffers()[1]
    words = pa.StringArray.from_buffers(3, places, pa.py_buffer(b"a\xffa"))
    with pytest.raises(DataError, match=r"could not be read as Parquet: .*UTF"):
        read_table(save_parquet(x=[1, 2, 3], y=words))


def test_parquet_without_columns_or_cases_is_refused(save_parquet):
    with pytest.raises(DataError, match="must have named columns, got none"):
        read_table(save_parquet())
    with pytest.raises(DataError, match="at least one case"):
        read_table(save_parquet(x=pa.array([], pa.int64()), y=pa.array([], pa.int64())))


# --- laws

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(numbers, numbers), min_size=4, max_size=30, unique_by=lambda c: c[0]
    ),
    st.integers(0, 2),
    st.integers(0, 2**64 - 1),
)
def test_numbers_come_back_in_their_own_unit(tmp_path_factory, cases, hold_out, seed):
    path = tmp_path_factory.getbasetemp() / "law.npz"
    y, x = np.array(cases).T
    np.savez(path, x=np.stack([x, np.arange(len(x))], axis=1), y=np.where(y == 1, 2, y))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)
        table = Table.read(path, hold_out=hold_out, seed=seed)
    task = table.task
    learned, apart = task.split(0, range(1))
    assert apart.shape == (1, hold_out)
    assert task.desired[learned[0]].mean() == pytest.approx(0, abs=1e-8)
    assert task.desired[learned[0]].std() == pytest.approx(1)
    back = table.to_columns(task.desired)["y"]
    np.testing.assert_allclose(back, np.where(y == 1, 2, y), atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), min_size=5, max_size=40).filter(
        lambda labels: len(set(labels)) > 1
    ),
    st.floats(0, 0.5),
    st.integers(0, 1000),
)
def test_hold_out_is_stratified_whatever_the_classes(
    tmp_path_factory, labels, share, seed
):
    path = tmp_path_factory.getbasetemp() / "strata.npz"
    np.savez(path, x=np.arange(len(labels)), y=np.array(labels))
    count = round(share * len(labels))
    apart = read_table(path, hold_out=count, seed=seed).held_out_cases
    assert len(set(apart)) == count
    whole, taken = Counter(labels), Counter(labels[case] for case in apart)
    for label, size in whole.items():
        assert taken[label] < size
        if size > 1 and min(whole.values()) > 2:
            assert abs(taken[label] - count * size / len(labels)) <= 1.5


# --- the room's promise


def test_reading_text_loads_no_optional_library():
    script = (
        "import sys; from backsweep.tasks.table import read_table; "
        f"read_table({str(IRIS)!r}); "
        "sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT / "src", check=False)
    assert done.returncode == 0
