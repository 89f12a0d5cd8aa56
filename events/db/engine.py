"""What both engines share: transactions that nest as savepoints, survive cancellation and never leak."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import Token as ContextToken
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from events.db.hearing import Ear, Tell

Row = dict[str, Any]
Read = Callable[..., Awaitable[list[Row]]]
Result = TypeVar("Result")
OwnEngine = TypeVar("OwnEngine", bound="Engine")


class ConstraintViolated(Exception):
    """The database refused a write: `kind` is unique, check, foreign_key or not_null; `name` is what it says."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind}: {name}")
        self.kind = kind
        self.name = name


class SchemaMismatch(Exception):
    """A statement names a table or column that is not there, or makes one that is."""


async def shielded(work: Coroutine[Any, Any, Result]) -> Result:
    """Finish `work` however often the caller is cancelled meanwhile, then let the cancellation through."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None and not task.cancelled():
        task.exception()  # looked at, so that nobody is warned of it
        raise cancelled
    return task.result()


class Engine(Protocol):
    """What the domain needs of an engine."""

    current_transaction: Any

    async def run(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        """Rows of one statement, `{}` standing for an argument; inside a transaction it is part of it."""

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run one data definition."""

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write rows, all or none; inside a transaction they are part of it."""

    def one_of(self, values: Collection[object]) -> tuple[str, list[object]]:
        """A condition behind a column, "is one of these", with its arguments."""

    def among(self, columns: str, rows: Sequence[Sequence[object]]) -> tuple[str, list[object]]:
        """A condition, "these columns are one of these rows", with its arguments; ids, texts and whole numbers only."""

    def transaction(self) -> Transaction[Any]:
        """A write transaction."""

    def snapshot(self) -> AbstractAsyncContextManager[Read]:
        """Something like `db.rows` of which every answer is of the same moment."""

    def ear(self, tell: Tell) -> Ear:
        """What tells of the notices that other processes commit, and lets them hear of ours."""

    async def close_connection_pool(self) -> None:
        """Let go of every connection."""

    def dialect(self, definition: str) -> str:
        """A data definition with this database's type names in place of {uuid}, {time}, ..."""

    settled_notices: str
    embedded: bool  # it is a file of ours, which whoever serves brings up to date


class Transaction(ABC, Generic[OwnEngine]):
    """`async with` commits at the end and rolls back on an exception; nested, it is a savepoint of the outer one.

    A task started inside a transaction is outside it: it has a connection and a fate of its own.
    """

    def __init__(self, engine: OwnEngine) -> None:
        self.engine = engine
        self.parent: Transaction[Any] | None = None
        self.after_commit: list[Callable[[], None]] = []
        self.open = False
        self.interrupted = False
        self.task = asyncio.current_task()
        self._savepoints = 0
        self._done: list[str] = []

    @abstractmethod
    async def begin(self) -> None:
        """Take the connection and begin."""

    @abstractmethod
    async def commit(self) -> None:
        """Make it durable."""

    @abstractmethod
    async def rollback(self) -> None:
        """Undo everything."""

    @abstractmethod
    async def execute(self, *statements: str) -> None:
        """Run statements without arguments and results."""

    @property
    def root(self) -> Transaction[Any]:
        """The outermost transaction, which alone commits."""
        return self.parent.root if self.parent else self

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the outermost transaction is durable; never if it, or this part of it, is undone."""
        self.root.after_commit.append(callback)

    async def __aenter__(self) -> Transaction[Any]:
        self.parent = active(self.engine)
        if self.parent is not None:
            await self._begin_savepoint(self.parent.root)
            return self
        await self.begin()
        self.open = True
        self._context: ContextToken[Any] = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.parent is not None:
            await shielded(self._end_savepoint(self.parent.root, failed=error is not None))
            return
        self.open = False
        self.engine.current_transaction.reset(self._context)
        await shielded(self.rollback() if error is not None else self._commit_and_tell())

    async def _commit_and_tell(self) -> None:
        await self.commit()
        for callback in self.after_commit:
            callback()

    async def _begin_savepoint(self, root: Transaction[Any]) -> None:
        root._savepoints += 1
        self._name = f"part_{root._savepoints}"
        self._kept = len(root.after_commit)
        done, root._done = root._done, []
        await root.execute(*done, f"SAVEPOINT {self._name}")

    async def _end_savepoint(self, root: Transaction[Any], *, failed: bool) -> None:
        """What went well is released together with the next savepoint, or with everything by the commit."""
        root._done = [] if failed else [f"RELEASE SAVEPOINT {self._name}"]
        if failed:
            await root.execute(f"ROLLBACK TO SAVEPOINT {self._name}", f"RELEASE SAVEPOINT {self._name}")
            del root.after_commit[self._kept :]


def active(engine: Engine) -> Transaction[Any] | None:
    """The transaction that this task is in; one inherited from the task that started it does not count."""
    found: Transaction[Any] | None = engine.current_transaction.get()
    if found is None or not found.open or found.task is not asyncio.current_task():
        return None
    return found
