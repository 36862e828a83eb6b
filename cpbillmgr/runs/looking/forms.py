"""Forms: what only they tell of licenses, read at the remote or remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from cpbillmgr.model.licenses import License
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.site import Site


def with_forms(
    site: Site, remote: RemoteBilling, facts: Facts, ids: Iterable[str], *, anew: Collection[str] = ()
) -> Facts:
    """Return the facts with what the forms of these licenses tell, from memory where a row is unchanged.

    The forms of ``anew`` are read in any case. Raises what ``RemoteBilling.forms`` raises.
    """
    wanted = [id for id in dict.fromkeys((*ids, *anew)) if id in facts.licenses]
    if not wanted:
        return facts
    remembered = _remembered(site, facts, [id for id in wanted if id not in anew])
    rows = [facts.licenses[id] for id in wanted if id not in remembered]
    read = remote.forms(rows, lambda done, total: site.watch("license forms", done, total)) if rows else {}
    return replace(facts, licenses={**facts.licenses, **remembered, **read})


def with_memory(site: Site, facts: Facts, ids: Iterable[str]) -> Facts:
    """Return the facts with what is remembered of these licenses' forms, if they were not read just now."""
    unread = [id for id in ids if id in facts.licenses and facts.licenses[id].remoteid is None]
    return replace(facts, licenses={**facts.licenses, **_remembered(site, facts, unread)})


def _remembered(site: Site, facts: Facts, ids: Sequence[str]) -> dict[str, License]:
    """Return, by id, those of these licenses whose form was read, and whose row is unchanged since."""
    return {
        id: _with_memory(facts.licenses[id], seen)
        for id, seen in site.state.sightings.form_facts(facts.remote, ids).items()
        if id in facts.licenses and seen.remoteid is not None and facts.licenses[id].is_same_row(seen)
    }


def _with_memory(row: License, seen: License) -> License:
    """Return a row with what only its form has told; what the row tells itself is newer."""
    return replace(
        row,
        remoteid=seen.remoteid,
        addons=seen.addons,
        ip_changed=row.ip_changed or seen.ip_changed,
        key_changed=row.key_changed or seen.key_changed,
        issue=row.issue or seen.issue,
    )
