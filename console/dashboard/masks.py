"""Masks as layers in colours, clear where there is background, to be laid over their pictures."""

import cv2
import numpy as np
from fastapi import FastAPI, HTTPException
from fastapi.responses import Response

from console.service.runs import NotThere, Runs
from vision.overlay import COLOURS

FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
"""A mask is named after its content."""


def serve_masks(app: FastAPI, runs: Runs) -> None:
    """Let a server answer for masks of looks."""

    @app.get("/dashboard/masks/{run}/{name}", include_in_schema=False)
    def mask(run: str, name: str) -> Response:
        try:
            path = runs.evidence(run, name)
        except NotThere as err:
            raise HTTPException(404, "there is no such mask") from err
        classes = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if classes is None:
            raise HTTPException(404, "this mask cannot be read")
        layer = np.zeros((*classes.shape, 4), np.uint8)
        for material, (red, green, blue) in COLOURS.items():
            layer[classes == material] = (blue, green, red, 255)
        return Response(cv2.imencode(".png", layer)[1].tobytes(), media_type="image/png", headers=FOREVER)
