"""Tables as files: CSV that a spreadsheet opens in any language and runs nothing of."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO

from django.http import HttpResponse

from ..engines.tabular.mended import guarded


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The answer that is the file `name`. Moments are RFC 3339 in UTC, what is absent is empty.

    It is made at once, for the rows must be read while the transaction of the request knows its organization.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    answer = HttpResponse(f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return guarded(value) if isinstance(value, str) else str(value)
