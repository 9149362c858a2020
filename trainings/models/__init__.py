"""Who, where, and the learning."""

from trainings.models.allowance import AllowanceScheme
from trainings.models.batch import Batch, Instructor, InstructorAssignment
from trainings.models.certificate import Certificate
from trainings.models.decree import Decree
from trainings.models.document import DocumentRegion, IssuedDocument, IssuedFile
from trainings.models.duplicate import DuplicateKey, DuplicatePair, DuplicateSearch, Merge, RecordKind
from trainings.models.enrolment import Enrolment
from trainings.models.enterprise import Enterprise, Licence
from trainings.models.office import Office, Official
from trainings.models.participant import Participant
from trainings.models.payment import PaymentList
from trainings.models.payment_line import DayChoice, PaymentDay, PaymentLine, PaymentReceipt
from trainings.models.programme import Activity, ActivityDistrict, Programme
from trainings.models.region import Region
from trainings.models.sentra import Sentra
from trainings.models.session import Attendance, Session, SessionTopic
from trainings.models.user import User
from trainings.models.visit import Visit

__all__ = [
    "Activity",
    "ActivityDistrict",
    "AllowanceScheme",
    "Attendance",
    "Batch",
    "Certificate",
    "DayChoice",
    "Decree",
    "DocumentRegion",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateSearch",
    "Enrolment",
    "Enterprise",
    "Instructor",
    "InstructorAssignment",
    "IssuedDocument",
    "IssuedFile",
    "Licence",
    "Merge",
    "Office",
    "Official",
    "Participant",
    "PaymentDay",
    "PaymentLine",
    "PaymentList",
    "PaymentReceipt",
    "Programme",
    "RecordKind",
    "Region",
    "Sentra",
    "Session",
    "SessionTopic",
    "User",
    "Visit",
]
