from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpbillmgr.model.licenses import FREE_IP
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.sources.csv_inventory import csv_records
from cpbillmgr.sources.files import Notation, read_inventory, write_inventory

NOTATIONS: tuple[Notation, ...] = ("json", "csv", "toml")

# No controls, half characters and line separators, and none of the marks that turn the direction of writing.
_letters = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
_cells = st.one_of(
    st.text(_letters, min_size=1, max_size=20),
    st.text("'=+-@,\"19. ", min_size=1, max_size=6),
)
_texts = _cells.filter(lambda text: text.strip() != "")
_ids = st.text(st.sampled_from("abc019=+-@,."), min_size=1, max_size=64)
_whole = st.none() | st.integers(1, 2**31 - 1)
_periods = st.none() | st.integers(-100, 2**31 - 1)
_addresses = st.just("") | st.ip_addresses(v=4).map(str).filter(lambda ip: ip != FREE_IP)
_resources = st.from_regex(r"[^;=\s]{1,9}", fullmatch=True).filter(lambda name: name.isprintable())
_amounts = st.dictionaries(_resources, st.integers(0, 2**31 - 1), max_size=3).map(
    lambda amounts: tuple(sorted(amounts.items()))
)
_values = {AddonKind.ENUMERATION: st.just("") | _cells, AddonKind.LOGIC: st.sampled_from(["on", "off"])}
_enumerations, _logics = (
    st.builds(Addon, _texts, st.just(kind), value, _whole, _whole, _amounts)
    for kind, value in _values.items()
)
_addons = st.lists(_enumerations | _logics, max_size=3, unique_by=lambda addon: addon.name).map(tuple)
_services = st.builds(
    Service,
    id=_ids,
    type=_texts,
    name=_cells,
    ip=_addresses,
    status=st.sampled_from(Status),
    tariff=_whole,
    period=_periods,
    months=_periods,
    expires=st.none() | st.dates(),
    addons=_addons,
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inventories")


@pytest.mark.parametrize("notation", NOTATIONS)
@settings(deadline=None)
@given(services=st.lists(_services, max_size=4, unique_by=lambda service: service.id))
def test_what_was_written_is_read_back_as_the_same_services(
    folder: Path, notation: Notation, services: list[Service]
) -> None:
    path = folder / f"inventory.{notation}"
    path.write_text(write_inventory(services, notation), encoding="utf-8", newline="")
    if notation == "toml" and not services:
        path.write_text("services = []")
    assert read_inventory(path) == services


@settings(deadline=None)
@given(st.lists(_services, max_size=4))
def test_no_cell_of_a_csv_is_a_formula(services: list[Service]) -> None:
    for row in csv.reader(io.StringIO(write_inventory(services, "csv"), newline="")):
        for cell in row:
            if cell.startswith(("=", "+", "-", "@")):
                float(cell)


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("-5", "-5"), ("-x", "'-x"), ("'=1+1", "''=1+1"), ("'quoted'", "'quoted'")],
)
def test_a_formula_is_kept_from_spreadsheets_and_read_back(value: str, cell: str) -> None:
    service = Service("1", "vds", value, "", Status.ACTIVE)
    text = write_inventory([service], "csv")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["name"] == cell
    (record,), _wrong = csv_records(text)
    assert isinstance(record.fields, dict)
    assert record.fields["name"] == value


def test_an_export_has_the_documented_keys() -> None:
    addon = Addon("panel", AddonKind.ENUMERATION, "Lite", id=31, amounts=(("vms", 5),))
    service = Service("12", "vds", "web1", "203.0.113.5", Status.ACTIVE, 3, 10, 1, date(2027, 1, 1), (addon,))
    expected = {
        "id": "12",
        "type": "vds",
        "name": "web1",
        "ip": "203.0.113.5",
        "status": "active",
        "tariff": 3,
        "period": 10,
        "months": 1,
        "expires": "2027-01-01",
        "addons": [
            {
                "id": 31,
                "name": "panel",
                "kind": "enumeration",
                "value": "Lite",
                "nodes": None,
                "amounts": {"vms": 5},
            }
        ],
    }
    assert json.loads(write_inventory([service])) == {"services": [expected]}
    del expected["addons"][0]["nodes"]  # type: ignore[index]  # TOML has no null
    assert tomllib.loads(write_inventory([service], "toml")) == {"services": [expected]}
