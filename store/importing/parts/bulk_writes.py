"""Bulk writes. Collected, then written in bulk, those first that others point to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update
from sqlalchemy.sql.dml import Update

from store.tables import channel, known_as, membership, person, tie

Rows = list[Mapping[str, Any]]
WAS = "was_"  # a bound value that finds the row, beside the one that is written into the same column


@dataclass(slots=True)
class Writes:
    """The rows of one handful of records."""

    people: Rows = field(default_factory=list)
    known_as: Rows = field(default_factory=list)
    channels: Rows = field(default_factory=list)
    memberships: Rows = field(default_factory=list)
    changed_people: Rows = field(default_factory=list)
    changed_sayings: Rows = field(default_factory=list)
    unlisted: Rows = field(default_factory=list)
    changed_kinds: Rows = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        _insert(connection, person, self.people)
        _insert(connection, known_as, self.known_as)
        _insert(connection, channel, self.channels)
        _insert(connection, membership, self.memberships)
        for columns in {tuple(sorted(row)) for row in self.changed_people}:
            changed = [row for row in self.changed_people if tuple(sorted(row)) == columns]
            _update(connection, _matching(update(person), person, "id"), changed)
        _update(connection, _matching(update(known_as), known_as, "tenant", "key"), self.changed_sayings)
        for changed in (self.unlisted, self.changed_kinds):
            _update(connection, _matching(update(membership), membership, "programme", "person"), changed)


class Insertion:
    """New rows of one table, whose values come in the order of `columns`.

    The statement is put together once, and equal values are bound once: of hundreds of thousands of rows that is most
    of what they cost.
    """

    def __init__(self, connection: Connection, table: Table, *columns: str, told: Mapping[str, Any]) -> None:
        """`told`: what stands in every row beside them."""
        statement = insert(table).compile(dialect=connection.dialect, column_keys=[*columns, *told])
        order = statement.positiontup or [*columns, *told]
        bind = {
            name: table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
            for name in order
        }
        self._text, self._places = str(statement), [(*columns, *told).index(name) for name in order]
        self._bound = {
            place: _Bound(process) for place, name in enumerate((*columns, *told)) if (process := bind[name])
        }
        self._told = tuple(told.values())

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        columns: list[Sequence[Any]] = [*zip(*rows, strict=True), *([value] * len(rows) for value in self._told)]
        for place, bound in self._bound.items():
            columns[place] = [bound[value] for value in columns[place]]
        ordered = zip(*(columns[place] for place in self._places), strict=True)
        connection.exec_driver_sql(self._text, list(ordered))


class _Bound(dict[Any, Any]):
    """Values as the driver takes them, by what they are: dates, of which there are few."""

    def __init__(self, process: Callable[[Any], Any]) -> None:
        super().__init__()
        self._process = process

    def __missing__(self, value: Any) -> Any:
        bound = self[value] = self._process(value)
        return bound


@dataclass(slots=True)
class TieWrites:
    insertion: Insertion
    new: list[tuple[Any, ...]] = field(default_factory=list)
    changed: Rows = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        self.insertion.write(connection, self.new)
        found = _matching(update(tie), tie, "connector", "person")
        # Nothing is written over what the connector said between our look and now.
        untouched = tie.c.confirmed_at.is_not_distinct_from(
            bindparam("was_confirmed_at", type_=tie.c.confirmed_at.type)
        )
        _update(connection, found.where(untouched, tie.c.denied_at.is_(None), ~tie.c.no_go), self.changed)


def _matching(statement: Update, table: Table, *names: str) -> Update:
    return statement.where(*(table.c[name] == bindparam(f"{WAS}{name}") for name in names))


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, found: Update, rows: Rows) -> None:
    """All of these rows change the same columns: what they name besides what finds the row."""
    if rows:
        connection.execute(found, rows)
