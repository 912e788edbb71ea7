"""Public ids: what leaves the house instead of a row number.

A public id is the AES-128 encryption of (kind, row number) under the installation's own key, in base32:
random-looking, different for every installation, no column, no index, and a made-up or foreign id is
known to be wrong without asking the database. It is a name, not a permission: access.py decides.
"""

from __future__ import annotations

import base64
import struct
from functools import cache
from hashlib import blake2b
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(120, -1, -10)


class UnknownId(ValueError):
    """Not the public id of anything of this kind."""


class IdCipher:
    """Turns row numbers into public ids and back, under one 16-byte key."""

    def __init__(self, key: bytes) -> None:
        # ECB on a single block is exactly the keyed permutation that is wanted here.
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
        self._encrypt, self._decrypt = cipher.encryptor().update, cipher.decryptor().update

    def public(self, kind: str, row: int) -> str:
        block = self._encrypt(_tag(kind) + struct.pack(">q", row))
        # 26 letters of five bits, taken two at a time: several times as fast as base64.b32encode.
        bits = int.from_bytes(block, "big") << 2
        return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])

    def row(self, kind: str, public: str) -> int:
        try:
            sealed = base64.b32decode(public.upper() + "======")
        except ValueError as error:
            raise UnknownId(public) from error
        if len(sealed) != 16:  # part of a block would stay in the cipher and spoil every id after it
            raise UnknownId(public)
        block = self._decrypt(sealed)
        if block[:8] != _tag(kind):
            raise UnknownId(public)
        row: int = struct.unpack(">q", block[8:])[0]
        if self.public(kind, row) != public:  # another spelling of the same bits
            raise UnknownId(public)
        return row


@cache
def _tag(kind: str) -> bytes:
    return blake2b(kind.encode(), digest_size=8).digest()


@cache
def _cipher() -> IdCipher:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_key FROM rugui_installation")
        return IdCipher(bytes(cursor.fetchone()[0]))


def public_id(kind: str, row: int) -> str:
    """The public id (26 letters and digits) of row number `row` of `kind` ("customer", "case", …)."""
    return _cipher().public(kind, row)


def row_id(kind: str, public: str) -> int:
    """The row number behind a public id. Raises `UnknownId` for anything else."""
    return _cipher().row(kind, public)


def converter(kind: str) -> type[Any]:
    """A URL path converter: `<customer:customer_id>` takes a public id and hands the view the row number."""

    class PublicId:
        regex = "[a-z2-7]{26}"

        def to_python(self, value: str) -> int:
            return row_id(kind, value)

        def to_url(self, value: int | str) -> str:
            return value if isinstance(value, str) else public_id(kind, value)

    return PublicId
