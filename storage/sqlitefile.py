"""SQLite file: made only where none was expected, looked for before and after each write, and nobody else's to read."""

import glob
import os
from pathlib import Path

from storage.address import parts
from storage.private import make_file, make_folder, narrow
from storage.runlock import lock_file, was_here
from storage.trouble import DatabaseUnavailable, DatabaseUnusable

Number = tuple[int, int]  # device and inode: which file it is, whatever its name


class SqliteFile:
    """The file of a database, and the two that SQLite keeps beside it while it is open."""

    def __init__(self, url: str) -> None:
        self.path = Path(parts(url).database or "").absolute()
        real = os.path.realpath(self.path)
        self.beside = (Path(f"{real}-wal"), Path(f"{real}-shm"))
        self._name, self._names_beside = str(self.path), tuple(map(str, self.beside))
        self._number: Number | None = None
        self._beside: tuple[Number | None, ...] = ()
        self._sizes = (0, 0)  # of the file and of the log beside it, which both only grow while they are open

    def find(self, *, new: bool) -> None:
        """Look whether the file is there; ``new`` makes an empty one where none was expected.

        Raises DatabaseUnusable when it is not there, DatabaseUnavailable when it cannot be made.
        """
        if self.path.is_dir():
            raise DatabaseUnusable("this is a folder; name a file in it")
        if self.path.exists():
            return
        if was_here(self.path):
            raise DatabaseUnusable(
                "the database is gone, and no empty one is made in its place; put the file back, or restore a backup "
                f"(to start from scratch, move away all files whose names begin with {self.path.name})"
            )
        if not new:
            raise DatabaseUnusable("there is no database yet; start the bot once")
        try:
            make_folder(self.path.parent)
            os.close(make_file(self.path))
        except FileExistsError:
            return  # another process was faster
        except OSError as problem:
            raise DatabaseUnavailable(f"it cannot be made: {problem.strerror}") from None

    def check(self) -> None:
        """Raise DatabaseUnavailable when the file under this name is not the one that was opened."""
        longest, _ = self._sizes  # read before the file is measured: one may be writing meanwhile
        try:
            there = os.stat(self._name)
        except OSError as problem:
            why = f"the file is gone ({problem.strerror}); put it back, or stop the bot and restore a backup"
            raise DatabaseUnavailable(why) from None
        if self._number is None:
            return
        if (there.st_dev, there.st_ino) != self._number:
            why = "another file has taken its place; if that is the right one, start the bot again, else put it back"
            raise DatabaseUnavailable(why)
        if not there.st_size:
            raise DatabaseUnavailable("the file was emptied; stop the bot and restore a backup")
        if there.st_size < longest:  # what is written from then on would make a damaged database of it
            why = (
                "the file has become shorter; start the bot again if VACUUM did that, else stop it and restore a backup"
            )
            raise DatabaseUnavailable(why)

    def log_is_shorter(self) -> bool:
        """Whether the log is shorter than it was after the last transaction of the one writer, who asks."""
        return self._log_size() < self._sizes[1]

    def check_log(self, frames: int, page: int) -> None:
        """Raise DatabaseUnavailable when the log does not hold as many pages of so many bytes as SQLite has put there;
        a program that has worked it into the database and emptied it is no trouble."""
        if self._log_size() < max(frames, 0) * page:
            why = f"{self.beside[0].name} was cut short: the newest entries are lost; start the bot again"
            raise DatabaseUnavailable(why)

    def _log_size(self) -> int:
        log = _stat(self._names_beside[0])
        return log.st_size if log else 0

    def written(self) -> None:
        """After a transaction of the one writer: remember how long the file and its log are now."""
        own = _stat(self._name)
        self._sizes = max(own.st_size if own else 0, self._sizes[0]), self._log_size()

    def opened(self) -> None:
        """Remember which file was opened; raises DatabaseUnavailable when it is not the one of before."""
        self.check()
        self._number = self._number or _number(self._name)

    def in_use(self) -> None:
        """Within a transaction: remember the files beside it, which are there now."""
        self._beside = self._beside or tuple(map(_number, self._names_beside))

    def is_whole(self) -> bool:
        """Whether the files beside it are still those that are in use."""
        return not self._beside or self._beside == tuple(map(_number, self._names_beside))

    def forget(self) -> None:
        """Forget the files beside it: no connection is open any more, so they may be others next time."""
        self._beside, self._sizes = (), (0, 0)

    def narrow(self) -> list[Path]:
        """Let only the bot's own user read all that belongs to the database; gives what others could read."""
        lock = lock_file(self.path)
        kept = lock.parent.glob(f"{glob.escape(lock.stem)}.before-restore-*")
        return narrow([self.path, *self.beside, lock, *kept])


def _number(file: str) -> Number | None:
    there = _stat(file)
    return (there.st_dev, there.st_ino) if there else None


def _stat(file: str) -> os.stat_result | None:
    try:
        return os.stat(file)
    except OSError:
        return None
