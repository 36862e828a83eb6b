from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Hook, Level
from cpbillmgr.model.operations import State, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import CertificateFiles, Facts
from cpbillmgr.planner.basis.matching import match
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.checkevent import make_plan as checked
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.forecast import outlook
from cpbillmgr.planner.needs.certificates import coming, obstacles_of_certificates
from cpbillmgr.planner.notices.certificates import of_certificates
from tests.planner.audits import told
from tests.planner.nouns import NOW, TODAY, a_license, an_operation, facts, linked

DOMAIN_SSL = 55348
SOLD = {
    DOMAIN_SSL: Tariff(
        DOMAIN_SSL, "DomainSSL", {12: Money(Decimal("45.00"), "EUR"), 24: Money(Decimal("80.00"), "EUR")}
    )
}
RULES = Rules(product=ProductType.CERTIFICATE, approver="admin", days_before=30)
DOMAIN = "shop.example"
CHILD = Child("90", "ssl", DOMAIN, "", Status.ACTIVE, "isp", DOMAIN_SSL, 12, length=12, domain=DOMAIN)
DAY = timedelta(days=1)
LONG = f"{'a' * 50}.shop.example.com"  # 67 characters


def mark(generation: int) -> str:
    return str(Mark("main", *CHILD.key, generation))


def a_certificate(id: str = "501", /, **fields: Any) -> License:
    usual = {
        "name": DOMAIN,
        "ip": "",
        "tariff": DOMAIN_SSL,
        "tariff_name": "DomainSSL",
        "period": 12,
        "issue": Issue.ISSUED,
        "expires": TODAY + 200 * DAY,
        "remoteid": mark(1),
    }
    return a_license(id, **{**usual, **fields})


KEYLESS = CertificateFiles(keyless=frozenset({"501"}))
UNFETCHED = CertificateFiles(unfetched={"501": mark(1)})


def look(*licenses: License, **more: Any) -> Facts:
    return facts(*licenses, **{"tariffs": SOLD, **more})


def having(license: License, **more: Any) -> Facts:
    """Return a look that shows service 90 with this certificate."""
    return look(license, links=linked((CHILD, license.id)), **more)


def standing(wish: Wish = Wish.ON, **more: Any) -> Standing:
    return Standing({CHILD.key: Demand(*CHILD.key, wish, "")}, **more)


def planned(
    shown: Facts, stands: Standing | None = None, child: Child | None = CHILD, rules: Rules = RULES
) -> list[Decision]:
    """Return what a checkevent does."""
    stands, children = stands or standing(), [child] if child is not None else []
    return [*checked(shown, stands, resting(shown, stands), children, {}, None, rules).decisions]


def given(shown: Facts, child: Child = CHILD, rules: Rules = RULES) -> list[Decision]:
    """Return what a fixchilds does."""
    return [*make_plan([child], shown, rules, Scope()).decisions]


def test_a_service_without_a_certificate_has_one_ordered_for_its_domain() -> None:
    (decision,) = given(look())
    assert (decision.action, decision.held, str(decision.cost)) == (Action.ORDER, False, "45.00 EUR")
    assert (decision.child.license_name, decision.remoteid) == (DOMAIN, mark(1))


@pytest.mark.parametrize(
    ("domain", "approver", "prepared", "obstacle"),
    [
        (DOMAIN, "admin", None, None),
        (f"*.{DOMAIN}", "admin", None, None),
        ("xn--80ak6aa92e.example", "admin", None, None),
        (DOMAIN, "", DOMAIN, None),
        (DOMAIN, "admin", "old.example", "the request prepared for service 90 is for old.example, not for"),
        (DOMAIN, "", None, "who approves it is not known: set approver in [certificates], or use"),
        (LONG, "admin", LONG, None),
        (LONG, "admin", None, f"'{LONG}' is longer than the 64 characters of a certificate's name"),
        ("web90", "admin", None, "a certificate is for a domain, and service 90 is named 'web90'"),
        ("", "admin", None, "a certificate is for a domain"),
        ("*.*.example", "admin", None, "a certificate is for a domain"),
        ("a..example", "admin", None, "a certificate is for a domain"),
        ("192.0.2.1", "admin", None, "a certificate is for a domain"),
        ("shop.example/", "admin", None, "a certificate is for a domain"),
    ],
)
def test_a_certificate_needs_a_domain_and_somebody_who_approves_it(
    domain: str, approver: str, prepared: str | None, obstacle: str | None
) -> None:
    shown = look(files=CertificateFiles({CHILD.key: prepared} if prepared else {}))
    child = replace(CHILD, domain=domain, service_name=domain)
    rules = replace(RULES, approver=approver)
    found = obstacles_of_certificates([child], shown, rules).get(CHILD.key)
    assert (found or "").startswith(obstacle or "-") if obstacle else found is None
    assert [each.held for each in given(shown, child, rules)] == [obstacle is not None]


