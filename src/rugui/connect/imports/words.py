"""Subjects, fields and reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from ...core.errors import Text
from ...core.phrases import listed
from ...engines.tabular.base import Problem

SUBJECTS: dict[str, Text] = {
    "customers": _("Customers"),
    "purchases": _("Purchases"),
    "visits": _("Visits"),
    "notes": _("Notes"),
    "touches": _("Touches"),
}
FIELDS: dict[str, Text] = {
    "external_id": _("Id in the other system"),
    "name": _("Name"),
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "address_as": _("How to address them"),
    "language": _("Language"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "handle": _("Handle"),
    "card": _("Card number"),
    "customer": _("Customer's id in the other system"),
    "customer_email": _("Customer's e-mail"),
    "customer_phone": _("Customer's phone"),
    "at": _("Date and time"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "kind": _("Kind"),
    "refund_of": _("Id of the purchase that is given back"),
    "about": _("About"),
    "place": _("Place"),
    "expected_at": _("Expected at"),
    "expected_until": _("Expected until"),
    "arrived_at": _("Arrived at"),
    "left_at": _("Left at"),
    "state": _("State"),
    "text": _("Text"),
    "learned_at": _("Learned at"),
    "channel": _("Channel"),
    "direction": _("Direction"),
}
DATE_ORDERS: dict[str, Text] = {
    "ymd": _("Year, month, day: 2024-05-31"),
    "dmy": _("Day, month, year: 31.05.2024"),
    "mdy": _("Month, day, year: 05/31/2024"),
    "roc": _("Year of the Republic, month, day: 113/05/31"),
}
ENCODINGS: dict[str, Text] = {
    "utf-8": _("UTF-8 (most programs today)"),
    "big5hkscs": _("Big5 (Traditional Chinese, older programs)"),
    "gb18030": _("GB18030 or GBK (Simplified Chinese, older programs)"),
    "utf-16-le": _("UTF-16 (Excel, “Unicode text”)"),
    "utf-16-be": _("UTF-16, big-endian"),
    "cp1252": _("Windows-1252 (Western European, older programs)"),
}
DELIMITERS: dict[str, Text] = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Vertical bar")}
DECIMALS: dict[str, Text] = {".": _("Point: 1,234.50"), ",": _("Comma: 1.234,50")}
_ORDER_EXAMPLES = {"ymd": "2024-05-31", "dmy": "31.05.2024", "mdy": "05/31/2024", "roc": "113/05/31"}

REASONS: dict[str, Text] = {
    "bytes": _(
        "Some letters on this line are not in the file's encoding. Save the file as UTF-8, or choose another encoding."
    ),
    "unclosed": _(
        "A quotation mark on this line is never closed. Close it, or write it twice where it belongs to the text."
    ),
    "columns": _(
        "This line has %(found)s cells where %(expected)s were expected. Put cells that contain the separator in quotation marks."
    ),
    "missing": _("This is empty, and it is needed."),
    "missing_customer": _("Nothing says whose this is. Give the customer's id, e-mail or phone."),
    "long": _("This has %(length)s letters; at most %(longest)s fit."),
    "choice": _("“%(value)s” is not one of the choices: %(choices)s."),
    "phone": _(
        "“%(value)s” is not a whole phone number in %(region)s. Write it with its country code, like +886 912 345 678."
    ),
    "email": _("“%(value)s” is not one e-mail address. Write it like name@example.com."),
    "handle": _("“%(value)s” is not a handle."),
    "card": _("“%(value)s” is not a card number: it has no letters or digits, or too many."),
    "date": _("“%(value)s” is not a date that can be read. Write it like %(example)s."),
    "date_impossible": _("There is no such day: “%(value)s”. Write it like %(example)s."),
    "date_year": _("The year of “%(value)s” cannot be right: it should lie between 1900 and 2200."),
    "time": _("The time in “%(value)s” cannot be read. Write it like %(example)s 14:30."),
    "amount": _("“%(value)s” is not an amount that can be read. Write it like %(example)s."),
    "decimals": _("“%(value)s” has more decimals than %(currency)s knows (%(decimals)s)."),
    "amount_large": _("“%(value)s” is too large to be an amount."),
    "sign": _(
        "“%(value)s” is negative, but the line says that it is a purchase. Call it a refund, or leave out the minus."
    ),
    "currency": _("“%(value)s” is not a currency. Write its three letters, like EUR or TWD."),
    "currency_mark": _("The amount is marked %(mark)s, which does not fit the line's currency."),
    "unknown_place": _("There is no place called “%(value)s” to import to. It can be: %(choices)s."),
    "repeated": _(
        "Line %(line)s has the same id, “%(value)s”, and says something else. Every line needs an id of its own."
    ),
    "repeated_earlier": _(
        "An earlier line of this file has the same id and says something else. Every line needs an id of its own."
    ),
    "ends_before": _("This ends before it starts."),
    "unknown_customer": _(
        "No customer has this id, e-mail or phone. Import the customers first, or correct it."
    ),
    "unknown_purchase": _("No purchase has this id. Import the purchase first, or correct the id."),
    "not_a_refund": _(
        "This line names a purchase that it takes back, but says that it is a purchase itself. Call it a refund, or leave out the id."
    ),
    "ambiguous_customer": _("More than one customer has this e-mail or phone. Give the customer's id."),
}


def reason(code: str, values: Mapping[str, str | list[str]]) -> str:
    """Why a row was refused, and what would be right."""
    # Rows kept by an earlier version have one text for their choices.
    said = {name: listed(value) if isinstance(value, list) else value for name, value in values.items()}
    decimal = said.get("decimal", ".")
    example = (
        _ORDER_EXAMPLES.get(said.get("order", ""), "2024-05-31") if "order" in said else f"1234{decimal}50"
    )
    return str(REASONS[code]) % {"example": example, **said}


def reason_of(problem: Problem) -> str:
    return reason(problem.code, problem.values)


def field_name(field: str) -> str:
    return str(FIELDS[field]) if field else ""
