"""Running trained networks: by onnxruntime where it is installed, else by torch."""

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from vision.segmentation.blocks import STRIDE_PX
from vision.segmentation.closer import CROP_HEIGHT_PX, CROP_WIDTH_PX
from vision.segmentation.store import CROP, PICTURE

Floats = NDArray[np.float32]
Run = Callable[[Floats], tuple[Floats, ...]]
"""From a batch (N, channels, H, W) to the network's answers."""
SHAPES = {PICTURE: (3, 2 * STRIDE_PX, 2 * STRIDE_PX), CROP: (4, CROP_HEIGHT_PX, CROP_WIDTH_PX)}
ANSWERS = {PICTURE: ("planes",), CROP: ("masks", "states")}
CHANGING = {PICTURE: {0: "n", 2: "height", 3: "width"}, CROP: {0: "n"}}


def runner(network: nn.Module, part: str, threads: int = 0) -> Run:
    """Make a trained network, `PICTURE` or `CROP`, ready to run; 0 threads are as many as there are cores."""
    try:
        import onnxruntime
    except ImportError:
        return by_torch(network)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(to_onnx(network, part), options, providers=["CPUExecutionProvider"])

    def run(batch: Floats) -> tuple[Floats, ...]:
        answers: list[Any] = session.run(None, {"pictures": batch})
        return tuple(answers)

    return run


def by_torch(network: nn.Module) -> Run:
    """Run a network where it was trained."""

    def run(batch: Floats) -> tuple[Floats, ...]:
        with torch.inference_mode():
            answer = network(torch.from_numpy(batch).contiguous(memory_format=torch.channels_last))
        return tuple(part.numpy() for part in ((answer,) if isinstance(answer, torch.Tensor) else answer))

    return run


def to_onnx(network: nn.Module, part: str) -> bytes:
    """A trained network as an ONNX file.

    The exporter by tracing takes 0.2 s where its successor takes 2.5 s: quick enough to do at each start, so that
    there is one file of weights and no second one to disagree with it.
    """
    file: Any = io.BytesIO()
    names = dict.fromkeys(("pictures", *ANSWERS[part]), CHANGING[part])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (torch.zeros(1, *SHAPES[part]),), file, input_names=["pictures"], dynamo=False,
            output_names=list(ANSWERS[part]), dynamic_axes=names, opset_version=17,
        )  # fmt: skip
    content: bytes = file.getvalue()
    return content
