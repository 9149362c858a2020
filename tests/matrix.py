"""The permission matrix: for every address of the house, which roles may open it (GET) and send to it (POST).

`noun` names the record of `matrix_world` that the address is about: a person's own one answers as the rule says, another
district's exactly like a missing one (404). Whoever may do neither gets 403; whoever may do the other gets 405.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import URLPattern, URLResolver, get_resolver

from ikm_program.roles import ROLES

Roles = tuple[str, ...]
Access = Roles | Literal["public", "signed-in"]

NOBODY: Roles = ()
EVERYBODY: Roles = tuple(ROLES)
READERS: Roles = tuple(code for code in ROLES if code != "instruktur")
PROGRAMME: Roles = ("admin_provinsi", "staf_provinsi")
PEOPLE: Roles = ("admin_provinsi",)
ENTRY: Roles = ("staf_provinsi", "petugas_kabupaten")
OUTPUT: Roles = (*ENTRY, "instruktur")
VERIFIERS: Roles = ("staf_provinsi",)
ISSUERS: Roles = ("pejabat_provinsi", "pejabat_kabupaten")
RECEIVERS: Roles = ("staf_provinsi", "pejabat_provinsi", "petugas_kabupaten", "pejabat_kabupaten")
AUDITORS: Roles = ("admin_provinsi", "staf_provinsi", "pejabat_provinsi", "pengawas")


@dataclass(frozen=True)
class Rule:
    """Who may GET and POST, and how the two answer for an own record. An empty POST is refused on the form (422)."""

    get: Access
    post: Access = NOBODY
    noun: str = ""
    found: int = 200
    sent: int = 422
    query: str = ""  # noun whose arguments go into the query string
    kwargs: tuple[tuple[str, str], ...] = ()  # further arguments, the same for everybody

    def roles(self, method: str) -> Access:
        return self.get if method == "GET" else self.post

    def answer(self, method: str) -> int:
        return self.found if method == "GET" else self.sent


def page(roles: Access, noun: str = "", **facts: Any) -> Rule:
    """Something to read."""
    return Rule(roles, noun=noun, **facts)


def form(roles: Access, noun: str = "", **facts: Any) -> Rule:
    """Something to fill in."""
    return Rule(roles, roles, noun=noun, **facts)


NO_SUCH = (("uidb64", "MQ"), ("token", "x-y"))
ADDRESSES: dict[str, Rule] = {
    "home": page(EVERYBODY),
    "reconciliation": page(READERS),
    "reconciliation_records": page(READERS),
    "reconciliation_file": page(READERS, kwargs=(("format", "json"),)),
    "audit_list": page(AUDITORS),
    "audit_export": page(AUDITORS),
    "search": page(EVERYBODY),
    "job_detail": page(EVERYBODY, "job"),
    "view_create": form(EVERYBODY),
    "view_update": form(EVERYBODY, "view"),
    "view_delete": form(EVERYBODY, "view"),
    "sign_in": Rule("public", "public", found=200, sent=200),
    "sign_out": Rule("signed-in", "signed-in", found=405, sent=302),
    "password_change": Rule("signed-in", "signed-in", sent=200),
    "password_set": Rule("public", "public", sent=200, kwargs=NO_SUCH),
    "favicon": Rule("public", "public", found=301, sent=301),
    "appearance": Rule("public", "public", found=405, sent=302),
    "set_language": Rule("public", "public", found=302, sent=302),
    # --- imports ---
    "sheets:import_list": page(ENTRY),
    "sheets:import_create": form(ENTRY),
    "sheets:template_file": page(ENTRY, kwargs=(("kind", "ikm"),)),
    "sheets:import_detail": page(ENTRY, "import"),
    "sheets:import_progress": page(ENTRY, "import"),
    "sheets:import_match": form(ENTRY, "import"),
    "sheets:row_correct": form(ENTRY, "import_row"),
    "sheets:row_settle": Rule(NOBODY, ENTRY, "import_row"),
    "sheets:settle_all": Rule(NOBODY, ENTRY, "import"),
    "sheets:import_confirm": form(ENTRY, "import"),
    "sheets:import_recheck": form(ENTRY, "import"),
    "sheets:import_resume": form(ENTRY, "import"),
    "sheets:import_discard": form(ENTRY, "import"),
    "sheets:import_undo": form(ENTRY, "import"),
    "sheets:import_file": page(ENTRY, "import"),
    "sheets:import_faults": page(ENTRY, "import"),
    # --- trainings ---
    "trainings:programme_list": page(EVERYBODY),
    "trainings:programme_create": form(PROGRAMME),
    "trainings:programme_detail": page(EVERYBODY, "programme"),
    "trainings:programme_update": form(PROGRAMME, "programme"),
    "trainings:programme_close": form(PROGRAMME, "programme"),
    "trainings:programme_open": form(PROGRAMME, "programme"),
    "trainings:activity_list": page(EVERYBODY),
    "trainings:activity_create": form(PROGRAMME),
    "trainings:activity_detail": page(EVERYBODY, "activity"),
    "trainings:activity_update": form(PROGRAMME, "activity"),
    "trainings:batch_list": page(EVERYBODY),
    "trainings:batch_create": form(ENTRY),
    "trainings:batch_detail": page(EVERYBODY, "batch"),
    "trainings:batch_update": form(ENTRY, "batch"),
    "trainings:batch_enrol": form(ENTRY, "batch"),
    "trainings:enrolment_withdraw": form(ENTRY, "enrolment"),
    "trainings:enrolment_return": form(ENTRY, "withdrawn"),
    "trainings:participant_list": Rule(EVERYBODY, ("staf_provinsi",), sent=302),  # a NIK
    "trainings:participant_create": form(ENTRY),
    "trainings:participant_detail": page(EVERYBODY, "participant"),
    "trainings:participant_update": form(ENTRY, "participant"),
    "trainings:participant_reveal": Rule(NOBODY, ("staf_provinsi",), "participant", sent=200),
    "trainings:enterprise_list": Rule(READERS, ENTRY, sent=302),  # many at once
    "trainings:enterprise_suggestions": page(READERS),
    "trainings:enterprise_create": form(ENTRY),
    "trainings:enterprise_detail": page(READERS, "enterprise"),
    "trainings:enterprise_update": form(ENTRY, "enterprise"),
    "trainings:enterprise_confirm": form(ENTRY, "enterprise"),
    "trainings:enterprise_reveal": Rule(NOBODY, ("staf_provinsi",), "enterprise", sent=200),
    "trainings:freshness_report": page(READERS),
    "trainings:sentra_list": page(READERS),
    "trainings:sentra_create": form(ENTRY),
    "trainings:sentra_detail": page(READERS, "sentra"),
    "trainings:sentra_update": form(ENTRY, "sentra"),
    "trainings:pair_list": page(ENTRY),
    "trainings:enterprise_pair": form(ENTRY, "enterprise_pair"),
    "trainings:participant_pair": form(ENTRY, "participant_pair"),
    "trainings:pair_distinct": form(ENTRY, "enterprise_pair"),
    "trainings:pair_take_back": form(ENTRY, "distinct_pair"),
    "trainings:enterprise_merge": page(ENTRY, "enterprise_merge"),
    "trainings:enterprise_merge_undo": form(ENTRY, "enterprise_merge"),
    "trainings:participant_merge": page(ENTRY, "participant_merge"),
    "trainings:participant_merge_undo": form(ENTRY, "participant_merge"),
    "trainings:instructor_list": page(READERS),
    "trainings:instructor_create": form(PROGRAMME),
    "trainings:instructor_detail": page(READERS, "instructor"),
    "trainings:instructor_update": form(PROGRAMME, "instructor"),
    "trainings:region_list": page(READERS),
    "trainings:region_detail": page(READERS, "region"),
    "trainings:office_list": page(READERS),
    "trainings:office_create": form(PROGRAMME),
    "trainings:office_detail": page(READERS, "office"),
    "trainings:office_update": form(PROGRAMME, "office"),
    "trainings:office_arms": form(PROGRAMME, "office"),
    "trainings:official_list": page(READERS),
    "trainings:official_create": form(PROGRAMME),
    "trainings:official_detail": page(READERS, "official"),
    "trainings:official_update": form(PROGRAMME, "official"),
    "trainings:user_list": page(PEOPLE),
    "trainings:user_create": form(PEOPLE),
    "trainings:user_detail": page(PEOPLE, "user"),
    "trainings:user_update": form(PEOPLE, "user"),
    "trainings:user_link": form(PEOPLE, "user"),
    "trainings:user_deactivate": form(PEOPLE, "user"),
    "trainings:user_reactivate": form(PEOPLE, "user"),
    # --- production ---
    "production:product_list": page(EVERYBODY),
    "production:product_create": form(PROGRAMME),
    "production:product_detail": page(EVERYBODY, "product"),
    "production:product_update": form(PROGRAMME, "product"),
    "production:product_link": form(PROGRAMME, "product"),
    "production:product_unlink": form(PROGRAMME, "product_activity"),
    "production:field_workbook": page(OUTPUT),
    "production:target_list": page(READERS),
    "production:target_create": form(PROGRAMME),
    "production:target_report": page(READERS),
    "production:target_detail": page(READERS, "target"),
    "production:target_update": form(PROGRAMME, "target"),
    "production:target_allocate": form(PROGRAMME, "target"),
    "production:allocation_report": page(READERS, "target"),
    "production:published_figure_list": page(READERS),
    "production:published_figure_create": form(PROGRAMME),
    "production:published_figure_detail": page(READERS, "figure"),
    "production:published_figure_update": form(PROGRAMME, "figure"),
    "production:progress_report": page(READERS),
    "production:progress_update": form(ENTRY, "progress"),
    "production:output_list": page(EVERYBODY),
    "production:output_create": form(OUTPUT, query="batch_query"),
    "production:output_detail": page(EVERYBODY, "verified"),
    "production:output_recorded": page(EVERYBODY, "waiting"),
    "production:output_update": form(OUTPUT, "draft_output"),
    "production:output_submit": form(OUTPUT, "draft_output"),
    "production:output_withdraw": form(OUTPUT, "waiting_own"),
    "production:output_discard": form(OUTPUT, "draft_output"),
    "production:output_correct": form(OUTPUT, "verified"),
    "production:photo_upload": Rule(NOBODY, OUTPUT, kwargs=(("form_key", "11111111-1111-4111-8111-111111111111"),)),
    "production:photo_file": page(EVERYBODY, "photo"),
    "production:verification_queue": page(VERIFIERS),
    "production:verification_many": Rule(NOBODY, VERIFIERS, sent=302),
    "production:verification_detail": form(VERIFIERS, "waiting"),
    "production:verification_return": form(VERIFIERS, "waiting"),
    "production:stock_list": page(READERS),
    "production:stock_detail": page(READERS, "stock"),
    "production:stock_card": page(READERS, "stock"),
    # --- distribution ---
    "distribution:recipient_list": page(READERS),
    "distribution:recipient_create": form(ENTRY),
    "distribution:recipient_detail": page(READERS, "recipient"),
    "distribution:recipient_update": form(ENTRY, "recipient"),
    "distribution:handover_list": page(READERS),
    "distribution:handover_create": form(ENTRY),
    "distribution:handover_detail": page(READERS, "issued"),
    "distribution:handover_update": form(ENTRY, "handover"),
    "distribution:handover_discard": form(ENTRY, "handover"),
    "distribution:handover_review": page(READERS, "handover"),
    "distribution:handover_preview": page(READERS, "handover"),
    "distribution:handover_issue": form(ISSUERS, "handover"),
    "distribution:bast_file": page(READERS, "issued"),
    "distribution:handover_acknowledge": form(RECEIVERS, "issued"),
    "distribution:receipt_evidence": page(READERS, "received"),
    "distribution:evidence_upload": form(RECEIVERS, "receipt"),
    "distribution:handover_replace": form(ENTRY, "cancelled"),
    "distribution:cancellation_request": form(RECEIVERS, "issued"),
    "distribution:cancellation_approve": form(ISSUERS, "requested"),
    "distribution:cancellation_refuse": form(ISSUERS, "requested"),
    "distribution:ba-batal_file": page(READERS, "cancellation"),
    "distribution:onward_create": form(ENTRY, "received"),
    "distribution:onward_extend": form(ENTRY, "onward"),
    "distribution:onward_cancel": form(ENTRY, "onward"),
    "distribution:transfer_list": page(READERS),
    "distribution:transfer_create": form(ENTRY),
    "distribution:transfer_detail": page(READERS, "sent"),
    "distribution:transfer_update": form(ENTRY, "transfer"),
    "distribution:transfer_discard": form(ENTRY, "transfer"),
    "distribution:transfer_preview": page(READERS, "transfer"),
    "distribution:transfer_issue": form(ISSUERS, "transfer"),
    "distribution:transfer_receive": form(RECEIVERS, "sent"),
    "distribution:ba-mutasi_file": page(READERS, "sent"),
    "distribution:register": page(READERS),
    "distribution:register_report": page(READERS),
    "distribution:recapitulation": page(READERS),
    "distribution:receivers_report": page(READERS),
    "distribution:final_recipients": page(READERS),
    "distribution:photo_report": page(READERS),
    "distribution:changes_report": page(READERS),
    "distribution:monthly_list": page(READERS),
    "distribution:monthly_create": form(ENTRY),
    "distribution:monthly_detail": page(READERS, "monthly"),
    "distribution:monthly_file": page(READERS, "monthly"),
    "distribution:monthly_sign": form(ISSUERS, "monthly"),
    "distribution:monthly_again": form(ENTRY, "monthly"),
    "distribution:final_list": page(READERS),
    "distribution:final_create": form(ENTRY),
    "distribution:final_detail": page(READERS, "final"),
    "distribution:final_update": form(ENTRY, "final"),
    "distribution:final_finalise": form(ISSUERS, "final"),
    "distribution:final_bind": Rule(ENTRY, ENTRY, "final", sent=302),
    "distribution:final_file": page(READERS, "final"),
    "distribution:look_up": Rule("public", "public", sent=405),
    "distribution:verify": Rule("public", "public", "paper", sent=200),
}


def addresses(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    """The name of every address that the resolver knows; those of Django's admin are tested apart."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"{namespace}({pattern.pattern})"
