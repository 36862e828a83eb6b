from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from cpbillmgr.sandbox import Sandbox, WorldInvalid, new_world
from tests.sandbox.conftest import Remote, Start, fetch, value

TARIFF = {"id": 1, "name": "ispmanager"}
CERTIFICATE = {"csr": "", "approver": ""}


@pytest.mark.parametrize(
    ("world", "problem"),
    [
        ([], "must be an object"),
        ({"clok": None}, "clok: is not known; known are account,"),
        ({"clock": "noon"}, 'clock: must be a time such as "2026-12-01T10:00:00"'),
        ({"generation": 7}, "generation: must be 4, 5 or 6"),
        ({"generation": []}, "generation: must be a whole number"),
        (
            {"tariffs": [{**TARIFF, "lengths": {"8": -1}}]},
            "tariffs[0].lengths.8: must be months, or 0 lifetime, -50 a day, -100 a trial",
        ),
        (
            {"generation": 4, "tariffs": [{**TARIFF, "prices": {"8": "4.00"}}]},
            "the tariff with id 1: has the period 8, whose length is missing in lengths",
        ),
        ({"page_limit": 0}, "page_limit: must be above zero"),
        ({"account": {"balance": 5}}, "account.balance: must be a text in quotes"),
        ({"account": {"balance": "NaN"}}, 'account.balance: must be an amount such as "4.00"'),
        ({"account": {"allowdeleteitem": "on"}}, "account.allowdeleteitem: must be true or false"),
        ({"tariffs": [{"id": 1}]}, "tariffs[0].name: is missing"),
        ({"tariffs": [{**TARIFF, "prices": {"1": "-4"}}]}, "tariffs[0].prices.1: must not be below zero"),
        (
            {"tariffs": [{**TARIFF, "prices": {"a": "4"}}]},
            "tariffs[0].prices.a: must have a whole number as its",
        ),
        ({"tariffs": [{**TARIFF, "node_addon": {}}]}, "tariffs[0].node_addon.id: is missing"),
        ({"tariffs": [TARIFF, TARIFF]}, "tariffs[0].id: 1 is used twice"),
        (
            {"licenses": [{"id": 7, "pricelist": 5}]},
            "the license with id 7: has the pricelist 5, which is no",
        ),
        ({"licenses": [{"ip": "1.2.3"}]}, "licenses[0].ip: '1.2.3' is not an IP address"),
        ({"licenses": [{"licname": "\x00"}]}, "licenses[0].licname: holds a character that XML forbids"),
        (
            {"licenses": [{"expiredate": "31.12.2026"}]},
            'licenses[0].expiredate: must be a day such as "2026-12',
        ),
        ({"licenses": [{"status": 6}]}, "licenses[0].status: must be 1 ordered, 2 active, 3 suspended"),
        ({"licenses": {}}, "licenses: must be a list"),
        ({"licenses": [{"certificate": {"csr": ""}}]}, "licenses[0].certificate.approver: is missing"),
        (
            {"licenses": [{"certificate": {"service_status": 2}}]},
            "licenses[0].certificate.service_status: must be 0 not paid, 3 requested, 4 waiting, 5 issued",
        ),
        (
            {"licenses": [{"certificate": {"details": {"Q": "x"}}}]},
            "licenses[0].certificate.details: 'Q' is none of ST, L,",
        ),
        (
            {"tariffs": [{**TARIFF, "itemtype": "certificate"}], "licenses": [{"id": 7, "pricelist": 1}]},
            "the license with id 7: has the pricelist of a certificate, but no certificate",
        ),
        (
            {"tariffs": [TARIFF], "licenses": [{"id": 7, "pricelist": 1, "certificate": CERTIFICATE}]},
            "the license with id 7: has a certificate, but not the pricelist of one",
        ),
        (
            {"local_services": [{"id": 7, "pricelist": 5}]},
            "the service with id 7: has the pricelist 5, which is no",
        ),
        ({"payments": [{"status": 3}]}, "payments[0].status: must be 2 on its way or 4 credited"),
        (
            {"filters": [{"list": "soft", "fields": []}]},
            'filters[0].fields: must be an object such as {"name"',
        ),
        ({"account": {"allowed_from": ["here"]}}, "account.allowed_from[0]: 'here' is neither an IP address"),
        ({"variants": {"form": "round"}}, "variants.form: 'round' is none of mixed, flat, nested"),
        (
            {"variants": {"key_delay_seconds": 31}},
            "variants.key_delay_seconds: 31 is not a number from 0 to 30",
        ),
    ],
)
def test_each_mistake_in_a_world_is_one_line_with_file_and_place(
    tmp_path: Path, world: Any, problem: str
) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps(world))
    with pytest.raises(WorldInvalid) as caught:
        Sandbox(path)
    assert any(line.startswith(f"w.json: {problem}") for line in caught.value.problems)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text('{"page_limit": 0, "licenses": [{"id": 1}, {"pricelist": 1}], "x": 1}')
    with pytest.raises(WorldInvalid) as caught:
        Sandbox(path)
    assert len(str(caught.value).splitlines()) == len(caught.value.problems) == 4


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}}', "\xff"])
def test_what_is_not_json_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "w.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(WorldInvalid, match=r"^w\.json: is not JSON: "):
        Sandbox(path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Sandbox(tmp_path / "w.json")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "", "::"])  # noqa: S104 - is refused
def test_no_host_beyond_loopback_is_listened_on(tmp_path: Path, host: str) -> None:
    path = tmp_path / "w.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(path, host=host)


def test_an_empty_world_is_one_with_defaults(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text("{}")
    with Sandbox(path, host="localhost") as sandbox:
        remote = Remote(sandbox.url, path)
        assert value(remote.good("soft"), "p_elems") == "0"
        assert sandbox.user == "reseller"


def test_the_sample_world_is_a_world_with_licenses(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps(new_world()))
    with Sandbox(path) as sandbox:
        rows = Remote(sandbox.url, path).good("soft").findall("elem")
    assert [value(row, "status") for row in rows] == ["2", "3", "2", "2"]


def test_a_world_is_written_as_it_was_read(remote: Remote) -> None:
    remote.good("soft.edit", elid=1, licname="é<", sok="ok")
    written = remote.path.read_text(encoding="utf-8")
    remote.good("soft.edit", elid=1, licname="é<", sok="ok")
    assert remote.path.read_text(encoding="utf-8") == written
    assert sum(line.startswith('{"id"') for line in written.splitlines()) == len(remote.kept["tariffs"]) + 6


def test_the_mode_of_the_file_is_kept(remote: Remote) -> None:
    remote.path.chmod(0o600)
    remote.good("soft.suspend", elid=1)
    assert stat.S_IMODE(remote.path.stat().st_mode) == 0o600


def test_a_change_by_hand_is_seen_by_the_next_call(remote: Remote) -> None:
    remote.good("soft")
    remote.path.write_text(remote.path.read_text().replace('"licname": "active"', '"licname": "by hand"'))
    assert remote.field(1, "licname") == "by hand"


def test_a_world_broken_by_hand_is_told_as_an_http_error(remote: Remote) -> None:
    remote.path.write_text("{")
    status, told = fetch(remote.url, {"func": "soft"})
    assert status == 500
    assert told.startswith(b"the world cannot be used: world.json: is not JSON")


def test_new_ids_never_meet_old_ones(start: Start) -> None:
    remote = start(next_id=1)
    assert remote.ordered("198.51.100.1") == "7"
