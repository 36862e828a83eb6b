"""Twelve services at once: calls side by side, each with its row in the journal before it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import service, spare

SERVICES = [service(str(number)) for number in range(21, 33)]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office that has given twelve services their licenses, from a remote that takes its time."""
    office = open_office(services=SERVICES, licenses=[spare(1), spare(2), spare(3)], latency_ms=100)
    result = office.run("fixchilds", "--yes")
    assert result.code == 0, result.err
    return office


def moves(office: Office) -> list[tuple[int, str]]:
    """Return operation and new state of each move of the journal, in the order in which they were written."""
    with closing(sqlite3.connect(office.state_file)) as database:
        return list(database.execute("SELECT operation, to_state FROM operation_move ORDER BY id"))


def test_several_changes_are_under_way_at_once_and_no_more_than_allowed(office: Office) -> None:
    under_way: set[int] = set()
    most = 0
    for operation, state in moves(office):
        if state == "sent":
            under_way.add(operation)
        elif state == "done":
            under_way.remove(operation)
        most = max(most, len(under_way))
    assert (most, under_way) == (4, set())


def test_each_order_stands_in_the_journal_before_it_is_sent_and_paid(office: Office) -> None:
    sent = {operation.license: operation.sent_at for operation in office.operations}
    for charge in office.world["charges"]:
        written = sent[str(charge["license"])]
        assert written is not None
        assert written < datetime.fromisoformat(charge["time"])


def test_each_service_has_one_license_and_each_license_one_service(office: Office) -> None:
    assert set(office.links) == {each["id"] for each in SERVICES}
    assert len(set(office.links.values())) == 12
    assert (len(office.orders), office.world["account"]["balance"]) == (9, "964.00")


def test_one_connection_is_enough_where_only_one_is_allowed(open_office: OpenOffice) -> None:
    office = open_office(services=SERVICES[:4])
    office.set_settings(parallel=1)
    assert office.run("fixchilds", "--yes").code == 0
    states = [state for _, state in moves(office)]
    assert states == ["planned", "sent", "done"] * 4
