from pathlib import Path

import numpy as np
import pytest

from hardware_sim.world.film import (
    INKS,
    REPLICATE_STD_DECADES,
    FilmTruth,
    ParametricFilm,
    TableFilm,
    anneal_factor,
    load_truth,
)
from robot.files import FileProblem

HEADER = "P3HT content (%),D1 content (%),D2 content (%),D6 content (%),D8 content (%),Conductivity (S/cm)\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "films.csv"
    path.write_text(HEADER + "40,60,0,0,0,700\n40,60,0,0,0,800\n75,0,25,0,0,10\n")
    return path


def mean_s_per_cm(truth: FilmTruth, *fractions: float) -> float:
    return truth.mean_s_per_cm(dict(zip(INKS, fractions, strict=True)), 140.0, 20.0)


def test_long_tubes_bound_by_polymer_conduct_best() -> None:
    truth = ParametricFilm()
    rng = np.random.default_rng(0)

    others = [mean_s_per_cm(truth, *blend) for blend in rng.dirichlet(np.ones(5), 2000)]

    assert mean_s_per_cm(truth, 0.38, 0.62, 0, 0, 0) == pytest.approx(763, abs=1)
    assert max(others) < 764
    assert min(others) > 0.1


def test_films_of_one_blend_scatter_as_measured_ones_do() -> None:
    truth, rng = ParametricFilm(), np.random.default_rng(1)
    blend = {"p3ht": 0.4, "l_swnt": 0.6}

    films = np.log10([truth.conductivity_s_per_cm(blend, 140.0, 20.0, rng) for _ in range(2000)])

    assert films.std() == pytest.approx(REPLICATE_STD_DECADES, rel=0.05)
    assert 10 ** films.mean() == pytest.approx(truth.mean_s_per_cm(blend, 140.0, 20.0), rel=0.02)


def test_the_same_generator_gives_the_same_film() -> None:
    films = [
        ParametricFilm().conductivity_s_per_cm({"p3ht": 1.0}, 140.0, 20.0, np.random.default_rng(3)) for _ in range(2)
    ]

    assert films[0] == films[1]


@pytest.mark.parametrize(("anneal_c", "anneal_min"), [(22.0, 0.0), (80.0, 20.0), (200.0, 60.0), (130.0, 20.0)])
def test_annealing_off_the_optimum_costs_conductivity(anneal_c: float, anneal_min: float) -> None:
    assert 0.1 <= anneal_factor(anneal_c, anneal_min) < 1.0


def test_a_table_answers_with_the_mean_of_the_nearest_composition(table: Path) -> None:
    assert mean_s_per_cm(TableFilm(table), 0.41, 0.58, 0.01, 0, 0) == pytest.approx(750)


def test_a_table_lists_each_composition_once_as_fractions(table: Path) -> None:
    compositions = TableFilm(table).compositions()

    assert len(compositions) == 2
    assert compositions[0] == {"p3ht": 0.4, "l_swnt": 0.6, "s_swnt": 0.0, "mwnt": 0.0, "dwnt": 0.0}


def test_the_truth_is_chosen_by_name_or_by_file(table: Path) -> None:
    assert isinstance(load_truth(None), ParametricFilm)
    assert isinstance(load_truth("film_conductivity"), ParametricFilm)
    assert isinstance(load_truth(str(table)), TableFilm)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "begins with the columns"),
        ("a,b\n1,2\n", "begins with the columns"),
        (HEADER, "holds no films"),
        (HEADER + "40,60,0,0,0\n", ":2: does not hold 6 finite numbers"),
        (HEADER + "40,60,0,0,0,700\n40,sixty,0,0,0,700\n", ":3: holds something that is no number"),
        (HEADER + "40,60,0,0,0,nan\n", "finite"),
        (HEADER + "40,70,0,0,0,700\n", "sum to 100 %"),
        (HEADER + "-40,140,0,0,0,700\n", "sum to 100 %"),
        (HEADER + "40,60,0,0,0,0\n", "above 0"),
    ],
)
def test_a_malformed_table_gives_one_clear_error(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "films.csv"
    path.write_text(text)

    with pytest.raises(FileProblem, match=complaint) as caught:
        load_truth(path)

    assert len(caught.value.problems) == 1


def test_a_missing_table_is_a_file_problem(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read"):
        load_truth(tmp_path / "none.csv")
