"""The measurements still run; how long anything takes is not asserted."""

from __future__ import annotations

import sys

from tests.bench.processes import measured


def table(bench: str, *arguments: str) -> list[list[str]]:
    printed = measured([sys.executable, "-m", f"tests.bench.{bench}", *arguments]).output
    return [line.split() for line in printed.splitlines()]


def test_the_start_is_measured_beside_an_import_of_click() -> None:
    head, click, *ours = table("bench_startup", "1")
    assert head == ["command", "median", "ms", "ratio"]
    assert click[:2] == ["import", "click"]
    assert click[-1] == "1.00"
    assert ["python", "-m", "cpbillmgr", "--version"] in [row[:4] for row in ours]


def test_a_site_in_sync_is_measured_by_its_services() -> None:
    head, row = table("bench_fixchilds", "3")
    assert head == ["services", "seconds", "peak", "MiB"]
    assert row[0] == "3"
    assert float(row[1]) > 0


def test_a_checkevent_is_measured_beside_a_bare_script() -> None:
    head, floor, nothing, some = table("bench_checkevent", "1", "100")
    assert head == ["run", "median", "ms", "ratio", "cpu", "ms"]
    assert (floor[0], floor[2]) == ("floor", "1.00")
    assert nothing[:3] == ["checkevent,", "nothing", "changed"]
    assert some[:6] == ["checkevent,", "1", "%", "of", "100", "changed"]
    assert min(map(float, (*nothing[-3:], *some[-3:]))) > 0
