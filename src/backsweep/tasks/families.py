"""The task `families`: two family trees, told as 104 questions of who is whose what.

Here are the people of Fig. 2, from whom every fact follows, the five-layer network
of Fig. 3 and two recipes. Names and parents are written down; the triples are not:
they are derived by the twelve relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
from backsweep.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "ABOUT",
    "COUPLES",
    "FIGURE_4_ORDER",
    "NETWORK",
    "PEOPLE",
    "RECIPES",
    "RELATIONS",
    "SIZE",
    "SOURCE",
    "Person",
    "Question",
    "Relation",
    "Triple",
    "make",
    "named",
    "questions",
    "triples",
]

ABOUT: Final = "Complete facts of two family trees: who is Colin's aunt?"
SIZE: Final = "24+12-6+6-12-6-24, 104 cases, 4 of them held out"
SOURCE: Final = (
    "Rumelhart, Hinton & Williams, Learning representations by back-propagating"
    " errors, Nature 323 (1986), Figs. 2 to 4"
)
PUBLISHED: Final = {
    "sweeps_trained": 1500.0,
    "held_out_right": 4.0,
    # Hinton, Learning distributed representations of concepts (1986): two runs, 7 of 8.
    "held_out_right_1986": 3.5,
}
HELD_OUT: Final = 4

# A case is right when all 24 outputs are on the right side of a half.
_JUDGED: Final = Criterion("within", 0.5)

# The recipes: by what stands behind the colon, "" for the one that learns. The
# letter does not say where its weights began, nor how it scored an answer. Those
# that learn go through four stages: a gentle one, one that learns the cases, one
# whose strong decay leaves only what many cases share, and one that lets go. How
# they were found: docs/concepts/family-trees.md.
RECIPES: Final[Mapping[str, Procedure]] = MappingProxyType(
    {
        "": Procedure(
            stages=(
                Stage(sweeps=20, epsilon=0.02, alpha=0.5, decay=0.0015),
                Stage(sweeps=1080, epsilon=0.04, alpha=0.9, decay=0.0015),
                Stage(sweeps=1500, epsilon=0.06, alpha=0.95, decay=0.012),
            ),
            epsilon=0.06,
            alpha=0.9,
            decay=0.0003,
            zone=0.3,
            start=Start(Spread(2.4), Spread(0.3)),
            criterion=_JUDGED,
            sweeps=3000,
            until="end",
        ),
        "long": Procedure(
            stages=(
                Stage(sweeps=20, epsilon=0.025, alpha=0.5, decay=0.001),
                Stage(sweeps=3000, epsilon=0.05, alpha=0.9, decay=0.001),
                Stage(sweeps=5700, epsilon=0.05, alpha=0.9, decay=0.01),
            ),
            epsilon=0.06,
            alpha=0.9,
            decay=0.0003,
            zone=0.3,
            start=Start(Spread(2.0), Spread(0.0)),
            criterion=_JUDGED,
            sweeps=10_000,
            until="end",
        ),
        "printed": Procedure(
            stages=(Stage(sweeps=20, epsilon=0.005, alpha=0.5),),
            epsilon=0.01,
            alpha=0.9,
            decay=0.002,
            zone=0.2,
            start=Start(Spread(0.3), Spread(0.3)),
            criterion=_JUDGED,
            sweeps=1500,
            until="end",
        ),
    }
)

Sex: TypeAlias = Literal["female", "male"]
Branch: TypeAlias = Literal["left", "middle", "right"]
Nationality: TypeAlias = Literal["English", "Italian"]
NATIONALITIES: Final[tuple[Nationality, ...]] = ("English", "Italian")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the 24 people.

    Parameters
    ----------
    name
        The letter's spelling.
    sex, nationality
        As the words say.
    generation
        From 1, the grandparents, to 3.
    branch
        The side of the tree in Fig. 2 on which the person stands; "middle" for the
        grandchildren, who belong to both.
    parents
        Names of the father and the mother, or none.
    spouse
        Name of husband or wife, or None.
    twin
        Who stands in the same place of the other tree.
    """

    name: str
    sex: Sex
    nationality: Nationality
    generation: int
    branch: Branch
    parents: tuple[str, ...]
    spouse: str | None
    twin: str

    @property
    def is_married_in(self) -> bool:
        """Whether the person belongs to the branch by marriage only."""
        return self.generation > 1 and not self.parents


