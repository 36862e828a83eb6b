from __future__ import annotations

import pytest

from cpbillmgr.errors import AcceptedWithoutId, MaybeDone
from cpbillmgr.remote.replies import new_license_id, require_done
from tests.remote.reading import parsed


@pytest.mark.parametrize(
    "answer",
    [
        "<id>123456</id><item.id>123456</item.id><billorder>98765</billorder><ok>func=order</ok>",
        "<id>123456</id>",
        "<item.id>123456</item.id><billorder>98765</billorder>",
        "<doc><id>123456</id></doc><ok/>",
        "<doc><item.id> 123456 </item.id></doc><ok/>",
    ],
)
def test_the_id_of_a_new_license_is_found_in_every_place_that_tells_it(answer: str) -> None:
    document = parsed(f'<doc func="soft.order.param">{answer}</doc>')
    assert new_license_id(document, "soft.order.param", "main") == "123456"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<doc/>", "nothing that says"),
        ("<doc><id/></doc>", "nothing that says"),
        ("<doc><id>new</id></doc>", "not a license's id"),
        ("<doc><id>0</id></doc>", "not a license's id"),
        ("<doc><id>-5</id></doc>", "not a license's id"),
        ("<doc><id>٧</id></doc>", "not a license's id"),
        ("<doc><id>5</id><item.id>6</item.id></doc>", "not a license's id"),
        ('<doc func="desktop"><id>5</id></doc>', "a document of desktop came back"),
    ],
)
def test_an_order_without_one_certain_id_is_in_doubt(answer: str, reason: str) -> None:
    with pytest.raises(MaybeDone, match=reason) as doubt:
        new_license_id(parsed(answer), "soft.order.param", "main")
    assert not isinstance(doubt.value, AcceptedWithoutId)


@pytest.mark.parametrize(
    "answer",
    [
        "<doc><ok/></doc>",
        "<doc><billorder>98765</billorder></doc>",
        "<doc><doc><billorder>9</billorder></doc></doc>",
    ],
)
def test_an_order_that_was_accepted_without_an_id_is_told_as_that(answer: str) -> None:
    with pytest.raises(AcceptedWithoutId, match="did not tell the license's id"):
        new_license_id(parsed(answer), "soft.order.param", "main")


@pytest.mark.parametrize(
    "answer",
    [
        '<doc func="soft.edit"><ok/></doc>',
        "<doc><ok>func=soft</ok></doc>",
        '<doc func="soft.edit"><lickey>7-x</lickey></doc>',
        '<doc func="soft.edit"><doc><elid>7</elid><newexpiredate>2027-01-01</newexpiredate></doc></doc>',
        "<doc><doc/><ok/></doc>",
    ],
)
def test_a_change_is_done_when_the_answer_says_so(answer: str) -> None:
    require_done(parsed(answer), "soft.edit", "main")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<doc/>", "does not say"),
        ("<doc><tparams><func>soft.edit</func></tparams></doc>", "does not say"),
        ("<doc><elem><id>7</id></elem></doc>", "does not say"),
        ('<doc func="desktop"><ok/></doc>', "a document of desktop came back"),
    ],
)
def test_a_change_is_in_doubt_when_the_answer_says_nothing_of_it(answer: str, reason: str) -> None:
    with pytest.raises(MaybeDone, match=reason):
        require_done(parsed(answer), "soft.edit", "main")
