"""Reading a settings document whole: every key of every table, and every complaint at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from cpbillmgr.config.alignment import Alignment
from cpbillmgr.config.readers import Reader, Wrong
from cpbillmgr.config.settings.positions import Path as Place
from cpbillmgr.config.settings.schema import (
    ALIGNMENT_KEYS,
    RemoteSettings,
    Settings,
    remote_keys,
    tables,
    top_keys,
)

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
        keys, single = top_keys(self.folder), tables(self.folder)
        known = (*keys, "remote", "alignment", *single)
        self._refuse_unknown((), document, known)
        found = self._values((), document, keys)
        if "remote" in document:
            found["remotes"] = self._tables("remote", document, RemoteSettings, remote_keys(self.folder))
        if "alignment" in document:
            found["alignments"] = self._tables("alignment", document, Alignment, ALIGNMENT_KEYS)
            self._check_alignments(found["alignments"], found.get("remotes", ()))
        for name, (kind, readers) in single.items():
            if name in document:
                found[name] = self._table((name,), document[name], kind, readers)
        return None if self.complaints else Settings(**found)

    def _tables(
        self, name: str, document: Mapping[str, Any], kind: type[Table], readers: Mapping[str, Reader]
    ) -> tuple[Table | None, ...]:
        """Return each table of a list of tables, ``None`` where something in it is wrong."""
        listed = document[name]
        if not isinstance(listed, list):
            self.complaints.append(Complaint((name,), ": input should be a valid list"))
            return ()
        return tuple(self._table((name, number), each, kind, readers) for number, each in enumerate(listed))

    def _check_alignments(
        self, alignments: Sequence[Alignment | None], remotes: Sequence[RemoteSettings | None]
    ) -> None:
        """Complain of each alignment that is for no remote, or says again what an earlier one says."""
        names = {remote.name for remote in remotes if remote is not None}
        for number, each in enumerate(alignments):
            if each is None:
                continue
            if None not in remotes and each.remote is not None and each.remote not in names:
                self.complaints.append(
                    Complaint(("alignment", number, "remote"), " is the name of no remote")
                )
            for first, other in enumerate(alignments[:number]):
                if other is not None and each.clashes_with(other):
                    sentence = f" has the source of [[alignment]] {first + 1}; keep one of the two"
                    self.complaints.append(Complaint(("alignment", number), sentence))

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
