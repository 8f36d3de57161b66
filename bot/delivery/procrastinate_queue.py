"""procrastinate's job queue, used inside our own transactions.

procrastinate keeps one job per event, locked by conversation: jobs of a conversation run in order
and one at a time, across all processes. Its own worker is not used: it fetches and finishes jobs
in separate transactions, which here must commit together with the inbox's tables.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
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

from bot.storage.driver_errors import explained
from bot.storage.engine import CONNECTING, Database

QUEUE = "inbox"

ALONE = "inbox-alone"
"""Queue of events that were interrupted by a dead or stalled worker: one at a time per process."""

TASK = "frontdesk:answer"

DROPPED = "frontdesk_dropped"
"""Channel on which processes tell each other of claims that were superseded."""

_BEAT = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id"
_ALONE_WAITS = """
    EXISTS (
        SELECT FROM procrastinate_jobs
        WHERE queue_name = %(alone)s::varchar AND status = 'todo'
            AND (scheduled_at IS NULL OR scheduled_at <= now())
    )
"""
_ANY_ALONE = f"SELECT {_ALONE_WAITS}"
# One call for each job, and one more that finds nothing: each call searches the queue.
_FETCH = f"""
    WITH RECURSIVE fetched (job, place) AS (
        SELECT procrastinate_fetch_job_v2(%(queues)s::varchar[], %(worker)s), 1
        WHERE NOT (%(heed)s::boolean AND {_ALONE_WAITS})
        UNION ALL
        SELECT procrastinate_fetch_job_v2(%(queues)s::varchar[], %(worker)s), place + 1
        FROM fetched WHERE (job).id IS NOT NULL AND place < %(limit)s
    )
    SELECT (job).id, ((job).args ->> 'event')::bigint FROM fetched WHERE (job).id IS NOT NULL
"""  # noqa: S608 - constants of ours
_FINISH = """
    SELECT procrastinate_finish_job_v1(job, %(status)s::procrastinate_job_status, true)
    FROM unnest(%(jobs)s::bigint[]) job
