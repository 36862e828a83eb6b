from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.catalogue import Resource, ResourceKind
from cpbillmgr.model.local import LocalResource
from cpbillmgr.model.operations import State as Stage
from cpbillmgr.model.plan import Action
from cpbillmgr.model.services import Status
from cpbillmgr.store.schema.migrations import KNOWN_SCHEMA, migrate, schema_number
from cpbillmgr.store.schema.tables import MIGRATIONS
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import open_database, transaction
from cpbillmgr.store.state import State
from tests.store.nouns import FOUR_EUROS, LATER, NOW, WEB1

_NEXT = (*MIGRATIONS, ("CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT",))
_BROKEN = (*MIGRATIONS, ("CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT", "CREATE NONSENSE"))


def _tables(path: Path) -> set[str]:
    database = sqlite3.connect(path)
    try:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    finally:
        database.close()


def test_each_migration_leaves_its_number_and_time(state: State) -> None:
    assert state.database.execute("SELECT * FROM migration").fetchall() == [
        (number, "2026-11-21T12:00:00.000000+00:00") for number in range(1, KNOWN_SCHEMA + 1)
    ]
    assert schema_number(state.database) == KNOWN_SCHEMA


def test_every_table_is_strict(state: State) -> None:
    rows = state.database.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict")
    assert [name for (name,) in rows if not name.startswith("sqlite_")] == []


def test_opening_again_migrates_nothing_and_writes_no_backup(state: State, path: Path) -> None:
    with State.open(path, now=LATER) as again:
        assert schema_number(again.database) == KNOWN_SCHEMA
    assert list(path.parent.iterdir()) == [path]


def test_before_a_later_migration_a_private_copy_of_the_data_is_written(state: State, path: Path) -> None:
    state.inventory.put([WEB1])
    migrate(state.database, now=LATER, migrations=_NEXT)
    copy = path.with_name(f"state.db.before-{KNOWN_SCHEMA + 1}")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "novelty" in _tables(path)
    assert "novelty" not in _tables(copy)
    with State.open(copy, now=NOW) as before:
        assert before.inventory.services() == [WEB1]


def test_a_migration_that_fails_leaves_the_old_schema(state: State, path: Path) -> None:
    with pytest.raises(StateUnusable):
        migrate(state.database, now=LATER, migrations=_BROKEN)
    assert schema_number(state.database) == KNOWN_SCHEMA
    assert "novelty" not in _tables(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused_with_both_numbers(state: State, path: Path, read_only: bool) -> None:
    migrate(state.database, now=LATER, migrations=_NEXT)
    with pytest.raises(
        StateUnusable,
        match=f"has schema {KNOWN_SCHEMA + 1}, and this cpbillmgr knows schema {KNOWN_SCHEMA} at most",
    ):
        State.open(path, now=LATER, read_only=read_only)


def test_a_reader_refuses_an_old_schema_and_tells_how_to_migrate(path: Path) -> None:
    database = open_database(path)
    database.execute("PRAGMA application_id = 0x63706231")
    database.close()
    with pytest.raises(StateUnusable, match="has the old schema 0") as caught:
        State.open(path, now=NOW, read_only=True)
    assert "fixchilds" in caught.value.hint


def test_the_third_migration_keeps_links_and_journal_and_a_copy_of_before(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:2])
    database.execute(
        "INSERT INTO license (remote, id, name, ip, tariff_name, status, autoprolong)"
        " VALUES ('isp', '501', 'web1', '203.0.113.5', '', 'active', 'null')"
    )
    database.execute(
        "INSERT INTO link VALUES ('isp', '501', '12', 'panel', 'same tariff and IP', ?, 'active')",
        (time_text(NOW),),
    )
    database.execute(
        "INSERT INTO operation (run, action, remote, service, addon, tariff, period, ip, name, remoteid,"
        " because, state, steps, sends, error, planned_at, failure) VALUES ('run1', 'order', 'isp', '13',"
        " 'panel', 55227, 1, '203.0.113.6', 'web2', '', 'none is free', 'planned', '[]', 0, '', ?, '')",
        (time_text(NOW),),
    )
    database.close()
    with State.open(path, now=LATER) as state:
        assert state.links.all("isp") == {("12", "panel"): "501"}
        assert state.links.followed("isp") == {("12", "panel"): Status.ACTIVE}
        assert state.database.execute("SELECT because, adoption FROM link").fetchall() == [
            ("same tariff and IP", None)
        ]
        assert state.protections.all("isp") | state.links.unlinked_by_hand("isp") == frozenset()
        assert [operation.run for operation in state.operations.all()] == ["run1"]
    copy = path.with_name("state.db.before-3")
    assert not {"adoption", "unlinked", "protection"} & _tables(copy)
    assert "link" in _tables(copy)


