"""Names and identities in the form in which they are compared."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines import identities
from rugui.know.names import name_keys, name_prefixes, normal_email, normal_identity, normal_phone


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Ana", ["ana"]),
        ("Ms  Chen Yu-ting", ["chen", "ms", "ting", "yu"]),
        ("Zoë Łukasz", ["lukasz", "zoe"]),
        ("O'Brien", ["brien", "o", "obrien"]),
        ("O’Brien Éa", ["brien", "ea", "o", "obrien"]),
        ("陳玉婷", ["婷", "玉婷", "陳玉婷"]),
        ("陳 玉婷 Chen", ["chen", "婷", "玉婷", "陳"]),
        ("ＣＨＥＮ", ["chen"]),
        ("김민수", ["김민수", "민수", "수"]),
        ("がく", ["がく", "く"]),
        ("---", []),
        ("x" * 200, ["x" * 80]),
    ],
)
def test_a_name_is_found_by_its_parts(name: str, keys: list[str]) -> None:
    assert name_keys(name) == keys


@given(st.text(alphabet="陳玉婷王小明 ab", min_size=1, max_size=12), st.data())
def test_any_part_of_a_han_name_begins_one_of_its_keys(name: str, data: st.DataObject) -> None:
    runs = [run for run in name.replace("a", " ").replace("b", " ").split() if run]
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert any(key.startswith(run[start:end]) for key in name_keys(name))


@given(st.text(max_size=300))
def test_what_was_typed_finds_the_name_it_was_typed_from(name: str) -> None:
    keys = name_keys(name)
    assert all(0 < len(key) <= 80 for key in keys)
    assert all(any(key.startswith(prefix) for key in keys) for prefix in name_prefixes(name))


def test_what_was_typed_becomes_beginnings() -> None:
    assert name_prefixes("O'Br 玉婷, ") == ["obr", "玉婷"]


@pytest.mark.parametrize(
    ("value", "region", "normal"),
    [
        ("+886 912 345 678", "US", "+886912345678"),
        ("0912-345-678", "TW", "+886912345678"),
        ("０９１２３４５６７８", "TW", "+886912345678"),
        ("(310) 346-1190", "US", "+13103461190"),
        ("1 310 346 1190", "US", "+13103461190"),
        ("0086 137 8729 9353", "TW", "+8613787299353"),
        ("008613787299353", "DE", "+8613787299353"),
        ("+44 (0)20 7946 0018", "TW", "+442079460018"),
        ("02 2345 6789", "TW", "+886223456789"),
        ("+39 06 1234 5678", "US", "+390612345678"),
        ("12", "TW", None),
        ("9.12E+08", "TW", None),
        ("+999123456789", "TW", None),
        ("", "TW", None),
        ("call me", "TW", None),
        ("00 1 702 402 6617", "CN", "+17024026617"),
        ("0033 6 12 34 56 78", "US", "+33612345678"),
        ("00", "TW", None),
        ("555-0123", "US", "+15550123"),
        ("2345 6789", "TW", "+88623456789"),
        ("12345678901234", "DE", "+4912345678901234"),
        ("1" * 100, "TW", None),
    ],
)
def test_a_phone_number_is_read_by_its_region(value: str, region: str, normal: str | None) -> None:
    assert normal_phone(value, region) == normal


def _as_the_library_says(value: str, region: str, *, local: bool = True) -> str | None:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if not local and reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_REGIONS = [
    "TW",
    "CN",
    "HK",
    "US",
    "GB",
    "DE",
    "IT",
    "FR",
    "JP",
    "AU",
    "BR",
    "AR",
    "MX",
    "RU",
    "KZ",
    "SG",
    "KR",
    "CA",
    "JE",
]


@given(st.from_regex(r"\A\+?[0-9]{3,16}\Z"), st.sampled_from(_REGIONS))
def test_the_quick_way_agrees_with_the_full_parser(value: str, region: str) -> None:
    plain = _as_the_library_says(value, region, local=not value.startswith("00"))
    if plain is None and value.startswith("00"):
        plain = _as_the_library_says(f"+{value[2:]}", region, local=False) or _as_the_library_says(
            value, region
        )
    assert identities.normal_phone(value, region) == plain


@given(st.sampled_from(_REGIONS), st.integers(0, 10_000), st.booleans())
def test_the_quick_way_agrees_on_numbers_that_exist(region: str, salt: int, national: bool) -> None:
    example = phonenumbers.example_number(region)
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=max(1, example.national_number - salt)
    )
    style = phonenumbers.PhoneNumberFormat
    value = phonenumbers.format_number(number, style.NATIONAL if national else style.INTERNATIONAL)
    assert identities.normal_phone(value, region) == _as_the_library_says(value, region)


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        (" Ana.B@Example.ORG ", "ana.b@example.org"),
        ("mailto:a@b.cc", "a@b.cc"),
        ("<a@b.cc>", "a@b.cc"),
        ("ａ＠ｂ.cc", "a@b.cc"),
        ("a@b", None),
        ("a@b.cc, c@d.ee", None),
        ("a b@c.dd", None),
        ("", None),
        ("x" * 200 + "@b.cc", None),
    ],
)
def test_an_e_mail_address_is_one_address_in_lower_case(value: str, normal: str | None) -> None:
    assert normal_email(value) == normal


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        ("handle", " @Ana_B ", "ana_b"),
        ("card", "VIP 0012-34", "vip001234"),
        ("card", "--", None),
        ("phone", "0912345678", "+886912345678"),
        ("email", "A@B.cc", "a@b.cc"),
    ],
)
def test_every_kind_of_identity_has_its_comparable_form(kind: str, value: str, normal: str | None) -> None:
    assert normal_identity(kind, value, "TW") == normal
