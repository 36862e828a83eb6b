from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.catalogue import Account, Resource, ResourceKind, ResourceValue, Tariff
from cpbillmgr.model.money import Money
from cpbillmgr.remote.generation5.catalogue import account_of, balance_of, tariffs_of
from tests.remote.reading import parsed

ATTRIBUTES = """<doc><pricelist><id>55227</id><name>ispmanager 6 lite</name>
  <price currency="EUR"><period cost="4.00" type="month" length="1">monthly</period>
  <period cost="40.00" type="year" length="1">yearly</period>
  <period cost="" type="month" length="3">quarterly</period></price></pricelist></doc>"""
CHILDREN = """<doc><pricelist><id>55227</id><name>ispmanager 6 lite</name><price><currency>EUR</currency>
  <period><cost>4.00</cost><type>month</type><length>1</length></period>
  <period><cost>40.00</cost><type>month</type><length>12</length></period>
  <period><cost/><type>month</type><length>3</length></period></price></pricelist></doc>"""

WHOAMI = """<doc lang="ru" func="whoami" binary="/billmgr" host="http://">
  <user realname="..." level="16" lang="ru" name="admin2" id="4" account="3" balance="12221243.00"
    currency="RUB" currency_id="126" allowsuspenditem="off" allowdeleteitem="on"/>
  <path name="admin" level="29">1</path><mgr version="6.94.1-x" dist="3">billmgr</mgr>
  <version mgr="billmgr"><billmgr type="release">6.94.1-y</billmgr><core>5.389.1</core></version></doc>"""


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def counting(tariff: int, *addons: str) -> Tariff:
    xml = f"<doc><pricelist><id>{tariff}</id><name>t</name>{''.join(addons)}</pricelist></doc>"
    return tariffs_of(parsed(xml), "main")[tariff]


def addon(id_: int, kind: int = 2, more: str = "") -> str:
    return f"<addon><id>{id_}</id><addontype>{kind}</addontype>{more}</addon>"


@pytest.mark.parametrize("xml", [ATTRIBUTES, CHILDREN])
def test_prices_are_read_from_attributes_or_children_and_an_empty_cost_is_not_for_sale(xml: str) -> None:
    expected = Tariff(55227, "ispmanager 6 lite", {1: eur("4.00"), 12: eur("40.00")})
    assert tariffs_of(parsed(xml), "main") == {55227: expected}


@pytest.mark.parametrize(
    ("kind", "length", "period"),
    [
        ("month", "6", 6),
        ("month", "", 1),
        ("year", "2", 24),
        ("day", "1", -50),
        ("day", "14", None),
        ("lifetime", "", 0),
        ("trial", "14", -100),
        ("fortnight", "1", None),
        ("month", "x", None),
        ("month", "0", None),
    ],
)
def test_a_period_of_the_price_list_becomes_the_remote_period(
    kind: str, length: str, period: int | None
) -> None:
    sold = f'<price currency="EUR"><period cost="1.00" type="{kind}" length="{length}"/></price>'
    tariff = tariffs_of(parsed(f"<doc><pricelist><id>1</id>{sold}</pricelist></doc>"), "main")[1]
    assert list(tariff.prices) == ([] if period is None else [period])


def nodes(id_: int, minimum: int, prices: dict[int, Money] | None = None, name: str = "") -> Resource:
    return Resource(id_, name, ResourceKind.AMOUNT, prices or {}, minimum=minimum)


PRICED = '<addonmin>2</addonmin><price currency="EUR"><period cost="3.00" type="month" length="1"/></price>'


