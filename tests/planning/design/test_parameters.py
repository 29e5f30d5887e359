from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from planning.design.space import Category, LinearConstraint, Mixture, Space

LIGANDS = {
    "xphos": {"pka": 5.0, "cone_deg": 200.0},
    "dppf": {"pka": 3.0, "cone_deg": 180.0},
    "none": {"pka": 4.0, "cone_deg": 190.0},
}


def test_words_are_told_apart_by_a_column_each() -> None:
    space = Space(ranges={"t": (0.0, 10.0)}, categories={"base": Category(("koac", "k2co3"))})

    rows = space.encode([{"t": 5.0, "base": "koac"}, {"t": 10.0, "base": "k2co3"}])

    assert space.free == ("t", "base=koac", "base=k2co3")
    assert space.groups == {"base": [1, 2]}
    assert rows.tolist() == [[0.5, 1.0, 0.0], [1.0, 0.0, 1.0]]


def test_words_with_descriptors_lie_where_these_say() -> None:
    space = Space(categories={"ligand": Category(tuple(LIGANDS), LIGANDS)})

    rows = space.encode([{"ligand": name} for name in LIGANDS])

    assert space.free == ("ligand:pka", "ligand:cone_deg")
    assert rows.tolist() == [[1.0, 1.0], [0.0, 0.0], [0.5, 0.5]]
    assert [point["ligand"] for point in space.decode(rows + 0.1)] == list(LIGANDS)


def test_many_descriptors_only_say_how_far_words_lie_apart() -> None:
    figures = np.random.default_rng(0).normal(size=(6, 40))
    words = [f"l{number}" for number in range(6)]
    told = {word: {f"d{at}": float(x) for at, x in enumerate(row)} for word, row in zip(words, figures, strict=True)}
    space = Space(ranges={"t": (0.0, 1.0)}, categories={"ligand": Category(words, told)})

    rows = space.encode([{"t": 0.5, "ligand": word} for word in words])[:, 1:]

    standard = (figures - figures.mean(axis=0)) / figures.std(axis=0)
    assert rows.shape == (6, 5)
    assert (rows.min(), rows.max()) == pytest.approx((0.0, 1.0))
    assert np.ptp(pdist(rows) / pdist(standard)) < 1e-12
    assert space.scales == (0, 1, 1, 1, 1, 1)
    assert [point["ligand"] for point in space.decode(np.column_stack([np.zeros(6), rows]))] == words


def test_every_point_of_a_mixed_space_survives_being_encoded() -> None:
    space = Space(
        ranges={"t": (0.0, 150.0)},
        mixtures={"m": Mixture("abcd", at_most=2, minimum_if_present={"a": 0.1})},
        steps={"layers": range(1, 5)},
        categories={"base": Category(("koac", "k2co3")), "ligand": Category(tuple(LIGANDS), LIGANDS)},
    )
    points = space.sample(30, np.random.default_rng(0))

    back = space.decode(space.encode(points))

    for point, again in zip(points, back, strict=True):
        assert again == pytest.approx(point, abs=1e-9)


def test_a_category_that_is_fixed_stands_in_every_point_but_is_not_free() -> None:
    space = Space(ranges={"t": (0.0, 1.0)}, categories={"base": Category(("koac", "k2co3"))}, fixed={"base": "k2co3"})

    assert space.free == ("t",)
    assert space.sample(1, np.random.default_rng(0))[0]["base"] == "k2co3"
    assert not space.contains({"t": 0.5, "base": "koac"})


@pytest.mark.parametrize(
    ("m", "allowed"),
    [((0.5, 0.5, 0.0), True), ((0.4, 0.3, 0.3), False), ((0.05, 0.95, 0.0), False), ((0.0, 1.0, 0.0), True)],
)
def test_a_point_keeps_the_number_of_parts_and_their_least_amount(m: tuple[float, ...], allowed: bool) -> None:
    space = Space(mixtures={"m": Mixture("abc", at_most=2, minimum_if_present={"a": 0.1})})

    assert space.contains(dict(zip(("m.a", "m.b", "m.c"), m, strict=True))) is allowed


def test_parts_that_are_too_few_to_sum_to_one_are_named_with_what_they_conflict() -> None:
    with pytest.raises(ValueError, match=r"0 <= m\.a <= 0\.4; .* = 1; m has 1 to 2 of its 3 parts"):
        Space(mixtures={"m": Mixture("abc", maximum=dict.fromkeys("abc", 0.4), at_most=2)})


def test_steps_that_meet_no_limit_are_named_with_it() -> None:
    with pytest.raises(ValueError, match=r"no point satisfies all of: n is one of 1, 3, 5; 3\.5 <= n <= 4"):
        Space(steps={"n": (1, 3, 5)}, constraints=[LinearConstraint({"n": 1.0}, 3.5, 4.0)])


@pytest.mark.parametrize("steps", [(), (2.0, 1.0), (1.0, 1.0), (1.0, float("nan"))])
def test_steps_must_rise(steps: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="must be numbers that rise"):
        Space(steps={"n": steps})


@pytest.mark.parametrize(
    ("condition", "message"),
    [("t * u < 3", "speaks of u; there are t"), ("t +", "not a formula"), ("t * t > 4", "hardly any point satisfies")],
)
def test_a_condition_that_cannot_be_kept_or_read_is_refused(condition: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Space(ranges={"t": (0.0, 1.0)}, conditions=[condition])


@pytest.mark.parametrize(
    ("choices", "descriptors", "message"),
    [
        (("a", "a"), {}, "each once"),
        (("a", "b"), {"a": {"x": 1.0}}, "no descriptors of b"),
        (("a", "b"), {"a": {"x": 1.0}, "b": {"y": 1.0}}, "the same descriptors; fill"),
        (("a", "b"), {"a": {"x": 1.0}, "b": {"x": 1.0}}, "cannot be told apart"),
        (("a", "b"), {"a": {"x": 1.0}, "b": {"x": float("nan")}}, "no finite number"),
    ],
)
def test_a_category_that_says_nothing_clear_is_refused(
    choices: tuple[str, ...], descriptors: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Category(choices, descriptors)


def test_a_mixture_of_more_parts_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have 4 to 3"):
        Mixture("abc", at_least=4)


def test_a_pool_is_read_from_a_table(tmp_path: Path) -> None:
    table = tmp_path / "pool.csv"
    table.write_text("base,t,yield\nkoac,20,3.5\nk2co3,40,9.0\nkoac,20,3.7\n", encoding="utf-8")

    space = Space.from_pool(table, inputs=["base", "t"])

    assert space.candidates == [{"t": 20.0, "base": "koac"}, {"t": 40.0, "base": "k2co3"}]
    assert space.dimension == 2


@pytest.mark.parametrize(
    ("text", "message"), [("", "no rows"), ("a,b\n1\n", "pool.csv:2: has 1 cells"), ("a,b\n1,2\n", "lacks t")]
)
def test_a_table_that_is_no_pool_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "pool.csv").write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        Space.from_pool(tmp_path / "pool.csv", inputs=["t"])
