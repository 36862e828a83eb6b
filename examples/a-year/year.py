"""Lives a year with 200 customers twice, without the pool and with it, and prints what each has cost."""

import json
import os
import random
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

CUSTOMERS = int(os.environ.get("CUSTOMERS", "200"))
DAYS = int(os.environ.get("DAYS", "365"))
STEP = int(os.environ.get("STEP", "7"))  # days between two runs; cron runs every five minutes
STAY = 120  # days that a customer stays, on average
FIRST_DAY = date(2027, 1, 1)
MONEY = Decimal("100000.00")
LITE = 55227

SETTINGS = """
state = "state.db"
reuse = "{reuse}"

[[remote]]
name = "sandbox"
url = "sandbox:world.json"

[renewal]
days_before = {step}

[limits]
max_orders = 1000
max_spend = "100000.00"
max_releases = 1000
max_suspends = 1000
"""


class Customer:
    """Someone who rents a server with a panel for some months, and pays by the month or by the year."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.number = number
        self.months = chance.choice([1, 12, 12])
        self.comes = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        self.leaves = self.comes + timedelta(days=STEP + int(chance.expovariate(1 / STAY)))

    def service(self, status: str) -> dict:
        """Return the server as our inventory has it."""
        return {
            "id": str(self.number),
            "type": "vds",
            "name": f"web{self.number}",
            "ip": f"203.0.{self.number // 250}.{self.number % 250 + 1}",
            "status": status,
            "tariff": 3,
            "period": 10 + self.months,
            "months": self.months,
            "addons": [{"id": 31, "name": "panel", "kind": "enumeration", "value": str(LITE)}],
        }


class Provider:
    """A hosting provider with a folder for its files, and an account at a pretend remote."""

    def __init__(self, folder: Path, reuse: str) -> None:
        self.folder = folder
        self._write("cpbillmgr.toml", SETTINGS.format(reuse=reuse, step=STEP))
        self._write("world.json", json.dumps(world()))
        self.run("sandbox", "clock", "--at", f"{FIRST_DAY}T07:00")

    def live(self, customers: list[Customer]) -> tuple[int, Decimal]:
        """Serve customers until the year is over, and return how many licenses were bought, for how much."""
        today, last = FIRST_DAY - timedelta(days=1), FIRST_DAY + timedelta(days=DAYS - 1)
        while today < last:
            before, today = today, min(today + timedelta(days=STEP), last)
            self.run("sandbox", "clock", "--at", f"{today}T07:00")
            come = [each.service("active") for each in customers if before < each.comes <= today]
            gone = [each.service("deleted") for each in customers if before < each.leaves <= today]
            if come or gone:
                self._write("changes.json", json.dumps({"services": come + gone}))
                self.run("service", "import", "changes.json")
            self.run("checkevent")
            if come:
                self.run("fixchilds", "--yes")
        (balance,) = json.loads(self.run("remote", "balance", "--json"))["balances"]
        operations = json.loads(self.run("operation", "list", "--json"))["operations"]
        bought = sum(each["action"] == "order" for each in operations)
        return bought, MONEY - Decimal(balance["amount"])

    def run(self, *words: str) -> str:
        """Run one command and return what it prints."""
        settings = {"CPBILLMGR_SETTINGS": str(self.folder / "cpbillmgr.toml")}
        result = subprocess.run(
            ["cpbillmgr", *words],
            cwd=self.folder,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise SystemExit(f"cpbillmgr {' '.join(words)}\n{result.stdout}{result.stderr}")
        return result.stdout

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o600)


def world() -> dict:
    """Return an account with money enough, at a remote that sells one tariff by the month and by the year."""
    return {
        "account": {"user": "reseller", "password": "pretended", "balance": str(MONEY), "currency": "EUR"},
        "tariffs": [
            {
                "id": LITE,
                "name": "ispmanager 6 lite",
                "intname": "lite",
                "prices": {"1": "4.00", "12": "40.00"},
            }
        ],
        "licenses": [],
    }


def live(reuse: str) -> tuple[int, Decimal]:
    """Live the year with the same customers, whichever way licenses are reused."""
    chance = random.Random(2027)  # the same year each time
    customers = [Customer(number, chance) for number in range(1, CUSTOMERS + 1)]
    with tempfile.TemporaryDirectory() as folder:
        return Provider(Path(folder), reuse).live(customers)


if __name__ == "__main__":
    with ThreadPoolExecutor() as both:
        without, with_pool = both.map(live, ("never", "auto"))
    saved = tuple(more - less for more, less in zip(without, with_pool, strict=True))
    print(f"{CUSTOMERS} customers come and go in {DAYS} days")
    print(f"{'':18}{'licenses bought':>16}{'money spent':>16}")
    for title, (bought, spent) in (
        ("without the pool", without),
        ("with the pool", with_pool),
        ("saved", saved),
    ):
        print(f"{title:18}{bought:16}{spent:12} EUR")
