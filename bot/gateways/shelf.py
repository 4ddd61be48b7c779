"""Shelf: files on this machine's disk, for when chat is down."""

import asyncio
import os
import re
import tempfile
from pathlib import Path

from bot.post import Gone, Outgoing, Refused, Result, Sent, Wait
from handlers.kit.messages import File
from storage.private import keep_names, make_folder

NAME = re.compile(r"\w[\w. -]{0,59}")  # no way out of the folder, and hidden files are unfinished ones


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
        files = [file for file in row.card.files if isinstance(file, File)] if row.card else []
        if row.kind != "keep_file" or len(files) != 1:
            return Refused("the shelf keeps one file at a time, and nothing else")
        [file] = files
        if not NAME.fullmatch(file.name):
            return Refused("that is not a name for a file on the shelf")
        try:
            await asyncio.to_thread(self._put, file)
        except OSError as problem:
            return Wait(f"the file could not be written: {problem.strerror}")
        return Sent("shelf")

    async def look_back(self, row: Outgoing) -> Result:
        return Gone()  # writing it again does no harm

    def _put(self, file: File) -> None:
        """Beside the old one first, then in its place; only the bot's own user reads it, for it holds phone numbers."""
        make_folder(self.folder)
        handle, beside = tempfile.mkstemp(dir=self.folder, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(file.data)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(self.folder / file.name)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
        keep_names(self.folder)