def test_a_prepared_request_that_cannot_be_read_holds_its_own_child_alone() -> None:
    other = replace(CHILD, service="91")
    shown = look(files=CertificateFiles(damaged={CHILD.key: "a request is damaged"}))
    assert obstacles_of_certificates([CHILD, other], shown, RULES) == {CHILD.key: "a request is damaged"}


@pytest.mark.parametrize(
    ("license", "is_found"),
    [
        (a_certificate(remoteid=""), True),
        (a_certificate(remoteid="", status=Status.PROCESSING, issue=Issue.WAITING), True),
        (a_certificate(remoteid="", status=Status.PROCESSING, issue=Issue.REQUESTED), True),
        (a_certificate(remoteid="", issue=Issue.FAILED), False),
        (a_certificate(remoteid="", status=Status.PROCESSING, issue=Issue.FAILED), False),
        (a_certificate(remoteid="", expires=TODAY - DAY), False),
        (a_certificate(remoteid="", name="other.example"), False),
        (a_certificate(remoteid="", tariff=1), False),
        (a_certificate(), True),
        (a_certificate(issue=Issue.FAILED), False),
        (a_certificate(remoteid="cpb1-main-91-ssl-1"), False),
    ],
)
def test_a_certificate_for_the_domain_that_is_paid_and_good_is_linked(
    license: License, *, is_found: bool
) -> None:
    assert (CHILD.key in match([CHILD], look(license), "main")) is is_found


def test_a_failed_certificate_is_not_ordered_again_by_itself() -> None:
    shown = having(a_certificate(status=Status.PROCESSING, issue=Issue.FAILED))
    assert (given(shown), planned(shown)) == ([], [])
    (notice,) = of_certificates(shown, standing(), {})
    assert notice.text.startswith("certificate 501 for shop.example of service 90 was not issued")


def test_it_is_told_that_the_approver_is_waited_for() -> None:
    shown = having(a_certificate(status=Status.PROCESSING, issue=Issue.WAITING))
    (notice,) = of_certificates(shown, standing(), {})
    text = "certificate 501 for shop.example of service 90 waits until its approver answers the seller's mail"
    assert (notice.text, notice.level, notice.hook) == (text, Level.NOTE, None)


@pytest.mark.parametrize(("days", "level"), [(8, Level.NOTE), (7, Level.ALARM), (-1, Level.ALARM)])
def test_it_is_told_louder_when_the_certificate_before_ends_meanwhile(days: int, level: Level) -> None:
    old, new = a_certificate(expires=TODAY + days * DAY), a_certificate("502", issue=Issue.WAITING)
    shown = look(old, new, links=linked((CHILD, "502")), replaced={"501": CHILD.key})
    (notice,) = of_certificates(shown, standing(), {})
    assert (notice.topic, notice.level) == ("issue 502", level)


def test_of_the_certificates_before_only_the_one_that_lasts_longest_counts() -> None:
    waiting = a_certificate("504", issue=Issue.WAITING)
    old, last = (
        a_certificate("501", expires=TODAY - 300 * DAY, status=Status.DELETED),
        a_certificate("502", expires=TODAY + 30 * DAY),
    )
    failed = a_certificate("503", expires=TODAY + 300 * DAY, issue=Issue.FAILED)
    replaced = dict.fromkeys(("501", "502", "503"), CHILD.key)

    def seen(*licenses: License) -> tuple[Level, str]:
        shown = look(*licenses, waiting, links=linked((CHILD, "504")), replaced=replaced)
        (notice,) = of_certificates(shown, standing(), {})
        return notice.level, notice.text.partition("seller's mail")[2]

    assert seen(old, last) == (Level.NOTE, "")
    ended = f", and the one before it has ended on {old.expires}"
    assert seen(old) == (Level.ALARM, ended)
    assert seen(old, failed) == (Level.ALARM, ended)
    soon = replace(last, expires=TODAY + DAY)
    assert seen(old, soon) == (Level.ALARM, f", and the one before it ends on {soon.expires}")


