"""Who, where, and the learning."""

from trainings.models.batch import Batch, Instructor, InstructorAssignment
from trainings.models.decree import Decree
from trainings.models.duplicate import DuplicateKey, DuplicatePair, DuplicateSearch, Merge, RecordKind
from trainings.models.enrolment import Enrolment
from trainings.models.enterprise import Enterprise, Licence
from trainings.models.office import Office, Official
from trainings.models.participant import Participant
from trainings.models.programme import Activity, ActivityDistrict, Programme
from trainings.models.region import Region
from trainings.models.sentra import Sentra
from trainings.models.session import Attendance, Session, SessionTopic
from trainings.models.user import User
from trainings.models.visit import Visit

__all__ = [
    "Activity",
    "ActivityDistrict",
    "Attendance",
    "Batch",
    "Decree",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateSearch",
    "Enrolment",
    "Enterprise",
    "Instructor",
    "InstructorAssignment",
    "Licence",
    "Merge",
    "Office",
    "Official",
    "Participant",
    "Programme",
    "RecordKind",
    "Region",
    "Sentra",
    "Session",
    "SessionTopic",
    "User",
    "Visit",
]
