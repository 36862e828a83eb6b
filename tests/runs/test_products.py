"""What remotes sell beside licenses of panels: third-party software, platforms, modules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, DELETED, DNS, FREE_NAME, SUSPENDED, Fields, day, license, service

CLOUDLINUX, VMMANAGER, HOSTS, MACHINES, BITNINJA = 9203, 55163, 55165, 55164, 55371
SOLD = {"softexternal": CLOUDLINUX, "platform": VMMANAGER, "addition": BITNINJA}
PRICES = {CLOUDLINUX: "14.00", VMMANAGER: "53.00", BITNINJA: "10.00"}  # a month, of 3 hosts and 50 machines
PRODUCTS = [*SOLD]
_TARIFFS = [
    {"id": CLOUDLINUX, "name": "CloudLinux", "itemtype": "softexternal", "prices": {"1": "14.00"}},
    {
        "id": VMMANAGER,
        "name": "VMmanager 6",
        "itemtype": "platform",
        "prices": {"1": "10.00", "12": "100.00"},
        "node_addon": {"id": HOSTS, "minimum": 1, "prices": {"1": "6.00", "12": "60.00"}},
        "counted": [
            {"id": MACHINES, "intname": "vms", "name": "machines", "minimum": 0, "prices": {"1": "0.50"}}
        ],
    },
    {"id": BITNINJA, "name": "BitNinja", "itemtype": "addition", "prices": {"1": "10.00", "12": "99.00"}},
]


def asking(id: str, product: str, **more: Any) -> Fields:
    """Return a service that asks for a panel's license, and by its add-on "more" for a product."""
    panel = service(id, "55227")["addons"][0]
    wish = {"id": 32, "name": "more", "kind": "enumeration", "value": str(SOLD[product])}
    if product == "platform":
        wish |= {"nodes": 3, "amounts": {"vms": 50}}
    return service(id, addons=[panel, wish], **more)


def with_amounts(amounts: dict[str, int]) -> Fields:
    """Return service 12 as it asks for a platform of three nodes with these amounts."""
    asker = asking("12", "platform")
    asker["addons"][1]["amounts"] = amounts
    return asker


def an_office(open_office: OpenOffice, product: str, **facts: Any) -> Office:
    """Open an office whose account sells panels' licenses to remote "main", and a product to "other".

    Service 12 has its panel's license 1 already.
    """
    facts.setdefault("services", [asking("12", product)])
    facts.setdefault("licenses", [license(1, "203.0.113.12", expiredate=day(300))])
    office = open_office(**facts)
    office.edit_world(lambda world: world["tariffs"].extend(_TARIFFS))
    keys = {
        "name": "other",
        "url": office.url,
        "user": "reseller",
        "password_file": str(office.folder / "password"),
        "product_type": product,
        "addons": ["more"],
    }
    office.set_settings("[[remote]]\n" + "\n".join(f"{key} = {json.dumps(keys[key])}" for key in keys))
    return office


def served(open_office: OpenOffice, product: str, **facts: Any) -> Office:
    """Open an office where service 12 has both licenses, and everything is in accord."""
    office = an_office(open_office, product, **facts)
    assert office.run("fixchilds", "--yes", "--remote", "main").code == 0
    assert office.run("fixchilds", "--yes", "--remote", "other").code == 0
    assert office.run("checkevent").code == 0
    office.forget_calls()
    return office


def bought(office: Office, product: str) -> Fields:
    (found,) = office.licenses(pricelist=SOLD[product])
    return found