@pytest.mark.parametrize("issue", [Issue.REQUESTED, Issue.ISSUED])
def test_a_certificate_whose_key_is_lost_is_told(issue: Issue) -> None:
    (notice,) = of_certificates(having(a_certificate(issue=issue), files=KEYLESS), standing(), {})
    assert (notice.level, notice.hook) == (Level.ALARM, Hook.FAILED)
    assert "the request of certificate 501 for shop.example of service 90 is lost" in notice.text


@pytest.mark.parametrize(
    ("error", "level", "hook", "told"),
    [
        ("no disk", Level.WARNING, Hook.FAILED, "could not be fetched: no disk"),
        ("", Level.NOTE, None, "is said to be issued, and has no files yet"),
    ],
)
def test_files_that_are_not_here_yet_are_told(error: str, level: Level, hook: Hook | None, told: str) -> None:
    (notice,) = of_certificates(having(a_certificate()), standing(), {"501": error})
    assert (notice.level, notice.hook, told in notice.text) == (level, hook, True)


@pytest.mark.parametrize("issue", Issue)
def test_only_the_files_of_issued_certificates_are_fetched_and_only_once(issue: Issue) -> None:
    shown = having(a_certificate(issue=issue), files=UNFETCHED)
    fetched = [(Action.FETCH, "501", mark(1))] if issue is Issue.ISSUED else []
    assert [(each.action, each.license, each.remoteid) for each in planned(shown)] == fetched
    assert planned(replace(shown, files=CertificateFiles())) == []


@pytest.mark.parametrize(
    ("issue", "is_coming"),
    [(None, True), (Issue.REQUESTED, True), (Issue.WAITING, True), (Issue.ISSUED, False)],
)
def test_what_is_not_known_to_be_issued_is_looked_at_again(issue: Issue | None, *, is_coming: bool) -> None:
    assert coming(having(a_certificate(issue=issue)), standing()) == (["501"] if is_coming else [])
    for status in (Status.SUSPENDED, Status.DELETED):
        assert coming(having(a_certificate(issue=issue, status=status)), standing()) == []


@pytest.mark.parametrize("issue", Issue)
def test_a_certificate_that_is_wanted_no_more_is_neither_waited_for_nor_fetched_nor_told(
    issue: Issue,
) -> None:
    files = replace(UNFETCHED, keyless=KEYLESS.keyless)
    shown = having(a_certificate(issue=issue), files=files)
    stands = standing(Wish.GIVEN_UP)
    assert coming(shown, stands) == []
    assert planned(shown, stands) == []
    assert [*of_certificates(shown, stands, {"501": "no disk"})] == []
    links, license = linked((CHILD, "501")), a_certificate(issue=issue)
    seen = told(license, children=(), links=links, standing=stands, rules=RULES, tariffs=SOLD, files=files)
    assert seen == []


@pytest.mark.parametrize(
    ("license", "wish", "renewed"),
    [
        (a_certificate(expires=TODAY + 31 * DAY), Wish.ON, False),
        (a_certificate(expires=TODAY + 30 * DAY), Wish.ON, True),
        (a_certificate(expires=TODAY + 30 * DAY, issue=None), Wish.ON, True),
        (a_certificate(expires=TODAY + 30 * DAY, issue=Issue.WAITING), Wish.ON, False),
        (a_certificate(expires=TODAY + 30 * DAY, issue=Issue.FAILED), Wish.ON, False),
        (a_certificate(expires=TODAY + 30 * DAY), Wish.OFF, False),
        (a_certificate(expires=TODAY + 30 * DAY), Wish.GIVEN_UP, False),
        (a_certificate(expires=TODAY - 29 * DAY), Wish.ON, True),
        (a_certificate(expires=TODAY - 30 * DAY), Wish.ON, False),
    ],
)
def test_a_certificate_that_ends_is_renewed_by_a_new_order_and_never_stopped_or_given_up(
    license: License, wish: Wish, *, renewed: bool
) -> None:
    found = planned(having(license), standing(wish, followed={CHILD.key: Status.SUSPENDED}))
    assert [(each.action, each.replaces, each.remoteid) for each in found] == (
        [(Action.ORDER, "501", mark(2))] if renewed else []
    )
    assert [each.renews for each in found] == (["501"] if renewed else [])


