"""Errors of a command, as a person reads them. One sentence; exit code 1. A bug stays a bug."""

import errno
from typing import Any

import typer
from typer.core import TyperGroup

from settings.variables import SettingsError

FULL, NOT_LET = (errno.ENOSPC, errno.EDQUOT), (errno.EACCES, errno.EPERM, errno.EROFS)
REFUSED = 1  # refused, or something is wrong; 2 is for a command that was typed wrongly


class CommandRefusal(Exception):
    """This command cannot do that here and now: one sentence says why, and what to do."""


class InASentence(TyperGroup):
    """The commands, each with its expected failures told in one sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as problem:
            sentence = sentence_for(problem)
            if sentence is None:
                raise
            typer.echo(sentence, err=True)
            raise typer.Exit(REFUSED) from None


def sentence_for(problem: Exception) -> str | None:
    """None for what nobody expects: that is a bug, and is shown as one."""
    from sqlalchemy.exc import DBAPIError

    from embedded.folder import StartRefused
    from policies import PolicyError
    from store.engine.database import DatabaseAway

    if isinstance(problem, CommandRefusal | SettingsError | StartRefused | PolicyError):
        return str(problem)
    if isinstance(problem, DatabaseAway):
        return f"{str(problem).capitalize()}: nothing was changed. Try again, or look at INTROBROKER_DATABASE_URL."
    if isinstance(problem, DBAPIError) and problem.statement is None:  # it was never let in
        return f"The database cannot be opened: {problem.orig}. Look at INTROBROKER_DATABASE_URL."
    if isinstance(problem, OSError) and problem.errno in FULL:
        return f"There is no room left on the disk{_where(problem)}: make room, and try again."
    if isinstance(problem, OSError) and problem.errno in NOT_LET and problem.filename:
        return f"This account may not open {problem.filename} so: {problem.strerror}. See whose it is, and its disk."
    if isinstance(problem, ModuleNotFoundError) and problem.name == "asyncpg":
        return (
            "INTROBROKER_DATABASE_URL names PostgreSQL, which needs the package asyncpg: install introbroker[postgres]."
        )
    if isinstance(problem, RuntimeError) and str(problem).startswith("Failed client connect"):
        return (
            "The Temporal server that the settings name cannot be reached, or does not let us in: "
            "look at TEMPORAL_ADDRESS and at its key or certificates."
        )
    return None


def _where(problem: OSError) -> str:
    return f" ({problem.filename})" if problem.filename else ""
