"""`rugui clock`: ring promises when their time comes."""

from __future__ import annotations

import click

from ..promise.clock import loop


@click.command("clock")
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    default=0,
    envvar="RUGUI_CLOCK_METRICS_PORT",
    show_envvar=True,
    help="Serve this clock's Prometheus metrics on this port of localhost. 0: do not.",
)
def command(metrics_port: int) -> None:
    """Ring promises when their time comes, until stopped. Any number of clocks may run at once."""
    loop.main(metrics_port)
