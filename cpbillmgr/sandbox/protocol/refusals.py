"""What the pretend remote refuses, and how it says so.

Recorded errors are copied from a real BILLmanager, documented types are named in its manuals or read by
published clients; for the invented ones type and object are unknown and only have to be plausible.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to refuse: error type and object, where they come from, and the text in two languages."""

    type: str
    object: str
    origin: str
    en: str
    ru: str


KINDS = {
    "badpassword": Kind(
        "auth", "badpassword", "recorded", "Invalid username or password", "Неверное имя или пароль"
    ),
    "session": Kind("auth", "session", "invented", "The session has expired", "Время сеанса истекло"),
    "address": Kind(
        "auth",
        "authinfo",
        "invented",
        "Access from this address is not allowed",
        "Доступ с этого адреса запрещен",
    ),
    "no_money": Kind(
        "not_enough_money",
        "",
        "recorded",
        "insufficient funds to complete the operation. Required amount __amount__ __currency__. "
        "Your current balance: __have__ __currency__, credit limit __limit__ __currency__",
        "недостаточно средств. Необходимо __amount__ __currency__. "
        "Текущий баланс: __have__ __currency__, кредит __limit__ __currency__",
    ),
    "access": Kind("access", "", "documented", "Access denied", "Доступ запрещен"),
    "value": Kind(
        "value",
        "",
        "documented",
        "The '__object__' field has invalid value '__value__'",
        "Поле '__object__' имеет недопустимое значение '__value__'",
    ),
    "missed": Kind(
        "missed",
        "",
        "documented",
        "The required parameter '__object__' is missing",
        "Обязательный параметр '__object__' не задан",
    ),
    "unknown_id": Kind(
        "missed",
        "elid",
        "invented",
        "The object '__value__' does not exist",
        "Объект '__value__' не существует",
    ),
    "unknown_func": Kind(
        "missed", "func", "invented", "There is no function '__value__'", "Нет функции '__value__'"
    ),
    "ip_taken": Kind(
        "exists",
        "ip",
        "invented",
        "The license with this IP address already exists",
        "Лицензия с таким IP-адресом уже существует",
    ),
    "item_taken": Kind(
        "exists",
        "item",
        "invented",
        "License __value__ has this module already",
        "У лицензии __value__ уже есть этот модуль",
    ),
    "ip_too_soon": Kind(
        "limit",
        "ip_change",
        "invented",
        "The IP address can be changed only after __value__",
        "IP-адрес можно изменить только после __value__",
    ),
    "key_too_soon": Kind(
        "limit",
        "lickey_change",
        "invented",
        "The key can be changed only after __value__",
        "Ключ можно изменить только после __value__",
    ),
    "trial_used": Kind(
        "limit",
        "trial",
        "invented",
        "There was a trial for __value__ already",
        "Для __value__ уже был пробный период",
    ),
    "trial_renewal": Kind(
        "limit", "trial", "invented", "A trial cannot be renewed", "Пробный период нельзя продлить"
    ),
    "certificate_renewal": Kind(
        "missed",
        "csr",
        "invented",
        "A certificate is renewed by an order with another request",
        "Сертификат продлевается заказом с новым запросом",
    ),
    "status": Kind(
        "value",
        "status",
        "invented",
        "This is not possible in status __value__",
        "Это невозможно в состоянии __value__",
    ),
}


class Refused(Exception):
    """A call that is refused: the kind of error and its name, what it is about, its document's params."""

    def __init__(self, kind: str, object: str = "", **params: str) -> None:  # noqa: A002 - the attribute's name
        super().__init__(kind)
        self.name = kind
        self.kind = KINDS[kind]
        self.object = object or self.kind.object
        self.params = params

    def template(self, language: str) -> str:
        """Return the text with its ``__param__`` places still open."""
        return self.kind.ru if language == "ru" else self.kind.en

    def message(self, language: str) -> str:
        """Return the text with its places filled."""
        text = self.template(language)
        for name, value in {"object": self.object, **self.params}.items():
            text = text.replace(f"__{name}__", value)
        return text
