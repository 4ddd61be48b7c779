"""Shelf: files on this machine's disk, for when chat is down."""

import asyncio
import os
import tempfile
from pathlib import Path

from bot.post import Gone, Outgoing, Refused, Result, Sent, Wait
from handlers.kit.messages import File


class Shelf:
    """Puts files into one folder; a file takes the place of the one with its name, whole or not at all."""

    pace = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def post(self, row: Outgoing) -> Result:
        return Refused("the shelf is for files alone")

    async def update(self, row: Outgoing) -> Result:
        return Refused("the shelf is for files alone")

    async def act(self, row: Outgoing) -> Result:
        files = [one for one in row.card.files if isinstance(one, File)] if row.card else []
        if row.kind != "keep_file" or not files:
            return Refused(f"the shelf cannot do this: {row.kind}")
        try:
            for file in files:
                await asyncio.to_thread(self._put, file)
        except OSError as problem:
            return Wait(f"the file could not be written: {problem.strerror}")
        return Sent("shelf")

    async def look_back(self, row: Outgoing) -> Result:
        return Gone()  # writing it again does no harm

    def _put(self, file: File) -> None:
        """Beside the old one first, then in its place; only the bot's own user reads it, for it holds phone numbers."""
        name = Path(file.name).name
        if name != file.name or name.startswith("."):
            raise OSError(22, "not a name for a file")
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=self.folder, prefix=f".{name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(file.data)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(self.folder / name)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
