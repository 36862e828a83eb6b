"""Prints the world of one of the two remotes: ``world.py NAME BALANCE``."""

import json
import sys

TARIFFS = {
    "cheap": [
        {"id": 55227, "name": "ispmanager 6 lite", "prices": {"1": "4.00"}},
        {"id": 55228, "name": "ispmanager 6 pro", "prices": {"1": "8.00"}},
    ],
    "dear": [{"id": 71, "name": "ispmanager 6 lite", "prices": {"1": "4.50"}}],
}

if __name__ == "__main__":
    name, balance = sys.argv[1:]
    account = {"user": "reseller", "password": "pretended", "balance": balance, "currency": "EUR"}
    first = {"cheap": 1001, "dear": 2001}[name]
    world = {"account": account, "tariffs": TARIFFS[name], "licenses": [], "next_id": first}
    print(json.dumps(world, indent=1))
