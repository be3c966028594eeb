"""The key that demonstration builds are signed with, and its certificate.

PUBLIC DEMONSTRATION KEY: its primes are printed here, so that anyone can make the demonstration builds again, byte
for byte. Never sign anything else with it, and trust nothing that it signed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import lcm
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_P: Final = int(
    "e90edb9a2df9fa9fcff9f3fad1f65315e8b3452903936e3ab368da5f21531e05b50b2d6b06f8c920d479c06474828415"
    "7ccbe1fc36f1a770d5028b60357a9c340475b6541908544e85f34a21505d63f08f43c4df1e52f9b32d3ea720d1a505f1"
    "c938ad31b46590fd3bbe27dacbd0ee5338e1376bea17e91b1c1a6e3dfa9a843f",
    16,
)
_Q: Final = int(
    "c6ece9da217fdc9519eb0ad7dc77dbf82c8a26cf9e92d901340954226ba01f75234c66ba212c263e5e09c7cca139de9d"
    "c03ac7088b6d88d57fe3ba6ec8a1b5f5d398cd74a906b6248182a1fe384d5d3c9d9bae02a3d07b3f570a3692ad84ef7d"
    "6d30b7b17452fa633549621052b173f0496e3b3166e7c94836e85b3e9e99d35b",
    16,
)
_EXPONENT: Final = 65537
_NAME: Final = x509.Name(
    [
        x509.NameAttribute(NameOID.COMMON_NAME, "Public demonstration key"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pocketfarm"),
    ]
)


def demonstration_key() -> rsa.RSAPrivateKey:
    """RSA, 2048 bits."""
    private = pow(_EXPONENT, -1, lcm(_P - 1, _Q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=_P,
        q=_Q,
        d=private,
        dmp1=rsa.rsa_crt_dmp1(private, _P),
        dmq1=rsa.rsa_crt_dmq1(private, _Q),
        iqmp=rsa.rsa_crt_iqmp(_P, _Q),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, _P * _Q),
    )
    return numbers.private_key()


def demonstration_certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Self-signed, with a fixed serial number and fixed times: always the same bytes."""
    builder = x509.CertificateBuilder(
        issuer_name=_NAME,
        subject_name=_NAME,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=datetime(2024, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2074, 1, 1, tzinfo=UTC),
    )
    return builder.sign(key, hashes.SHA256())