"""
# One statement, so that two processes cannot both reclaim a job, and none from a live worker.
# The priority drops with each interruption, so that the least interrupted comes first; it stays
# above 0, since the rest of the conversation must wait. Unfinished jobs of a worker that stopped
# have no worker.
_TAKE_OVER = """
    WITH stalled AS (
        SELECT job.id, 1 = (
            SELECT count(*) FROM procrastinate_jobs other
            WHERE other.worker_id IS NOT DISTINCT FROM job.worker_id AND other.status = 'doing'
        ) AS alone
        FROM procrastinate_jobs job
        LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (
            worker.id IS NULL
            OR worker.last_heartbeat < now() - make_interval(secs => %(seconds)s)
        )
        FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE procrastinate_jobs job
    SET status = 'todo', attempts = attempts + 1, worker_id = NULL,
        scheduled_at = CASE WHEN stalled.alone THEN now() + make_interval(secs => %(pause)s) END,
        queue_name = %(alone)s::varchar,
        priority = CASE queue_name
            WHEN %(alone)s::varchar THEN greatest(priority - 1, 1) ELSE 100
        END
    FROM stalled WHERE job.id = stalled.id
    RETURNING (job.args ->> 'event')::bigint, stalled.alone
"""


class Queue:
    """The queue of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        url = database.engine.url.set(drivername="postgresql")
        self._conninfo = make_conninfo(url.render_as_string(hide_password=False), **CONNECTING)
        # Never opened: every query uses a connection that is already in our transaction.
        self._connector = PsycopgConnector()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Jobs]]:
        """Open a transaction over our tables and the job queue.

        Raises:
            StorageError: The database is unavailable or refused; nothing changed, as far as known.
        """
        with self._explained():
            async with self._database.engine.begin() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                assert isinstance(raw, psycopg.AsyncConnection)  # noqa: S101 - tells the type
                yield connection, Jobs(self._connector, raw)

    async def listen(self, on_job: Callable[[], None], on_drop: Callable[[str], None]) -> None:
        """Call `on_job` whenever any process queues a job; returns only by raising.

        `on_drop` is called with the id of each claim that any process has superseded.

        procrastinate can listen as well, but that task cannot always be cancelled: its `wait_for`
        loses a cancellation that coincides with a notification (Python 3.11).

        Raises:
            StorageError: The connection broke.
        """
        with self._explained():
            async with await psycopg.AsyncConnection.connect(
                self._conninfo, autocommit=True
            ) as connection:
                for channel in get_channel_for_queues([QUEUE]):
                    name = Identifier(channel)
                    await connection.execute(SQL("LISTEN {}").format(name))
                await connection.execute(SQL("LISTEN {}").format(Identifier(DROPPED)))
                on_job()  # for jobs that were queued earlier
                async for notice in connection.notifies():
                    if notice.channel == DROPPED:
                        on_drop(notice.payload)
                    else:
                        on_job()

    def beat_at_once(self, worker: int) -> None:
        """Send a heartbeat over a separate connection; blocking, for use in a thread.

        Raises:
            StorageError: The database is unavailable.
        """
        with (
            self._explained(),
            psycopg.connect(self._conninfo, autocommit=True) as connection,
        ):
            connection.execute(_BEAT, {"worker": worker})

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

    async def defer(self, coming: Mapping[int, str]) -> None:
        """Queue events, each behind the waiting events of its conversation.

        Args:
            coming: Conversation by event number, in queue order.
        """
        jobs = [
            Job(
                id=None,
                queue=QUEUE,
                task_name=TASK,
                lock=conversation,
                queueing_lock=None,
                task_kwargs={"event": number},
            )
            for number, conversation in coming.items()
        ]
        await self._manager.batch_defer_jobs_async(jobs, connection=self._connection)

    async def drop(self, claims: Sequence[str]) -> None:
        """Tell all processes that claims were superseded, once the transaction is committed."""
        for claim in claims:
            await self._connection.execute("SELECT pg_notify(%s, %s)", (DROPPED, claim))

    async def fetch(self, worker: int, limit: int, *, heed: bool = True) -> dict[int, int]:
        """Take the first jobs of conversations that have no running job.

        Args:
            worker: Id of the worker that takes them.
            limit: Maximum number of jobs.
            heed: Take nothing while an interrupted job waits to be handled in isolation.

        Returns:
            Event number by job number.
        """
        return await self._fetch(worker, QUEUE, limit=limit, heed=heed)

    async def fetch_alone(self, worker: int) -> dict[int, int]:
        """Take one job that must be handled in isolation; return its event number by job number."""
        return await self._fetch(worker, ALONE, limit=1, heed=False)

    async def _fetch(self, worker: int, queue: str, *, limit: int, heed: bool) -> dict[int, int]:
        values = {"worker": worker, "queues": [queue], "limit": limit, "heed": heed, "alone": ALONE}
        return dict(await (await self._connection.execute(_FETCH, values)).fetchall())

    async def any_alone(self) -> bool:
        """Return whether a job waits that must be handled in isolation."""
        cursor = await self._connection.execute(_ANY_ALONE, {"alone": ALONE})
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def finish(self, jobs: Sequence[int]) -> None:
        """Remove jobs."""
        status = Status.SUCCEEDED.value
        await self._connection.execute(_FINISH, {"jobs": list(jobs), "status": status})

    async def retry(self, job: int, at: datetime, *, ended: bool) -> None:
        """Requeue a running job; one that was reclaimed is queued already.

        Args:
            job: Number of the job.
            at: When it may be fetched again.
            ended: The attempt ran to its end, so the next one needs no isolation.
        """
        rows = await self._run("get_job_status", job_id=job)
        if rows and rows[0]["status"] == Status.DOING.value:
            await self._run(
                "retry_job",
                job_id=job,
                retry_at=at,
                new_priority=0 if ended else None,
                new_queue_name=QUEUE if ended else None,
                new_lock=None,
            )

    async def register(self) -> int:
        """Register a worker; return its id."""
        (row,) = await self._run("register_worker")
        number: int = row["worker_id"]
        return number

    async def unregister(self, worker: int) -> None:
        """Unregister a worker; its unfinished jobs may be reclaimed at once."""
        await self._run("unregister_worker", worker_id=worker)

    async def prune(self, seconds: float) -> None:
        """Delete workers without a heartbeat for some seconds."""
        await self._run("prune_stalled_workers", seconds_since_heartbeat=seconds)

    async def reuse_artifacts(self, seconds: float, *, pause: float) -> dict[int, bool]:
        """Requeue the jobs of workers without a heartbeat for some seconds.

        Args:
            seconds: Time without a heartbeat after which a worker counts as dead.
            pause: Seconds to delay the job of a worker that had no other.

        Returns:
            By event number, whether its worker was handling nothing else.
        """
        values = {"seconds": seconds, "pause": pause, "alone": ALONE}
        cursor = await self._connection.execute(_TAKE_OVER, values)
        return dict(await cursor.fetchall())

    async def beat(self, worker: int) -> bool:
        """Send a heartbeat; False when the worker is no longer registered."""
        cursor = await self._connection.execute(_BEAT, {"worker": worker})
        return await cursor.fetchone() is not None

    async def _run(self, query: str, **values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - SQL
        rows: list[dict[str, Any]]
        rows = await self._connector.execute_query_all_async_with_connection(
            self._connection, query=sql.queries[query], **values
        )
        return rows
