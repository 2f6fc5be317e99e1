"""Statements of the hot path: compiled once, run on the driver's own cursor, rows as plain tuples.

Knows SQLAlchemy's types and dialects, and nothing of what is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.selectable import Select

type Values = Mapping[str, object]
type _Converter = Callable[[Any], object] | None

_LENT: Final = "omniai.driver"


class _Cursor(Protocol):
    def fetchall(self) -> list[Sequence[Any]]: ...


class _Driver(Protocol):
    """A driver's own connection, as sqlite3 has it."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, text: str, values: Any = ..., /) -> _Cursor: ...

    def executemany(self, text: str, values: Any, /) -> object: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


class NoTransaction(Exception):
    """The transaction of a unit of work was rolled back under way, and the unit goes on all the same."""


@dataclass(frozen=True, slots=True)
class Lent:
    """The driver's connection that a session works on.

    Attributes:
        dialect: What it speaks.
        driver: The connection.
        error: What it raises.
    """

    dialect: Dialect
    driver: _Driver
    error: type[Exception]

    @classmethod
    def of(cls, connection: Connection) -> "Lent":
        """That of a connection."""
        dialect = connection.dialect
        return cls(dialect, cast("_Driver", connection.connection.driver_connection), dialect.loaded_dbapi.Error)

    def to_session(self) -> dict[str, object]:
        """What a session is made with (`info`), so that its statements find this without asking it each time."""
        return {_LENT: self}

    def require_transaction(self) -> None:
        """Go on only within the unit of work's transaction: without one, each statement would be stored by itself.

        Raises:
            NoTransaction: It was rolled back.
        """
        if not self.driver.in_transaction:
            raise NoTransaction

    def named(self, error: Exception, text: str) -> DBAPIError:
        """What SQLAlchemy would raise for an error of the driver; without the values, which are people's words."""
        named = DBAPIError.instance(text, None, error, self.error, hide_parameters=True, dialect=self.dialect)
        if not isinstance(named, DBAPIError):
            raise TypeError(f"{error} is no error of a driver") from error
        return named


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one driver gets it: its text, what each value goes through, what each column comes through."""

    text: str
    parameters: tuple[tuple[str, object, _Converter], ...]
    positional: bool
    results: tuple[_Converter, ...] | None

    def bound(self, values: Values) -> Any:
        """The values as the driver takes them: in their order, or by their names."""
        found = [
            values.get(name, fixed) if convert is None else convert(values.get(name, fixed))
            for name, fixed, convert in self.parameters
        ]
        return (
            found
            if self.positional
            else {name: value for (name, *_), value in zip(self.parameters, found, strict=True)}
        )

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        pairs = zip(row, self.results or (), strict=True)
        return tuple([value if convert is None else convert(value) for value, convert in pairs])


class Prepared:
    """A statement that is run for every answer.

    What `Session.execute` does for any statement each time (looking it up, making contexts and results) costs some ten
    times what SQLite takes to run it. Expanding parameters (`IN`), defaults that call something and savepoints are not
    supported.

    Args:
        statement: With a `bindparam` for each value; an insert or update sets the columns that its values name.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement: Final = statement
        self._forms: dict[tuple[str, ...], _Form] = {}

    def rows(self, session: Session, values: Values) -> list[tuple[Any, ...]]:
        """Run it within the session's transaction.

        Raises:
            DBAPIError: As from `Session.execute`.
            NoTransaction: There is none any more.
        """
        lent, form = self._form(session, values)
        try:
            found = lent.driver.execute(form.text, form.bound(values))
            return [form.read(row) for row in found.fetchall()] if form.results else []
        except lent.error as error:
            raise lent.named(error, form.text) from error

    def first(self, session: Session, values: Values) -> tuple[Any, ...] | None:
        """Run it for its first row, None if there is none; the errors are those of `rows`."""
        found = self.rows(session, values)
        return found[0] if found else None

    def run_all(self, session: Session, many: Iterable[Values]) -> None:
        """Run it for each of some values of the same names; the errors are those of `rows`."""
        listed = list(many)
        if not listed:
            return
        lent, form = self._form(session, listed[0])
        try:
            lent.driver.executemany(form.text, [form.bound(values) for values in listed])
        except lent.error as error:
            raise lent.named(error, form.text) from error

    def _form(self, session: Session, values: Values) -> tuple[Lent, _Form]:
        if session.autoflush:
            session.flush()
        lent: Lent = session.info.get(_LENT) or Lent.of(session.connection())
        lent.require_transaction()
        key = (lent.dialect.name, *values)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _formed(self._statement, lent.dialect, list(values))
        return lent, form


def _formed(statement: Select[Any] | Insert | Update | Delete, dialect: Dialect, names: list[str]) -> _Form:
    columns = None if isinstance(statement, (Select, Delete)) else names
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{statement} is no statement that rows come from")
    defaults = {column.key: column.default for column in compiled.insert_prefetch}
    fixed = compiled.params | {
        name: made.arg for name, made in defaults.items() if isinstance(made, ScalarElementColumnDefault)
    }
    types = {name: bind.type for bind, name in compiled.bind_names.items()}
    order = compiled.positiontup if compiled.positional else list(types)
    returned = statement.selected_columns if isinstance(statement, Select) else statement.returning_column_descriptions
    results = [column["type"] if isinstance(column, dict) else column.type for column in returned]
    return _Form(
        compiled.string,
        tuple((name, fixed[name], types[name].dialect_impl(dialect).bind_processor(dialect)) for name in order or ()),
        compiled.positional,
        tuple(kind.dialect_impl(dialect).result_processor(dialect, None) for kind in results) or None,
    )
