"""A file comes in through the browser, with a real worker behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rugui.core.tenancy import within
from rugui.know.models import Customer

from .axe import violations
from .site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_manager_tries_and_imports_a_file(
    live_site: Site, page: Page, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "data"
    path = tmp_path / "guests.csv"
    path.write_bytes("id,姓名,電話\n1,陳玉婷,0912-345-678\n2,Ana,12\n3,Ben,\n".encode("big5"))
    live_site.start("worker")
    live_site.sign_in(page.context, "bob")
    page.goto(live_site.url + "/import")
    assert violations(page) == []
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("cell", name="+886912345678")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Nothing was written.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Everything that could be taken is in the house.")).to_be_visible(timeout=60_000)
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Rejected rows as a file").click()
    assert download.value.suggested_filename == "guests.rejected.csv"
    with within(live_site.house.id):
        assert list(Customer.objects.order_by("id").values_list("name", flat=True)) == ["陳玉婷", "Ben"]
