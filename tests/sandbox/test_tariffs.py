from __future__ import annotations

import json

import pytest

from tests.sandbox.conftest import Remote, Start, fetch, parsed, value


def exported(remote: Remote, **params: object) -> list[str]:
    return [value(each, "id") for each in remote.good("pricelist.export", **params).findall("pricelist")]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"itemtype": "softexternal"}, ["9203"]),
        ({"itemtype": "addition"}, ["55371"]),
        ({"itemtype": "certificate"}, ["55348"]),
        ({"itemtype": "platform"}, ["55163"]),
        ({"elid": 55228}, ["55228"]),
        ({"elid": 55228, "itemtype": "addition"}, []),
        ({"elid": 3541, "onlyavailable": "on"}, []),
        ({"elid": 3541, "onlyavailable": "yes"}, []),
        ({"elid": 3541}, ["3541"]),
        ({"elid": 55228, "project": 1}, ["55228"]),
        ({"elid": 55228, "project": 2}, []),
    ],
)
def test_prices_are_exported_by_type_tariff_and_provider(
    remote: Remote, params: dict[str, object], found: list[str]
) -> None:
    assert exported(remote, **params) == found


def test_without_a_type_all_prices_are_exported(remote: Remote) -> None:
    assert {"55227", "9203", "55371", "55348"} <= set(exported(remote))


def test_a_module_is_exported_under_its_name(remote: Remote) -> None:
    doc = remote.good("pricelist.export", itemtype="addition")
    assert doc.findtext("pricelist/additionintname") == doc.findtext("pricelist/intname")


def test_prices_in_bjson_are_lists_at_the_top(remote: Remote) -> None:
    found = json.loads(remote.body("pricelist.export", itemtype="certificate", out="bjson"))
    period = found["pricelist"][0]["price"]["period"][0]
    assert [period[name] for name in ("type", "cost", "length")] == ["month", "45.0000", "12"]
    assert found["pricelist"][0]["price"]["currency"] == "EUR"


@pytest.mark.parametrize(("export", "refused"), [("login", True), ("open", False)])
def test_prices_may_be_open_to_everybody(start: Start, export: str, refused: bool) -> None:
    remote = start(export=export)
    doc = parsed(fetch(f"{remote.url}?func=pricelist.export&itemtype=certificate&out=xml")[1])
    assert (doc.find("error") is not None) == refused
    assert (doc.find("pricelist") is None) == refused
    other = parsed(fetch(f"{remote.url}?func=soft&out=xml")[1])
    assert other.find("error") is not None
