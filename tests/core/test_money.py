"""Money as integers, and as people write it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rugui.core.money import Money


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(1250, "EUR"), "en", "€12.50"),
        (Money(300, "JPY"), "en", "¥300"),
        (Money(1280000, "TWD"), "zh-hant", "$12,800"),
        (Money(1280050, "TWD"), "zh-hant", "$12,800.50"),
        (Money(35000, "TWD"), "en", "NT$350"),
        (Money(-35000, "TWD"), "en", "-NT$350"),
        (Money(9900, "CNY"), "zh-hans", "¥99.00"),
    ],
)
def test_it_is_written_as_people_of_the_language_write_it(money: Money, language: str, text: str) -> None:
    assert money.text(language) == text


def test_it_counts_in_minor_units_without_floats() -> None:
    assert Money.of(Decimal("12.50"), "EUR") == Money(1250, "EUR")
    assert Money.of(Decimal(300), "JPY") == Money(300, "JPY")
    assert Money(1250, "EUR").major == Decimal("12.50")
    assert Money(100, "EUR") + Money(50, "EUR") == Money(150, "EUR")
    assert -Money(100, "EUR") == Money(-100, "EUR")


def test_a_coin_smaller_than_the_currencys_is_refused() -> None:
    with pytest.raises(ValueError, match="more decimals"):
        Money.of(Decimal("12.505"), "EUR")
    with pytest.raises(ValueError, match="more decimals"):
        Money.of(Decimal("0.5"), "JPY")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="cannot add"):
        Money(1, "EUR") + Money(1, "TWD")
