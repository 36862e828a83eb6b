"""How what a remote sells is written in columns, and read back: JSON with exact amounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cpbillmgr.model.catalogue import Resource, ResourceKind, ResourceValue, Tariff
from cpbillmgr.model.money import Money


def prices_text(prices: Mapping[int, Money]) -> str:
    """Return prices by period as JSON."""
    return json.dumps(_prices(prices))


def read_prices(text: str) -> dict[int, Money]:
    """Return the prices that ``prices_text`` wrote."""
    return _read_prices(json.loads(text))


def tariff_text(tariff: Tariff) -> str:
    """Return a remote tariff as JSON, without its resources: they have rows of their own."""
    nodes = tariff.node_addon
    return json.dumps(
        {
            "name": tariff.name,
            "prices": _prices(tariff.prices),
            "lengths": tariff.lengths,
            "nodes": nodes and {"id": nodes.id, **_resource(nodes)},
        }
    )


def read_tariff(id_: int, text: str, resources: tuple[Resource, ...]) -> Tariff:
    """Return the tariff that ``tariff_text`` wrote, with its resources."""
    told = json.loads(text)
    nodes, lengths = told["nodes"], told["lengths"]
    return Tariff(
        id_,
        told["name"],
        _read_prices(told["prices"]),
        nodes and _read_resource(nodes["id"], nodes),
        lengths if lengths is None else {int(period): length for period, length in lengths.items()},
        resources,
    )


def resource_text(resource: Resource) -> str:
    """Return a resource as JSON, without its id."""
    return json.dumps(_resource(resource))


def read_resource(id_: int, text: str) -> Resource:
    """Return the resource that ``resource_text`` wrote."""
    return _read_resource(id_, json.loads(text))


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "kind": resource.kind,
        "prices": _prices(resource.prices),
        "values": [[each.id, each.name, _prices(each.prices)] for each in resource.values],
        "intname": resource.intname,
        "minimum": resource.minimum,
    }


def _read_resource(id_: int, told: Mapping[str, Any]) -> Resource:
    values = (ResourceValue(value, name, _read_prices(prices)) for value, name, prices in told["values"])
    return Resource(
        id_,
        told["name"],
        ResourceKind(told["kind"]),
        _read_prices(told["prices"]),
        tuple(values),
        told["intname"],
        told["minimum"],
    )


def _prices(prices: Mapping[int, Money]) -> dict[int, list[str]]:
    return {period: [str(price.amount), price.currency] for period, price in prices.items()}


def _read_prices(told: Mapping[str, Any]) -> dict[int, Money]:
    return {int(period): Money(Decimal(amount), currency) for period, (amount, currency) in told.items()}
