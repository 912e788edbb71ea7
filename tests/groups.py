"""The groups of tests that stay on one process (`xdist_group`), told to the process that hands tests out.

That one reads a group from the end of a test's name (`…::test_it@heavy`). pytest-xdist writes the end into `_nodeid`,
where pytest from 9.2 on no longer looks for a name, so groups would fall apart.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)  # around the telling only: reports, and what failed last, keep the plain name
def pytest_collection_finish(session: pytest.Session) -> Generator[None, None, None]:
    grouped = [(item, item.id, item._nodeid) for item in session.items if hasattr(item, "_nodeid")]
    for item, own, name in grouped:
        item._id = own.parse(name)
    yield
    for item, own, _ in grouped:
        item._id = own
