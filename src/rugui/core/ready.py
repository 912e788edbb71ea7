"""Queries made ready once: compiled by Django on first use, then only filled in, and prepared by the database.

Turning a queryset into SQL costs several times what the query costs, and planning it as much as running it. The
reads of the busiest pages say the same thing every time, with other values:

    _case = Ready(lambda case_id: Case.objects.select_related("owner").filter(id=case_id))
    found = _case.first(case_id)

The function is called once with stand-ins (integers, texts, moments, lists of integers) to learn where they end
up in the statement; so it must pass them on as they are and decide nothing by them. All else in it becomes literal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.signals import post_save
from psycopg import Connection, Cursor, sql
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import OperationalError, error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.numeric import Int8

Row = TypeVar("Row", bound=Model)
IDLE, TUPLES_OK, COMMAND_OK = TransactionStatus.IDLE, ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK
_NUMBER, _MOMENT, _TEXT = -(2**60), datetime(1901, 1, 1, tzinfo=UTC), "stand-in "


def cursor() -> Any:
    """A cursor whose statements carry their values beside them; the database prepares those that come often."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))  # type: ignore[attr-defined, call-arg]


def fetch(statement: str, values: Sequence[Any], *, binary: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a statement written by hand. `binary` where much of the answer is bytes, which text would double."""
    database = connections[DEFAULT_DB_ALIAS]
    if _is_watched(database):
        with cursor() as asking:
            if binary:
                asking.cursor.format = Format.BINARY
            execute(asking, statement, values)
            return asking.fetchall()  # type: ignore[no-any-return]
    return _ask(database, statement, values, binary=binary)


def run(statement: str, values: Sequence[Any]) -> None:
    """A statement without an answer."""
    database = connections[DEFAULT_DB_ALIAS]
    if _is_watched(database):
        with cursor() as asking:
            execute(asking, statement, values)
    else:
        _ask(database, statement, values)


def execute(asking: Any, statement: str, values: Sequence[Any]) -> None:
    """Runs a statement on a `cursor()`."""
    asking.execute(statement, [typed(value) for value in values])
    if connection.queries_logged and connection.queries_log[-1]["sql"] is None:
        connection.queries_log[-1]["sql"] = (
            statement  # Django does not find the words of a prepared statement
        )


def _is_watched(database: Any) -> bool:
    """Whether somebody counts or wraps the statements of this connection (tests, a debugging session)."""
    return bool(database.queries_logged or database.execute_wrappers)


def _ask(
    database: Any, statement: str, values: Sequence[Any], *, binary: bool = False
) -> list[tuple[Any, ...]]:
    """What Django's cursor does for a statement that nobody watches, without its wrappers: they cost as much as the
    statement itself. The same checks, the same errors."""
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    connected = database.connection
    direct = getattr(connected, "rugui_direct", None)
    if direct is None:
        direct = connected.rugui_direct = Direct(connected)
    with database.wrap_database_errors:
        ask = direct.binary if binary else direct.rows
        rows: list[tuple[Any, ...]] = ask(statement, [typed(value) for value in values])
        return rows


class Direct:
    """Statements of one connection. What psycopg has prepared goes to the server by libpq's own call, which waits for the
    answer itself: a cursor, which can wait for several things at once, takes five times as long to ask the same.
    """

    def __init__(self, connected: Connection[Any]) -> None:
        self._connected = connected
        # One for all statements: their rows are fetched before the next begins.
        self._cursor, self._transformer = Cursor(connected), Transformer(connected)
        self._queries: dict[str, bytes] = {}
        """By statement, how psycopg writes it."""
        self._formats: dict[int, list[PyFormat]] = {}

    def rows(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Its rows; none where it has no answer."""
        connected, query = self._connected, self._queries.get(statement)
        if query is not None and (connected.autocommit or connected.pgconn.transaction_status != IDLE):
            transformer, formats = self._transformer, self._formats_of(len(values))
            dumped: Any = transformer.dump_sequence(values, formats) if values else []
            key = query, transformer.types or () if values else ()
            # psycopg forgets what it has prepared when a transaction is rolled back: then it prepares it again.
            if (name := connected._prepared._names.get(key)) is not None:
                connected._prepared._names.move_to_end(key)
                return self._told(
                    connected.pgconn.exec_prepared(name, dumped, transformer.formats if values else None)
                )
        self._cursor.execute(statement, values)
        if self._cursor._query is not None:
            self._queries[statement] = self._cursor._query.query
        return self._cursor.fetchall() if self._cursor.description is not None else []

    def binary(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Its rows, sent as the database has them."""
        return self._cursor.execute(statement, values, binary=True).fetchall()

    def _formats_of(self, places: int) -> list[PyFormat]:
        found = self._formats.get(places)
        if found is None:
            found = self._formats[places] = [PyFormat.AUTO] * places
        return found

    def _told(self, result: PGresult) -> list[tuple[Any, ...]]:
        if result.status == TUPLES_OK:
            self._transformer.set_pgresult(result)
            return self._transformer.load_rows(0, result.ntuples, tuple)
        if result.status == COMMAND_OK:
            return []
        error = error_from_result(result, encoding=self._connected.info.encoding)
        if self._connected.closed and not isinstance(error, OperationalError):
            raise OperationalError(str(error))  # the server has gone: what it was asked is not at fault
        raise error


def typed(value: Any) -> Any:
    """A whole number always as a bigint: by itself it would be as small as it fits, each size a statement of its own."""
    return Int8(value) if type(value) is int else value


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a stretch of a row becomes a model's instance, and the instances beside it."""

    model: type[Model]
    columns: tuple[tuple[int, str], ...]
    """(index in the row, attribute)"""
    key: int
    join: Callable[[Any, Any], None] | None
    back: Callable[[Any, Any], None] | None
    joined: tuple[_Shape, ...]

    def make(self, row: Sequence[Any], known: dict[tuple[type[Model], Any], Model]) -> Model | None:
        if (key := row[self.key]) is None:
            return None
        # People and places repeat from row to row: one instance of each will do.
        if self.join is not None and (seen := known.get((self.model, key))) is not None:
            return seen
        made = self.model.__new__(self.model)
        made._state = ModelState()
        made._state.adding, made._state.db = False, "default"
        values = made.__dict__
        for index, attribute in self.columns:
            values[attribute] = row[index]
        for shape in self.joined:
            other = shape.make(row, known)
            shape.join(made, other)  # type: ignore[misc]
            if other is not None:
                shape.back(other, made)  # type: ignore[misc]
        if self.join is not None:
            known[self.model, key] = made
        return made


@dataclass(frozen=True, slots=True)
class _Compiled:
    statement: str
    order: tuple[int, ...]
    """Which of the (flattened) values stands at each placeholder."""
    shape: _Shape
    convert: Callable[[list[tuple[Any, ...]]], Iterator[Sequence[Any]]] | None


class Ready(Generic[Row]):
    """A queryset of which only the values change."""

    def __init__(self, make: Callable[..., QuerySet[Row]]) -> None:
        self._make = make
        self._compiled: dict[tuple[int, ...], _Compiled] = {}

    def __call__(self, *values: Any) -> list[Row]:
        lengths = tuple(len(value) if isinstance(value, list) else -1 for value in values)
        if 0 in lengths:
            return []
        compiled = self._compiled.get(lengths)
        if compiled is None:
            compiled = self._compiled[lengths] = self._compile(values)
        flat = [each for value in values for each in (value if isinstance(value, list) else (value,))]
        rows: Any = fetch(compiled.statement, [flat[index] for index in compiled.order])
        if compiled.convert is not None:
            rows = compiled.convert(rows)
        known: dict[tuple[type[Model], Any], Model] = {}
        return [compiled.shape.make(row, known) for row in rows]  # type: ignore[misc]

    def first(self, *values: Any) -> Row | None:
        """The first row; the queryset should ask for no more."""
        return next(iter(self(*values)), None)

    def _compile(self, values: tuple[Any, ...]) -> _Compiled:
        counter = iter(range(10**6))
        stand_ins = [
            [_stand_in(each, next(counter)) for each in value]
            if isinstance(value, list)
            else _stand_in(value, next(counter))
            for value in values
        ]
        flat = [each for value in stand_ins for each in (value if isinstance(value, list) else [value])]
        compiler = self._make(*stand_ins).query.get_compiler(connection=connection)
        statement, parameters = compiler.as_sql()
        order = [flat.index(parameter) if parameter in flat else -1 for parameter in parameters]
        if set(order) - {-1} != set(range(len(flat))):
            raise RuntimeError("A ready query must pass its values on as they are.")
        connection.ensure_connection()
        literal = [
            "%s" if index >= 0 else _literal(parameter)
            for index, parameter in zip(order, parameters, strict=True)
        ]
        expressions = [column[0] for column in compiler.select]
        converters = compiler.get_converters(expressions)
        convert = (lambda rows: compiler.apply_converters(rows, converters)) if converters else None
        if compiler.klass_info is None or compiler.annotation_col_map:
            raise RuntimeError("A ready query gives instances of a model, without annotations.")
        return _Compiled(
            "".join(part + fill for part, fill in zip(statement.split("%s"), [*literal, ""], strict=True)),
            tuple(index for index in order if index >= 0),
            _shape(compiler.klass_info, compiler.select),
            convert,
        )


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that occurs nowhere else."""
    if isinstance(value, datetime):
        return _MOMENT + timedelta(microseconds=number + 1)
    if isinstance(value, str):
        return f"{_TEXT}{number}"
    if isinstance(value, int) and not isinstance(value, bool):
        return _NUMBER - number
    raise TypeError(f"{type(value).__name__} cannot be a value of a ready query.")


def _literal(parameter: Any) -> str:
    """Written into the statement, so that a plan for every value knows it (a partial index depends on that)."""
    return str(sql.Literal(parameter).as_string(connection.connection)).replace("%", "%%")


def _shape(info: dict[str, Any], select: Sequence[Any]) -> _Shape:
    model = info["model"]
    names = [(index, select[index][0].target.attname) for index in info["select_fields"]]
    key = next(index for index, name in names if name == model._meta.pk.attname)
    joined = tuple(_shape(each, select) for each in info.get("related_klass_infos", ()))
    return _Shape(model, tuple(names), key, info.get("local_setter"), info.get("remote_setter"), joined)


def insert(row: Model) -> None:
    """`row.save(force_insert=True)` of a new row of a plain model, by a statement made ready once."""
    model = type(row)
    fields = _fields(model)
    database = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(row, True), database) for field in fields]
    ((key,),) = fetch(_insertion(model), values)
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    post_save.send(model, instance=row, created=True, update_fields=None, raw=False, using=DEFAULT_DB_ALIAS)


@cache
def _fields(model: type[Model]) -> tuple[Any, ...]:
    meta = model._meta
    if meta.parents:
        raise TypeError(f"{model.__name__} is no plain model.")
    return tuple(field for field in meta.concrete_fields if not (field.primary_key or field.generated))


@cache
def _insertion(model: type[Model]) -> str:
    names = [f'"{field.column}"' for field in _fields(model)]
    table, key = model._meta.db_table, model._meta.pk.column
    places = ", ".join(["%s"] * len(names))
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({places}) RETURNING "{key}"'  # noqa: S608
