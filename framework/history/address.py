"""Where a history is: a file of SQLite's, or a PostgreSQL server by its URL. Passwords are never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from framework.contract.errors import UsageError

DATABASE = "history.db"
"""In the folder of runs, where nothing else is said."""
HISTORY = "POCKETFARM_HISTORY"
"""Environment variable: a path or a URL, where no --history is given."""
MEMORY = ":memory:"
"""In place of a path: a database that lasts as long as it is open."""

POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
SECRETS = frozenset(("password", "sslpassword", "passfile", "oauth_client_secret"))
"""What libpq takes among the parameters of a URL and nobody else must read."""
_URL = re.compile(r"\bpostgres(?:ql)?(?:\+\w+)?://\S+")
EXPECTED = "expected a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE"


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is SQLAlchemy's, of a server; `file` the path of a database of SQLite's."""

    shown: str
    """For people; without a password."""
    url: str = field(default="", repr=False)
    file: Path | None = None

    @property
    def is_server(self) -> bool:
        return bool(self.url)


def address(where: str | Path) -> Address:
    """UsageError for what is neither a path nor the URL of a database that we know."""
    word = str(where)
    if "://" not in word:
        return Address(word, file=Path(word))
    scheme, _, rest = word.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return Address(rest[1:], file=Path(rest[1:]))
    if scheme not in POSTGRES:
        raise UsageError(f"--history: {EXPECTED}, not {scheme}://…")
    return Address(without_password(word), url=f"postgresql+psycopg://{rest}")


def located(word: str, folder: Path, reports: Path) -> str:
    """What is to be opened: `word`, relative to `folder`; the database in `reports` where it is empty."""
    if not word:
        return str(reports / DATABASE)
    place = address(word)
    return word if place.is_server else str(folder / place.shown)


def without_password(url: str) -> str:
    """The URL as it may be shown and written down; libpq finds the password in ~/.pgpass or PGPASSWORD.

    A password that should have been quoted goes as a whole: all from the first colon to the last @.
    """
    scheme, _, rest = url.partition("://")
    who, at, place = rest.rpartition("@")
    where, _, query = place.partition("?")
    kept = [word for word in query.split("&") if word and unquote(word.partition("=")[0]).lower() not in SECRETS]
    return f"{scheme}://{who.partition(':')[0]}{at}{where}" + (f"?{'&'.join(kept)}" if kept else "")


def arguments_without_password(arguments: Iterable[str]) -> tuple[str, ...]:
    """A command line that may be written down: every URL of PostgreSQL's in it without its password."""
    return tuple(_URL.sub(lambda found: without_password(found[0]), word) for word in arguments)
