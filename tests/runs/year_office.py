"""An office that lives through a schedule, day by day, and what is compared with the books at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.days import Days
from tests.runs.office import Office, Result
from tests.runs.worlds import FREE_IP, FREE_NAME, PRO, Fields, service
from tests.runs.year_books import FIRST_DAY, Books, Event, Paid, Schedule

MORNING = time(hour=7)
STATES = {"suspended": "suspend", "resumed": "resume", "closed": "close"}


def by_hand(licenses: list[Fields], id: str, event: Event) -> None:
    """Change a license as somebody does at the remote."""
    license = next(each for each in licenses if str(each["id"]) == id)
    match event.what:
        case "renamed":
            license["licname"] += ", panel"
        case "self-renewing":
            license["autoprolong"] = "1"
        case "given":
            license["expiredate"] = str(
                date.fromisoformat(license["expiredate"]) + timedelta(days=event.days)
            )


@dataclass
class Year:
    """The office's days, on which nothing fails; what is ``notable`` was told by the way."""

    days: Days
    services: dict[str, Fields] = field(default_factory=dict)
    notable: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, open_office: OpenOffice) -> Self:
        """Open an office with money enough, where suspended services are given nothing new."""
        office = open_office(balance="100000.00", conf="Option NoFixSuspended\n")
        office.set_settings(parallel=1)
        return cls(Days(office, datetime.combine(FIRST_DAY, MORNING, UTC)))

    @property
    def office(self) -> Office:
        """The office."""
        return self.days.office

    def live(self, plan: Schedule, length: int) -> Books:
        """Live so many days, and return the books that were kept beside."""
        books = Books()
        for _ in range(length):
            events = plan.get(self.days.today, [])
            books.close_day(self.days.today, events)
            for event in events:
                self.happen(event)
            self.work(needs_licenses=any(event.what in ("bought", "resumed") for event in events))
            morning = datetime.combine(self.days.today + timedelta(days=1), MORNING, UTC)
            self.days.wait(seconds=(morning - self.days.now).total_seconds())
        return books

    def happen(self, event: Event) -> None:
        """Let one thing happen: to our service, half of the time by a command, or at the remote by hand."""
        id = event.service
        if event.what == "bought":
            self.put(service(id, str(event.tariff), months=event.months))
        elif event.what == "upgraded":
            self.upgrade(self.office.links[id])
            (addon,) = self.services[id]["addons"]
            self.put({**self.services[id], "addons": [{**addon, "value": str(PRO)}]})
        elif event.what in STATES:
            status = {"resumed": "active", "closed": "deleted"}.get(event.what, event.what)
            fields = {**self.services[id], "status": status}
            if int(id) % 2:
                self.command("service", STATES[event.what], id)
            self.put(fields)
        else:
            license = self.office.links[id]
            self.office.edit_world(lambda world: by_hand(world["licenses"], license, event))

    def put(self, fields: Fields) -> None:
        """Import one service."""
        self.services[fields["id"]] = fields
        self.office.import_services(fields)

    def upgrade(self, license: str) -> None:
        """Have a person change a license's tariff."""
        self.command("license", "change-tariff", license, str(PRO))

    def work(self, *, needs_licenses: bool) -> None:
        """Do a day's work."""
        if needs_licenses:
            self.command("fixchilds", "--yes", "--json")
        told = self.command("checkevent", "--json").json
        self.notable |= {each["topic"].split()[0] for each in told["notices"]}

    def command(self, *words: str) -> Result:
        """Run one command."""
        result = self.days.run(*words)
        assert result.code == 0, result.err
        return result

    def paid(self) -> list[Paid]:
        """Return what the journal says was paid."""
        return [
            (each.ended_at.date(), each.action.value, each.service, each.cost.amount)
            for each in self.office.operations
            if each.state is State.DONE and each.cost is not None and each.ended_at is not None
        ]

    def charged(self) -> Decimal:
        """Return the sum that the remote has charged."""
        return sum((Decimal(each["amount"]) for each in self.office.world["charges"]), Decimal(0))

    def check(self, books: Books) -> None:
        """Check that everything is as the books have it, to the cent and to the day."""
        today = self.days.today
        assert sorted(self.paid()) == sorted(books.paid)
        assert self.charged() == sum((amount for *_, amount in books.paid), Decimal(0))
        there: dict[str, Any] = {str(each["id"]): each for each in self.office.licenses()}
        for id, customer in books.customers.items():
            if (kept := customer.license) is None or kept.is_gone(today):
                continue
            found = there[self.office.links[id]]
            shown = (found["pricelist"], found["expiredate"], found["status"] == 2)
            assert shown == (kept.tariff, str(kept.ends), kept.is_on), id
            assert (found["ip"], found["autoprolong"]) == (f"203.0.113.{id}", "null")
        free = [each for each in there.values() if (each["licname"], each["ip"]) == (FREE_NAME, FREE_IP)]
        assert sorted((each["pricelist"], each["expiredate"]) for each in free) == sorted(
            (each.tariff, str(each.ends)) for each in books.pool
        )
