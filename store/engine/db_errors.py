"""Database errors: those that mean it is away or busy, and those that are bugs of ours.

Whoever hears `DatabaseAway` may try again; anything else is raised as it is, because trying again would not help.
"""

from typing import NoReturn

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseAway(Exception):
    """The database cannot be reached, or stayed busy too long. Nothing was recorded.

    One case nobody can tell: the connection broke while the commit was under way. Whatever is sent again is therefore
    known again, by its nonce, its key or its step (F9).
    """


class FromNewer(DatabaseAway):
    """A newer version of us wrote this, and we do not know what it means: left as it is until one of its kind comes."""

    def __init__(self) -> None:
        super().__init__("a newer version has written this, and this one does not know what it means")


SEEN_BY_ENGINES = (DBAPIError, PoolTimeout, OSError)  # OSError: refused, reset, unknown host, timed out

# PostgreSQL's codes (its appendix A). Whole classes first.
_COLLIDED = ("40001", "40P01")  # serialization_failure, deadlock_detected
_AWAY_CLASSES = ("08", "28", "3D", "53", "57", "58")  # connection, login, database, resources, intervention, system
_CUT = ("08003", "08006", "57P01", "57P02")  # the connection broke, or its server was told to end
_AWAY = ("25006", "25P03", "55P03")  # now read only (a standby), idle too long, a lock not to be had
_STALE = "InvalidCachedStatementError"  # a migration changed a table under a prepared statement; the next try is fresh
# SQLite's primary codes: busy, locked, out of memory, read only, I/O error, full, cannot open, protocol
_SQLITE_HELD, _SQLITE_FULL, _FULL = (5, 6), 13, "53100"
_SQLITE_AWAY = (5, 6, 7, 8, 10, 13, 14, 15)


def raise_for(error: BaseException) -> NoReturn:
    """`DatabaseAway` where trying again may help, and otherwise the error itself."""
    found = _trouble(error)
    if found is error:
        raise error  # never `from` itself: whoever follows its causes, as Temporal does, would follow them for ever
    raise found from error


def _trouble(error: BaseException) -> BaseException:
    if is_too_busy(error):
        return DatabaseAway("the database stayed busy")
    if isinstance(error, OSError):
        return DatabaseAway("the database cannot be reached")
    code = _sqlstate(error)
    if code == _FULL or (isinstance(error, DBAPIError) and _sqlite_code(error) == _SQLITE_FULL):
        return DatabaseAway("the disk of the database is full")
    if code.startswith(("28", "3D")):
        return DatabaseAway(f"the database does not let us in ({code})")
    return DatabaseAway("the database is busy or away") if is_passing(error) else error


def is_too_busy(error: BaseException) -> bool:
    """Two transactions met, and this one was rolled back for the other."""
    return _sqlstate(error) in _COLLIDED or _STALE in type(getattr(error, "orig", None)).__name__


def is_held_up(error: BaseException) -> bool:
    """Somebody else holds the lock this needs."""
    return _sqlstate(error) == "55P03" or (isinstance(error, DBAPIError) and _sqlite_code(error) in _SQLITE_HELD)


def is_cut_off(error: BaseException) -> bool:
    """The connection this was said over is gone. A new one may work at once, as after a restart of the server."""
    if isinstance(error, DBAPIError):
        return _sqlstate(error) in _CUT or error.connection_invalidated or _is_closed(error)
    return isinstance(error, ConnectionError)


def is_passing(error: BaseException) -> bool:
    """The database, its server or the way to it is the matter, not what was asked of it."""
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = _sqlstate(error)
    if code:
        return code.startswith(_AWAY_CLASSES) or code in _AWAY
    return is_cut_off(error) or _sqlite_code(error) in _SQLITE_AWAY


def _sqlstate(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or getattr(error, "sqlstate", None) or ""


def _sqlite_code(error: DBAPIError) -> int | None:
    extended = getattr(error.orig, "sqlite_errorcode", None)
    return extended & 0xFF if isinstance(extended, int) else None


def _is_closed(error: DBAPIError) -> bool:
    """asyncpg's own words: it has no codes for a connection that broke between two statements."""
    said = str(error.orig)
    return "connection is closed" in said or "connection was closed" in said or "underlying connection" in said