def test_the_next_certificate_is_what_the_service_asks_for_by_now() -> None:
    shown = having(a_certificate(expires=TODAY))
    wish = replace(CHILD, period=24, length=24, domain="new.example")
    (decision,) = planned(shown, child=wish)
    assert (decision.child, str(decision.cost)) == (wish, "80.00 EUR")
    (decision,) = planned(shown, child=None)
    assert (decision.child.domain, decision.child.period) == (DOMAIN, 12)


@pytest.mark.parametrize(("failure", "again"), [("money", True), ("value", False), ("refused", False)])
def test_a_renewal_that_was_refused_is_left_to_a_person(failure: str, *, again: bool) -> None:
    tries = {("501", Action.RENEW): Tries(1, NOW, failure, "no", 7)}
    shown, stands = having(a_certificate(expires=TODAY + DAY)), standing(tries=tries)
    assert len(planned(shown, stands)) == again


def test_a_renewal_with_an_obstacle_is_held() -> None:
    shown = having(a_certificate(expires=TODAY))
    (decision,) = planned(shown, rules=replace(RULES, approver=""))
    assert (decision.held, "who approves it is not known" in decision.because) == (True, True)


@pytest.mark.parametrize(("domain", "held"), [(DOMAIN, False), ("new.example", True)])
def test_who_approved_the_certificate_before_approves_the_next_one_for_the_same_domain(
    domain: str, *, held: bool
) -> None:
    files = CertificateFiles(approved={CHILD.key: frozenset({DOMAIN})})
    shown = having(a_certificate(expires=TODAY), files=files)
    child = replace(CHILD, domain=domain)
    assert [each.held for each in planned(shown, child=child, rules=replace(RULES, approver=""))] == [held]


@pytest.mark.parametrize("issue", [Issue.REQUESTED, Issue.WAITING])
def test_what_is_not_issued_yet_is_renewed_by_nobody_unless_its_request_is_lost(issue: Issue) -> None:
    shown = having(a_certificate(issue=issue))
    with pytest.raises(UsageWrong, match=f"certificate 501 for {DOMAIN} is not issued yet"):
        one_license.renew("501", None, RULES, shown)
    decision = one_license.renew("501", None, RULES, replace(shown, files=KEYLESS))
    assert (decision.action, decision.because) == (
        Action.ORDER,
        f"the request of the certificate for {DOMAIN} is lost; a new one takes the place of 501",
    )


def test_the_one_that_has_taken_the_place_of_a_certificate_is_named() -> None:
    old, new = a_certificate(), a_certificate("502", remoteid=mark(2))
    shown = look(old, new, links=linked((CHILD, "502")), replaced={"501": CHILD.key})
    with pytest.raises(UsageWrong, match="license 502 has taken the place of 501"):
        one_license.renew("501", None, RULES, shown)
    with pytest.raises(UsageWrong, match="license 501 is linked to no service"):
        one_license.renew("501", None, RULES, replace(shown, links={}))


def test_a_renewal_whose_end_is_not_known_yet_is_held_and_not_ordered_twice() -> None:
    operation = an_operation(
        action=Action.ORDER,
        state=State.IN_DOUBT,
        service="90",
        addon="ssl",
        tariff=DOMAIN_SSL,
        period=12,
        ip="",
        name=DOMAIN,
        replaces="501",
        expires_before=TODAY,
    )
    shown = having(a_certificate(expires=TODAY), operations=[operation])
    for decision in (*planned(shown), one_license.renew("501", None, RULES, shown)):
        assert (decision.action, decision.held, decision.in_doubt) == (Action.ORDER, True, True)
    absent = replace(shown, operations=[replace(operation, state=State.ABSENT)])
    for decision in (*planned(absent), one_license.renew("501", None, RULES, absent)):
        assert (decision.held, decision.operation, decision.replaces) == (False, operation.id, "501")
    elsewhere = replace(CHILD, domain="new.example")
    assert [each.held for each in planned(absent, child=elsewhere)] == [True]


def test_a_person_renews_one_at_any_time() -> None:
    decision = one_license.renew("501", 24, RULES, having(a_certificate()))
    assert (decision.action, decision.renews, str(decision.cost)) == (Action.ORDER, "501", "80.00 EUR")


def test_a_license_that_comes_in_place_of_another_is_left_alone_with_the_one_before() -> None:
    old, new = a_certificate(), a_certificate("502", remoteid=mark(2))
    shown = look(old, new, links=linked((CHILD, "502")), replaced={"501": CHILD.key})
    assert (given(shown), planned(shown)) == ([], [])


