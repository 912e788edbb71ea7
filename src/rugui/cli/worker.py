"""`rugui worker`"""

from __future__ import annotations

import asyncio

import click

from .django import setup


@click.command()
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=2, show_default=True, help="Jobs done at once."
)
def command(concurrency: int) -> None:
    """Do the jobs that wait in the database, until stopped.

    Any number of workers may run. When one is killed, its jobs are given to another within two minutes.
    """
    setup("app")
    from procrastinate.contrib.django import app

    async def work() -> None:
        # Django's own connector cannot listen for new jobs; this one can, as the same role.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # only Django's has it
        with app.replace_connector(connector) as working:
            async with working.open_async():
                await working.run_worker_async(concurrency=concurrency, shutdown_graceful_timeout=20)

    asyncio.run(work())
