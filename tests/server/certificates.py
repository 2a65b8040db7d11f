"""Certificates for tests: an authority of our own and what it signed."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def make(folder: Path) -> tuple[Path, Path, Path]:
    """(authority's certificate, city's certificate, city's key) as PEM files, for loopback, good for a day."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, city_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("测试根证书")
    root = _builder(root_name, root_name, root_key.public_key())
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(*(name in (0, 5, 6) for name in range(9)))
    root = root.add_extension(usage, critical=True)
    city = _builder(_name("localhost"), root_name, city_key.public_key())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    city = city.add_extension(names, critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    subject = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    city, root = city.add_extension(authority, critical=False), root.add_extension(subject, critical=False)
    places = folder / "root.pem", folder / "city.pem", folder / "city.key"
    places[0].write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    places[1].write_bytes(city.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    places[2].write_bytes(city_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return places


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
