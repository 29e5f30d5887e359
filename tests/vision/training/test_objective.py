import torch

from vision.segmentation.closer import FILL_BINS
from vision.training.crop_objective import class_loss, fill_loss, share_loss
from vision.training.objective import losses, material_loss, outline_loss, peak_loss, sides_loss, total

SIZE = (12, 16)


def _truth(known: float) -> dict[str, torch.Tensor]:
    names = ("vessel", "interface", "spill", "centre")
    planes = {name: torch.rand(2, *SIZE) for name in names} | {
        f"{name}_known": torch.full((2, *SIZE), known) for name in names
    }
    weights = {"sides_weight": torch.full((2, *SIZE), known), "to_centre_weight": torch.full((2, *SIZE), known)}
    return planes | weights | {
        "material": torch.zeros(2, 7, *SIZE), "sides": torch.ones(2, 4, *SIZE), "to_centre": torch.zeros(2, 2, *SIZE),
        "outlines": torch.full((2, 12, 4), -1.0),
    }  # fmt: skip


def test_what_nobody_knows_teaches_nothing() -> None:
    planes = torch.randn(2, 17, *SIZE, requires_grad=True)

    total(losses(planes, _truth(known=0.0))).backward()

    assert planes.grad is not None
    assert planes.grad.abs().max() == 0


def test_what_is_known_teaches() -> None:
    planes = torch.randn(2, 17, *SIZE, requires_grad=True)

    total(losses(planes, _truth(known=1.0))).backward()

    assert planes.grad is not None
    assert planes.grad[:, 0].abs().max() > 0


def test_a_mask_that_fills_its_box_touches_all_sides() -> None:
    chance = torch.zeros(1, *SIZE)
    chance[0, 2:10, 3:7] = 1.0

    assert outline_loss(chance, torch.tensor([[[3.0, 2.0, 7.0, 10.0]]])).item() < 1e-6


def test_a_mask_narrower_than_its_box_is_told_so() -> None:
    chance = torch.zeros(1, *SIZE)
    chance[0, 2:10, 3:5] = 1.0

    assert outline_loss(chance, torch.tensor([[[3.0, 2.0, 7.0, 10.0]]])).item() > 0.2


def test_the_lower_part_of_a_box_may_be_hidden() -> None:
    chance = torch.zeros(1, *SIZE)
    chance[0, 2:6, 3:7] = 1.0

    assert outline_loss(chance, torch.tensor([[[3.0, 2.0, 7.0, 10.0]]])).item() < 1e-6


def test_any_filling_is_right_where_the_class_is_unsure() -> None:
    unsure, sure = torch.ones(1, 1, 1), torch.zeros(1, 6, 1, 1)
    logits = torch.tensor([-9.0, 9.0, -9.0, 9.0, -9.0, -9.0]).reshape(1, 6, 1, 1)

    assert material_loss(logits, sure, unsure).item() < 1e-3


def test_the_right_box_costs_nothing() -> None:
    sides = torch.tensor([3.0, 5.0, 2.0, 8.0]).reshape(1, 4, 1, 1)

    assert abs(sides_loss(sides.log(), sides, torch.ones(1, 1, 1)).item()) < 1e-5


def test_a_sharp_right_peak_costs_little() -> None:
    heat = torch.zeros(1, *SIZE)
    heat[0, 5, 5] = 1.0

    assert peak_loss(20 * heat - 10, heat, torch.ones(1, *SIZE)).item() < 1e-2


def test_unknown_states_cost_nothing() -> None:
    unknown = torch.full((3,), -1.0)

    costs = (share_loss(torch.randn(3), unknown), class_loss(torch.randn(3, 4), unknown),
             fill_loss(torch.randn(3, FILL_BINS), unknown))  # fmt: skip

    assert [cost.item() for cost in costs] == [0.0, 0.0, 0.0]
