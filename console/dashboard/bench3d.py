"""The bench in three dimensions, as an element of a page; its script uses the 3-D library that NiceGUI brings along."""

from pathlib import Path
from typing import Any

import nicegui
from nicegui.element import Element

LIBRARY = Path(nicegui.__file__).parent / "elements" / "scene" / "dist"


class Bench3d(Element, component="static/bench3d.js", esm={"nicegui-scene": str(LIBRARY)}):
    """Shows what `scenery` describes; what moves glides there."""

    def show(self, bench: dict[str, Any]) -> None:
        """Let the browser see the bench as it is now."""
        self._props["bench"] = bench
        self.update()
