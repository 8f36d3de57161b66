"""procrastinate's queue, driven from inside our own transactions.

procrastinate keeps a job for each event: its lock is the conversation, so that one job of a
conversation runs at a time and in order, wherever. Its own worker is not used: what it does in
transactions of its own (fetch a job, finish it) must here commit together with the inbox's tables.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

import psycopg
from procrastinate import PsycopgConnector, sql
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, get_channel_for_queues
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine import CONNECTING, Database
from bot.storage.failures import explained

QUEUE = "inbox"
TASK = "frontdesk:answer"

_BEAT = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id"
# One statement, so that two processes cannot both take a job over, and none from a live worker.
_TAKE_OVER = """
    WITH stalled AS (
        SELECT job.id FROM procrastinate_jobs job
        LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (
            worker.id IS NULL
            OR worker.last_heartbeat < now() - make_interval(secs => %(seconds)s)
        )
        FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE procrastinate_jobs job
    SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
    FROM stalled WHERE job.id = stalled.id
    RETURNING job.id
"""


class Queue:
    """The queue of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        url = database.engine.url.set(drivername="postgresql")
        self._conninfo = make_conninfo(url.render_as_string(hide_password=False), **CONNECTING)
        # Never opened: every query goes over a connection that is in a transaction of ours.
        self._connector = PsycopgConnector()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Jobs]]:
        """Open a transaction over our tables and the jobs.

        Raises:
            StorageError: The database is away, or refused; nothing has changed, as far as known.
        """
        with self._explained():
            async with self._database.engine.begin() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                assert isinstance(raw, psycopg.AsyncConnection)  # noqa: S101 - tells the type
                yield connection, Jobs(self._connector, raw)

    async def listen(self, told: Callable[[], None]) -> None:
        """Call `told` whenever a job is queued anywhere; ends with an error only.

        procrastinate can listen as well, but a task that does cannot always be cancelled: its
        `wait_for` loses a cancellation that comes together with a notification (Python 3.11).
        """
        with self._explained():
            async with await psycopg.AsyncConnection.connect(
                self._conninfo, autocommit=True
            ) as connection:
                for channel in get_channel_for_queues([QUEUE]):
                    name = Identifier(channel)
                    await connection.execute(SQL("LISTEN {}").format(name))
                told()  # for what came before
                async for _ in connection.notifies():
                    told()

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self._database.place, ConnectorException, psycopg.Error)


class Jobs:
    """The queue, inside one transaction."""

    def __init__(
        self, connector: PsycopgConnector, connection: psycopg.AsyncConnection[Any]
    ) -> None:
        self._manager = JobManager(connector)
        self._connector = connector
        self._connection = connection

    async def defer(self, number: int, conversation: str) -> None:
        """Queue an event behind what its conversation has waiting."""
        job = Job(
            id=None,
            queue=QUEUE,
            task_name=TASK,
            lock=conversation,
            queueing_lock=None,
            task_kwargs={"event": number},
        )
        await self._manager.defer_job_async(job, connection=self._connection)

    async def fetch(self, worker: int) -> tuple[int, int] | None:
        """Take the first job of a conversation of which none is running.

        Returns:
            The job, and its event; both by number.
        """
        (row,) = await self._run("fetch_job", queues=[QUEUE], worker_id=worker)
        return None if row["id"] is None else (row["id"], row["args"]["event"])

    async def finish(self, job: int) -> None:
        """Remove a job."""
        await self._run("finish_job", job_id=job, status=Status.SUCCEEDED.value, delete_job=True)

    async def retry(self, job: int, at: datetime) -> None:
        """Put a running job back; one that was taken over waits already."""
        rows = await self._run("get_job_status", job_id=job)
        if rows and rows[0]["status"] == Status.DOING.value:
            await self._run(
                "retry_job",
                job_id=job,
                retry_at=at,
                new_priority=None,
                new_queue_name=None,
                new_lock=None,
            )

    async def register(self) -> int:
        """Make a worker known; return its number."""
        (row,) = await self._run("register_worker")
        number: int = row["worker_id"]
        return number

    async def unregister(self, worker: int) -> None:
        """Forget a worker; jobs that it still has are taken over at once."""
        await self._run("unregister_worker", worker_id=worker)

    async def prune(self, seconds: float) -> None:
        """Forget workers that have been dead for so long."""
        await self._run("prune_stalled_workers", seconds_since_heartbeat=seconds)

    async def take_over(self, seconds: float) -> int:
        """Put back the jobs of workers not heard of for so long; return how many."""
        cursor = await self._connection.execute(_TAKE_OVER, {"seconds": seconds})
        return len(await cursor.fetchall())

    async def beat(self, worker: int) -> bool:
        """Tell that a worker lives; False when it has been forgotten."""
        cursor = await self._connection.execute(_BEAT, {"worker": worker})
        return await cursor.fetchone() is not None

    async def _run(self, query: str, **values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - SQL
        rows: list[dict[str, Any]]
        rows = await self._connector.execute_query_all_async_with_connection(
            self._connection, query=sql.queries[query], **values
        )
        return rows
