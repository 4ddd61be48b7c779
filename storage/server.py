"""Server: PostgreSQL, reached by a pool of connections that every bot of the city has for itself."""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, create_engine

from storage.address import parts

CONNECT_SECONDS = 10  # for a server that does not answer at all, where DATABASE_URL says nothing else


class Server:
    """The connections to one server."""

    def __init__(self, url: str, pool: int) -> None:
        patience = {} if "connect_timeout" in parts(url).query else {"connect_timeout": CONNECT_SECONDS}
        self.writer = create_engine(
            url, pool_size=pool, pool_pre_ping=True, hide_parameters=True, connect_args=patience
        )
        self.reader = self.writer.execution_options(postgresql_readonly=True)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return self.reader.begin()

    def writing(self) -> AbstractContextManager[Connection]:
        """A writing transaction."""
        return self.writer.begin()

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self.writer.dispose()
        self.reader.dispose()
