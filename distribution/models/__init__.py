"""Where it goes: recipients, handovers (BAST), transfers, receipts, onward distribution."""

from distribution.models.addendum import Addendum, AddendumChange
from distribution.models.cancellation import Cancellation
from distribution.models.delivery import Delivery, DeliveryLine
from distribution.models.evaluation import Evaluation, EvaluationPart
from distribution.models.final import FinalContent, FinalReport, FinalReportFile
from distribution.models.handover import Handover, HandoverDraw, HandoverLine, HandoverWitness
from distribution.models.monthly import MonthlyReport
from distribution.models.onward import OnwardHandover, OnwardLine
from distribution.models.receipt import Receipt
from distribution.models.receiver import ReceiverLink, ReceiverStatement, StatementLine
from distribution.models.recipient import Recipient
from distribution.models.scan import SignedScan
from distribution.models.transfer import Transfer, TransferDraw, TransferLine

__all__ = [
    "Addendum",
    "AddendumChange",
    "Cancellation",
    "Delivery",
    "DeliveryLine",
    "Evaluation",
    "EvaluationPart",
    "FinalContent",
    "FinalReport",
    "FinalReportFile",
    "Handover",
    "HandoverDraw",
    "HandoverLine",
    "HandoverWitness",
    "MonthlyReport",
    "OnwardHandover",
    "OnwardLine",
    "Receipt",
    "ReceiverLink",
    "ReceiverStatement",
    "Recipient",
    "SignedScan",
    "StatementLine",
    "Transfer",
    "TransferDraw",
    "TransferLine",
]
