"""JSON on stdout: the answer of a command with ``--json``."""

from __future__ import annotations

import json
from typing import Any

import click

from cpbillmgr.model.money import Money


def print_json(shown: dict[str, Any]) -> None:
    """Print one object, readable for people too; its ``schema`` says what its keys mean (cli.md, JSON)."""
    click.echo(json.dumps(shown, indent=2))


def money_object(money: Money) -> dict[str, str]:
    """Return an amount as JSON shows it: a text with two digits, never a float."""
    return {"amount": money.digits, "currency": money.currency}
