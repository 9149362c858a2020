"""Who, where, and the learning."""

from trainings.models.batch import Batch, Enrolment, Instructor, InstructorAssignment
from trainings.models.duplicate import DuplicateKey, DuplicatePair, DuplicateSearch, Merge, RecordKind
from trainings.models.enterprise import Enterprise, Licence
from trainings.models.mentoring import MentoringStandard, Pipeline, PipelineStep
from trainings.models.occasion import HandedCertificate, Occasion, OccasionFile, OccasionGuest
from trainings.models.office import Office, Official
from trainings.models.participant import Participant
from trainings.models.passport import ProductLine, WorkforceReport
from trainings.models.programme import Activity, ActivityDistrict, Programme
from trainings.models.region import Region
from trainings.models.sentra import Sentra
from trainings.models.superior import SuperiorProduct
from trainings.models.user import User

__all__ = [
    "Activity",
    "ActivityDistrict",
    "Batch",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateSearch",
    "Enrolment",
    "Enterprise",
    "HandedCertificate",
    "Instructor",
    "InstructorAssignment",
    "Licence",
    "MentoringStandard",
    "Merge",
    "Occasion",
    "OccasionFile",
    "OccasionGuest",
    "Office",
    "Official",
    "Participant",
    "Pipeline",
    "PipelineStep",
    "ProductLine",
    "Programme",
    "RecordKind",
    "Region",
    "Sentra",
    "SuperiorProduct",
    "User",
    "WorkforceReport",
]
