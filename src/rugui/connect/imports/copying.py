"""Filling temporary tables."""

from __future__ import annotations

from typing import Any


def copy(cursor: Any, name: str, definition: str, columns: list[str], data: bytes) -> None:
    """Fills the temporary table `rugui_in_…` anew.

    No statistics are gathered: whatever is looked up from these tables is looked up row by row, and how many rows
    there are the planner knows from their size. Whoever joins them asks for statistics of the joined column.
    """
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS rugui_in_{name} ({definition})")
    cursor.execute(f"TRUNCATE pg_temp.rugui_in_{name}")
    with cursor.copy(f"COPY pg_temp.rugui_in_{name} ({', '.join(columns)}) FROM STDIN") as stream:
        for start in range(0, len(data), 1 << 20):
            stream.write(data[start : start + (1 << 20)])
