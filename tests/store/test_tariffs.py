"""Our catalogue and our enumeration are read back as they were written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.catalogue import Resource, ResourceKind, ResourceValue, Tariff
from cpbillmgr.model.local import EnumerationValue, LocalResource, LocalTariff
from cpbillmgr.model.money import Money
from cpbillmgr.store.schema.migrations import migrate
from cpbillmgr.store.schema.tables import MIGRATIONS
from cpbillmgr.store.sqlite.database import open_database
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, NOW, PANEL, WEB2


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


BACKUP = Resource(8, "Backup", ResourceKind.ENUMERATION, {}, (ResourceValue(1, "10 GB", {1: eur("0.50")}),))
NODES = Resource(9, "Nodes", ResourceKind.AMOUNT, {8: eur("5.00")}, (), "nodes", 2)
THEIRS = Tariff(55230, "business", {8: eur("15.00")}, NODES, {8: 1}, (BACKUP, NODES))
OURS = LocalTariff(
    "isp",
    "soft",
    THEIRS,
    "Cluster",
    {8: Money(Decimal("1999.90"), "RUB")},
    "RUB",
    Decimal("98.7654"),
    is_enabled=True,
    resources=(LocalResource(BACKUP, is_active=False), LocalResource(NODES, is_active=True)),
)


def test_a_tariff_comes_back_as_it_was_kept(state: State) -> None:
    state.tariffs.put([OURS], NOW)
    assert state.tariffs.all("isp") == {55230: OURS}
    assert state.tariffs.one("isp", 55230) == OURS
    assert state.tariffs.all("other") == {}


def test_one_of_generation_5_has_no_lengths_and_may_have_no_nodes(state: State) -> None:
    plain = replace(OURS, theirs=Tariff(55230, "lite", {1: eur("4.00")}), rate=None, resources=())
    state.tariffs.put([plain], NOW)
    assert state.tariffs.one("isp", 55230) == plain


def test_a_resource_that_is_gone_is_remembered_but_the_remote_has_it_no_more(state: State) -> None:
    gone = replace(OURS.resources[0], is_gone=True)
    changed = replace(
        OURS, theirs=replace(THEIRS, resources=(NODES,)), resources=(gone, OURS.resources[1]), is_gone=True
    )
    state.tariffs.put([OURS], NOW)
    state.tariffs.put([changed], LATER)
    assert state.tariffs.all("isp") == {55230: changed}


def test_one_that_was_never_imported_is_told_how_to_be(state: State) -> None:
    with pytest.raises(UsageWrong, match="there is no tariff 55230") as caught:
        state.tariffs.one("isp", 55230)
    assert "tariff import 55230" in caught.value.hint


LITE = EnumerationValue("Lite", 55227, {1: eur("5.00"), 12: eur("50.00")})


def test_values_of_the_enumeration_come_back_for_their_remote(state: State) -> None:
    state.enumeration.put("isp", LITE)
    state.enumeration.put("other", replace(LITE, tariff=7))
    assert state.enumeration.values("isp") == {"Lite": LITE}
    state.enumeration.put("isp", replace(LITE, prices={}))
    assert state.enumeration.values("isp")["Lite"].prices == {}
    state.enumeration.remove("isp", "Lite")
    assert state.enumeration.values("isp") == {}
    assert list(state.enumeration.values("other")) == ["Lite"]


def test_a_value_that_is_not_there_cannot_be_removed(state: State) -> None:
    with pytest.raises(UsageWrong, match="no value 'Lite'"):
        state.enumeration.remove("isp", "Lite")


def test_the_sixth_migration_keeps_everything_and_begins_without_a_catalogue(path: Path) -> None:
    database = open_database(path)
    migrate(database, now=NOW, migrations=MIGRATIONS[:5])
    database.execute(
        "INSERT INTO service (id, type, name, ip, status) VALUES ('13', 'vds', 'web2', '', 'suspended')"
    )
    database.execute(
        "INSERT INTO addon (service, position, name, kind, value, id)"
        " VALUES ('13', 0, 'panel', 'enumeration', 'Lite', 31)"
    )
    database.close()
    with State.open(path, now=LATER) as state:
        assert state.inventory.services() == [replace(WEB2, addons=(PANEL,))]
        assert (state.tariffs.all("isp"), state.enumeration.values("isp")) == ({}, {})
    assert path.with_name("state.db.before-6").exists()