@pytest.mark.parametrize(
    ("product", "sent"),
    [
        ("softexternal", {"ip": "203.0.113.12", "licname": "Item #12 addon web12"}),
        ("platform", {"comment": "Item #12 addon web12", f"addon_{HOSTS}": "3", f"addon_{MACHINES}": "50"}),
        ("addition", {"item": "1"}),
    ],
)
def test_an_add_on_of_a_service_has_its_product_ordered_with_the_fields_of_its_type(
    open_office: OpenOffice, product: str, sent: Fields
) -> None:
    office = an_office(open_office, product)
    office.run("fixchilds", "--yes", "--remote", "main")
    office.forget_calls()
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (result.code, result.changes) == (0, [("order", "12", "done")])
    assert result.json["cost"] == [{"amount": PRICES[SOLD[product]], "currency": "EUR"}]
    (order,) = office.calls(f"{product}.order.param")
    fields = ("ip", "licname", "comment", "item", f"addon_{HOSTS}", f"addon_{MACHINES}")
    assert {name: order["params"][name] for name in fields if name in order["params"]} == sent
    assert bought(office, product)["remoteid"] == "cpb1-main-12-more-1"
    assert office.run("fixchilds", "--yes", "--remote", "other", "--json").changes == []


@pytest.mark.parametrize("product", PRODUCTS)
def test_nobody_is_told_that_it_has_another_name_than_we_have_given_it(
    open_office: OpenOffice, product: str
) -> None:
    office = served(open_office, product)
    events = office.run("event", "list", "--json").json["events"]
    assert [each for each in events if each["license"] == "7000" and each["kind"] == "name"] == []


@pytest.mark.parametrize("product", PRODUCTS)
def test_one_run_serves_all_remotes_and_a_module_waits_for_its_panel(
    open_office: OpenOffice, product: str
) -> None:
    office = an_office(open_office, product)
    waits = product == "addition"  # onto which license it goes is known when that one is linked
    first = office.run("fixchilds", "--yes", "--json")
    told = "held" if waits else "done"
    assert (first.code, first.changes) == (3 if waits else 0, [("link", "12", "done"), ("order", "12", told)])
    second = office.run("fixchilds", "--yes", "--json")
    assert (second.code, second.changes) == (0, [("order", "12", "done")] if waits else [])
    assert len(office.world["charges"]) == 1


@pytest.mark.parametrize("product", PRODUCTS)
def test_it_is_stopped_started_and_renewed_with_its_service(open_office: OpenOffice, product: str) -> None:
    office = served(open_office, product)
    for said, is_now in (("suspended", SUSPENDED), ("active", ACTIVE)):
        office.import_services(asking("12", product, status=said))
        assert office.run("checkevent").code == 0
        assert bought(office, product)["status"] == is_now
    office.edit_world(lambda world: world["licenses"][-1].update(expiredate=day(1)))
    assert office.run("checkevent").code == 0
    assert bought(office, product)["expiredate"] > day(25)
    others = [call["func"] for call in office.writes if not call["func"].startswith("soft.")]
    assert others == [f"{product}.suspend", f"{product}.resume", "service.prolong"]
    office.forget_calls()
    quiet = office.run("checkevent")
    assert (quiet.code, quiet.out, quiet.err, office.writes) == (0, "", "", [])


@pytest.mark.parametrize(
    ("product", "pooled"), [("softexternal", True), ("platform", False), ("addition", False)]
)
def test_only_what_has_an_address_goes_into_the_pool_when_its_service_is_closed(
    open_office: OpenOffice, product: str, pooled: bool
) -> None:
    office = served(open_office, product)
    office.import_services(asking("12", product, status="deleted"))
    assert office.run("checkevent").code == 0
    left = bought(office, product)
    assert left["status"] == (SUSPENDED if pooled else DELETED)
    assert (left["licname"] == FREE_NAME) == pooled


def test_software_of_the_pool_is_taken_without_a_new_key(open_office: OpenOffice) -> None:
    office = an_office(open_office, "softexternal")
    spare = license(5, "0.0.0.0", FREE_NAME, pricelist=CLOUDLINUX, status=SUSPENDED)  # noqa: S104 - the address of the pool
    office.edit_world(lambda world: world["licenses"].append(spare))
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert result.changes == [("take", "12", "done")]
    assert [call["func"] for call in office.writes] == ["softexternal.edit", "softexternal.resume"]
    assert bought(office, "softexternal")["ip"] == "203.0.113.12"


