"""Money is an integer number of minor units and a currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import format_currency, get_currency_precision


@dataclass(frozen=True, slots=True)
class Money:
    """`Money(1250, "EUR")` is twelve euros fifty; `Money(300, "JPY")` is three hundred yen."""

    amount: int
    currency: str

    @classmethod
    def of(cls, value: Decimal, currency: str) -> Money:
        """From major units. Raises `ValueError` when the currency has no such small coin."""
        scaled = value.scaleb(get_currency_precision(currency))
        whole = scaled.to_integral_value(ROUND_HALF_EVEN)
        if whole != scaled:
            raise ValueError(f"{value} has more decimals than {currency} knows")
        return cls(int(whole), currency)

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.amount).scaleb(-get_currency_precision(self.currency))

    def text(self, language: str) -> str:
        """As people of that language write it: €12.50, NT$350, -¥1,200."""
        major, locale = self.major, _LOCALES.get(language, "en")
        if self.currency in COINLESS and major == major.to_integral_value():
            # Babel knows how many decimals the books have, not that nobody writes them on a price.
            return format_currency(major, self.currency, "¤#,##0", locale=locale, currency_digits=False)
        return format_currency(major, self.currency, locale=locale)


COINLESS = frozenset({"COP", "HUF", "IDR", "TWD"})
"""Currencies with a minor unit in the books and none in the purse: whole amounts are written without decimals."""

_LOCALES = {"en": "en", "zh-hant": "zh_Hant_TW", "zh-hans": "zh_Hans_CN"}