def test_renewals_are_foretold_year_by_year() -> None:
    shown = having(a_certificate(expires=TODAY + 40 * DAY))
    found = outlook(shown, standing(), {CHILD.key: CHILD}, RULES, None, 400)
    paid = [(day, each.renews, str(each.cost)) for day, renewals in found.days.items() for each in renewals]
    assert paid == [(TODAY + 10 * DAY, "501", "45.00 EUR"), (date(2027, 11, 1), "501", "45.00 EUR")]


@pytest.mark.parametrize(
    ("license", "renewed"),
    [
        (a_certificate(status=Status.PROCESSING, issue=Issue.WAITING, expires=TODAY + 40 * DAY), 1),
        (a_certificate(status=Status.PROCESSING, issue=Issue.REQUESTED, expires=None, length=1), 1),
        (a_certificate(status=Status.PROCESSING, issue=None, expires=TODAY + 40 * DAY), 1),
        (a_certificate(status=Status.ACTIVE, issue=None, expires=TODAY + 40 * DAY), 1),
        (a_certificate(status=Status.PROCESSING, issue=Issue.WAITING, expires=None), 0),
        (a_certificate(status=Status.PROCESSING, issue=Issue.FAILED, expires=TODAY + 40 * DAY), 0),
    ],
)
def test_what_waits_for_its_approver_is_foretold_as_if_it_were_issued(license: License, renewed: int) -> None:
    shown = having(license)
    found = outlook(shown, standing(), {CHILD.key: CHILD}, RULES, None, 300)
    assert sum(map(len, found.days.values())) == renewed


UNLINK = "cpbillmgr license unlink 501 && cpbillmgr fixchilds --service 90"


@pytest.mark.parametrize(
    ("license", "wish", "child", "findings"),
    [
        (a_certificate(), Wish.ON, CHILD, []),
        (a_certificate(), Wish.OFF, CHILD, []),
        (a_certificate(), Wish.GIVEN_UP, CHILD, []),
        (a_certificate(tariff=55349), Wish.ON, CHILD, []),
        (a_certificate(name=DOMAIN.upper()), Wish.ON, CHILD, []),
        (a_certificate(issue=Issue.FAILED), Wish.ON, CHILD, [("not issued", "45.00 EUR", UNLINK)]),
        (a_certificate(name="old.example"), Wish.ON, CHILD, [("wrong domain", "24.65 EUR", UNLINK)]),
        (
            a_certificate(expires=TODAY + DAY),
            Wish.ON,
            CHILD,
            [("expiring", "45.00 EUR", "cpbillmgr checkevent")],
        ),
        (
            a_certificate(expires=TODAY),
            Wish.ON,
            replace(CHILD, domain="x"),
            [("wrong domain", "0.00 EUR", UNLINK)],
        ),
    ],
)
def test_an_audit_tells_of_certificates_what_is_to_be_mended(
    license: License, wish: Wish, child: Child, findings: list[tuple[str, str, str]]
) -> None:
    seen = told(
        license,
        children=(child,),
        links=linked((CHILD, "501")),
        standing=standing(wish),
        rules=RULES,
        tariffs=SOLD,
    )
    assert seen == findings


@pytest.mark.parametrize(
    ("files", "issue", "finding"),
    [
        (KEYLESS, Issue.WAITING, ("request lost", "cpbillmgr license renew 501")),
        (UNFETCHED, Issue.ISSUED, ("not fetched", "cpbillmgr checkevent")),
        (UNFETCHED, Issue.WAITING, None),
    ],
)
def test_an_audit_tells_what_of_a_certificate_is_not_on_disk(
    files: CertificateFiles, issue: Issue, finding: tuple[str, str] | None
) -> None:
    license, links = a_certificate(issue=issue), linked((CHILD, "501"))
    seen = told(
        license, children=(CHILD,), links=links, standing=standing(), rules=RULES, tariffs=SOLD, files=files
    )
    assert seen == ([(finding[0], "24.65 EUR", finding[1])] if finding else [])


def test_an_audit_says_nothing_of_the_certificate_that_was_renewed() -> None:
    old, new = a_certificate(), a_certificate("502", remoteid=mark(2))
    seen = told(
        old,
        new,
        children=(CHILD,),
        links=linked((CHILD, "502")),
        standing=standing(),
        rules=RULES,
        tariffs=SOLD,
        replaced={"501": CHILD.key},
    )
    assert seen == []