def test_a_module_waits_for_the_license_of_its_panel(open_office: OpenOffice) -> None:
    office = an_office(open_office, "addition")
    waits = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (waits.code, waits.changes, office.writes) == (3, [("order", "12", "held")], [])
    assert waits.json["changes"][0]["because"] == "the panel of service 12 has no license"
    office.run("fixchilds", "--yes", "--remote", "main")
    assert office.run("fixchilds", "--yes", "--remote", "other").code == 0
    assert bought(office, "addition")["item"] == 1


def test_a_module_whose_panel_has_given_up_its_license_is_told(open_office: OpenOffice) -> None:
    office = served(open_office, "addition")
    without = asking("12", "addition")
    without["addons"][0]["value"] = "nopanel"
    office.import_services(without)
    result = office.run("checkevent")
    told = "module 7000 of service 12 is not renewed: the panel of service 12 has no license"
    assert f"{told}; 'cpbillmgr license delete 7000' gives it up" in result.err
    audit = office.run("audit", "--remote", "other", "--json").json["findings"]
    (found,) = [each for each in audit if each["class"] == "module without panel"]
    assert (found["license"], found["mend"]) == ("7000", "cpbillmgr license delete 7000 --remote other")


def test_a_module_whose_panel_has_vanished_is_told_too(open_office: OpenOffice) -> None:
    office = served(open_office, "addition")
    office.edit_world(lambda world: world.update(licenses=[o for o in world["licenses"] if o["id"] != 1]))
    office.run("checkevent", "--accept-short-list")
    audit = office.run("audit", "--remote", "other", "--json").json["findings"]
    assert [each["class"] for each in audit] == ["module without panel"]


def test_a_module_on_a_license_that_its_panel_has_no_more_is_told_and_not_renewed(
    open_office: OpenOffice,
) -> None:
    office = served(open_office, "addition")
    office.edit_world(lambda world: world.update(licenses=[o for o in world["licenses"] if o["id"] != 1]))
    assert office.run("fixchilds", "--yes", "--remote", "main", "--accept-short-list").code == 0
    panel = office.links["12"]
    office.edit_world(
        lambda world: [o.update(expiredate=day(1)) for o in world["licenses"] if o["pricelist"] == BITNINJA]
    )
    office.forget_calls()
    result = office.run("checkevent")
    told = "it is on license 1, which is not the panel's any more"
    assert f"module 7000 of service 12 is not renewed: {told}" in result.err
    assert f"license 7000 of service 12 could not be renewed, and ends on {day(1)}: " in result.err
    assert office.calls("service.prolong") == []
    assert office.run("forecast", "--remote", "other", "--json").json["unpriced"] == []
    (found,) = office.run("audit", "--remote", "other", "--json").json["findings"]
    assert (found["class"], found["why"]) == ("module without panel", f"{told}; nothing renews it")
    delete, order = (words.split()[1:] for words in found["mend"].split(" && "))
    assert (office.run(*delete).code, office.run(*order, "--yes").code) == (0, 0)
    (again,) = office.licenses(pricelist=BITNINJA, status=ACTIVE)
    assert str(again["item"]) == panel
    assert office.run("audit", "--expect-clean").code == 0


def test_a_module_that_we_have_not_ordered_is_on_the_panel_that_its_form_tells(
    open_office: OpenOffice,
) -> None:
    office = served(open_office, "addition")
    office.lose_state()
    office.import_services(asking("12", "addition"))
    office.edit_world(
        lambda world: [o.update(item=99, expiredate=day(1)) for o in world["licenses"] if o["id"] == 7000]
    )
    for remote in ("main", "other"):
        assert office.run("fixchilds", "--yes", "--remote", remote).code == 0
    told = "it is on license 99, which is not the panel's any more"
    (found,) = office.run("audit", "--remote", "other", "--json").json["findings"]
    assert (found["class"], found["why"]) == ("module without panel", f"{told}; nothing renews it")
    assert told in office.run("checkevent").err
    assert office.calls("service.prolong") == []


