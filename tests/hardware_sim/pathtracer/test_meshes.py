import numpy as np
import pytest

from hardware_sim.render.glassware import MAKERS
from hardware_sim.render.pathtracer.contents import Stuff, fill, interfaces
from hardware_sim.render.pathtracer.cutting import cut
from hardware_sim.render.pathtracer.matter import AIR, INTERFACE, Medium, Surface
from hardware_sim.render.pathtracer.mesh import Patch, enclosed_ul
from hardware_sim.render.pathtracer.revolution import closed_at_axis, lathe, points_of
from hardware_sim.render.pathtracer.solids import rounded_box
from hardware_sim.render.pathtracer.vessels import frame_of
from hardware_sim.render.profiles import Profile
from hardware_sim.render.still_life import Block, Layer

GLASS, WATER = Medium(1.5), Medium(1.333)
DRY = Surface(INTERFACE, front=AIR, back=GLASS)
every_kind = pytest.mark.parametrize("kind", ["screw vial", "test tube", "beaker", "erlenmeyer", "round-bottom"])


def inside_of(profile: Profile) -> list[Patch]:
    return [part.turned_over(DRY) for part in lathe(closed_at_axis(points_of(profile.inner, 2.0)), DRY)]


def filled(profile: Profile, share: float, up: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> list[Patch]:
    layer = Layer("liquid", profile.height_mm_of(share * profile.capacity_ul), (1.0, 1.0, 1.0), 0.0)
    upward = np.array(up) / np.linalg.norm(up)
    fills = fill(profile, [layer], [Stuff(WATER, DRY, DRY)], upward)
    return interfaces(inside_of(profile), profile, fills, upward, DRY, np.random.default_rng(0))


def water_ul(patches: list[Patch]) -> float:
    """Wall patches point inwards, the surface upwards: together, with the wall turned over, they enclose the water."""
    wet = [
        p if p.surface.back == WATER else p.turned_over(DRY)
        for p in patches
        if WATER in (p.surface.front, p.surface.back)
    ]
    return enclosed_ul(wet)


@every_kind
def test_a_liquid_has_the_volume_that_its_profile_says(kind: str) -> None:
    profile = MAKERS[kind](np.random.default_rng(5))

    found = water_ul(filled(profile, 0.4))

    assert found == pytest.approx(0.4 * profile.capacity_ul, rel=0.01)


def test_a_liquid_keeps_its_volume_in_a_vessel_that_leans() -> None:
    profile = MAKERS["screw vial"](np.random.default_rng(5))

    found = water_ul(filled(profile, 0.4, up=(0.5, 0.1, 0.86)))

    assert found == pytest.approx(0.4 * profile.capacity_ul, rel=0.015)


def test_each_wall_touches_its_liquid_without_air_between() -> None:
    profile = MAKERS["beaker"](np.random.default_rng(5))

    pairs = {(part.surface.front, part.surface.back) for part in filled(profile, 0.4)}

    assert pairs == {(WATER, GLASS), (AIR, WATER), (AIR, GLASS)}


def test_a_meniscus_climbs_the_wall() -> None:
    profile = MAKERS["beaker"](np.random.default_rng(5))

    lid = next(part for part in filled(profile, 0.4) if part.surface.back == WATER)

    radius = np.hypot(*lid.points_mm[:, :2].T)
    heights = lid.points_mm[np.argsort(radius), 2]
    assert heights[-1] - heights[0] > 0.5


def test_both_parts_of_a_cut_mesh_make_up_the_whole() -> None:
    (wall,) = lathe(np.array([[0.0, 10.0], [30.0, 10.0]]), DRY)

    parts = cut(wall, wall.points_mm[:, 2] - 12.3)

    area = [np.linalg.norm(np.cross(*(np.diff(p.points_mm[p.faces], axis=1).transpose(1, 0, 2))), axis=1).sum() / 2
            for p in (parts.below, parts.above, wall)]  # fmt: skip
    assert area[0] + area[1] == pytest.approx(area[2])
    assert parts.line_mm[:, 2] == pytest.approx(12.3)


def test_a_block_is_as_large_as_it_is_said_to_be() -> None:
    box = rounded_box(Block((1.0, 2.0, 3.0), (20.0, 10.0, 30.0), 0.0, (1.0, 1.0, 1.0)), DRY)

    assert np.ptp(box.points_mm, axis=0) == pytest.approx([20.0, 10.0, 30.0])
    assert enclosed_ul([box.moved(np.eye(3), (-1.0, -2.0, -3.0))]) == pytest.approx(6000, rel=0.03)


def test_an_axis_is_raised_by_the_shortest_way() -> None:
    axis = np.array([0.6, 0.0, 0.8])

    turn = frame_of((0.6, 0.0, 0.8))

    assert turn @ [0, 0, 1] == pytest.approx(axis)
    assert turn @ turn.T == pytest.approx(np.eye(3))
    assert turn @ [0, 1, 0] == pytest.approx([0, 1, 0])
