"""Every text of the pretend remote in its two languages. The wording is invented: nobody may match on it."""

from __future__ import annotations

LANGUAGES = ("en", "ru")
STATUS = {
    "en": {1: "Ordered", 2: "Active", 3: "Suspended", 4: "Deleted", 5: "Processing"},
    "ru": {1: "Заказан", 2: "Активен", 3: "Остановлен", 4: "Удален", 5: "Обрабатывается"},
}
ISSUE_STATUS = {  # by service_status
    "en": {0: "Not paid", 3: "Request sent", 4: "Waiting for approval", 5: "Issued", 6: "Failed"},
    "ru": {0: "Не оплачен", 3: "Запрос отправлен", 4: "Ожидает выпуска", 5: "Выпущен", 6: "Ошибка"},
}
PAYMENT_STATUS = {
    "en": {2: "Being paid", 4: "Credited"},
    "ru": {2: "Оплачивается", 4: "Зачислен"},
}
SPECIAL_PERIODS = {
    "en": {0: "Lifetime", -50: "1 day", -100: "Trial period"},
    "ru": {0: "Вечная", -50: "1 день", -100: "Пробный период"},
}
PHRASES = {
    "en": {"month": "Month", "unlimited": "unlimited", "daily": "daily charge", "total": "Total amount"},
    "ru": {
        "month": "Месяц",
        "unlimited": "не ограничен",
        "daily": "посуточное списание",
        "total": "Итого",
    },
}

UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"months": ("month", "months"), "years": ("year", "years")},
    "ru": {"months": ("месяц", "месяца", "месяцев"), "years": ("год", "года", "лет")},
}


def period_label(period: int, language: str) -> str:
    """Return the name of a period, such as "3 months", "1 year" or "Lifetime"."""
    if period in SPECIAL_PERIODS[language]:
        return SPECIAL_PERIODS[language][period]
    years, months = divmod(period, 12)
    count, unit = (period, "months") if months else (years, "years")
    return f"{count} {_counted(count, UNITS[language][unit])}"


def _counted(count: int, forms: tuple[str, ...]) -> str:
    """Return the form that goes with a count; two forms are English, three are Russian."""
    if len(forms) == 2:
        return forms[count != 1]
    if count % 10 == 1 and count % 100 != 11:
        return forms[0]
    few = 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14
    return forms[1] if few else forms[2]
