"""Where it goes: recipients, handovers (BAST), transfers, receipts, onward distribution."""

from distribution.models.cancellation import Cancellation
from distribution.models.handover import Handover, HandoverDraw, HandoverLine, HandoverWitness
from distribution.models.onward import OnwardHandover, OnwardLine
from distribution.models.receipt import Receipt
from distribution.models.recipient import Recipient
from distribution.models.transfer import Transfer, TransferDraw, TransferLine

__all__ = [
    "Cancellation",
    "Handover",
    "HandoverDraw",
    "HandoverLine",
    "HandoverWitness",
    "OnwardHandover",
    "OnwardLine",
    "Receipt",
    "Recipient",
    "Transfer",
    "TransferDraw",
    "TransferLine",
]
