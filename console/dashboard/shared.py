"""Draws each piece once for all who watch it: twenty browsers cost one drawing, and nothing is sent that did not change."""

import asyncio
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

import anyio
import anyio.to_thread

log = logging.getLogger(__name__)


class Watcher(Protocol):
    """Shows a piece in one browser."""

    @property
    def is_deleted(self) -> bool:
        """Has its browser gone?"""

    def show(self, drawn: Any) -> None:
        """Let that browser see it."""


@dataclass
class Piece:
    """Something that is drawn from time to time, and who watches it."""

    draw: Callable[[], Any]
    watchers: list[Watcher] = field(default_factory=list)
    drawn: Any = None


class Shared:
    """All pieces that somebody watches.

    Args:
        every_s: how often each is drawn anew, in a thread beside the loop that serves browsers, one after the other.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._one_at_a_time = anyio.CapacityLimiter(1)
        self._pieces: dict[Hashable, Piece] = {}

    async def watch(self, key: Hashable, draw: Callable[[], Any], watcher: Watcher) -> None:
        """Show a piece now, and whenever it changes; pieces of one key are one piece."""
        piece = self._pieces.setdefault(key, Piece(draw))
        piece.watchers.append(watcher)
        if piece.drawn is None:
            piece.drawn = await self.away(piece.draw)
        watcher.show(piece.drawn)

    async def away(self, draw: Callable[[], Any]) -> Any:
        """Do something that takes its time where it holds up no browser."""
        return await anyio.to_thread.run_sync(draw, limiter=self._one_at_a_time)

    async def keep_drawing(self) -> None:
        """Draw what is watched, until cancelled; what cannot be drawn stays as it is, and the log says why."""
        while True:
            await asyncio.sleep(self._every_s)
            for key, piece in list(self._pieces.items()):
                piece.watchers = [watcher for watcher in piece.watchers if not watcher.is_deleted]
                if not piece.watchers:
                    del self._pieces[key]
                    continue
                try:
                    await self._draw_anew(piece)
                except Exception:
                    log.exception("%s cannot be drawn", key)

    async def _draw_anew(self, piece: Piece) -> None:
        drawn = await self.away(piece.draw)
        if drawn != piece.drawn:
            piece.drawn = drawn
            for watcher in piece.watchers:
                watcher.show(drawn)
