"""Services that change while they have a license: fixchilds brings the license to what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Outcome
from cpbillmgr.runs.checkevent import Asked as AskedByCron
from cpbillmgr.runs.checkevent import checkevent
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.site import utc_now
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import (
    ACTIVE,
    BUSINESS,
    DNS,
    FREE_IP,
    FREE_NAME,
    LITE,
    NODES,
    PRO,
    SUSPENDED,
    Fields,
    day,
    license,
    service,
    spare,
)

UPGRADE = "Option UseExistingOnUpgrade\n"
OLD, NEW = "203.0.113.12", "203.0.113.99"
JUST_MOVED: Fields = {"ip_change_date": day(-3)}
RESTED = day(-40)
LONG_RESTED: Fields = {"ip_change_date": day(-200), "lickey_change_date": day(-200)}


def an_office(
    open_office: OpenOffice,
    *others: Fields,
    conf: str = "",
    settings: str = "",
    nodes: int | None = None,
    **own: Any,
) -> Office:
    """Open an office where service 12 has license 1, which nothing has changed yet."""
    panel = "55230" if nodes else "55227"
    office = open_office(
        services=[service("12", panel, nodes=nodes)],
        licenses=[license(1, OLD, expiredate=day(200), **own), *others],
    )
    office.write("cpbillmgr5.conf", conf)
    office.set_settings(settings)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    assert office.links == {"12": "1"}
    office.forget_calls()
    return office


def fix(office: Office, *words: str) -> list[tuple[str, str, str]]:
    """Run fixchilds, check that the next one has nothing to do, and return what was done."""
    result = office.run("fixchilds", "--yes", "--json", *words)
    assert result.code == 0, result.err
    office.check_promises()
    office.forget_calls()
    again = office.run("fixchilds", "--yes", "--json")
    assert (again.code, again.changes, office.writes) == (0, [], [])
    return result.changes


def shown(office: Office, id: int, *names: str) -> Sequence[object]:
    (found,) = office.licenses(id=id)
    return [found[name] for name in names]


def charges(office: Office) -> list[str]:
    return [each["amount"] for each in office.world["charges"]]


def test_another_tariff_changes_the_license_and_costs_the_difference(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2, pricelist=PRO))
    office.import_services(service("12", "55228"))
    plan = office.run("fixchilds", "--dry-run", "--json")
    assert plan.changes == [("change-tariff", "12", "planned")]
    assert plan.json["cost"] == [{"amount": "4.10", "currency": "EUR"}]
    assert "not told beforehand" in plan.json["warnings"][0]
    assert office.writes == []
    assert fix(office) == [("change-tariff", "12", "done")]
    assert (shown(office, 1, "pricelist", "ip"), charges(office)) == ([PRO, OLD], ["4.10"])


def test_more_than_may_be_spent_changes_nothing(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", "55228"))
    assert (office.run("fixchilds", "--yes", "--max-spend", "4").code, office.writes) == (5, [])


def test_with_use_existing_one_of_the_pool_takes_its_place(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2, pricelist=PRO), conf=UPGRADE)
    office.import_services(service("12", "55228"))
    assert fix(office) == [("take", "12", "done"), ("release", "license:1", "done")]
    assert charges(office) == []
    assert shown(office, 2, "ip", "status", "licname") == [OLD, ACTIVE, "Item #12 addon web12"]
    assert shown(office, 1, "ip", "status", "licname", "remoteid") == [FREE_IP, SUSPENDED, FREE_NAME, ""]
    assert office.links == {"12": "2"}


@pytest.mark.parametrize(
    ("other", "own"),
    [
        (spare(2, pricelist=BUSINESS), {}),
        (spare(2, pricelist=PRO, ip_change_date=day(-3)), {}),
        (spare(2, pricelist=PRO), JUST_MOVED),
    ],
    ids=["of another tariff", "not rested", "its own may not leave the address"],
)
def test_where_none_may_take_its_place_its_own_tariff_is_changed(
    open_office: OpenOffice, other: Fields, own: Fields
) -> None:
    office = an_office(open_office, other, conf=UPGRADE, **own)
    office.import_services(service("12", "55228"))
    assert fix(office) == [("change-tariff", "12", "done")]


def test_another_product_is_ordered_and_the_old_one_released(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", str(DNS)))
    assert fix(office) == [("order", "12", "done"), ("release", "license:1", "done")]
    assert charges(office) == ["2.00"]
    assert shown(office, 1, "licname", "ip") == [FREE_NAME, FREE_IP]
    assert shown(office, 7000, "pricelist", "ip") == [DNS, OLD]


def test_another_product_of_the_pool_is_taken(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2, pricelist=DNS))
    office.import_services(service("12", str(DNS)))
    assert fix(office) == [("take", "12", "done"), ("release", "license:1", "done")]
    assert charges(office) == []


def test_what_may_not_be_freed_yet_is_stopped_and_freed_when_its_day_has_come(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, **JUST_MOVED)
    office.import_services(service("12", str(DNS)))
    assert fix(office) == [("order", "12", "done"), ("suspend", "license:1", "done")]
    assert shown(office, 1, "status", "ip") == [SUSPENDED, OLD]
    assert (office.run("checkevent").code, office.writes) == (0, [])
    office.control("clock", {"days": "40"})
    with office.site("checkevent", minutes=40 * 24 * 60) as site:
        rows = checkevent(site, AskedByCron()).rows
    assert Action.RELEASE in [row.decision.action for row in rows]
    assert shown(office, 1, "licname", "ip") == [FREE_NAME, FREE_IP]


def test_what_may_not_be_reused_is_deleted(open_office: OpenOffice) -> None:
    office = an_office(open_office, settings='reuse = "never"')
    office.import_services(service("12", str(DNS)))
    assert fix(office) == [("order", "12", "done"), ("delete", "license:1", "done")]
    assert shown(office, 1, "status") == [4]


def test_another_address_moves_the_license(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", ip=NEW))
    assert fix(office) == [("move", "12", "done")]
    assert shown(office, 1, "ip", "licname") == [NEW, "bought by hand"]


def test_a_license_that_may_not_move_yet_is_swapped(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2), **JUST_MOVED)
    office.import_services(service("12", ip=NEW))
    assert fix(office) == [("take", "12", "done"), ("suspend", "license:1", "done")]
    assert shown(office, 2, "ip", "status") == [NEW, ACTIVE]
    assert (shown(office, 1, "ip", "status"), charges(office)) == ([OLD, SUSPENDED], [])
    audited = office.run("audit", "--expect-clean", "--json")
    assert (audited.code, audited.json["findings"][0]["class"]) == (0, "releasing")


@pytest.mark.parametrize(("policy", "spares"), [("swap", []), ("wait", []), ("wait", [spare(2)])])
def test_a_license_that_may_not_move_yet_waits_and_its_day_is_told(
    open_office: OpenOffice, policy: str, spares: list[Fields]
) -> None:
    office = an_office(open_office, *spares, settings=f'[changes]\nip = "{policy}"', **JUST_MOVED)
    office.import_services(service("12", ip=NEW))
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes, office.writes) == (3, [("move", "12", "held")], [])
    assert "can be moved from 20" in result.json["changes"][0]["because"]


def test_with_order_another_is_bought_for_the_new_address(open_office: OpenOffice) -> None:
    office = an_office(open_office, settings='[changes]\nip = "order"', **JUST_MOVED)
    office.import_services(service("12", ip=NEW))
    assert fix(office) == [("order", "12", "done"), ("suspend", "license:1", "done")]
    assert (shown(office, 7000, "ip", "pricelist"), charges(office)) == ([NEW, LITE], ["4.00"])


def test_a_license_that_the_remote_finds_moved_too_early_is_swapped_the_next_time(
    open_office: OpenOffice,
) -> None:
    """The remote lives in the past, so what has rested by our calendar has not by its own."""
    office = an_office(open_office, spare(2, **LONG_RESTED), ip_change_date=RESTED)
    office.control("clock", {"days": "-25"})
    office.import_services(service("12", ip=NEW))
    first = office.run("fixchilds", "--yes", "--json")
    assert (first.code, first.changes) == (3, [("move", "12", "failed")])
    assert fix(office) == [("take", "12", "done"), ("suspend", "license:1", "done")]


@pytest.mark.parametrize(("nodes", "cost"), [(5, ["10.00"]), (2, [])], ids=["more", "fewer"])
def test_another_number_of_nodes_is_edited(open_office: OpenOffice, nodes: int, cost: list[str]) -> None:
    office = an_office(open_office, nodes=3, pricelist=BUSINESS, addons={str(NODES): 3})
    office.import_services(service("12", "55230", nodes=nodes))
    assert fix(office) == [("edit", "12", "done")]
    assert (shown(office, 1, "addons"), charges(office)) == ([{str(NODES): nodes}], cost)


def test_everything_at_once_is_done_one_after_the_other(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", "55230", nodes=3, ip=NEW))
    done = fix(office)
    assert done == [("change-tariff", "12", "done"), ("move", "12", "done"), ("edit", "12", "done")]
    assert shown(office, 1, "pricelist", "ip", "addons") == [BUSINESS, NEW, {str(NODES): 3}]
    assert charges(office) == ["16.00", "10.00"]


def test_what_follows_a_change_that_fails_is_not_done(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", "55228", ip=NEW))
    office.fault("500-after:service.changepricelist!")
    result = office.run("fixchilds", "--yes", "--json")
    assert result.code == 7
    assert result.changes == [("change-tariff", "12", "in-doubt"), ("move", "12", "skipped")]


@pytest.mark.parametrize("words", [["--link-only"], ["--service", "13"]])
def test_who_asks_for_less_gets_less(open_office: OpenOffice, words: list[str]) -> None:
    office = an_office(open_office)
    office.import_services(service("12", "55228"), service("13", "nopanel"))
    assert (office.run("fixchilds", "--yes", *words).code, office.writes) == (0, [])


def refusing_office(open_office: OpenOffice, *others: Fields) -> Office:
    """Open an office where service 12 wants Pro, and the remote would not yet hand license 2 out."""
    rested = spare(2, pricelist=PRO, expiredate=day(300), **LONG_RESTED | {"ip_change_date": RESTED})
    office = an_office(open_office, rested, *others, conf=UPGRADE, **LONG_RESTED)
    office.control("clock", {"days": "-25"})
    office.import_services(service("12", "55228"))
    return office


def test_one_that_is_refused_leaves_its_turn_to_the_next_spare(open_office: OpenOffice) -> None:
    office = refusing_office(open_office, spare(3, pricelist=PRO, **LONG_RESTED))
    assert fix(office)[0] == ("take", "12", "done")
    assert (office.links, shown(office, 3, "ip"), shown(office, 2, "ip")) == ({"12": "3"}, [OLD], [FREE_IP])


def test_where_all_are_refused_its_own_comes_back_if_it_may(open_office: OpenOffice) -> None:
    office = refusing_office(open_office)

    def let_it_move() -> datetime:
        office.edit_world(lambda world: world["licenses"][0].update(LONG_RESTED))
        return utc_now()

    with office.site("fixchilds") as site:
        report = fixchilds([replace(site, now=let_it_move)], Asked(confirmed=True))
    assert [row.outcome for row in report.rows] == [Outcome.FAILED, Outcome.SKIPPED]
    assert (office.links, shown(office, 1, "ip"), shown(office, 2, "ip")) == ({"12": "1"}, [OLD], [FREE_IP])
    assert [call["params"]["ip"] for call in office.writes] == [FREE_IP, OLD, OLD]
    assert fix(office) == [("change-tariff", "12", "done")]


def test_a_service_is_never_left_without_a_license_in_silence(open_office: OpenOffice) -> None:
    office = refusing_office(open_office)
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes[0]) == (3, ("take", "12", "failed"))
    assert "service 12 has no license on 203.0.113.12 now" in result.json["changes"][0]["error"]
    operation = office.operations[-1]
    assert (operation.state, shown(office, 1, "ip")) == (State.MANUAL, [FREE_IP])
    told = office.run("checkevent")
    assert (told.code, "waits for a person" in told.err) == (3, True)
    assert office.run("operation", "cancel", str(operation.id)).code == 0
    assert fix(office) == [("order", "12", "done"), ("release", "license:1", "done")]
    assert shown(office, 7000, "ip", "pricelist") == [OLD, PRO]


def cron(office: Office, *words: str) -> list[tuple[str, str, str]]:
    """Run checkevent, check that the next one is quiet, and return what was done."""
    office.run("checkevent")
    result = office.run("checkevent", "--json", *words)
    assert result.code == 0, result.err
    office.forget_calls()
    assert (office.run("checkevent").out, office.writes) == ("", [])
    return result.changes


def test_cron_moves_a_license_that_may_be_moved(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", ip=NEW))
    assert office.run("checkevent", "--json").changes == [("move", "12", "done")]
    assert shown(office, 1, "ip") == [NEW]
    assert cron(office) == []


@pytest.mark.parametrize("own", [[], [spare(1)], [license(1, OLD)]], ids=["ordered", "taken", "linked"])
def test_cron_follows_a_service_that_moved_before_a_first_look_in_accord(
    open_office: OpenOffice, own: list[Fields]
) -> None:
    office = open_office(services=[service("12")], licenses=own)
    assert office.run("fixchilds", "--yes").code == 0
    office.edit_world(lambda world: world["licenses"][0].update(ip_change_date=day(-40)))
    office.import_services(service("12", ip=NEW))
    assert office.run("checkevent", "--json").changes == [("move", "12", "done")]
    assert shown(office, int(office.links["12"]), "ip") == [NEW]


def test_cron_follows_a_service_that_moves_again_right_after_a_move(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", ip=NEW))
    assert office.run("checkevent", "--json").changes == [("move", "12", "done")]
    office.edit_world(lambda world: world["licenses"][0].update(ip_change_date=day(-40)))
    office.import_services(service("12", ip="203.0.113.98"))
    assert office.run("checkevent", "--json").changes == [("move", "12", "done")]
    assert shown(office, 1, "ip") == ["203.0.113.98"]


def test_cron_leaves_a_license_where_a_person_has_moved_it(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("license", "move", "1", NEW).code == 0
    office.edit_world(lambda world: world["licenses"][0].update(ip_change_date=day(-40)))
    told = office.run("checkevent")
    assert f"license 1 is on {NEW}, its service 12 on {OLD}; see" in told.err
    assert shown(office, 1, "ip") == [NEW]


def test_cron_swaps_one_that_may_not_be_moved_yet(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2), **JUST_MOVED)
    office.import_services(service("12", ip=NEW))
    result = office.run("checkevent", "--json")
    assert (result.changes, result.json["notices"]) == (
        [("take", "12", "done"), ("suspend", "license:1", "done")],
        [],
    )
    assert (shown(office, 2, "ip"), office.links, charges(office)) == ([NEW], {"12": "2"}, [])
    assert cron(office) == []


@pytest.mark.parametrize("policy", ["swap", "order"])
def test_cron_buys_nothing_and_tells_the_day_once(open_office: OpenOffice, policy: str) -> None:
    office = an_office(open_office, settings=f'[changes]\nip = "{policy}"', **JUST_MOVED)
    office.import_services(service("12", ip=NEW))
    told = office.run("checkevent")
    assert "license 1 is on 203.0.113.12, its service 12 on 203.0.113.99; it can be moved from 20" in told.err
    assert (told.code, office.writes) == (0, [])
    assert cron(office) == []


def test_cron_tells_of_another_tariff_and_changes_nothing(open_office: OpenOffice) -> None:
    office = an_office(open_office, spare(2, pricelist=PRO), conf=UPGRADE)
    office.import_services(service("12", "55228"))
    told = office.run("checkevent")
    assert "'cpbillmgr fixchilds --service 12' changes it" in told.err
    assert (told.code, office.writes) == (0, [])
    assert cron(office) == []
