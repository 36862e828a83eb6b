from __future__ import annotations

import pytest

from cpbillmgr.sandbox import Sandbox
from tests.sandbox.conftest import Remote, Start, license, tags, value


def ids(remote: Remote, func: str = "soft", **params: object) -> list[str]:
    return [value(row, "id") for row in remote.good(func, **params).findall("elem")]


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ("", ["1", "2", "3", "4", "5"]),
        ("+id", ["1", "2", "3", "4", "5"]),
        ("-id", ["5", "4", "3", "2", "1"]),
        ("licname", ["1", "2", "3", "5", "4"]),
        ("-expiredate", ["2", "1", "4", "5", "3"]),
        ("+status", ["1", "3", "4", "5", "2"]),
        ("-cost", ["3", "2", "5", "1", "4"]),
        ("nothing", ["1", "2", "3", "4", "5"]),
    ],
)
def test_a_list_is_sorted_by_the_column_that_is_asked_for(
    remote: Remote, column: str, order: list[str]
) -> None:
    assert ids(remote, p_col=column) == order


def test_a_list_says_how_it_is_sorted(remote: Remote) -> None:
    doc = remote.good("soft", p_col="-expiredate")
    assert (value(doc, "p_sort"), value(doc, "p_order"), value(doc, "page")) == (
        "expiredate",
        "desc",
        "2 - 3",
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"id": "2"}, ["2"]),
        ({"id": "1, 5"}, ["1", "5"]),
        ({"status": "3"}, ["2"]),
        ({"status": "2, 3"}, ["1", "2", "3", "4", "5"]),
        ({"ip": "203.0.113"}, ["1", "3", "4", "5"]),
        ({"licname": "free"}, ["2"]),
        ({"pricelist": "55227"}, ["1"]),
        ({"period": "-100"}, ["4"]),
        ({"autoprolong": "null"}, ["1", "2", "3", "4", "5"]),
        ({"expiredate": "2026-12-31"}, ["1"]),
        ({"opendate": "2026-01-31"}, ["1"]),
        ({"orderdatefrom": "2026-01-31", "orderdateto": "2026-02-01"}, ["1"]),
        ({"cost_from": "4.00", "cost_to": "25"}, ["1", "5"]),
        ({"status": "2", "pricelist": "55227, 55228"}, ["1"]),
        ({"unknown": "x"}, ["1", "2", "3", "4", "5"]),
    ],
)
def test_a_list_shows_what_passes_its_filter(
    remote: Remote, fields: dict[str, str], found: list[str]
) -> None:
    assert ids(remote, filter="on", **fields) == found
    assert ids(remote, **fields) == ["1", "2", "3", "4", "5"], "a filter of one call needs filter=on"
    remote.good("soft.filter", sok="ok", **fields)
    assert ids(remote) == found


def test_a_filter_that_is_kept_is_used_until_it_is_emptied_also_by_another_server(remote: Remote) -> None:
    remote.good("soft.filter", status="3", sok="ok")
    assert value(remote.good("soft"), "p_elems") == "1"
    assert value(remote.good("soft.filter"), "status") == "3"
    with Sandbox(remote.path) as again:
        assert ids(Remote(again.url, remote.path)) == ["2"]
    assert ids(remote, filter="on", id="1") == [], "both must be passed"
    remote.good("soft.filter", sok="ok")
    assert ids(remote) == ["1", "2", "3", "4", "5"]
    assert remote.kept["filters"] == []


def test_a_filter_without_sok_is_only_shown(remote: Remote) -> None:
    remote.good("soft.filter", status="3")
    assert ids(remote) == ["1", "2", "3", "4", "5"]


def test_an_amount_that_is_none_cannot_be_filtered_by(remote: Remote) -> None:
    assert remote.refused("soft", filter="on", cost_from="much") == ("value", "cost_from")


def test_a_filtered_list_counts_what_it_shows(remote: Remote) -> None:
    doc = remote.good("soft", filter="on", status="2", p_cnt=2, p_num=2)
    assert [value(row, "id") for row in doc.findall("elem")] == ["4", "5"]
    assert (value(doc, "p_elems"), value(doc, "page")) == ("4", "4 - 5")


def test_several_licenses_are_changed_together_or_not_at_all(remote: Remote) -> None:
    remote.good("groupedit", faction="service.prolong", elid="1, 5", period=1, sok="ok")
    assert [remote.field(id, "expiredate") for id in (1, 5)] == ["2027-01-31", "2026-12-25"]
    assert len(remote.kept["charges"]) == 2
    before = remote.kept
    group = {"elid": "1, 404", "period": 1, "sok": "ok"}
    assert remote.refused("groupedit", faction="service.prolong", **group) == ("missed", "elid")
    assert remote.refused("groupedit", faction="groupedit", **group) == ("value", "faction")
    assert remote.refused("groupedit", faction="soft", **group) == ("value", "faction")
    assert remote.kept == before


def test_the_history_of_a_license_tells_what_was_done_when_from_where(remote: Remote) -> None:
    elid = remote.ordered("198.51.100.1")
    remote.good("soft.suspend", elid=elid)
    remote.good("soft.suspend", elid=elid)
    remote.good("soft.edit", elid=elid, licname="renamed", sok="ok")
    remote.good("soft.suspend", elid=1)
    rows = remote.good("service.history", elid=elid).findall("elem")
    assert [tags(row) for row in rows] == [["id", "changedate", "desc", "user", "ip", "action"]] * 3
    actions = [value(row, "action") for row in rows]
    assert actions == ["soft.order.param", "soft.suspend", "soft.edit"]
    assert [value(row, "desc") for row in rows[1:]] == ["status: 2 -> 3", "licname: new -> renamed"]
    told = [value(rows[0], name) for name in ("changedate", "user", "ip")]
    assert told == ["2026-11-21 12:00:00", "reseller", "127.0.0.1"]
    assert remote.field(elid, "lickey") not in remote.body("service.history", elid=elid).decode()


def test_the_charges_are_a_list(start: Start) -> None:
    remote = start(licenses=[license()], next_id=2)
    for ip in ("198.51.100.1", "198.51.100.2"):
        remote.ordered(ip)
    doc = remote.good("expense", p_cnt=1)
    assert (value(doc, "p_elems"), [value(row, "item") for row in doc.findall("elem")]) == ("2", ["2"])
    assert doc.findtext("elem/amount") == "4.00 EUR"


@pytest.mark.parametrize(
    ("func", "place"),
    [
        ("notify", "notify/item[@balance='yes']/value"),
        ("usrparam", "balance"),
        ("subaccount", "elem/balance"),
        ("dashboard.info", "elem/available"),
    ],
)
def test_the_balance_is_told_in_many_places(start: Start, func: str, place: str) -> None:
    remote = start(account={"balance": "12.50"})
    assert remote.good(func).findtext(place) == "12.50 EUR"
