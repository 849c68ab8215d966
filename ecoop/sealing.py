"""Secrets at rest: what must be readable again by the platform, and by nobody who only has the database."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """The sealed text was made with another key, or is damaged."""


def new_key() -> str:
    """A fresh key, 32 random bytes as text."""
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    """Whether `text` is one key, or several with commas between: the first seals, all of them open."""
    try:
        _ring(text)
    except ValueError:
        return False
    return True


def seal(text: str, key: str) -> str:
    """The text, encrypted and signed (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec)."""
    return _ring(key).encrypt(text.encode()).decode()


def unseal(sealed: str, key: str) -> str:
    """The text again. Raises Unreadable."""
    try:
        return _ring(key).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _ring(key: str) -> MultiFernet:
    return MultiFernet([Fernet(one.strip().encode()) for one in key.split(",")])