# English name, Italian twin, sex, generation, branch, parents, spouse. The letter's
# order, which is that of the input and the output units.
TREE: Final[tuple[tuple[str, str, Sex, int, Branch, tuple[str, ...], str], ...]] = (
    ("Christopher", "Roberto", "male", 1, "left", (), "Penelope"),
    ("Penelope", "Maria", "female", 1, "left", (), "Christopher"),
    ("Andrew", "Pierro", "male", 1, "right", (), "Christine"),
    ("Christine", "Francesca", "female", 1, "right", (), "Andrew"),
    ("Arthur", "Emilio", "male", 2, "left", ("Christopher", "Penelope"), "Margaret"),
    ("Margaret", "Gina", "female", 2, "left", (), "Arthur"),
    ("Victoria", "Lucia", "female", 2, "left", ("Christopher", "Penelope"), "James"),
    ("James", "Marco", "male", 2, "right", ("Andrew", "Christine"), "Victoria"),
    ("Jennifer", "Angela", "female", 2, "right", ("Andrew", "Christine"), "Charles"),
    ("Charles", "Tomaso", "male", 2, "right", (), "Jennifer"),
    ("Colin", "Alfonso", "male", 3, "middle", ("James", "Victoria"), ""),
    ("Charlotte", "Sophia", "female", 3, "middle", ("James", "Victoria"), ""),
)  # fmt: skip
TWIN: Final = {english: italian for english, italian, *_ in TREE}


def _in_tree(nationality: Nationality, names: tuple[str, ...]) -> tuple[str, ...]:
    return names if nationality == "English" else tuple(TWIN[name] for name in names)


def _people() -> dict[str, Person]:
    people = {}
    for nationality in NATIONALITIES:
        for english, italian, sex, generation, branch, parents, spouse in TREE:
            name = english if nationality == "English" else italian
            people[name] = Person(
                name=name,
                sex=sex,
                nationality=nationality,
                generation=generation,
                branch=branch,
                parents=_in_tree(nationality, parents),
                spouse=_in_tree(nationality, (spouse,))[0] if spouse else None,
                twin=italian if nationality == "English" else english,
            )
    return people


PEOPLE: Final[Mapping[str, Person]] = MappingProxyType(_people())

# As they stand in Fig. 2, from left to right, the upper row first.
COUPLES: Final[Mapping[Nationality, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        nationality: tuple(
            _in_tree(nationality, couple)
            for couple in (
                ("Christopher", "Penelope"),
                ("Andrew", "Christine"),
                ("Margaret", "Arthur"),
                ("Victoria", "James"),
                ("Jennifer", "Charles"),
            )
        )
        for nationality in NATIONALITIES
    }
)

# The columns of Fig. 4, where each Italian stands under the English twin.
FIGURE_4_ORDER: Final[Mapping[Nationality, tuple[str, ...]]] = MappingProxyType(
    {
        nationality: _in_tree(
            nationality,
            ("Christopher", "Andrew", "Arthur", "James", "Charles", "Colin",
             "Penelope", "Christine", "Victoria", "Jennifer", "Margaret", "Charlotte"),
        )
        for nationality in NATIONALITIES
    }
)  # fmt: skip

Names: TypeAlias = frozenset[str]


def _parents(names: Names) -> Names:
    return frozenset(parent for name in names for parent in PEOPLE[name].parents)


def _children(names: Names) -> Names:
    return frozenset(one.name for one in PEOPLE.values() if names & {*one.parents})


def _spouses(names: Names) -> Names:
    return frozenset(PEOPLE[name].spouse or name for name in names) - names


def _siblings(names: Names) -> Names:
    """Brothers and sisters of any of them."""
    return frozenset[str]().union(
        *(_children(_parents(frozenset({name}))) - {name} for name in names)
    )


def _uncles_and_aunts(names: Names) -> Names:
    by_blood = _siblings(_parents(names))
    return by_blood | _spouses(by_blood)


