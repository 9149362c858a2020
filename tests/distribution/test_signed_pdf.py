"""A PDF that was signed electronically: its signature is shown as what it is, and nothing more is claimed."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from asn1crypto import keys, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.files.base import ContentFile
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from distribution.actions.receipts import add_evidence
from distribution.models import Receipt
from ikm_program.pdf_signatures import signatures_of

pytestmark = pytest.mark.usefixtures("in_english")
WHO = "Kepala Dinas CONTOH"


@pytest.fixture(scope="module")
def signer() -> signers.SimpleSigner:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = made.Name([made.NameAttribute(NameOID.COMMON_NAME, WHO)])
    builder = made.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    valid = builder.not_valid_before(dt.datetime(2019, 1, 1, tzinfo=dt.UTC)).not_valid_after(dt.datetime(2039, 1, 1, tzinfo=dt.UTC))
    certificate = valid.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    plain = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate),
        signing_key=keys.PrivateKeyInfo.load(key.private_bytes(*plain)),
        cert_registry=SimpleCertificateStore(),
    )


@pytest.fixture
def received(world, issue, acknowledge):
    world.stock(5)
    return acknowledge(issue(5))


@pytest.fixture
def signed(received, printed, signer) -> bytes:
    """The paper of the handover, signed as an office does it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(bytes(printed(received).file.content)))
    output = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="Sig1"), signer=signer)
    return bytes(output.getvalue())


def test_it_says_who_signed_and_that_the_bytes_are_intact(signed):
    (found,) = signatures_of(signed)
    assert [found["signer"], found["is_intact"], found["covers_all"], found["signed_at"][:4]] == [WHO, True, True, "2020"]


def test_a_changed_byte_is_told(signed):
    place = signed.index(b"/Type") + 1
    (found,) = signatures_of(signed[:place] + b"X" + signed[place + 1 :]) or [{"is_intact": False}]
    assert found["is_intact"] is False


def test_something_added_afterwards_is_told(signed):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.set_info(writer.add_object(writer.trailer["/Info"].get_object() if "/Info" in writer.trailer else writer.root))
    output = io.BytesIO()
    writer.write(output)
    (found,) = signatures_of(output.getvalue())
    assert [found["is_intact"], found["covers_all"]] == [True, False]


@pytest.mark.parametrize("content", [b"%PDF-1.7 %%EOF", b"%PDF-1.7 /ByteRange [0 1 2 3] %%EOF", b"/ByteRange"])
def test_of_what_has_no_signature_nothing_is_claimed(content):
    assert signatures_of(content) == []


def test_the_receipt_shows_it_without_claiming_that_it_is_valid(world, received, signed, client_of):
    add_evidence(received.receipt, by=world.official, version=1, evidence=ContentFile(signed, name="bast.pdf"))
    assert [one["signer"] for one in Receipt.objects.get().evidence_signatures] == [WHO]
    page = client_of(world.official).get(received.get_absolute_url()).text
    assert f"an electronic signature in the name of {WHO}" in page
    assert "The certificate itself is not checked here" in page
