"""The key that this installation signs pictures with, and its certificates: made once, replaceable by one's own.

C2PA wants a certificate that is issued by another (C2PA specification 2.1, "X.509 certificates"), so an authority is
made too, signs that one certificate, and its key is thrown away.  Nobody else knows that authority: a verifier
elsewhere finds the signature sound and the signer unknown, until it is told to trust the authority's certificate.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pollux.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.x509 import CertificateBuilder

YEARS = 20
_MARK = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Identity:
    """`key`: a private key on the curve P-256, PEM.  `certificates`: the signer's first, then its issuer's, PEM."""

    key: bytes
    certificates: bytes

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256: r and s, 32 bytes each, as COSE wants them (RFC 8152, 8.1)."""
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415 - heavy

        r, s = utils.decode_dss_signature(_private(self.key).sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, hexadecimal."""
        from cryptography import x509  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - heavy

        return x509.load_pem_x509_certificates(self.certificates)[0].fingerprint(hashes.SHA256()).hex()

    def serial(self) -> int:
        """The serial number of the signer's certificate."""
        from cryptography import x509  # noqa: PLC0415 - heavy

        return x509.load_pem_x509_certificates(self.certificates)[0].serial_number

    def pack(self) -> bytes:
        """Both as one text."""
        return self.key + self.certificates

    @classmethod
    def unpack(cls, data: bytes) -> Identity:
        """What `pack` gave, or the key and certificates of another tool put into one file."""
        at = data.find(_MARK)
        return cls(data[:at], data[at:])


def checked(identity: Identity, source: str) -> Identity:
    """The identity, if it can sign.  Raises ConfigurationError naming `source`."""
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        public = _private(identity.key).public_key()
        certificates = x509.load_pem_x509_certificates(identity.certificates)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"{source}: no P-256 private key and PEM certificates: {error}") from None
    if certificates[0].public_key() != public:
        raise ConfigurationError(f"{source}: the first certificate is not that of the private key.")
    return identity


def make_identity(name: str = "Pollux") -> Identity:
    """A new key with its certificates, valid from yesterday for 20 years."""
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - heavy
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415 - heavy

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name, own_name = _name(f"{name} authority"), _name(name)
    no_path = x509.BasicConstraints(ca=True, path_length=0)
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key())
        .add_extension(no_path, critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    own = (
        _certificate(own_name, authority_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(issuer, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Identity(private, own.public_bytes(pem) + authority.public_bytes(pem))


def _private(pem: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - heavy

    key = load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the private key is not one of the curve P-256")
    return key


def _name(common: str) -> Any:
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - heavy

    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pollux"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _certificate(subject: Any, issuer: Any, public: Any) -> CertificateBuilder:
    from cryptography import x509  # noqa: PLC0415 - heavy

    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
    )


def _usage(*, signs_certificates: bool) -> Any:
    from cryptography import x509  # noqa: PLC0415 - heavy

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
