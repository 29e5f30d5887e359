"""How liquid is moved: which verbs, in which order."""

from robot.liquid_handling import Technique, stir_in_well, strokes_ul, transfer_between_wells, transfer_through_valve

PLAIN = Technique(flow_ul_per_s=50.0)
INK, VIAL = 1, 3


def told(verbs: object) -> list[tuple[str, float]]:
    """Each verb with the figure that matters."""
    assert hasattr(verbs, "__iter__")
    return [(verb, arguments.get("port", arguments.get("to_volume_ul"))) for verb, arguments in verbs]


def test_through_a_valve_it_is_drawn_from_one_port_and_pushed_out_of_another() -> None:
    assert told(transfer_through_valve(INK, VIAL, 200.0, PLAIN)) == [
        ("start_turning_valve", INK), ("start_moving_plunger", 200.0),
        ("start_turning_valve", VIAL), ("start_moving_plunger", 0.0),
    ]  # fmt: skip


def test_a_dry_tip_is_wetted_in_its_source_before_it_counts() -> None:
    assert told(transfer_between_wells(INK, VIAL, 200.0, PLAIN)) == [
        ("start_turning_valve", INK), ("start_moving_plunger", 200.0), ("start_moving_plunger", 0.0),
        ("start_moving_plunger", 200.0), ("start_turning_valve", VIAL), ("start_moving_plunger", 0.0),
    ]  # fmt: skip


def test_stirring_goes_up_and_down_in_one_well() -> None:
    strokes = [("start_moving_plunger", 200.0), ("start_moving_plunger", 0.0)]

    assert told(stir_in_well(VIAL, 200.0, 3, PLAIN)) == [("start_turning_valve", VIAL), *strokes * 3]


def test_what_a_tip_cannot_hold_is_moved_in_equal_strokes() -> None:
    assert strokes_ul(300.0, 300.0) == [300.0]
    assert strokes_ul(301.0, 300.0) == [150.5, 150.5]
