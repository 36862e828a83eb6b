"""``apply``: carry out exactly a plan that was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from cpbillmgr.errors import PlanOutdated
from cpbillmgr.model.plan import Decision, Plan
from cpbillmgr.model.report import Report
from cpbillmgr.runs.acting.act import act
from cpbillmgr.runs.acting.agreement import whole_plan
from cpbillmgr.runs.fixchilds import main_services
from cpbillmgr.runs.looking.look import Asked, look_everywhere, open_desks
from cpbillmgr.runs.plan_file import SavedPlan
from cpbillmgr.runs.site import Site


def apply(sites: Sequence[Site], saved: SavedPlan, asked: Asked) -> Report:
    """Carry out exactly a saved plan; raises ``PlanOutdated`` when a plan made now would be another one.

    Each remote that the plan was made for has to answer.
    """
    sites = [site for site in sites if site.wishes.remote.name in saved.remotes]
    if tuple(site.wishes.remote.name for site in sites) != saved.remotes:
        raise PlanOutdated(f"the plan was made for other remotes: {', '.join(saved.remotes)}")
    asked = replace(asked, scope=saved.scope, exactly=True)
    services, _ = main_services(sites[0], saved.scope)
    with open_desks(sites, services, saved.scope.services) as (desks, errors):
        looks = look_everywhere(desks, asked, errors)
        if errors:
            raise errors[0]
        _refuse_another(saved, whole_plan(looks))
        return act(looks, asked, command="apply")


def _refuse_another(saved: SavedPlan, now: Plan) -> None:
    then, today = _by_child(saved.decisions), _by_child(now.to_do)
    differing = sorted(key for key in then.keys() | today.keys() if then.get(key) != today.get(key))
    if differing:
        service, addon, *_ = key = differing[0]
        raise PlanOutdated(
            f"the world has changed since the plan was made ({saved.made_at:%Y-%m-%d %H:%M} UTC): "
            f"service {service}, add-on {addon}: {_difference(then.get(key), today.get(key))}"
        )


def _by_child(decisions: Iterable[Decision]) -> dict[tuple[str, str, str, str], Decision]:
    return {
        (*each.child.key, each.child.remote, each.action.value): replace(each, spares=())
        for each in decisions
    }


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
