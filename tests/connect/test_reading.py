"""Reading beside the writing: in a thread, or in a process of its own."""

from __future__ import annotations

import dataclasses
import os
import signal
from pathlib import Path

import pytest

from rugui.connect.imports import ahead
from rugui.connect.imports.ahead import ReaderGone, Source, read_ahead
from rugui.connect.imports.read import Batch
from rugui.connect.imports.settings import Reading
from rugui.core.tenancy import within
from rugui.engines.tabular.records import Format
from rugui.know.models import Customer

from ..factories import House
from .help import bring_in, counts, reasons, written

READING = Reading(Format(), ("external_id", "customer", "at", "text"))


def rows(count: int) -> str:
    return "id,customer,date,text\n" + "".join(f'{n},{n % 7},2024-05-01,"said\n{n}"\n' for n in range(count))


def source(path: Path, **more: int) -> Source:
    return Source(str(path), "touches", READING, "0" * 64, **more)


def all_of(one: Source) -> list[Batch]:
    with read_ahead(one) as stream:
        return list(stream)


def test_a_process_reads_what_a_thread_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, rows(100) + "x,,never,\n")
    here = all_of(source(path, rows=30))
    monkeypatch.setattr(ahead, "LARGE", 0)
    elsewhere = all_of(source(path, rows=30))
    assert [dataclasses.asdict(one) for one in elsewhere] == [dataclasses.asdict(one) for one in here]
    assert sum(one.read for one in here) == 101
    assert here[-1].position == path.stat().st_size
    assert all_of(source(path, rows=30, position=here[1].position, line=here[1].line)) == here[2:]


def test_who_wants_no_more_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "LARGE", 0)
    started = []
    start = ahead._start
    monkeypatch.setattr(ahead, "_start", lambda one: started.append(start(one)) or started[0])
    with read_ahead(source(written(tmp_path, rows(20_000)), rows=10)) as stream:
        assert next(stream).loaded == 5
    assert started[0].returncode is not None


def test_a_process_that_is_killed_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "LARGE", 0)
    started = []
    start = ahead._start
    monkeypatch.setattr(ahead, "_start", lambda one: started.append(start(one)) or started[0])
    with read_ahead(source(written(tmp_path, rows(20_000)), rows=10)) as stream:
        next(stream)
        os.kill(started[0].pid, signal.SIGKILL)
        with pytest.raises(ReaderGone):
            list(stream)


def test_what_goes_wrong_in_the_process_is_raised_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LARGE", 0)
    path = written(tmp_path, rows(1))
    wrong = dataclasses.replace(source(path), subject="nothing")
    with pytest.raises(KeyError, match="nothing"):
        all_of(wrong)


@pytest.mark.django_db
def test_a_file_read_elsewhere_comes_in_whole_with_its_reasons(
    lake_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LARGE", 0)
    people = "id,name,phone\n" + "".join(f"{n},Guest {n},\n" for n in range(5)) + "9,Ben,12\n"
    done = bring_in(lake_house, "customers", written(tmp_path, people, "people.csv"))
    assert counts(done) == (5, 0, 0, 1)
    done = bring_in(lake_house, "touches", written(tmp_path, rows(7)))
    assert counts(done) == (5, 0, 0, 2)
    assert reasons(lake_house, done) == [
        (12, "customer", "unknown_customer"),
        (14, "customer", "unknown_customer"),
    ]
    with within(lake_house.id):
        assert Customer.objects.count() == 5
