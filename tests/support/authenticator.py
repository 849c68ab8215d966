"""A passkey in a few lines: makes and uses one key, as a phone does, down to the bytes (WebAuthn level 3, ES256)."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text_of(value: bytes) -> str:
    """Base64 as the web writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey. `verifies` says whether its owner shows finger or code, `counter` how often it signed."""

    origin: str = "http://localhost"
    host: str = "localhost"
    verifies: bool = True
    counter: int = 0
    counts: bool = True
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """What the browser sends after making the passkey that `options` asks for."""
        asked = json.loads(options)
        self.handle = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._public_key()
        data = self._data(ATTESTED) + attested
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": text_of(client), "attestationObject": text_of(attestation)})

    def use(self, options: str, **changed: Any) -> str:
        """What the browser sends after signing what `options` asks for; parts of the answer may be changed."""
        asked = json.loads(options)
        self.counter += 1 if self.counts else 0
        data = self._data(0)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(signature),
            "userHandle": text_of(self.handle),
        }
        return self._answer(answer | changed)

    def _answer(self, response: dict[str, str]) -> str:
        name = text_of(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _public_key(self) -> bytes:
        """COSE: EC2, ES256, P-256."""
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y
