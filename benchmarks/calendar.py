"""How many due times a second: working time added to very many moments at once, beside one at a time.

    python -m benchmarks.calendar [--quick]

A place with split shifts, a night shift, fifty holidays and both changes of the clocks, three years of moments.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

import numpy as np

from rugui.engines.calendar import Calendar, Timeline, add_working_time
from rugui.engines.calendar.timeline import microseconds, moment

from .common import report

START = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=3 * 365)
HOURS = [
    *((day, clock(9), clock(12, 30)) for day in range(5)),
    *((day, clock(13, 30), clock(18)) for day in range(5)),
    (5, clock(20), clock(2)),
]
HOLIDAYS = [(date(2026, 1, 1) + timedelta(days=21 * number), None, None) for number in range(50)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    count = 200_000 if parser.parse_args().quick else 2_000_000
    calendar = Calendar.from_rows("Europe/Berlin", HOURS, HOLIDAYS)
    pick = np.random.default_rng(7)
    starts = microseconds(START) + pick.integers(0, int(YEARS.total_seconds()), count) * 1_000_000
    lengths = pick.integers(1, 5 * 86_400, count) * 1_000_000
    began = time.process_time()
    line = Timeline(calendar, START, START + YEARS + timedelta(days=120))
    due = line.add(starts, lengths)
    many = time.process_time() - began
    began, few = time.process_time(), 300
    one_by_one = [
        add_working_time(calendar, moment(starts[index]), timedelta(microseconds=int(lengths[index])))
        for index in range(few)
    ]
    single = time.process_time() - began
    wrong = sum(
        each is None or microseconds(each) != int(due[index]) for index, each in enumerate(one_by_one)
    )
    report(
        "calendar",
        {"due_times": count, "cpu_s": round(many, 2), "a_second": round(count / many), "one_by_one_a_second": round(few / single),
         "compared": few, "differences": int(wrong)},
    )  # fmt: skip


if __name__ == "__main__":
    main()
