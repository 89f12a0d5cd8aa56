"""Personal data at rest: sealed with AES-256-GCM, found again by keyed hashes; keys derive from MAGPIE_SECRET_KEY."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from events import settings

KEY_NUMBER = b"\x01"
_passwords = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def key(purpose: str) -> bytes:
    """The 256-bit key for one purpose; no two purposes share one."""
    return HKDF(algorithm=SHA256(), length=32, salt=b"magpie", info=purpose.encode()).derive(settings.secret_key())


def seal(plain: str, *, place: str) -> bytes:
    """Encrypt; `place` (table:column:row) is bound in, so that a sealed value cannot be moved to another row."""
    nonce = os.urandom(12)
    return KEY_NUMBER + nonce + _cipher(key("at rest")).encrypt(nonce, plain.encode(), place.encode())


def unseal(sealed: bytes, *, place: str) -> str:
    """Decrypt what `seal` made for this place; raises cryptography.exceptions.InvalidTag when it was altered."""
    return _cipher(key("at rest")).decrypt(bytes(sealed[1:13]), bytes(sealed[13:]), place.encode()).decode()


def blind_index(value: str, *, of: str) -> bytes:
    """A keyed hash by which an encrypted value is found; `of` keeps the indexes of different fields apart."""
    return hmac.digest(key(f"index of {of}"), value.encode(), hashlib.sha256)


@cache
def _cipher(of: bytes) -> AESGCM:
    return AESGCM(of)


def signature(text: str, *, of: str) -> str:
    """A short keyed signature, for what we hand out and want to recognise (16 hexadecimal bytes)."""
    return hmac.new(key(f"signature of {of}"), text.encode(), hashlib.sha256).hexdigest()[:32]


def hash_password(password: str) -> str:
    """The argon2id hash of a password; takes about 26 ms, so call it in a thread."""
    return _passwords.hash(password)


def password_fits(hashed: str | None, password: str) -> bool:
    """Whether the password is the hashed one; as slow for an account without one, so that time tells nothing."""
    try:
        return _passwords.verify(hashed or _nobodys_hash(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _passwords.hash("nobody")