@pytest.mark.parametrize(
    ("tariff", "addons", "expected"),
    [
        (1, [], None),
        (1, [addon(5)], nodes(5, 0)),
        (1, [addon(5, more="<addonmin>0</addonmin>")], nodes(5, 0)),
        (1, [addon(5, more="<addonmin>1</addonmin>")], nodes(5, 1)),
        (1, [addon(5, more=PRICED), addon(6, kind=3)], nodes(5, 2, {1: eur("3.00")})),
        (1, [addon(5, kind=1)], None),
        (1, [addon(5), addon(6)], None),
        (3887, [], nodes(3889, 5, name="nodes")),
        (3887, [addon(3889, more=PRICED), addon(6)], nodes(3889, 5, {1: eur("3.00")})),
        (3887, [addon(6)], nodes(6, 0)),
    ],
)
def test_the_add_on_that_counts_nodes_is_told_or_publicly_known(
    tariff: int, addons: list[str], expected: Resource | None
) -> None:
    assert counting(tariff, *addons).node_addon == expected


def test_whatever_else_is_counted_has_a_minimum_and_an_internal_name() -> None:
    more = f"<intname>vms</intname>{PRICED}"
    assert counting(55163, addon(55165), addon(55164, more=more)).counted == {
        55165: nodes(55165, 1),
        55164: Resource(55164, "vms", ResourceKind.AMOUNT, {1: eur("3.00")}, (), "vms", 2),
    }


def test_a_tariff_without_an_id_is_an_error() -> None:
    with pytest.raises(AnswerNotUnderstood, match="without an id"):
        tariffs_of(parsed("<doc><pricelist><name>x</name></pricelist></doc>"), "main")


def test_the_account_is_read_as_it_was_recorded() -> None:
    assert account_of(parsed(WHOAMI), "main") == Account(
        "admin2", Money(Decimal("12221243.00"), "RUB"), may_suspend=False, may_delete=True, version="6.94.1-y"
    )


def test_an_account_that_tells_only_its_name_may_do_everything() -> None:
    account = account_of(parsed('<doc><user name="me"/><mgr version="5.1">billmgr</mgr></doc>'), "main")
    assert account == Account("me", None, may_suspend=True, may_delete=True, version="5.1")


@pytest.mark.parametrize("xml", ["<doc/>", "<doc><user/></doc>"])
def test_an_answer_that_names_no_user_is_an_error(xml: str) -> None:
    with pytest.raises(AnswerNotUnderstood, match="who we are"):
        account_of(parsed(xml), "main")


@pytest.mark.parametrize(
    ("xml", "balance"),
    [
        ("<doc><elem><balance>123.45 EUR</balance></elem></doc>", eur("123.45")),
        ("<doc><elem><balance>123.45</balance><currency>EUR</currency></elem></doc>", eur("123.45")),
        ("<doc><elem><balance>1 EUR</balance></elem><elem><balance>2 EUR</balance></elem></doc>", None),
        ("<doc/>", None),
    ],
)
def test_the_balance_of_the_only_subaccount_is_the_balance(xml: str, balance: Money | None) -> None:
    assert balance_of(parsed(xml)) == balance


def test_a_tariffs_resources_are_its_addons_of_every_known_kind() -> None:
    price = '<price currency="EUR"><period cost="1.00" type="month" length="1"/></price>'
    item = f"<enumerationitem><id>3</id><intname>s</intname><name>10 GB</name>{price}</enumerationitem>"
    backup = f"<name>Backup</name><enumeration>{item}<enumerationitem/></enumeration>"
    addons = (addon(5, 1, "<intname>ssl</intname>"), addon(6, 2, price), addon(7, 3, backup), addon(8, 4))
    xml = f"<doc><pricelist><id>1</id><name>t</name>{''.join(addons)}</pricelist></doc>"
    euro = {1: Money(Decimal("1.00"), "EUR")}
    assert tariffs_of(parsed(xml), "main")[1].resources == (
        Resource(5, "ssl", ResourceKind.LOGIC, intname="ssl"),
        Resource(6, "", ResourceKind.AMOUNT, euro),
        Resource(7, "Backup", ResourceKind.ENUMERATION, values=(ResourceValue(3, "10 GB", euro),)),
    )
