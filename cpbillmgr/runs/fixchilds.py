"""``fixchilds``: give every service the license it should have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Service
from cpbillmgr.planner.basis.scope import Scope, services_to_look_at
from cpbillmgr.runs.acting.act import act
from cpbillmgr.runs.acting.agreement import whole_plan
from cpbillmgr.runs.looking.each_remote import with_left_out
from cpbillmgr.runs.looking.look import Asked, look_everywhere, open_desks
from cpbillmgr.runs.site import Site
from cpbillmgr.runs.telling import notices_of_left_behind


def fixchilds(sites: Sequence[Site], asked: Asked) -> Report:
    """Link, take or order a license for every service that has none, and report on each.

    The sites are those of the remotes that may be used, in the order of their use; a remote that cannot be
    asked is left out, and its error told.
    """
    services, passed_over = main_services(sites[0], asked.scope)
    with open_desks(sites, services, asked.scope.services) as (desks, errors):
        looks = look_everywhere(desks, asked, errors)
        if asked.save_to is not None:
            from cpbillmgr.runs.plan_file import save_plan

            remotes = tuple(look.remote.name for look in looks)
            plan, made_at = whole_plan(looks), looks[0].facts.requested_at
            save_plan(asked.save_to, plan, remotes, asked.scope, made_at)
        report = act(looks, asked, command="fixchilds")
    lost = [notice.text for notice in notices_of_left_behind(sites[0])]
    warnings = (*passed_over, *lost, *report.warnings)
    return with_left_out(replace(report, warnings=warnings), errors)


def main_services(site: Site, scope: Scope) -> tuple[list[Service], tuple[str, ...]]:
    """Return our main services, and warnings about those not looked at.

    Raises ``UsageWrong`` when the scope names a service that is not there, or is not looked at.
    """
    services = site.state.inventory.services()
    unknown = set(scope.services or ()) - {service.id for service in services}
    if unknown:
        raise UsageWrong(
            f"there is no service {', '.join(map(repr, sorted(unknown)))}",
            hint="See 'cpbillmgr service list'",
        )
    chosen, passed_over = services_to_look_at(services, site.wishes.rules)
    ignored = set(scope.services or ()) - {service.id for service in chosen}
    if ignored:
        raise UsageWrong(
            f"service {', '.join(sorted(ignored))} is of no type that fixchilds looks at",
            hint="See 'types' in the settings; 'cpbillmgr order --service' serves any type",
        )
    return chosen, passed_over
