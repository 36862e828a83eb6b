from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.config.choice import Choice
from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.wanted.asking import Askers
from cpbillmgr.config.wanted.children import children_of
from cpbillmgr.model.catalogue import Resource, ResourceKind, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Addon, AddonKind, Child, Service, Status

EUR = Money(Decimal(4), "EUR")
LITE = Tariff(55227, "ispmanager 6 lite", {1: EUR, 12: EUR})
NODES = Resource(55236, "Nodes", ResourceKind.AMOUNT, minimum=2)
BUSINESS = Tariff(55230, "ispmanager 6 business", {1: EUR}, NODES)
TARIFFS = {tariff.id: tariff for tariff in (LITE, BUSINESS)}


def service(
    *addons: Addon,
    id_: str = "12",
    type_: str = "vds",
    status: Status = Status.ACTIVE,
    months: int | None = 1,
) -> Service:
    return Service(id_, type_, f"web{id_}", "203.0.113.5", status, 3, 10, months, None, addons)


def addon(value: str, name: str = "panel", nodes: int | None = None, id_: int | None = 31) -> Addon:
    return Addon(name, AddonKind.ENUMERATION, value, id_, nodes)


def children(
    *services: Service, directives: Directives | None = None, tariffs: dict[int, Tariff] | None = None
) -> tuple[list[Child], list[str]]:
    found, problems = children_of(
        services, "isp", directives or Directives(), Generation.SIX, TARIFFS if tariffs is None else tariffs
    )
    return found, [problem.message for problem in problems]


def test_an_addon_becomes_a_child_in_the_remotes_terms() -> None:
    wanted = Child("12", "panel", "web12", "203.0.113.5", Status.ACTIVE, "isp", 55227, 1)
    assert children(service(addon("55227"))) == ([replace(wanted, local_ids=(3, 31), length=1)], [])


def test_local_ids_are_those_that_are_known() -> None:
    found, _ = children(service(addon("55227", id_=None)))
    assert found[0].local_ids == (3,)


@pytest.mark.parametrize(
    ("status", "count"),
    [
        (Status.ORDERED, 1),
        (Status.PROCESSING, 1),
        (Status.ACTIVE, 1),
        (Status.SUSPENDED, 1),
        (Status.DELETED, 0),
    ],
)
def test_every_service_but_a_deleted_one_asks(status: Status, count: int) -> None:
    found, problems = children(service(addon("55227"), status=status))
    assert [child.status for child in found] == [status] * count
    assert problems == []


def test_a_deleted_services_nonsense_is_no_problem() -> None:
    assert children(service(addon("nonsense"), status=Status.DELETED)) == ([], [])


def test_each_addon_of_a_service_asks_for_itself() -> None:
    found, problems = children(
        service(addon("55227"), addon("nopanel", "ispmgr"), addon("55230", "vmmgr"), addon("x", "disk"))
    )
    assert [(child.addon, child.tariff) for child in found] == [("panel", 55227), ("vmmgr", 55230)]
    assert problems == []


@pytest.mark.parametrize(
    ("value", "asked", "nodes"),
    [("55227", None, None), ("55230", None, 2), ("55230", 2, 2), ("55230", 5, 5)],
)
def test_nodes_are_the_addons_or_the_tariffs_minimum(
    value: str, asked: int | None, nodes: int | None
) -> None:
    found, _ = children(service(addon(value, nodes=asked)))
    assert found[0].amounts == (() if nodes is None else ((55236, nodes),))


@pytest.mark.parametrize(
    ("value", "asked", "message"),
    [
        ("55227", 1, "tariff 55227 (ispmanager 6 lite) is not sold by nodes"),
        ("55230", 1, "tariff 55230 (ispmanager 6 business) is not sold with 1 node"),
    ],
)
def test_nodes_that_cannot_be_sold_are_a_problem(value: str, asked: int, message: str) -> None:
    assert children(service(addon(value, nodes=asked))) == ([], [f"service 12, add-on panel: {message}"])


VMS = Resource(55164, "Virtual machines", ResourceKind.AMOUNT, intname="vms")
HOSTS = Resource(55165, "Hosts", ResourceKind.AMOUNT, intname="hosts", minimum=1)
PLATFORM = Tariff(55163, "VMmanager 6", {1: EUR}, HOSTS, resources=(HOSTS, VMS))


def asking(nodes: int | None, **amounts: int) -> tuple[list[Child], list[str]]:
    named = tuple((name.lstrip("_"), amount) for name, amount in amounts.items())
    wish = replace(addon("55163", nodes=nodes), amounts=named)
    return children(service(wish), tariffs={55163: PLATFORM})


@pytest.mark.parametrize(
    ("nodes", "amounts", "expected"),
    [
        (None, {}, ((55165, 1),)),
        (3, {}, ((55165, 3),)),
        (3, {"_55164": 50}, ((55164, 50), (55165, 3))),
        (3, {"vms": 50}, ((55164, 50), (55165, 3))),
        (None, {"vms": 50}, ((55164, 50), (55165, 1))),
        (None, {"vms": 0, "hosts": 4}, ((55164, 0), (55165, 4))),
    ],
)
def test_amounts_are_asked_for_by_id_or_internal_name(
    nodes: int | None, amounts: dict[str, int], expected: tuple[tuple[int, int], ...]
) -> None:
    found, problems = asking(nodes, **amounts)
    assert ([child.amounts for child in found], problems) == ([expected], [])