def _nephews_and_nieces(names: Names) -> Names:
    return _children(_siblings(names | _spouses(names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What someone can be to somebody: of a sex, among such kin.

    Parameters
    ----------
    sex
        Of the one who is the father, the aunt and so on.
    kin
        Gives from the names of some people all who stand so to one of them. Uncles,
        aunts, nephews and nieces by marriage are among them.
    """

    sex: Sex
    kin: Callable[[Names], Names]


RELATIONS: Final[Mapping[str, Relation]] = MappingProxyType(
    {
        "father": Relation(sex="male", kin=_parents),
        "mother": Relation(sex="female", kin=_parents),
        "husband": Relation(sex="male", kin=_spouses),
        "wife": Relation(sex="female", kin=_spouses),
        "son": Relation(sex="male", kin=_children),
        "daughter": Relation(sex="female", kin=_children),
        "uncle": Relation(sex="male", kin=_uncles_and_aunts),
        "aunt": Relation(sex="female", kin=_uncles_and_aunts),
        "brother": Relation(sex="male", kin=_siblings),
        "sister": Relation(sex="female", kin=_siblings),
        "nephew": Relation(sex="male", kin=_nephews_and_nieces),
        "niece": Relation(sex="female", kin=_nephews_and_nieces),
    }
)


class Question(NamedTuple):
    """A person, a relation, and all who stand so to the person: one case."""

    person: str
    relation: str
    answers: tuple[str, ...]


class Triple(NamedTuple):
    """The fact that the first person has the second as a father, an aunt and so on."""

    person: str
    relation: str
    other: str


def questions() -> tuple[Question, ...]:
    """Give all questions that have an answer, by person, then by relation.

    Examples
    --------
    >>> len(questions())
    104
    >>> [asked for asked in questions() if asked.person == "Colin"][3]
    Question(person='Colin', relation='aunt', answers=('Margaret', 'Jennifer'))
    """
    asked = (
        Question(person, relation, _answers(person, relation))
        for person in PEOPLE
        for relation in RELATIONS
    )
    return tuple(question for question in asked if question.answers)


def _answers(person: str, relation: str) -> tuple[str, ...]:
    kin = RELATIONS[relation].kin(frozenset({person}))
    return tuple(
        one.name
        for one in PEOPLE.values()
        if one.name in kin and one.sex == RELATIONS[relation].sex
    )


def triples() -> tuple[Triple, ...]:
    """Give all facts, of which a question with two answers holds two.

    Examples
    --------
    >>> len(triples())
    112
    >>> triples()[0]
    Triple(person='Christopher', relation='wife', other='Penelope')
    """
    return tuple(
        Triple(person, relation, other)
        for person, relation, answers in questions()
        for other in answers
    )


NETWORK: Final = Network(
    (
        Layer("person", 24, units=tuple(PEOPLE)),
        Layer("relation", 12, units=tuple(RELATIONS)),
        Layer("person code", 6),
        Layer("relation code", 6),
        Layer("hidden", 12),
        Layer("output code", 6),
        Layer("output", 24, units=tuple(PEOPLE)),
    ),
    (
        Link("person", "person code"),
        Link("relation", "relation code"),
        Link("person code", "hidden"),
        Link("relation code", "hidden"),
        Link("hidden", "output code"),
        Link("output code", "output"),
    ),
)


def make(recipe: str = "") -> Task:
    """Give the task of the family trees.

    One unit of 24 stands for the person and one of 12 for the relation; of the 24
    output units all who are an answer shall be on. A case is right when each of the
    24 is on the right side of 0.5. The case "Colin has-aunt" has the units Colin
    and aunt on and desires both Margaret and Jennifer.

    Parameters
    ----------
    recipe
        An entry of `RECIPES`: "printed" for the letter's own, "" for one that
        learns, "long" for one that takes longer and generalises better.

    Examples
    --------
    >>> families = make()
    >>> case = families.case_names.index("Colin has-aunt")
    >>> names = [*PEOPLE, *RELATIONS]
    >>> [name for name, on in zip(names, families.inputs[case]) if on]
    ['Colin', 'aunt']
    >>> [name for name, on in zip(PEOPLE, families.desired[case]) if on]
    ['Margaret', 'Jennifer']
    """
    cases = questions()
    people, relations = np.eye(len(PEOPLE)), np.eye(len(RELATIONS))
    place = {name: number for number, name in enumerate(PEOPLE)}
    kind = {name: number for number, name in enumerate(RELATIONS)}
    return Task(
        name=named(recipe),
        about=ABOUT,
        source=SOURCE,
        inputs=np.concat(
            [
                people[[place[case.person] for case in cases]],
                relations[[kind[case.relation] for case in cases]],
            ],
            axis=1,
        ),
        desired=np.array(
            [people[[place[name] for name in case.answers]].sum(0) for case in cases]
        ),
        network=NETWORK,
        procedure=RECIPES[recipe],
        case_names=tuple(f"{case.person} has-{case.relation}" for case in cases),
        held_out=HELD_OUT,
        published=dict(PUBLISHED),
    )


def named(recipe: str) -> str:
    """Write the task's name with a recipe: "families", "families:printed"."""
    return f"families:{recipe}" if recipe else "families"
