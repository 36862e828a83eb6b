"""Questions about the account and the price list."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.documents import attributes, elements
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.texts import period_label
from cpbillmgr.sandbox.world import DAY, LIFETIME, TRIAL, Tariff, World

VERSION = "6.94.1-sandbox"
EXPORTED_PERIODS = {LIFETIME: ("lifetime", 1), DAY: ("day", 1), TRIAL: ("trial", 1)}


def whoami(world: World, call: Call) -> str:
    """Return who is logged in, with money, rights and the version, as a real 6.94 does."""
    account = world.account
    user = {
        "realname": account.user,
        "level": account.level,
        "lang": call.language(world),
        "name": account.user,
        "id": 4,
        "account": 3,
        "email": "reseller@example.com",
        "email_verified": "off",
        "phone": "",
        "timezone": "",
        "account_regdate": "2024-04-24 10:33:46",
        "balance": f"{account.balance:.2f}",
        "currency": account.currency,
        "currency_id": 153,
        "allowsuspenditem": "on" if account.allowsuspenditem else "off",
        "allowdeleteitem": "on" if account.allowdeleteitem else "off",
        "ignoreitemmax": "off",
        "ignoreabuserate": "off",
        "need_phone_validate": "false",
    }
    return (
        f"<user{attributes(user)}/>"
        f'<path level="{account.level}"{attributes({"name": account.user})}>4</path>'
        f'<mgr version="{VERSION}" dist="3">billmgr</mgr>'
        f'<version mgr="billmgr"><billmgr type="release">{VERSION}</billmgr>'
        f'<core type="release">5.389.1-sandbox</core></version>'
    )


def subaccount(world: World, _call: Call) -> str:
    """Return the account's one balance as a list row."""
    account = world.account
    fields = {
        "id": 3,
        "project": "sandbox",
        "balance": f"{account.balance:.2f} {account.currency}",
        "currency": account.currency,
        "creditlimit": f"{account.credit_limit:.2f}",
    }
    return f"<elem>{elements(fields)}</elem>"


def dashboard(world: World, _call: Call) -> str:
    """Return the account's box of the dashboard."""
    account = world.account
    fields = {
        "realbalance": f"{account.balance:.2f} {account.currency}",
        "balance": f"{account.balance:.2f} {account.currency}",
        "available": f"{account.available:.2f} {account.currency}",
        "enoughmoneyto": "",
        "phone": "",
    }
    return f"<elem>{elements(fields)}</elem>"


def pricelist_export(world: World, call: Call) -> str:
    """Return the price list of one item type; ``onlyavailable`` leaves out what is not for sale."""
    wanted = call.text("itemtype", "soft")
    if wanted != "soft":
        raise Refused("value", "itemtype", value=wanted)
    available_only = call.text("onlyavailable") in {"on", "yes"}
    return "".join(
        _tariff(world, call, tariff)
        for tariff in world.tariffs.values()
        if tariff.itemtype == wanted and (tariff.orderable or not available_only)
    )


def _tariff(world: World, call: Call, tariff: Tariff) -> str:
    head = {
        "id": tariff.id,
        "itemtype": tariff.itemtype,
        "name": tariff.name,
        "name_ru": tariff.name,
        "intname": tariff.intname,
    }
    addon = ""
    if tariff.node_addon is not None:
        described = {
            "id": tariff.node_addon.id,
            "intname": tariff.node_addon.intname,
            "name": tariff.node_addon.name,
            "addontype": 2,
            "billtype": 2,
            "addonmin": tariff.node_addon.minimum,
            "addonmax": "",
            "addonstep": 1,
        }
        prices = _prices(world, call, tariff.node_addon.prices, for_sale=tariff.orderable)
        addon = f"<addon>{elements(described)}{prices}</addon>"
    prices = _prices(world, call, tariff.prices, for_sale=tariff.orderable)
    return f"<pricelist>{elements(head)}{prices}{addon}</pricelist>"


def _prices(world: World, call: Call, prices: dict[int, Decimal], *, for_sale: bool) -> str:
    """Return prices by period; an empty cost means that a period is not for sale."""
    periods = []
    for period, cost in prices.items():
        kind, length = EXPORTED_PERIODS.get(period, ("month", period))
        shown = {"cost": f"{cost:.4f}" if for_sale else "", "type": kind, "length": length}
        label = period_label(period, call.language(world))
        periods.append(f"<period{attributes(shown)}>{escape(label)}</period>")
    return f"<price{attributes({'currency': world.account.currency})}>{''.join(periods)}</price>"
