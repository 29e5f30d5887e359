"""Draws each piece once for all who watch it: twenty browsers cost one drawing, and nothing is sent that did not change."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol


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
        every_s: how often each is drawn anew.
        away: runs a drawing outside the loop that serves browsers.
    """

    def __init__(self, every_s: float, away: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self._every_s = every_s
        self._away = away
        self._pieces: dict[Hashable, Piece] = {}

    async def watch(self, key: Hashable, draw: Callable[[], Any], watcher: Watcher) -> None:
        """Show a piece now, and whenever it changes; pieces of one key are one piece."""
        piece = self._pieces.setdefault(key, Piece(draw))
        if piece.drawn is None:
            piece.drawn = await self._away(piece.draw)
        piece.watchers.append(watcher)
        watcher.show(piece.drawn)

    async def keep_drawing(self) -> None:
        """Draw what is watched, until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            for key, piece in list(self._pieces.items()):
                piece.watchers = [watcher for watcher in piece.watchers if not watcher.is_deleted]
                if not piece.watchers:
                    del self._pieces[key]
                    continue
                drawn = await self._away(piece.draw)
                if drawn != piece.drawn:
                    piece.drawn = drawn
                    for watcher in piece.watchers:
                        watcher.show(drawn)
