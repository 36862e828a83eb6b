"""The local side: our own services as a local BILLmanager shows them, to be read only (wire-api.md 11)."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import attributes, elements, escape, item_status, options
from cpbillmgr.sandbox.protocol.listing import page
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import World
from cpbillmgr.sandbox.world.services import Choice, Enumeration, LocalTariff, Resource, Service

TYPES = ("vds", "vds.vps", "dedic")  # the functions that list services; vds.vps is no part of vds (recorded)
ADMIN = 29  # the level from which on the whole panel is seen
SWITCH, ENUMERATION = 1, 3  # kinds of add-ons


def listed(world: World, call: Call) -> str:
    """Return the services of one type, without their add-ons (recorded)."""
    services = [service for service in world.local_services if service.type == call.func]

    def row(service: Service) -> str:
        tariff = _tariff(world, service.pricelist)
        fields = {
            "id": service.id,
            "ip": " ".join(service.ips),
            "domain": service.domain,
            "pricelist": tariff.name,
            "pricelist_id": tariff.id,
            "intname": tariff.intname,
            "period": service.period,
            "createdate": service.createdate,
            "expiredate": service.expiredate,
            "real_expiredate": service.expiredate,
            "datacenter": 1,
            "datacentername": "sandbox",
        }
        status = item_status(service.status, str(service.status), call.language(world))
        return f"<elem>{elements(fields)}{status}</elem>"

    return page(world, call, services, row, lambda service: {"id": service.id, "domain": service.domain})


def form(world: World, call: Call) -> str:
    """Return one service with the value, the choices and the label of each add-on (reported)."""
    service = _service(world, call)
    tariff = _tariff(world, service.pricelist)
    fields: dict[str, object] = {
        "elid": service.id,
        "id": service.id,
        "domain": service.domain,
        "ip": " ".join(service.ips),
        "status": service.status,
        "period": service.period,
        "pricelist": tariff.id,
        "createdate": service.createdate,
        "expiredate": service.expiredate,
        "server_name": "",
    }
    choices = ""
    for addon in tariff.addons:
        chosen = {str(item.id): item.name or item.intname for item in _items(world, addon)}
        value = service.addons.get(addon.id, "")
        fields[f"addon_{addon.id}"] = value
        fields[f"addon_{addon.id}_current_value"] = chosen.get(value, value)
        choices += options(f"addon_{addon.id}", chosen) if addon.enumeration is not None else ""
    labels = (
        f"<msg name={quoteattr(f'addon_{each.id}')}>{escape(each.name)}</msg>" for each in tariff.addons
    )
    return f"{elements(fields)}{choices}<messages>{''.join(labels)}</messages>"


def addresses(world: World, call: Call) -> str:
    """Return all addresses of one service."""
    ips = list(enumerate(_service_of_any_type(world, call).ips, 1))
    return page(world, call, ips, lambda each: f"<elem>{elements(_address(each))}</elem>", _address)


def menu(world: World, _call: Call) -> str:
    """Return the tree of the menu: the lists of services are the nodes under mainmenuservice."""
    sold = {service.type for service in world.local_services}
    lists = [*(name for name in TYPES if name in sold), "soft"]
    nodes = (f"<node{attributes({'name': name, 'type': 'list', 'action': name})}/>" for name in lists)
    return f'<node name="mainmenuservice">{"".join(nodes)}</node>'


def enumerations(world: World, call: Call) -> str:
    """Return what add-ons let one choose from; only an administrator may ask."""
    _check_admin(world, call)
    return page(world, call, world.local_enumerations, _named, lambda each: {"id": each.id})


def enumeration_items(world: World, call: Call) -> str:
    """Return the elements of one enumeration (``plid``); only an administrator may ask."""
    _check_admin(world, call)
    wanted = call.number("plid")
    items = [item for each in world.local_enumerations if each.id == wanted for item in each.items]
    return page(world, call, items, _named, lambda each: {"id": each.id})


def exported(world: World, tariff: LocalTariff) -> str:
    """Return a local tariff as the price list has it: which add-ons, and what can be chosen."""
    head = {"id": tariff.id, "itemtype": tariff.itemtype, "name": tariff.name, "intname": tariff.intname}
    addons = "".join(_exported_addon(world, addon) for addon in tariff.addons)
    return f"<pricelist>{elements(head)}{addons}</pricelist>"


def _exported_addon(world: World, addon: Resource) -> str:
    kind = SWITCH if addon.enumeration is None else ENUMERATION
    head = {"id": addon.id, "intname": addon.intname, "name": addon.name, "addontype": kind, "billtype": 2}
    if addon.enumeration is None:
        return f"<addon>{elements(head)}</addon>"
    items = (
        f"<enumerationitem>{elements({'id': item.id, 'intname': item.intname, 'name': item.name})}"
        "</enumerationitem>"
        for item in _items(world, addon)
    )
    return f"<addon>{elements(head)}<enumeration>{''.join(items)}</enumeration></addon>"


def _named(each: Enumeration | Choice) -> str:
    return f"<elem>{elements({'id': each.id, 'name': each.name, 'intname': each.intname})}</elem>"


def _address(numbered: tuple[int, str]) -> dict[str, object]:
    return {"id": numbered[0], "ip": numbered[1]}


def _items(world: World, addon: Resource) -> list[Choice]:
    return next((each.items for each in world.local_enumerations if each.id == addon.enumeration), [])


def _tariff(world: World, id: int) -> LocalTariff:
    return next(each for each in world.local_tariffs if each.id == id)


def _service(world: World, call: Call) -> Service:
    service = _service_of_any_type(world, call)
    if service.type != call.func.removesuffix(".edit"):
        raise Refused("unknown_id", value=call.text("elid"))
    return service


def _service_of_any_type(world: World, call: Call) -> Service:
    elid = call.number("elid")
    found = next((service for service in world.local_services if service.id == elid), None)
    if found is None:
        raise Refused("unknown_id", value=str(elid))
    return found


def _check_admin(world: World, call: Call) -> None:
    if world.account.level < ADMIN:
        raise Refused("access", call.func)
