"""``apply``: carry out exactly a plan that was looked at."""

from __future__ import annotations

from dataclasses import fields, replace

from cpbillmgr.errors import PlanOutdated
from cpbillmgr.model.plan import Decision, Plan
from cpbillmgr.model.report import Report
from cpbillmgr.runs.fixchilds import Asked, act, look_around, main_services
from cpbillmgr.runs.plan_file import SavedPlan
from cpbillmgr.runs.site import Site, open_remote


def apply(site: Site, saved: SavedPlan, asked: Asked) -> Report:
    """Carry out exactly a saved plan; raises ``PlanOutdated`` when a plan made now would be another one."""
    if saved.remote != site.wishes.remote.name:
        raise PlanOutdated(f"the plan was made for remote {saved.remote}, this is {site.wishes.remote.name}")
    asked = replace(asked, scope=saved.scope)
    with open_remote(site.wishes) as remote:
        look = look_around(site, remote, asked, *main_services(site, remote, saved.scope))
        _refuse_another(saved, look.plan)
        return act(site, remote, look, asked, command="apply")


def _refuse_another(saved: SavedPlan, now: Plan) -> None:
    then = {_key(decision): replace(decision, spares=()) for decision in saved.decisions}
    today = {_key(decision): replace(decision, spares=()) for decision in now.to_do}
    differing = sorted(key for key in then.keys() | today.keys() if then.get(key) != today.get(key))
    if differing:
        service, addon, _ = key = differing[0]
        raise PlanOutdated(
            f"the world has changed since the plan was made: service {service}, add-on {addon}: "
            f"{_difference(then.get(key), today.get(key))}"
        )


def _key(decision: Decision) -> tuple[str, str, str]:
    return (*decision.child.key, decision.action.value)


def _difference(then: Decision | None, now: Decision | None) -> str:
    """Return in words what has become of a decision."""
    if then is None or now is None:
        was, is_now = (each.because if each else "nothing to do" for each in (then, now))
        return f"it was '{was}', it is now '{is_now}'"
    before, after = _values(then), _values(now)
    name = next(name for name in before if before[name] != after[name])
    return f"its {name.replace('_', ' ')} was {before[name]}, and is now {after[name]}"


def _values(decision: Decision) -> dict[str, object]:
    own = {
        field.name: getattr(decision, field.name)
        for field in fields(decision)
        if field.compare and field.name != "child"
    }
    return own | {field.name: getattr(decision.child, field.name) for field in fields(decision.child)}