def test_the_second_migration_keeps_the_journal_and_its_history(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:1])
    database.execute(
        "INSERT INTO operation VALUES (7, 'run', 'release', 'isp', '12', 'panel', 55227, 1, NULL,"
        " '203.0.113.5', 'web1', '', 'given up', 'in doubt', '501', NULL, NULL,"
        " '[\"suspended\"]', 1, 'no answer', ?, ?, ?,"
        " NULL, NULL, NULL)",
        (time_text(NOW), time_text(NOW), time_text(LATER)),
    )
    database.execute(
        "INSERT INTO operation_move VALUES (1, 7, ?, 'sent', 'in doubt', 'no answer')", (time_text(LATER),)
    )
    database.close()
    with State.open(path, now=LATER) as state:
        kept = state.operations.get(7)
        assert (kept.action, kept.state, kept.steps) == (Action.RELEASE, Stage.IN_DOUBT, ("suspended",))
        assert [move.why for move in state.operations.moves(7)] == ["no answer"]
        with pytest.raises(StateUnusable, match="append-only"), transaction(state.database) as journal:
            journal.execute("DELETE FROM operation_move")


def test_the_fifth_migration_keeps_the_journal_and_its_operations_replace_nothing(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:4])
    database.execute(
        "INSERT INTO operation VALUES (7, 'run', 'order', 'isp', '12', 'panel', 55227, 1, NULL,"
        " '203.0.113.5', 'web1', 'cpb1-main-12-panel-1', 'none is free', 'done', '501', '4.00', 'EUR',"
        " '[]', 1, '', ?, ?, NULL, NULL, ?, NULL, '')",
        (time_text(NOW), time_text(NOW), time_text(LATER)),
    )
    database.close()
    with State.open(path, now=LATER) as state:
        kept = state.operations.get(7)
        assert (kept.license, kept.ended_at, kept.failure, kept.replaces) == ("501", LATER, "", None)
        assert state.operations.replaced("isp") == {}
        assert state.links.addresses("isp") == {}
    assert path.with_name("state.db.before-5").exists()


def test_the_seventh_migration_makes_amounts_of_nodes_by_the_add_on_that_counted_them(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:6])
    for number, (tariff, nodes) in enumerate([(55230, 3), (7001, 4), (7002, 5), (55227, None)], start=1):
        database.execute(
            "INSERT INTO operation VALUES (?, 'run', 'order', 'isp', ?, 'panel', ?, 1, ?,"
            " '203.0.113.5', 'web1', 'cpb1-main-12-panel-1', 'none is free', 'sent', NULL, '4.00', 'EUR',"
            " '[]', 1, '', ?, ?, NULL, NULL, NULL, NULL, '', NULL)",
            (number, str(number), tariff, nodes, time_text(NOW), time_text(NOW)),
        )
    nodes_of = '{"id": 9, "minimum": 2, "prices": {"1": ["4.00", "EUR"]}}'
    for tariff, theirs in ((7001, nodes_of), (55227, "null")):
        database.execute(
            "INSERT INTO tariff VALUES ('isp', ?, 'soft', 'ours', '{}', 'EUR', NULL, 1, 0, ?, ?)",
            (
                tariff,
                f'{{"name": "theirs", "prices": {{}}, "lengths": null, "nodes": {theirs}}}',
                time_text(NOW),
            ),
        )
    database.execute(
        "INSERT INTO tariff_resource VALUES ('isp', 7001, 9, 0, 0, ?)",
        ('{"name": "Nodes", "kind": "amount", "prices": {"1": ["4.00", "EUR"]}, "values": []}',),
    )
    database.close()
    with State.open(path, now=LATER) as state:
        amounts = [operation.amounts for operation in state.operations.open("isp")]
        assert amounts == [((55236, 3),), ((9, 4),), ((0, 5),), ()]
        tariffs = state.tariffs.all("isp")
        counting = Resource(9, "nodes", ResourceKind.AMOUNT, {1: FOUR_EUROS}, minimum=2)
        assert [tariffs[id].theirs.node_addon for id in (7001, 55227)] == [counting, None]
        told = Resource(9, "Nodes", ResourceKind.AMOUNT, {1: FOUR_EUROS})
        assert tariffs[7001].resources == (LocalResource(told, is_active=False),)


def test_the_eighth_migration_keeps_the_journal_and_tells_no_panel_of_what_was_ordered(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:7])
    database.execute(
        "INSERT INTO operation VALUES (7, 'run', 'order', 'isp', '12', 'more', 55371, 1, '', 'web1',"
        " 'cpb1-main-12-more-1', 'it has none', 'done', '501', '10.00', 'EUR', '[]', 1, '', ?, ?, NULL, NULL,"
        " ?, NULL, '', NULL, '[[9, 3]]')",
        (time_text(NOW), time_text(NOW), time_text(LATER)),
    )
    database.close()
    with State.open(path, now=LATER) as state:
        kept = state.operations.get(7)
        assert (kept.license, kept.ended_at, kept.amounts, kept.panel) == ("501", LATER, ((9, 3),), None)
        assert state.operations.panels("isp") == {}
    assert path.with_name("state.db.before-8").exists()