@pytest.mark.parametrize(("addon", "outcome"), [("ispmgr", "held"), ("dnsmgr", "done")])
def test_a_module_waits_for_a_person_where_several_licenses_may_be_meant(
    open_office: OpenOffice, addon: str, outcome: str
) -> None:
    asker = asking("12", "addition")
    asker["addons"].append({"id": 33, "name": addon, "kind": "enumeration", "value": str(DNS)})
    licenses = [license(1, "203.0.113.12"), license(2, "203.0.113.12", pricelist=DNS)]
    office = an_office(open_office, "addition", services=[asker], licenses=licenses)
    office.run("fixchilds", "--yes", "--remote", "main")
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert result.changes == [("order", "12", outcome)]
    assert ("onto which is not clear" in result.json["changes"][0]["because"]) == (outcome == "held")


def test_a_module_goes_onto_no_license_of_another_account(open_office: OpenOffice) -> None:
    office = an_office(open_office, "addition")
    office.run("fixchilds", "--yes", "--remote", "main")
    settings = office.settings.read_text(encoding="utf-8")
    main = settings.index('name = "main"')
    office.write("cpbillmgr.toml", settings[:main] + settings[main:].replace('"reseller"', '"somebody"'))
    waits = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (waits.changes, office.calls("addition.order.param")) == ([("order", "12", "held")], [])


