"""What somebody typed or sent, taken apart: telephone digits, addresses, handles and a name, in any mixture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers

from .normalise import Name, canonical_email, name_of, normal_email, normal_phone

_DIGITS = re.compile(r"\+?\(?\d[\d\s().\-–/·]*\d|\d")
_ADDRESS = re.compile(r"[^\s,;<>()\"]*@[^\s,;<>()\"]*")
_CODE = re.compile(r"(?=[\w.\-]*\d)(?=[\w.\-]*[a-z_])[a-z0-9][\w.\-]{3,}", re.IGNORECASE | re.ASCII)
MIN_TAIL = 4
"""Fewer digits belong to too many people."""
WHOLE_NUMBER = 7
"""Digits that stand for a telephone number by themselves."""


_NOT_DIGITS = re.compile(r"\D")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Query:
    """The pieces of a query; empty where there is none."""

    name: Name
    phones: tuple[str, ...] = ()
    """The number in E.164, as people of the first region would mean it."""
    written: str = ""
    """The number as it was written, for `elsewhere`."""
    regions: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    """What a number of which only the beginning is typed may begin with in E.164."""
    digits: str = ""
    """Its digits without what only leads out (00, 0): whole, or the last few."""
    ending: str = ""
    """The digits as they were typed."""
    email: str = ""
    """An address, canonical when it is whole."""
    typed: str = ""
    """The address as it was typed, dots and all."""
    code: str = ""
    """A handle, a card, or the part of an address before the @, as typed without spaces."""
    chunk: str = ""
    """All that was typed, if it has no spaces."""
    complete: bool = False
    """False while somebody is still typing: then the last word may be a beginning."""

    def elsewhere(self) -> tuple[str, ...]:
        """The number as people of each of the regions would mean it; asked only where the last digits found nothing."""
        if len(self.digits) < WHOLE_NUMBER:
            return ()
        found = [normal_phone(self.written, region) for region in self.regions]
        return tuple(dict.fromkeys(each for each in found if each))

    @property
    def hint(self) -> str:
        """One word without spaces may as well be the beginning of an address or a handle."""
        return "" if self.code or self.email or self.digits or not self.chunk.isascii() else self.chunk

    @property
    def only_identity(self) -> bool:
        return self.name.empty and bool(self.digits or self.email or self.code)

    @property
    def only_name(self) -> bool:
        """Nothing in it can be a number, an address or a handle, not even the beginning of one."""
        return not (self.digits or self.email or self.code or self.hint)

    @property
    def empty(self) -> bool:
        return self.name.empty and not (self.digits or self.email or self.code)


def parsed(text: str, regions: Sequence[str], *, complete: bool = False) -> Query:
    """A line as typed at the desk. `regions`: by which local telephone numbers may be meant, the likeliest first."""
    text = unicodedata.normalize("NFKC", text).strip()[:200]
    email = code = typed = ""
    chunk = text.casefold() if len(text) > 1 and not _SPACE.search(text) else ""
    number: dict[str, Any] = {}
    if "@" in text and (match := _ADDRESS.search(text)):
        email, typed = _email(match.group()), match.group().casefold()
        if match.group().startswith("@"):
            email, typed, code = "", "", match.group()[1:].casefold()
        text = text[: match.start()] + " " + text[match.end() :]
    for match in _CODE.finditer(text):
        if not code:
            code = match.group().casefold()
            text = text[: match.start()] + " " + text[match.end() :]
            break
    for match in _DIGITS.finditer(text):
        run = _NOT_DIGITS.sub("", match.group())
        if len(run) >= MIN_TAIL:
            number = _number(match.group(), run, regions, complete=complete)
            text = text[: match.start()] + " " + text[match.end() :]
            break
    return Query(
        name_of(" ".join(text.split())),
        email=email,
        typed=typed,
        code=code,
        chunk=chunk,
        complete=complete,
        **number,
    )


def given(
    identities: Iterable[tuple[str, str]], name: str, regions: Sequence[str]
) -> tuple[Query, tuple[tuple[str, str], ...]]:
    """A query from fields whose kind is known, and its (kind, normal) identities."""
    email = typed = code = ""
    number: dict[str, Any] = {}
    normals: list[tuple[str, str]] = []
    for kind, value in identities:
        if kind == "phone":
            run = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", value))
            if len(run) >= MIN_TAIL:
                number = _number(value, run, regions, complete=True)
        elif kind == "email":
            email, typed = _email(value), value.strip().casefold()
        else:
            code = "".join(unicodedata.normalize("NFKC", value).casefold().split()).lstrip("@")
            normals.append((kind, code))
    query = Query(name_of(name), email=email, typed=typed, code=code, complete=True, **number)
    return query, tuple(normals)


def _number(written: str, run: str, regions: Sequence[str], *, complete: bool) -> dict[str, Any]:
    """What a `Query` says of a number."""
    whole = len(run) >= WHOLE_NUMBER
    first = normal_phone(written, regions[0]) if whole and regions else None
    abroad = written.lstrip().startswith("+")
    begins: tuple[str, ...] = ()
    if abroad or run.startswith("00"):
        significant = run if abroad else run[2:]
        begins = (f"+{significant}",)
    else:
        significant = run.lstrip("0") if whole else run
        if not complete:
            national = run.lstrip("0")
            begins = tuple([f"+{code}{national}" for code in _codes(tuple(regions))])
    return {
        "phones": (first,) if first else (),
        "digits": significant or run,
        "ending": run,
        "written": written,
        "regions": tuple(regions),
        "begins": () if complete else begins,
    }


@cache
def _codes(regions: tuple[str, ...]) -> tuple[int, ...]:
    """By region the calling code, for those that have one."""
    found = (phonenumbers.country_code_for_region(region) for region in regions)
    return tuple(code for code in found if code)


def _email(written: str) -> str:
    normal = normal_email(written)
    return canonical_email(normal) if normal else written.casefold()
