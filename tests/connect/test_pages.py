"""Importing in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as SettingsWrapper

from rugui.connect.imports import run
from rugui.connect.jobs import import_file, try_file
from rugui.connect.models import ImportRun
from rugui.core.tenancy import within
from rugui.know.models import Customer

from ..factories import Browse, House

pytestmark = pytest.mark.django_db
CSV = "id,name,phone\n1,陳玉婷,0912-345-678\n2,Ana,12\n3,Ben,\n"


@pytest.fixture(autouse=True)
def folder(settings: SettingsWrapper, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


def upload(house: House, browse: Browse, who: str, text: str = CSV, place: str | None = None) -> HttpResponse:
    data = {
        "subject": "customers",
        "place": house.place.public_id if place is None else place,
        "file": SimpleUploadedFile("guests.csv", text.encode("big5")),
    }
    return browse(house, who).post("/import", data)


def the_run(house: House) -> ImportRun:
    with within(house.id):
        return ImportRun.objects.get()


class Working:
    """What a job is told about the worker that does it."""

    def should_abort(self) -> bool:
        return False


def test_a_file_is_looked_at_tried_and_imported(lake_house: House, browse: Browse, folder: Path) -> None:
    response = upload(lake_house, browse, "bob")
    found = the_run(lake_house)
    assert (response.status_code, response["Location"]) == (302, f"/import/{found.public_id}")
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]

    client, address = browse(lake_house, "bob"), f"/import/{found.public_id}"
    page = client.get(address).content.decode()
    assert "陳玉婷" in page
    assert "+886912345678" in page
    assert "not a whole phone number" in page

    assert client.post(f"{address}/try").status_code == 302
    try_file.func(Working(), organization_id=lake_house.id, run_id=found.id)
    assert [the_run(lake_house).trial[key] for key in ("ended", "new", "rejected")] == [True, 2, 1]
    assert "Nothing was written" in client.get(address).content.decode()
    with within(lake_house.id):
        assert Customer.objects.count() == 0

    assert client.post(f"{address}/start").status_code == 302
    assert 'hx-trigger="every 1s"' in client.get(address).content.decode()
    import_file.func(Working(), organization_id=lake_house.id, run_id=found.id)
    assert client.get(f"{address}/progress")["HX-Refresh"] == "true"
    assert "Everything that could be taken is in the house." in client.get(address).content.decode()
    rejected = b"".join(client.get(f"{address}/rejected")).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert rejected[0] == "id,name,phone,line,field,reason"
    assert rejected[1].startswith("2,Ana,12,3,phone,")
    assert list(folder.iterdir()) == []


def test_the_guess_can_be_corrected(lake_house: House, browse: Browse) -> None:
    upload(lake_house, browse, "alice")
    found = the_run(lake_house)
    data = {
        "encoding": "big5hkscs", "delimiter": ",", "header": "on", "date_order": "ymd", "decimal": ".", "region": "TW",
        "currency": "EUR", "column_0": "card", "column_1": "name", "column_2": "",
    }  # fmt: skip
    assert browse(lake_house, "alice").post(f"/import/{found.public_id}", data).status_code == 302
    assert the_run(lake_house).settings["reading"]["mapping"] == ["card", "name", ""]


def test_an_import_can_be_stopped_gone_on_with_and_not_discarded_then(
    lake_house: House, browse: Browse
) -> None:
    upload(lake_house, browse, "alice")
    found, client = the_run(lake_house), browse(lake_house, "alice")
    address = f"/import/{found.public_id}"
    client.post(f"{address}/start")
    assert client.post(f"{address}/stop").status_code == 302
    assert client.post(f"{address}/stop").status_code == 409
    import_file.func(Working(), organization_id=lake_house.id, run_id=found.id)
    assert the_run(lake_house).state == "stopped"
    client.post(f"{address}/start")
    run.carry_out(lake_house.id, found.id)
    assert client.post(f"{address}/discard").status_code == 409
    assert client.post(f"{address}/start").status_code in {409, 422}


def test_a_file_can_be_discarded(
    lake_house: House, browse: Browse, folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    upload(lake_house, browse, "alice")
    found = the_run(lake_house)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert browse(lake_house, "alice").post(f"/import/{found.public_id}/discard").status_code == 302
    with within(lake_house.id):
        assert ImportRun.objects.count() == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_file_is_refused_with_its_reason(
    lake_house: House, browse: Browse, folder: Path, text: str
) -> None:
    response = upload(lake_house, browse, "alice", text)
    assert response.status_code == 422
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("who", "status"), [("alice", 200), ("bob", 200), ("carol", 403), ("dan", 403), ("erin", 403)]
)
def test_only_leaders_import(lake_house: House, browse: Browse, who: str, status: int) -> None:
    assert browse(lake_house, who).get("/import").status_code == status


@pytest.mark.parametrize("part", ["", "/progress", "/rejected"])
@pytest.mark.parametrize("who", ["carol", "dan", "erin"])
def test_an_import_is_not_there_for_who_does_not_lead_its_place(
    lake_house: House, browse: Browse, part: str, who: str
) -> None:
    upload(lake_house, browse, "alice")
    assert browse(lake_house, who).get(f"/import/{the_run(lake_house).public_id}{part}").status_code == 404


def test_another_house_sees_nothing_of_it(lake_house: House, other_house: House, browse: Browse) -> None:
    upload(lake_house, browse, "alice")
    client = browse(other_house, "mallory")
    address = f"/import/{the_run(lake_house).public_id}"
    assert client.get(address).status_code == 404
    assert [client.post(f"{address}/{verb}").status_code for verb in ("try", "start", "stop", "discard")] == [
        404
    ] * 4
    assert "guests.csv" not in client.get("/import").content.decode()


def test_a_manager_imports_for_their_place_only(lake_house: House, browse: Browse) -> None:
    assert upload(lake_house, browse, "bob", place=lake_house.places[1].public_id).status_code == 422
    assert upload(lake_house, browse, "bob", place="").status_code in {403, 422}
    with within(lake_house.id):
        assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    lake_house: House, browse: Browse, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        upload(lake_house, browse, "alice", f"id,name\n{number},Ana\n")
    client = browse(lake_house, "alice")
    client.get("/import")
    with django_assert_num_queries(8):
        page = client.get("/import").content.decode()
    assert page.count("guests.csv") == count