@pytest.mark.parametrize("fault", ["cut-after", "500-after"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_an_order_whose_answer_is_lost_is_found_and_not_paid_twice(
    open_office: OpenOffice, product: str, fault: str
) -> None:
    office = an_office(open_office, product)
    office.run("fixchilds", "--yes", "--remote", "main")
    office.fault(f"{fault}:{product}.order.param:1")
    assert office.run("fixchilds", "--yes", "--remote", "other").code == 7
    assert office.run("fixchilds", "--yes", "--remote", "other").code == 0
    assert len(office.calls(f"{product}.order.param")) == 1
    bought(office, product)


@pytest.mark.parametrize("product", PRODUCTS)
def test_after_a_lost_state_it_is_linked_by_its_mark(open_office: OpenOffice, product: str) -> None:
    office = served(open_office, product)
    office.lose_state()
    office.import_services(asking("12", product))
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (result.changes, office.writes) == ([("link", "12", "done")], [])


def test_a_platform_bought_by_hand_is_found_by_its_name(open_office: OpenOffice) -> None:
    office = an_office(open_office, "platform")
    amounts = {HOSTS: 3, MACHINES: 50}
    by_hand = license(5, "0.0.0.0", "Item #12 addon web12", pricelist=VMMANAGER, addons=amounts)  # noqa: S104 - no address
    office.edit_world(lambda world: world["licenses"].append(by_hand))
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (result.changes, office.writes) == ([("link", "12", "done")], [])


@pytest.mark.parametrize("product", ["platform", "addition"])
@pytest.mark.parametrize("words", [("move", "7000", "203.0.113.99"), ("release", "7000")])
def test_what_has_no_address_is_neither_moved_nor_released(
    open_office: OpenOffice, product: str, words: tuple[str, ...]
) -> None:
    office = served(open_office, product)
    action, *rest = words
    result = office.run("license", action, *rest, "--remote", "other")
    assert (result.code, office.writes) == (2, [])
    assert "has no address" in result.err


def test_what_has_no_address_is_ordered_for_a_service_alone(open_office: OpenOffice) -> None:
    office = an_office(open_office, "platform")
    alone = ("--ip", "203.0.113.9", "--tariff", str(VMMANAGER), "--period", "1")
    result = office.run("order", *alone, "--remote", "other")
    assert (result.code, office.writes) == (2, [])
    assert "--service" in result.err
    assert (
        office.run("order", "--service", "12", "--addon", "more", "--remote", "other", "-q").out == "7000\n"
    )


def test_a_saved_plan_is_applied_at_the_remote_that_it_was_made_for(open_office: OpenOffice) -> None:
    office = an_office(open_office, "platform")
    office.run("fixchilds", "--remote", "other", "--out", "plan.json")
    assert office.run("apply", "plan.json", "--yes").code == 0
    bought(office, "platform")


def test_a_service_that_is_a_platform_itself_is_served_where_platforms_are_sold(
    open_office: OpenOffice,
) -> None:
    own = {**asking("12", "platform"), "type": "platform"}
    own["addons"] = own["addons"][1:]
    office = an_office(open_office, "platform", services=[own])
    assert office.run("order", "--service", "12", "--remote", "main").code == 2
    assert office.run("order", "--service", "12", "-q").out == "7000\n"


def test_another_number_of_nodes_is_brought_to_a_platform(open_office: OpenOffice) -> None:
    office = served(open_office, "platform")
    more = asking("12", "platform")
    more["addons"][1]["nodes"] = 4
    office.import_services(more)
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    assert (result.changes, result.json["changes"][0]["cost"]) == ([("edit", "12", "done")], "6.00")
    assert bought(office, "platform")["addons"] == {str(HOSTS): 4, str(MACHINES): 50}


@pytest.mark.parametrize(
    ("wish", "imported", "cost"),
    [({"nodes": 4}, False, "6.00"), ({"amounts": {"vms": 60}}, True, "5.00"), ({"nodes": 2}, True, "0.00")],
)
def test_other_amounts_are_told_once_and_found_until_fixchilds_has_brought_them(
    open_office: OpenOffice, wish: Fields, imported: bool, cost: str
) -> None:
    office = served(open_office, "platform")
    if imported:
        assert office.run("tariff", "import", str(VMMANAGER), "--remote", "other", "--enable").code == 0
    more = asking("12", "platform")
    more["addons"][1] |= wish
    office.import_services(more)
    told = "license 7000 has other amounts than its service 12 asks for; 'cpbillmgr fixchilds --service 12'"
    assert told in office.run("checkevent").err
    (found,) = office.run("audit", "--json").json["findings"]
    assert (found["class"], found["amount"], found["mend"]) == (
        "other amounts",
        cost,
        "cpbillmgr fixchilds --service 12",
    )
    assert (office.run("checkevent").err, office.writes) == ("", [])
    assert office.run("fixchilds", "--service", "12", "--yes").code == 0
    assert office.run("audit", "--expect-clean").code == 0
    assert office.run("checkevent").code == 0
    assert "has other amounts" not in office.run("status").out
    office.forget_calls()
    quiet = office.run("checkevent")
    assert (quiet.out, quiet.err, len(office.calls())) == ("", "", 2)  # a list of each remote


@pytest.mark.parametrize(("machines", "cost"), [(60, "5.00"), (20, "0.00"), (0, "0.00")])
def test_another_amount_of_machines_is_brought_to_a_platform(
    open_office: OpenOffice, machines: int, cost: str
) -> None:
    office = served(open_office, "platform")
    office.import_services(with_amounts({str(MACHINES): machines}))
    result = office.run("fixchilds", "--yes", "--remote", "other", "--json")
    (change,) = result.json["changes"]
    assert (change["action"], change["cost"], change["amounts"]) == ("edit", cost, {str(MACHINES): machines})
    assert change["because"] == f"it has 50 machines, its service asks for {machines} machines"
    assert any("are shown at the difference in the price list" in each for each in result.json["warnings"])
    (edit,) = office.writes
    assert {name for name in edit["params"] if name.startswith("addon_")} == {f"addon_{MACHINES}"}
    assert bought(office, "platform")["addons"] == {str(HOSTS): 3, str(MACHINES): machines}
    assert office.run("fixchilds", "--yes", "--remote", "other", "--json").changes == []


def test_a_dearer_amount_is_held_to_the_limit_of_a_run(open_office: OpenOffice) -> None:
    office = served(open_office, "platform")
    office.import_services(with_amounts({"vms": 60}))
    result = office.run("fixchilds", "--yes", "--remote", "other", "--max-spend", "4.99")
    assert (result.code, office.writes) == (5, [])


@pytest.mark.parametrize("fault", ["cut-after", "500-after"])
def test_a_change_of_amounts_whose_answer_is_lost_is_found_and_not_paid_twice(
    open_office: OpenOffice, fault: str
) -> None:
    office = served(open_office, "platform")
    office.import_services(with_amounts({"vms": 60}))
    before = len(office.world["charges"])
    office.fault(f"{fault}:platform.edit:1")
    office.run("fixchilds", "--yes", "--remote", "other")
    assert office.run("checkevent").code == 0
    assert bought(office, "platform")["addons"] == {str(HOSTS): 3, str(MACHINES): 60}
    assert len(office.world["charges"]) == before + 1


def test_an_order_that_never_arrived_is_sent_again_with_all_its_amounts(open_office: OpenOffice) -> None:
    office = an_office(open_office, "platform")
    office.run("fixchilds", "--yes", "--remote", "main")
    office.fault("cut-before:platform.order.param:1")
    for minutes in (0, 16, 22):
        with office.sites("fixchilds", minutes=minutes) as sites:
            fixchilds(sites, Asked(confirmed=True))
    first, second = office.calls("platform.order.param")
    assert first["params"] == second["params"]
    assert bought(office, "platform")["addons"] == {str(HOSTS): 3, str(MACHINES): 50}


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ({"9": 5}, "tariff 55163 (VMmanager 6) is not sold with an amount of 9"),
        ({str(HOSTS): 4}, "nodes: the amount is given more than once"),
    ],
)
def test_an_amount_of_what_is_not_sold_is_one_clear_line(
    open_office: OpenOffice, amounts: dict[str, int], told: str
) -> None:
    office = an_office(open_office, "platform", services=[with_amounts(amounts)])
    result = office.run("fixchilds", "--yes", "--remote", "other")
    assert (result.code, office.writes, told in result.err) == (78, [], True)


