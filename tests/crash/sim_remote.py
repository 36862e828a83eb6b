"""The simulated remote as one process sees it, in the place of ``RemoteBilling``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from cpbillmgr.errors import AlreadyExists, RemoteError
from cpbillmgr.model.catalogue import Account as Login
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.changes import ChangeTariff, LicenseChange, Order, Renew
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark
from cpbillmgr.remote.billing import Progress, RemoteBilling
from cpbillmgr.store.sqlite.database import Database
from tests.crash.sim_account import REMOTE, TARIFFS, Account
from tests.crash.sim_fates import Done, Fate
from tests.crash.sim_scheduler import Process, Scheduler

_READ_SECONDS = 0.2


class Mischief(Protocol):
    """Decides what becomes of each call."""

    def order_fate(self) -> Fate:
        """Return what becomes of an order."""

    def change_fate(self) -> Fate:
        """Return what becomes of another change."""

    def read_error(self) -> type[RemoteError] | None:
        """Return why a question is not answered, mostly nothing."""

    def late(self) -> float:
        """Return after how many seconds a late effect shows."""

    def lag(self) -> float:
        """Return after how many seconds the list shows a new license."""


class SimulatedRemote(RemoteBilling):
    """One process's way to the account: a pause before and a pause after what the remote does."""

    def __init__(
        self,
        account: Account,
        mischief: Mischief,
        process: Process,
        scheduler: Scheduler,
        journal: Database,
        *,
        may_write: bool = True,
    ) -> None:
        self.name = REMOTE
        self._account = account
        self._mischief = mischief
        self._process = process
        self._scheduler = scheduler
        self._journal = journal
        self._may_write = may_write

    @property
    def clock_offset(self) -> timedelta:
        return timedelta(seconds=-self._scheduler.offset)

    def whoami(self) -> Login:
        self._read("whoami")
        return Login("reseller", None)

    def licenses(self, on_page: Progress | None = None) -> list[License]:
        self._read("list")
        listed = self._account.listed()
        self._pause("list answered")
        if on_page is not None:
            on_page(len(listed), len(listed))
        return listed

    def license(self, id: str) -> License:
        self._read(f"form {id}")
        form = self._account.form(id)
        self._pause(f"form {id} answered")
        return form

    def forms(self, rows: Sequence[License], on_read: Progress | None = None) -> dict[str, License]:
        forms: dict[str, License] = {}
        for row in rows:
            forms[row.id] = self.license(row.id)
            if on_read is not None:
                on_read(len(forms), len(rows))
        return forms

    def tariffs(self) -> Mapping[int, Tariff]:
        self._pause("price list")
        return TARIFFS

    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        self._read(f"check {ip} for tariff {tariff}, period {period}")

    def order(self, order: Order) -> str:
        self._pause("order leaves")
        self._check_paid_call(order)
        fate = self._mischief.order_fate()
        if self._account.stands_on(order):
            raise AlreadyExists("there is a license on this address", where=REMOTE)
        bought: list[str] = []
        lag = self._mischief.lag()
        self._carry_out(
            fate,
            lambda: bought.append(self._account.buy(order, lag=lag, paid=fate.paid)),
            f"order {order.ip}",
        )
        return bought[0]

    def change(self, change: LicenseChange) -> None:
        self._pause("change leaves")
        self._check_change(change.license)
        due = self._check_paid_change(change) if isinstance(change, Renew | ChangeTariff) else ""
        self._account.refuse(change)
        self._carry_out(
            self._mischief.change_fate(), lambda: self._account.carry_out(change, due), f"{change}"
        )

    def _carry_out(self, fate: Fate, effect: Callable[[], None], what: str) -> None:
        self._scheduler.note(self._process, f"-- {what}: {fate.name}")
        if fate.done is Done.NOW:
            effect()
        elif fate.done is Done.LATE:
            self._account.later(self._account.now + self._mischief.late(), effect)
        self._scheduler.sleep(self._process, fate.seconds)
        self._pause("answer comes")
        if fate.answer is not None:
            raise fate.answer(f"{fate.name} at {what}", where=REMOTE)

    def _read(self, what: str) -> None:
        self._pause(what)
        self._scheduler.sleep(self._process, _READ_SECONDS)
        self._account.pass_time(self._scheduler.now)
        error = self._mischief.read_error()
        if error is not None:
            raise error(f"{what} is not answered", where=REMOTE)

    def _pause(self, where: str) -> None:
        self._scheduler.pause(self._process, where)
        self._account.pass_time(self._scheduler.now)

    def _check_change(self, license: str) -> None:
        account = self._account
        account.writes += 1
        if not self._may_write:
            account.wrongs.append(f"a dry run changes license {license}")
        if license in account.licenses and account.licenses[license].stranger:
            account.wrongs.append(f"license {license} is a stranger's, and is changed")

    def _check_paid_call(self, order: Order) -> None:
        """Check that the order's row is durable, and is the only open one of its child."""
        self._account.writes += 1
        mark = Mark.read(order.remoteid)
        if mark is None or not self._may_write:
            self._account.wrongs.append(f"an order without our mark, or in a dry run: {order}")
            return
        rows = self._journal.execute(
            "SELECT action, state, remoteid, ip, tariff, sends FROM operation"
            " WHERE service = ? AND addon = ? AND state NOT IN ('done', 'failed')",
            (mark.service, mark.addon),
        ).fetchall()
        mine = ("order", "sent", order.remoteid, order.ip, order.tariff)
        if self._journal.in_transaction or [row[:5] for row in rows] != [mine]:
            self._account.wrongs.append(f"{order.remoteid} is sent, and the journal has {rows}")

    def _check_paid_change(self, change: Renew | ChangeTariff) -> str:
        """Check that the change's row is durable and sent; return the end that it has as the one before."""
        rows = self._journal.execute(
            "SELECT action, state, tariff, period, expires_before FROM operation"
            " WHERE license = ? AND state NOT IN ('done', 'failed')",
            (change.license,),
        ).fetchall()
        action = "renew" if isinstance(change, Renew) else "change-tariff"
        sent = [row for row in rows if row[:2] == (action, "sent") and row[3] == change.period]
        wanted = change.tariff if isinstance(change, ChangeTariff) else None
        if self._journal.in_transaction or len(rows) != 1 or not sent or wanted not in (None, sent[0][2]):
            self._account.wrongs.append(f"{change} is sent, and the journal has {rows}")
        return str(sent[0][4]) if sent else "unknown"
