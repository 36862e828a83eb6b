"""The licenses that our services ask for, in the remote's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cpbillmgr.config.choice import Choice, Unresolved
from cpbillmgr.config.defaults import odd_family
from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.wanted.amounts import amounts_for
from cpbillmgr.config.wanted.asking import PANELS, Askers, asked_name
from cpbillmgr.config.wanted.names import tariff_named
from cpbillmgr.config.wanted.periods import period_for, unlisted
from cpbillmgr.errors import Problem, UsageWrong
from cpbillmgr.model.catalogue import Amounts, Tariff
from cpbillmgr.model.certificates import ascii_domain
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.products import SEPARATE_TYPES, ProductType
from cpbillmgr.model.services import Addon, Child, Service, Status


@dataclass(frozen=True, slots=True)
class UnmetWish(Problem):
    """A problem of one add-on: what it asks for is not known, or not to be had; ``reason`` says why."""

    service: str = ""
    addon: str = ""
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The child that it would be: service and add-on."""
        return (self.service, self.addon)


def children_of(
    services: Iterable[Service],
    remote: str,
    directives: Directives,
    generation: Generation,
    tariffs: Mapping[int, Tariff],
    *,
    askers: Askers = PANELS,
    on_choice: Callable[[Choice], None] = lambda _: None,
) -> tuple[list[Child], list[UnmetWish]]:
    """Return what services ask for, and a problem for each add-on whose wish cannot be met.

    ``tariffs`` are what the remote sells to our account, empty when that is not known. ``on_choice`` gets
    each decision once, with its warnings. Services that are deleted ask for nothing; which others do, and for
    what, is told by ``askers``.
    """
    wishes = _Wishes(directives, generation, tariffs, on_choice)
    problems: list[UnmetWish] = []
    children: list[Child] = []
    named = list(_named(services, askers, wishes, problems))
    sole_tariff = len({tariff.id for _, _, tariff in named}) == 1
    for service, addon, tariff in named:
        try:
            period = wishes.period(service, tariff, sole_tariff=sole_tariff)
            amounts = amounts_for(tariff, addon.nodes, addon.amounts)
        except Unresolved as wrong:
            problems.append(_problem(service, addon, wrong))
        else:
            child = _child(service, addon, remote, tariff, period, amounts)
            children.append(_as_product(child, askers.product))
    return children, problems


def unmet_anywhere(found: Sequence[tuple[Sequence[Child], Sequence[UnmetWish]]]) -> list[UnmetWish]:
    """Return the wishes that no remote can meet, each as the first remote says why.

    ``found`` is what ``children_of`` returns for each remote: one that is not asked does not meet a wish.
    """
    met = {child.key for children, _ in found for child in children}
    unmet: dict[tuple[str, str], UnmetWish] = {}
    for wish in (wish for _, wishes in found for wish in wishes if wish.key not in met):
        unmet.setdefault(wish.key, wish)
    return list(unmet.values())


@dataclass(slots=True)
class _Wishes:
    """Each different question is decided once, for a hundred thousand services ask few different ones."""

    directives: Directives
    generation: Generation
    tariffs: Mapping[int, Tariff]
    on_choice: Callable[[Choice], None]
    _tariffs: dict[str, Tariff | Unresolved] = field(default_factory=dict)
    _periods: dict[tuple[object, ...], int | Unresolved] = field(default_factory=dict)

    def tariff(self, name: str) -> Tariff:
        """Return the tariff that a name means; raises ``Unresolved``."""
        answer = self._tariffs.get(name)
        if answer is None:
            answer = self._tariffs[name] = self._decide_tariff(name)
        if isinstance(answer, Unresolved):
            raise answer.with_traceback(None)  # or each raise would make it longer
        return answer

    def period(self, service: Service, tariff: Tariff, *, sole_tariff: bool) -> int:
        """Return the remote period for a service's own; raises ``Unresolved``."""
        bundled = service.type not in SEPARATE_TYPES
        sold_at = (service.type, service.tariff) if self.directives.alignments else ()
        question = (service.period, service.months, tariff.id, bundled, sold_at)
        answer = self._periods.get(question)
        if answer is None:
            answer = self._periods[question] = self._decide_period(
                service, tariff, bundled=bundled, sole_tariff=sole_tariff
            )
        if isinstance(answer, Unresolved):
            raise answer.with_traceback(None)  # or each raise would make it longer
        return answer

    def _decide_tariff(self, name: str) -> Tariff | Unresolved:
        try:
            choice = tariff_named(name, self.directives, self.generation, self.tariffs)
        except Unresolved as wrong:
            return wrong
        tariff = self.tariffs.get(choice.value)
        odd = odd_family(name, choice.value, tariff.name if tariff else "")
        self.on_choice(replace(choice, warnings=(*choice.warnings, odd)) if choice.line and odd else choice)
        return tariff or unlisted(choice.value, self.generation)

    def _decide_period(
        self, service: Service, tariff: Tariff, *, bundled: bool, sole_tariff: bool
    ) -> int | Unresolved:
        try:
            choice = period_for(
                service.period,
                service.months,
                tariff,
                self.directives.for_services(service.type, service.tariff),
                self.generation,
                bundled=bundled,
                sole_tariff=sole_tariff,
            )
        except Unresolved as wrong:
            return wrong
        self.on_choice(choice)
        return choice.value


def _named(
    services: Iterable[Service],
    askers: Askers,
    wishes: _Wishes,
    problems: list[UnmetWish],
) -> Iterator[tuple[Service, Addon, Tariff]]:
    """Yield each add-on that asks for a license, with the tariff that it names."""
    for service in services:
        if service.status is Status.DELETED:
            continue
        for addon in askers.addons_of(service):
            try:
                name = asked_name(service, addon)
                if name is not None:
                    yield service, addon, wishes.tariff(name)
            except Unresolved as wrong:
                problems.append(_problem(service, addon, wrong))


def _child(
    service: Service, addon: Addon, remote: str, tariff: Tariff, period: int, amounts: Amounts
) -> Child:
    return Child(
        service=service.id,
        addon=addon.name,
        service_name=service.name,
        ip=service.ip,
        status=service.status,
        remote=remote,
        tariff=tariff.id,
        period=period,
        length=tariff.length(period),
        amounts=amounts,
        local_ids=local_ids_of(service, addon),
    )


def _as_product(child: Child, product: ProductType) -> Child:
    """Return a child as its product is: one without an address has none, a certificate is for a domain."""
    if product.has_address:
        return child
    return replace(child, ip="", domain=_domain_of(child) if product.is_certificate else "")


def _domain_of(child: Child) -> str:
    """Return the domain that a service is named after, as its certificate spells it; else its whole name."""
    try:
        return ascii_domain(child.service_name)
    except UsageWrong:
        return child.service_name


def local_ids_of(service: Service, addon: Addon) -> tuple[int, ...]:
    """Return the local ids that a ``ReusePrice`` line may name."""
    return tuple(id_ for id_ in (service.tariff, addon.id) if id_ is not None)


def _problem(service: Service, addon: Addon, wrong: Unresolved) -> UnmetWish:
    message = f"service {service.id}, add-on {addon.name}: {wrong.message}"
    return UnmetWish("inventory", None, message, wrong.hint, service.id, addon.name, wrong.message)