def test_a_resize_that_failed_is_restarted_with_its_amounts(open_office: OpenOffice) -> None:
    office = served(open_office, "platform")
    office.import_services(with_amounts({"vms": 60}))
    office.edit_world(lambda world: world["account"].update(balance="1.00"))
    office.run("fixchilds", "--yes", "--remote", "other")
    office.edit_world(lambda world: world["account"].update(balance="1000.00"))
    (failed,) = [each for each in office.operations if each.state is State.FAILED]
    assert office.run("operation", "restart", str(failed.id)).code == 0
    assert bought(office, "platform")["addons"] == {str(HOSTS): 3, str(MACHINES): 60}
    again = office.run("operation", "restart", str(failed.id))
    assert (again.code, "has 60 machines already" in again.err) == (2, True)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_word_about_a_service_acts_on_all_that_it_has(open_office: OpenOffice, product: str) -> None:
    office = served(open_office, product)
    assert office.run("service", "suspend", "12").code == 0
    assert {call["func"] for call in office.writes} == {"soft.suspend", f"{product}.suspend"}


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_is_in_accord_is_clean_to_an_audit(open_office: OpenOffice, product: str) -> None:
    office = served(open_office, product)
    assert office.run("audit", "--remote", "other", "--expect-clean").code == 0
    assert office.run("audit", "--expect-clean").code == 0
    assert office.run("config", "check", "--remote", "other").code == 0


def test_an_alignment_for_all_is_wrong_only_where_no_remote_sells_its_period(open_office: OpenOffice) -> None:
    office = an_office(open_office, "softexternal")
    settings = office.settings.read_text(encoding="utf-8")
    for into, remote, code in ((12, "", 0), (7, "", 78), (12, 'remote = "other"\n', 78)):
        table = f"\n[[alignment]]\nmonths = 1\ninto = {into}\n{remote}"
        office.write("cpbillmgr.toml", settings + table)
        result = office.run("config", "check")
        assert result.code == code, result.err
        sellers = "other" if remote else "other, main"
        assert (f"no tariff of {sellers} is sold for that period" in result.err) == (code == 78)
        assert office.run("config", "check", "--remote", "main").code == 0


def test_a_panel_that_is_not_to_be_had_is_wrong_though_another_remote_is_not_asked_for_panels(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, "softexternal", services=[service("12", "Nonsense")])
    result = office.run("config", "check")
    assert (result.code, "'Nonsense' means no remote tariff" in result.err) == (78, True)


def test_a_remote_of_generation_4_sells_licenses_alone(open_office: OpenOffice) -> None:
    office = open_office()
    office.set_settings(generation=4, product_type="platform")
    result = office.run("remote", "list")
    assert (result.code, result.err.count("\n")) == (78, 1)
    assert "generation 4, which sells no platform" in result.err