@pytest.mark.parametrize(
    ("nodes", "amounts", "message"),
    [
        (3, {"_9": 5}, "tariff 55163 (VMmanager 6) is not sold with an amount of 9"),
        (3, {"hosts": 4}, "nodes: the amount is given more than once"),
        (None, {"_55164": 4, "vms": 4}, "Virtual machines: the amount is given more than once"),
        (None, {"hosts": 0}, "tariff 55163 (VMmanager 6) is not sold with 0 nodes"),
    ],
)
def test_an_amount_that_cannot_be_sold_is_a_problem(
    nodes: int | None, amounts: dict[str, int], message: str
) -> None:
    assert asking(nodes, **amounts) == ([], [f"service 12, add-on panel: {message}"])


def test_every_problem_is_told_and_the_others_still_get_their_license() -> None:
    directives = parse_directives("Period 11 6 55227", "f", Generation.SIX)
    found, problems = children(
        service(addon("Foo"), id_="1"),
        service(addon("55227"), id_="2"),
        service(addon("Foo"), id_="3"),
        Service("4", "vds", "web", "", Status.ACTIVE, None, 11, 1, None, (addon("55227"),)),
        service(Addon("panel", AddonKind.LOGIC, "maybe"), id_="5"),
        directives=directives,
    )
    assert [child.service for child in found] == ["2"]
    assert [message.partition(": ")[0] for message in problems] == [
        "service 1, add-on panel",
        "service 3, add-on panel",
        "service 5, add-on panel",
        "service 4, add-on panel",
    ]


def test_a_problem_names_the_inventory_and_says_what_to_do() -> None:
    _, [problem] = children_of([service(addon("Foo"))], "isp", Directives(), Generation.SIX, TARIFFS)
    assert problem.file == "inventory"
    assert problem.hint.startswith("Add the line 'Price Foo TARIFF'")


def test_a_license_sold_on_its_own_has_its_tariffs_name_as_value_whatever_its_addon_is_called() -> None:
    found, problems = children(service(addon("55227-Lite", "license"), addon("55230"), type_="soft"))
    assert [(child.addon, child.tariff) for child in found] == [("license", 55227)]
    assert problems == []


def test_a_license_sold_on_its_own_needs_a_period_of_the_same_length() -> None:
    own, with_service = service(addon("55227"), type_="soft", months=3), service(addon("55227"), months=3)
    found, problems = children(own, with_service)
    assert [child.period for child in found] == [1]
    assert len(problems) == 1


def test_without_a_price_list_a_period_line_without_tariff_is_for_the_sole_tariff() -> None:
    directives = parse_directives("Period 10 6", "f", Generation.SIX)
    one, _ = children(service(addon("1")), service(addon("1")), directives=directives, tariffs={})
    two, _ = children(service(addon("1")), service(addon("2")), directives=directives, tariffs={})
    assert [child.period for child in one] == [6, 6]
    assert [child.period for child in two] == [1, 1]


def test_a_decision_is_told_once_with_its_warnings_however_many_services_ask() -> None:
    choices: list[Choice] = []
    directives = parse_directives("Price lite 55227", "f", Generation.SIX)
    services = [service(addon("Lite"), id_=str(number)) for number in range(5)]
    found, _ = children_of(services, "isp", directives, Generation.SIX, TARIFFS, on_choice=choices.append)
    assert len(found) == 5
    assert [choice.warnings for choice in choices] == [
        ("f:1 Price lite 55227 is taken for 'Lite', in other letter case",),
        (),
    ]


def test_a_line_that_buys_another_product_than_its_name_means_is_warned_about_by_the_remotes_own_names() -> (
    None
):
    choices: list[Choice] = []
    directives = parse_directives("Price dnsmgr 55227", "f", Generation.SIX)
    asking = service(Addon("dnsmgr", AddonKind.LOGIC, "on"))
    children_of([asking], "isp", directives, Generation.SIX, TARIFFS, on_choice=choices.append)
    told = "'dnsmgr' usually means dnsmanager, and tariff 55227 is ispmanager 6 lite"
    assert choices[0].warnings == (told,)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("WWW.Example.com", "www.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("web 12", "web 12"),
    ],
)
def test_a_certificate_is_for_the_domain_that_its_service_is_named_after(name: str, domain: str) -> None:
    asking = replace(service(addon("55227", "ssl")), name=name)
    askers = Askers(ProductType.CERTIFICATE, frozenset({"ssl"}))
    ((child,), _) = children_of([asking], "isp", Directives(), Generation.SIX, TARIFFS, askers=askers)
    assert (child.domain, child.service_name, child.ip, child.license_name) == (domain, name, "", domain)
