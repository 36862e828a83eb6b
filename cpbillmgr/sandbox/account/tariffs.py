"""The price list, for machines and as the steps of the order form."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from cpbillmgr.sandbox.account import local_side
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import attributes, elements, options, periods, table
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.texts import period_label
from cpbillmgr.sandbox.world.nouns import DAY, LIFETIME, TRIAL, Addon, Extra, Tariff, World
from cpbillmgr.sandbox.world.services import LocalTariff

EXPORTED_PERIODS = {LIFETIME: ("lifetime", 1), DAY: ("day", 1), TRIAL: ("trial", 1)}
EXPORTED_TYPES = frozenset({"soft", "softexternal", "addition", "certificate", "platform"})
PROJECT = "1"  # the one provider that there is


def pricelist_export(world: World, call: Call) -> str:
    """Return prices (wire-api.md 7.1): of one ``itemtype``, of one tariff (``elid``), or all.

    ``onlyavailable`` leaves out what is not for sale, and ``project`` everything of another provider.
    """
    wanted, one = call.text("itemtype"), call.text("elid")
    local_types = {tariff.itemtype for tariff in world.local_tariffs}
    if wanted and wanted not in EXPORTED_TYPES | local_types:
        raise Refused("value", "itemtype", value=wanted)
    if call.text("project", PROJECT) not in {"", PROJECT}:
        return ""

    def asked(tariff: Tariff | LocalTariff) -> bool:
        return wanted in {"", tariff.itemtype} and one in {"", str(tariff.id)}

    available_only = call.text("onlyavailable") in {"on", "yes"}
    sold = (tariff for tariff in world.tariffs.values() if tariff.orderable or not available_only)
    ours = (local_side.exported(world, tariff) for tariff in world.local_tariffs if asked(tariff))
    return "".join([*(_tariff(world, call, tariff) for tariff in sold if asked(tariff)), *ours])


def order_wizard(world: World, call: Call) -> str:
    """Return the first step of the order form: what is sold, for which periods, and where."""
    language, currency = call.language(world), world.account.currency
    sold = [tariff for tariff in world.tariffs.values() if tariff.itemtype == call.itemtype]
    period = call.number("period", 1)
    rows = [
        {
            "pricelist": tariff.id,
            "desc": tariff.name,
            "price": f"{tariff.cost(period, {}):.2f} {currency}" if period in tariff.prices else "",
            "order_available": "on" if tariff.orderable else "off",
        }
        for tariff in sold
    ]
    named = {key: label for tariff in sold for key, label in periods(tariff, language).items()}
    fields = elements({"period": period, "datacenter": 1, "pricelist": call.text("pricelist")})
    choices = options("period", named) + options("datacenter", {"1": "sandbox"})
    return fields + table("tariflist", rows) + choices


def _tariff(world: World, call: Call, tariff: Tariff) -> str:
    head = {
        "id": tariff.id,
        "itemtype": tariff.itemtype,
        "name": tariff.name,
        "name_ru": tariff.name,
        "intname": tariff.intname,
        **({"additionintname": tariff.intname} if tariff.itemtype == "addition" else {}),
        "description": "",
        "siteinfo": "",
    }
    counted = "".join(_addon(world, call, each, for_sale=tariff.orderable) for each in tariff.addons)
    prices = _prices(world, call, tariff.prices, for_sale=tariff.orderable)
    others = "".join(_extra(world, call, each, for_sale=tariff.orderable) for each in tariff.extras)
    return f"<pricelist>{elements(head)}{prices}{counted}{others}</pricelist>"


def _extra(world: World, call: Call, extra: Extra, *, for_sale: bool) -> str:
    """Return an add-on that is switched on or off, or one that is an enumeration."""
    described = {"id": extra.id, "name": extra.name, "addontype": 3 if extra.values else 1}
    prices = _prices(world, call, extra.prices, for_sale=for_sale)
    items = "".join(
        f"<enumerationitem>{elements({'id': value.id, 'name': value.name})}"
        f"{_prices(world, call, value.prices, for_sale=for_sale)}</enumerationitem>"
        for value in extra.values
    )
    enumeration = f"<enumeration>{items}</enumeration>" if items else ""
    return f"<addon>{elements(described)}{prices}{enumeration}</addon>"


def _addon(world: World, call: Call, addon: Addon, *, for_sale: bool) -> str:
    described = {
        "id": addon.id,
        "intname": addon.intname,
        "name": addon.name,
        "addontype": 2,
        "billtype": 2,
        "addonmin": addon.minimum,
        "addonmax": "",
        "addonstep": 1,
    }
    prices = _prices(world, call, addon.prices, for_sale=for_sale)
    return f"<addon>{elements(described)}{prices}</addon>"


def _prices(world: World, call: Call, prices: dict[int, Decimal], *, for_sale: bool) -> str:
    """Return prices by period; an empty cost means that a period is not for sale."""
    periods = []
    for period, cost in prices.items():
        kind, length = EXPORTED_PERIODS.get(period, ("month", period))
        shown = {"cost": f"{cost:.4f}" if for_sale else "", "type": kind, "length": length}
        label = period_label(period, call.language(world))
        periods.append(f"<period{attributes(shown)}>{escape(label)}</period>")
    return f"<price{attributes({'currency': world.account.currency})}>{''.join(periods)}</price>"
