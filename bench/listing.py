"""Listing files, page by page, through the server: 100,000 files of one project on SQLite.

    python bench/listing.py [--files 100000] [--size 100]

The floor is the same request to /healthz.  Target: every page within 50 ms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import create_engine, insert

from pollux.stores.tables import BLOBS, FILES
from pollux.testing import RunningServer, ScriptedEngine, running


def fill(server: RunningServer, count: int) -> None:
    """Writes `count` file records straight into the server's database."""
    now = datetime.now(UTC)
    engine = create_engine(server.app.settings.store.database_url)
    for first in range(0, count, 5_000):
        numbers = range(first, min(first + 5_000, count))
        with engine.begin() as connection:
            connection.execute(
                insert(BLOBS), [{"id": f"b{n}", "size": 1, "sealed": True, "created_at": now} for n in numbers]
            )
            connection.execute(
                insert(FILES),
                [
                    {
                        **{"id": f"f{n}", "project": "default", "display_name": f"File {n}", "mime_type": "image/png"},
                        **{"size": 1, "sha256": "00" * 32, "blob": f"b{n}", "state": "ACTIVE", "source": "UPLOADED"},
                        **{"created_at": now + timedelta(microseconds=n), "updated_at": now},
                        "expires_at": now + timedelta(hours=48),
                    }
                    for n in numbers
                ],
            )
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=100)
    options = parser.parse_args()
    pages, floor, token, seen = [], [], "", 0
    with running(ScriptedEngine()) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        fill(server, options.files)
        while True:
            began = time.perf_counter()
            client.get("/healthz")
            between = time.perf_counter()
            query = {"key": "k", "pageSize": options.size, "pageToken": token}
            page = client.get("/v1beta/files", params=query).raise_for_status().json()
            pages.append((time.perf_counter() - between) * 1000)
            floor.append((between - began) * 1000)
            seen += len(page.get("files", []))
            token = page.get("nextPageToken", "")
            if not token:
                break
    assert seen == options.files, seen
    ordered = sorted(pages)
    print(f"{len(pages)} pages of {options.size}: {seen} files")
    p99 = ordered[int(len(ordered) * 0.99)]
    print(f"a page: median {statistics.median(pages):.1f} ms, p99 {p99:.1f}, most {ordered[-1]:.1f}")
    print(f"floor (/healthz): median {statistics.median(floor):.1f} ms; target: 50 ms a page")


if __name__ == "__main__":
    main()
