"""Who, where, and the learning."""

from trainings.models.allowance import AllowanceScheme
from trainings.models.batch import Batch, Instructor, InstructorAssignment
from trainings.models.bundle import Bundle
from trainings.models.certificate import Certificate
from trainings.models.decree import Decree
from trainings.models.document import DocumentRegion, IssuedDocument, IssuedFile
from trainings.models.duplicate import DuplicateKey, DuplicatePair, DuplicateSearch, Merge, RecordKind
from trainings.models.enrolment import Enrolment
from trainings.models.enterprise import Enterprise, Licence
from trainings.models.letterhead import Letterhead
from trainings.models.mentoring import MentoringStandard, Pipeline, PipelineStep
from trainings.models.occasion import HandedCertificate, Occasion, OccasionFile, OccasionGuest
from trainings.models.office import Office, Official
from trainings.models.participant import Participant
from trainings.models.passport import ProductLine, WorkforceReport
from trainings.models.payment import PaymentList
from trainings.models.payment_line import DayChoice, PaymentDay, PaymentLine, PaymentReceipt
from trainings.models.programme import Activity, ActivityDistrict, Programme
from trainings.models.region import Region
from trainings.models.sentra import Sentra
from trainings.models.session import Attendance, Session, SessionTopic
from trainings.models.superior import SuperiorProduct
from trainings.models.user import User
from trainings.models.visit import Visit
from trainings.models.withdrawn import WithdrawnReceipt

__all__ = [
    "Activity",
    "ActivityDistrict",
    "AllowanceScheme",
    "Attendance",
    "Batch",
    "Bundle",
    "Certificate",
    "DayChoice",
    "Decree",
    "DocumentRegion",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateSearch",
    "Enrolment",
    "Enterprise",
    "HandedCertificate",
    "Instructor",
    "InstructorAssignment",
    "IssuedDocument",
    "IssuedFile",
    "Letterhead",
    "Licence",
    "MentoringStandard",
    "Merge",
    "Occasion",
    "OccasionFile",
    "OccasionGuest",
    "Office",
    "Official",
    "Participant",
    "PaymentDay",
    "PaymentLine",
    "PaymentList",
    "PaymentReceipt",
    "Pipeline",
    "PipelineStep",
    "ProductLine",
    "Programme",
    "RecordKind",
    "Region",
    "Sentra",
    "Session",
    "SessionTopic",
    "SuperiorProduct",
    "User",
    "Visit",
    "WithdrawnReceipt",
    "WorkforceReport",
]
