"""The family trees: every count that is known of them, and a witness for each rule."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from backsweep.tasks import named as task
from backsweep.tasks.families import (
    COUPLES,
    FIGURE_4_ORDER,
    NETWORK,
    PEOPLE,
    RELATIONS,
    Triple,
    questions,
    triples,
)

FAMILIES = task("families")

# Questions about both trees, and about each person of one.
PER_RELATION = {
    "father": 12, "mother": 12, "husband": 10, "wife": 10, "son": 12, "daughter": 12,
    "uncle": 4, "aunt": 4, "brother": 6, "sister": 6, "nephew": 8, "niece": 8,
}  # fmt: skip
PER_PERSON = {
    "Christopher": 3, "Penelope": 3, "Andrew": 3, "Christine": 3, "Arthur": 6,
    "Margaret": 3, "Victoria": 6, "James": 6, "Jennifer": 6, "Charles": 3, "Colin": 5,
    "Charlotte": 5,
}  # fmt: skip


def has(person, relation):
    """Give all whom a person has as such, by the triples."""
    return {
        other for one, what, other in triples() if (one, what) == (person, relation)
    }


def test_112_triples_make_104_questions():
    assert len(set(triples())) == len(triples()) == 112
    assert len({(asked.person, asked.relation) for asked in questions()}) == 104
    assert Counter(PEOPLE[one.person].nationality for one in triples()) == {
        "English": 56,
        "Italian": 56,
    }


def test_questions_of_each_relation():
    assert Counter(asked.relation for asked in questions()) == PER_RELATION
    assert list(RELATIONS) == list(PER_RELATION)


def test_questions_of_each_person():
    counts = Counter(asked.person for asked in questions())
    assert counts == PER_PERSON | {
        PEOPLE[name].twin: count for name, count in PER_PERSON.items()
    }


def test_only_grandchildren_have_two_answers():
    assert {
        (asked.person, asked.relation)
        for asked in questions()
        if len(asked.answers) > 1
    } == {
        (person, relation)
        for person in ("Colin", "Charlotte", "Alfonso", "Sophia")
        for relation in ("uncle", "aunt")
    }
    assert max(len(asked.answers) for asked in questions()) == 2


@pytest.mark.parametrize(
    ("person", "relation", "others"),
    [
        ("Colin", "aunt", {"Jennifer", "Margaret"}),
        ("Charlotte", "uncle", {"Arthur", "Charles"}),
        ("Colin", "father", {"James"}),
        ("Colin", "mother", {"Victoria"}),
        ("Colin", "sister", {"Charlotte"}),
        ("Colin", "brother", set()),
        ("Arthur", "nephew", {"Colin"}),
        ("Margaret", "niece", {"Charlotte"}),
        ("Margaret", "father", set()),
        ("James", "sister", {"Jennifer"}),
        ("James", "niece", set()),
        ("Christopher", "daughter", {"Victoria"}),
        ("Penelope", "husband", {"Christopher"}),
        ("Alfonso", "aunt", {"Angela", "Gina"}),
        ("Tomaso", "nephew", {"Alfonso"}),
    ],
)
def test_who_is_what(person, relation, others):
    assert has(person, relation) == others


def test_the_trees_are_the_same_but_for_names():
    twins = {
        Triple(PEOPLE[one.person].twin, one.relation, PEOPLE[one.other].twin)
        for one in triples()
    }
    assert twins == set(triples())
    for person in PEOPLE.values():
        twin = PEOPLE[person.twin]
        assert PEOPLE[twin.twin] == person
        assert twin.nationality != person.nationality
        for fact in ("sex", "generation", "branch", "is_married_in"):
            assert getattr(twin, fact) == getattr(person, fact)


def test_relations_hold_both_ways():
    pairs = [
        ({"husband"}, {"wife"}),
        ({"father", "mother"}, {"son", "daughter"}),
        ({"uncle", "aunt"}, {"nephew", "niece"}),
        ({"brother", "sister"}, {"brother", "sister"}),
    ]
    inverse = {
        relation: back
        for one, other in pairs
        for there, back in ((one, other), (other, one))
        for relation in there
    }
    facts = set(triples())
    for person, relation, other in facts:
        assert PEOPLE[other].sex == RELATIONS[relation].sex
        back = inverse[relation]
        assert any(Triple(other, name, person) in facts for name in back)


def test_every_tree_has_12_people_in_three_generations():
    assert Counter(one.generation for one in PEOPLE.values()) == {1: 8, 2: 12, 3: 4}
    assert Counter(one.branch for one in PEOPLE.values()) == {
        "left": 10,
        "right": 10,
        "middle": 4,
    }
    assert [one.name for one in PEOPLE.values() if one.is_married_in] == [
        "Margaret",
        "Charles",
        "Gina",
        "Tomaso",
    ]


@pytest.mark.parametrize("nationality", ["English", "Italian"])
def test_figures_show_everybody_once(nationality):
    people = [name for name in PEOPLE if PEOPLE[name].nationality == nationality]
    assert sorted(FIGURE_4_ORDER[nationality]) == sorted(people)
    married = [name for name in people if PEOPLE[name].spouse]
    assert sorted(name for pair in COUPLES[nationality] for name in pair) == sorted(
        married
    )
    for one, other in COUPLES[nationality]:
        assert (PEOPLE[one].spouse, PEOPLE[other].spouse) == (other, one)


def test_twins_share_the_columns_of_figure_4():
    pairs = zip(FIGURE_4_ORDER["English"], FIGURE_4_ORDER["Italian"], strict=True)
    assert all(PEOPLE[english].twin == italian for english, italian in pairs)
    assert FIGURE_4_ORDER["English"][:6] == (
        "Christopher", "Andrew", "Arthur", "James", "Charles", "Colin",
    )  # fmt: skip


def test_network_is_the_letters():
    weights = sum(
        block.stop - block.start for block in NETWORK.blocks if block.source is not None
    )
    assert (weights, NETWORK.n_parameters - weights) == (576, 54)
    assert [layer.size for layer in NETWORK.layers] == [24, 12, 6, 6, 12, 6, 24]
    assert NETWORK["person"].units == NETWORK["output"].units == tuple(PEOPLE)


def test_cases_hold_the_questions():
    assert FAMILIES.inputs.shape == (104, 36)
    assert FAMILIES.desired.sum() == 112
    names = np.array([*PEOPLE, *RELATIONS])
    for asked, case, inputs, desired in zip(
        questions(),
        FAMILIES.case_names,
        FAMILIES.inputs,
        FAMILIES.desired,
        strict=True,
    ):
        assert case == f"{asked.person} has-{asked.relation}"
        assert names[inputs == 1].tolist() == [asked.person, asked.relation]
        assert tuple(names[:24][desired == 1]) == asked.answers


def test_each_run_keeps_four_cases_apart():
    learned, apart = FAMILIES.split(1, range(50))
    assert learned.shape == (50, 100)
    assert apart.shape == (50, 4)
    assert len({tuple(cases) for cases in apart}) > 40


def test_printed_recipe_is_the_letters():
    procedure = task("families:printed").procedure
    (first,) = procedure.stages
    assert (first.sweeps, first.epsilon, first.alpha) == (20, 0.005, 0.5)
    assert (procedure.epsilon, procedure.alpha, procedure.decay) == (0.01, 0.9, 0.002)
    assert (procedure.zone, procedure.sweeps, procedure.until) == (0.2, 1500, "end")
    assert str(procedure.start) == "weights U(-0.3, 0.3), biases U(-0.3, 0.3)"


def test_recipes_differ_in_settings_only():
    printed = task("families:printed")
    np.testing.assert_array_equal(printed.inputs, FAMILIES.inputs)
    np.testing.assert_array_equal(printed.desired, FAMILIES.desired)
    assert printed.network == FAMILIES.network
    assert printed.procedure != FAMILIES.procedure
