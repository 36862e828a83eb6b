"""Questions about the account and its money (wire-api.md 8)."""

from __future__ import annotations

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import attributes, elements
from cpbillmgr.sandbox.protocol.listing import page
from cpbillmgr.sandbox.protocol.texts import PAYMENT_STATUS
from cpbillmgr.sandbox.world.nouns import CREDITED, Charge, Payment, World

VERSION = "6.94.1-sandbox"


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


def notify(world: World, _call: Call) -> str:
    """Return the counters that are shown beside every page."""
    account = world.account
    return (
        '<notify><item name="ticket" action="desktop"><msg>0</msg></item>'
        f'<item balance="yes" action="desktop"><value>{account.balance:.2f} {account.currency}</value></item>'
        "</notify><timeout>60</timeout>"
    )


def usrparam(world: World, call: Call) -> str:
    """Return the user's own profile."""
    account = world.account
    return elements(
        {
            "name": account.user,
            "realname": account.user,
            "email": "reseller@example.com",
            "language": call.language(world),
            "balance": f"{account.balance:.2f} {account.currency}",
        }
    )


def payments(world: World, call: Call) -> str:
    """Return what was paid for orders from the cart."""
    account, language = world.account, call.language(world)

    def row(payment: Payment) -> str:
        amount, day = f"{payment.amount:.2f} {account.currency}", f"{payment.time:%Y-%m-%d}"
        has_come = payment.status == CREDITED
        fields = {
            "id": payment.id,
            "number": payment.id,
            "create_date": day,
            "pay_date": day if has_come else "",
            "sender_name": account.user,
            "paymethod_name": payment.method,
            "paymethodamount_iso": amount,
            "subaccountamount_iso": amount,
            "billorder": payment.order,
            "real_status": payment.status,
        }
        status = f'<status orig="{payment.status}">{PAYMENT_STATUS[language][payment.status]}</status>'
        return f"<elem>{elements(fields)}{status}</elem>"

    def facts(payment: Payment) -> dict[str, object]:
        return {"id": payment.id, "status": payment.status, "createdate": f"{payment.time:%Y-%m-%d}"}

    return page(world, call, world.payments, row, facts)


def expenses(world: World, call: Call) -> str:
    """Return what was charged, oldest first (the fields are invented)."""

    def row(numbered: tuple[int, Charge]) -> str:
        id, charge = numbered
        fields = {
            "id": id,
            "realdate": f"{charge.time:%Y-%m-%d}",
            "item": charge.license,
            "operation": charge.func,
            "amount": f"{charge.amount:.2f} {world.account.currency}",
        }
        return f"<elem>{elements(fields)}</elem>"

    def facts(numbered: tuple[int, Charge]) -> dict[str, object]:
        id, charge = numbered
        return {"id": id, "item": charge.license, "amount": charge.amount}

    return page(world, call, list(enumerate(world.charges, 1)), row, facts)
