"""The comparable form of what people are recognised by: telephone numbers, e-mail addresses, handles, cards.

`normal_phone` gives exactly what libphonenumber gives for every number that it calls possible, whether its lists know it or not, and reads the common shapes (already E.164, or
plainly national) from its tables without the full parser, which costs fifty times as much. Where libphonenumber finds
nothing, `00` before a number stands for `+`: so most of the world writes it, wherever one dials something else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, ValidationResult

_PUNCTUATED = re.compile(r"\+?[\d\s().\-]+")
_SEPARATORS = re.compile(r"[\s().\-]+")
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[^@\s,;:<>()\[\]\"\\.]+(?:\.[^@\s,;:<>()\[\]\"\\.]+)+")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
MAX_LENGTH = 200


def normal_phone(value: str, region: str) -> str | None:
    """E.164, reading a number without `+` as one of `region`; None when it cannot be a whole number."""
    text = value.strip().lstrip("'")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _PUNCTUATED.fullmatch(text):
        digits = _SEPARATORS.sub("", text)
        fast = _international(digits[1:]) if digits.startswith("+") else _national(digits, region)
        if fast:
            return fast
        if digits.startswith("00"):
            here = _parsed(text, region) if fast is None else None
            abroad = here or _international(digits[2:]) or _parsed(f"+{digits[2:]}", region)
            return abroad or _parsed(text, region, local=True)
        if fast is not None:
            return None
    return _parsed(text, region, local=True)


def _parsed(text: str, region: str, *, local: bool = False) -> str | None:
    """What the full parser makes of it; `local` also takes what can be dialled within one city only."""
    if len(text) > 60:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE and not (
        local and reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    ):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How numbers of one calling code look, as far as the fast path needs it."""

    code: str
    lengths: frozenset[int]
    local: frozenset[int]
    """Lengths of what can be dialled within one city only."""
    trunk: re.Pattern[str] | None
    """What may stand before a national number; a match means that the full parser decides."""
    plain_trunk: str
    """The trunk prefix when it is a literal such as 0, else empty."""
    abroad: re.Pattern[str] | None
    whole: re.Pattern[str]


def _plan(metadata: PhoneMetadata | None) -> _Plan | None:
    if metadata is None or metadata.general_desc is None:
        return None
    parsing = metadata.national_prefix_for_parsing
    plain = (
        parsing == metadata.national_prefix and bool(parsing) and not metadata.national_prefix_transform_rule
    )
    return _Plan(
        str(metadata.country_code),
        frozenset(metadata.general_desc.possible_length),
        frozenset(metadata.general_desc.possible_length_local_only),
        re.compile(parsing) if parsing else None,
        str(parsing) if plain else "",
        re.compile(metadata.international_prefix) if metadata.international_prefix else None,
        re.compile(metadata.general_desc.national_number_pattern or "$^"),
    )


@cache
def _plan_of_code(code: str) -> _Plan | None:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if not regions or regions[0] == "001":
        return None
    return _plan(PhoneMetadata.metadata_for_region(regions[0], None))


@cache
def _plan_of_region(region: str) -> _Plan | None:
    return _plan(PhoneMetadata.metadata_for_region(region, None))


def _international(digits: str) -> str | None:
    if not digits or digits[0] == "0":
        return None
    for length in (1, 2, 3):
        plan = _plan_of_code(digits[:length])
        if plan is not None:
            rest = digits[length:]
            if len(rest) not in plan.lengths or (plan.trunk and plan.trunk.match(rest)):
                return None
            return "+" + digits
    return None


def _national(digits: str, region: str) -> str | None:
    """In E.164; empty where it can be no number of the region; None where the full parser decides."""
    plan = _plan_of_region(region)
    if plan is None or (plan.abroad and plan.abroad.match(digits)) or digits.startswith(plan.code):
        return None
    main = _plan_of_code(plan.code)
    if main is None:
        return None
    if plan.trunk and plan.trunk.match(digits):
        digits = digits.removeprefix(plan.plain_trunk)
        if not plan.plain_trunk or len(digits) not in main.lengths or not plan.whole.fullmatch(digits):
            return None
    elif len(digits) not in main.lengths:
        # Nothing of it is taken away, so that its length decides.
        return None if len(digits) in main.local else ""
    return f"+{plan.code}{digits}"


def normal_email(value: str) -> str | None:
    """Lower case, without a surrounding name or `mailto:`; None when it is not one address."""
    text = unicodedata.normalize("NFKC", value).strip().strip("<>").removeprefix("mailto:").casefold()
    if len(text) > MAX_LENGTH or not _EMAIL.fullmatch(text):
        return None
    return text


def normal_identity(kind: str, value: str, region: str) -> str | None:
    """The comparable form of an identity of `kind` (phone, email, handle, card); None when it is not one."""
    if kind == "phone":
        return normal_phone(value, region)
    if kind == "email":
        return normal_email(value)
    text = unicodedata.normalize("NFKC", value).casefold()
    text = _NOT_ALPHANUMERIC.sub("", text) if kind == "card" else "".join(text.split()).lstrip("@")
    return text if 0 < len(text) <= MAX_LENGTH else None
