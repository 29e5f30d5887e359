"""A piece of a page that the server draws, and the browser patches in: what stayed the same is not touched."""

from nicegui.element import Element


class Region(Element, component="static/region.js"):
    """Holds HTML that was escaped where it was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._props["html"] = ""

    def show(self, html: str) -> None:
        """Let the browser see something else."""
        self._props["html"] = html
        self.update()
