"""Private: files and folders that only the bot's own user may read, whatever the umask of the person who starts it."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> None:
    """Make a folder, if it is not there yet; one that is there stays as it is."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)


def make_file(file: Path) -> int:
    """Make a file and give its descriptor, open for reading and writing. Raises FileExistsError.

    A file that root makes is given to the folder's owner, or a bot of another user could not open it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    os.fchmod(handle, stat.S_IRUSR | stat.S_IWUSR)
    if os.geteuid() == 0:
        folder = file.parent.stat()
        os.fchown(handle, folder.st_uid, folder.st_gid)
    return handle


def opener(file: str, flags: int) -> int:
    """For ``open(..., opener=opener)``: what is made by it is private, what is there already stays as it is."""
    return os.open(file, flags, stat.S_IRUSR | stat.S_IWUSR)


def narrow(files: Iterable[Path]) -> list[Path]:
    """Take from others what they may do with these files; gives those that were open to others."""
    wide = [file for file in files if file.is_file() and stat.S_IMODE(file.stat().st_mode) & OTHERS]
    for file in wide:
        file.chmod(stat.S_IMODE(file.stat().st_mode) & ~OTHERS)
    return wide


def keep_file(file: Path) -> None:
    """Wait until a file is on the disk. Of a database no connection may be open, or SQLite's locks on it would go."""
    _wait_for_disk(file)


def keep_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; a new or changed name outlives a power cut only then."""
    _wait_for_disk(folder)


def _wait_for_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
