"""``audit``: each drift is told once, with its amount and what mends it; nothing else is dirt."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conftest import OpenOffice
from tests.runs.days import Days, linked, paid
from tests.runs.drift import DRIFT, Told, open_drift
from tests.runs.office import Result
from tests.runs.worlds import A_MONTH, OLD_LITE, Fields, service


@pytest.fixture
def days(open_office: OpenOffice) -> Days:
    return open_drift(open_office)


def findings(days: Days) -> list[Fields]:
    found: list[Fields] = days.run("audit", "--json").json["findings"]
    return found


def subject(each: Fields) -> str:
    return f"license {each['license']}" if each["license"] else f"service {each['service']}"


def follow_advice(days: Days) -> list[tuple[str, Result]]:
    """Type each command that an audit prints for what is dirt, and return what each has left behind."""
    lines = dict.fromkeys(each["mend"] for each in findings(days) if each["dirt"])
    steps = [step for line in lines for step in line.split(" && ")]
    return [(step, days.run(*step.split()[1:])) for step in steps]


def test_each_drift_is_told_once_with_its_amount_and_nothing_else_is(days: Days) -> None:
    found = findings(days)
    assert {subject(each): Told(each["class"], each["amount"], each["mend"]) for each in found} == DRIFT
    assert len(found) == len(DRIFT)


def test_a_look_of_an_auditor_changes_nothing(days: Days) -> None:
    before, world = days.office.state_file.read_bytes(), days.office.world
    assert days.run("audit", "--expect-clean").code == 4
    assert days.run("audit").code == 0
    assert (days.office.writes, days.office.state_file.read_bytes(), days.office.world) == ([], before, world)


def test_after_the_printed_commands_nothing_is_to_be_mended(days: Days) -> None:
    done = follow_advice(days)
    refused = [(step, result.code, result.err) for step, result in done if result.code]
    assert [(step, code) for step, code, _ in refused] == [("cpbillmgr checkevent", 7)]  # the doubt is young
    assert [each for each in findings(days) if each["dirt"]] == []
    assert days.run("audit", "--expect-clean").code == 0


def test_the_last_line_and_the_totals_say_the_same(days: Days) -> None:
    shown = days.run("audit", "--json").json
    counts = Counter(each["class"] for each in shown["findings"])
    assert {kind: number for kind, number in shown["totals"].items() if kind in counts} == counts
    dirt = [each for each in shown["findings"] if each["dirt"]]
    assert (shown["clean"], shown["totals"]["dirt"], len(dirt)) == (False, len(dirt), 17)
    told = days.run("audit").out.splitlines()[-1]
    assert told.startswith(f"{len(dirt)} to mend (")
    assert told.endswith(f", {shown['totals']['in_order']} in order.")


def test_an_audit_counts_the_days_of_a_period_that_is_an_id(open_office: OpenOffice) -> None:
    old: Fields = {"pricelist": OLD_LITE, "period": A_MONTH, "lickey": ""}
    days = linked(open_office, [paid(1, "203.0.113.12", **old)], [service("12", "Lite")], generation=4)
    days.office.import_services(service("12", "Lite", ip="203.0.113.99"))
    (each,) = days.run("audit", "--json").json["findings"]
    assert (each["class"], each["amount"]) == ("wrong IP", "2.58")
