"""Electronic signatures inside a PDF: who signed by the certificate, when by their own word, and whether the signed bytes are intact.

Whether the certificate is a real one is not judged here: that is for the service of whoever issued it.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from typing import Any

MARK = b"/ByteRange"  # every signature names the bytes it covers


@dataclass(frozen=True)
class PdfSignature:
    """What a signature says. `signed_at` is the signer's own clock, ISO; "" where it is not said."""

    signer: str
    signed_at: str
    is_intact: bool  # the covered bytes are those that were signed, by the key of that certificate
    covers_all: bool  # nothing was added to the file afterwards


def signatures_of(content: bytes) -> list[dict[str, Any]]:
    """As they are kept beside the file; an empty list where none is, or none can be read."""
    if not content.startswith(b"%PDF-") or MARK not in content:
        return []
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return [asdict(_read(signature)) for signature in reader.embedded_regular_signatures]
    except (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError):
        return []  # what a damaged or hostile file breaks: it is kept as it is, and nothing is claimed of it


def _read(signature: Any) -> PdfSignature:
    from pyhanko.sign.general import SignedDataCerts  # noqa: F401  its module registers what the reader needs
    from pyhanko.sign.validation import SignatureCoverageLevel
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    digest = signature.compute_digest()
    certificate = signature.signer_cert
    is_intact, is_valid = validate_sig_integrity(signature.signer_info, certificate, expected_content_type="data", actual_digest=digest)
    at = signature.self_reported_timestamp
    names = certificate.subject.native
    return PdfSignature(
        signer=str(names.get("common_name") or names.get("organization_name") or "")[:200],
        signed_at=at.isoformat() if at else "",
        is_intact=bool(is_intact and is_valid),
        covers_all=signature.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE,
    )
