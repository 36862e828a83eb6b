"""Reading a settings document whole: every key of every table, and every complaint at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from cpbillmgr.config.positions import Path as Place
from cpbillmgr.config.readers import Reader, Wrong
from cpbillmgr.config.schema import TABLES, RemoteSettings, Settings, remote_keys, top_keys

Table = TypeVar("Table")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong at one place of the document: how the sentence about it goes on.

    ``known`` are the keys that there are, for one that is none of them; ``missing`` is one that is not there.
    """

    place: Place
    sentence: str = ""
    known: tuple[str, ...] = ()
    missing: str = ""


@dataclass(slots=True)
class Reading:
    """A document being read, and what was found to complain of."""

    folder: Path
    complaints: list[Complaint] = field(default_factory=list)

    def settings(self, document: Mapping[str, Any]) -> Settings | None:
        """Return what a document means, ``None`` where something in it is wrong."""
        keys = top_keys(self.folder)
        known = (*keys, "remote", *TABLES)
        self._refuse_unknown((), document, known)
        found = self._values((), document, keys)
        if "remote" in document:
            found["remotes"] = self._remotes(document["remote"])
        for name, (kind, readers) in TABLES.items():
            if name in document:
                found[name] = self._table((name,), document[name], kind, readers)
        return None if self.complaints else Settings(**found)

    def _remotes(self, listed: object) -> tuple[RemoteSettings | None, ...]:
        if not isinstance(listed, list):
            self.complaints.append(Complaint(("remote",), ": input should be a valid list"))
            return ()
        keys = remote_keys(self.folder)
        return tuple(
            self._table(("remote", number), each, RemoteSettings, keys) for number, each in enumerate(listed)
        )

    def _table(
        self, place: Place, document: object, kind: type[Table], readers: Mapping[str, Reader]
    ) -> Table | None:
        """Return a table as a value of its kind, ``None`` where something in it is wrong."""
        if not isinstance(document, dict):
            self.complaints.append(Complaint(place, ": input should be a table"))
            return None
        before = len(self.complaints)
        self._refuse_unknown(place, document, tuple(readers))
        found = self._values(place, document, readers)
        for each in fields(kind):  # type: ignore[arg-type]
            if each.name not in document and each.default is MISSING and each.default_factory is MISSING:
                self.complaints.append(Complaint(place, missing=each.name))
        try:
            return kind(**found) if len(self.complaints) == before else None
        except Wrong as wrong:  # each key is right, but they do not go together
            self.complaints.append(Complaint(place, wrong.sentence))
            return None

    def _refuse_unknown(self, place: Place, document: Mapping[str, Any], known: tuple[str, ...]) -> None:
        self.complaints += [Complaint((*place, key), known=known) for key in document if key not in known]

    def _values(
        self, place: Place, document: Mapping[str, Any], readers: Mapping[str, Reader]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, read in readers.items():
            if key not in document:
                continue
            try:
                found[key] = read(document[key])
            except Wrong as wrong:
                at = (*place, key) if wrong.item is None else (*place, key, wrong.item)
                self.complaints.append(Complaint(at, wrong.sentence))
        return found
