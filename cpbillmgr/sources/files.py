"""Reads our services from a file of the operator, and writes them as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.services import Service
from cpbillmgr.sources.csv_inventory import csv_records, csv_text
from cpbillmgr.sources.json_inventory import json_records, json_text
from cpbillmgr.sources.records import Record, fields_of, services_of
from cpbillmgr.sources.toml_inventory import toml_records, toml_text

Notation = Literal["json", "csv", "toml"]

_READERS: dict[str, Callable[[str], tuple[list[Record], list[tuple[int, str]]]]] = {
    ".json": json_records,
    ".csv": csv_records,
    ".toml": toml_records,
}
_WRITERS: dict[Notation, Callable[[list[dict[str, Any]]], str]] = {
    "json": json_text,
    "csv": csv_text,
    "toml": toml_text,
}


def read_inventory(path: Path) -> list[Service]:
    """Return the services of a ``.json``, ``.csv`` or ``.toml`` file; the rules stand in ``records``.

    Raises ``ConfigInvalid`` (78) that holds every problem with its line, and then nothing is returned.
    """
    file = str(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        hint = "Name it .json, .csv or .toml, after what is in it"
        raise ConfigInvalid([Problem(file, None, "the kind of this inventory is not known", hint)])
    records, wrong = reader(text_of(path))
    services, problems = services_of(file, records)
    problems += [Problem(file, line, message) for line, message in wrong]
    if problems:
        raise ConfigInvalid(sorted(problems, key=lambda problem: problem.line or 0))
    return services


def write_inventory(services: Iterable[Service], notation: Notation = "json") -> str:
    """Return the text of an inventory file that ``read_inventory`` reads as the same services."""
    return _WRITERS[notation]([fields_of(service) for service in services])


def text_of(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark; raises ``ConfigInvalid``."""
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ConfigInvalid(
            [Problem(str(path), None, f"the file cannot be read: {error.strerror}")]
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigInvalid(
            [Problem(str(path), line, "the file is not UTF-8", "Save it as UTF-8")]
        ) from error
