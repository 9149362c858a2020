"""What participants were paid: the rates that the source names, on lists computed from the attendance of the demo."""

from __future__ import annotations

import datetime as dt

from ikm_program import records
from ikm_program.demo.facts import EXAMPLE, LATE_ENTRY, PROVINCE
from ikm_program.demo.story import Story
from trainings.actions.allowances import create_scheme
from trainings.actions.attendance import close_day
from trainings.actions.offices import create_official
from trainings.actions.payment_steps import approve_list, lock_list, pay_list, record_receipts
from trainings.actions.payments import make_list
from trainings.models import Activity, Attendance, Batch, Official, PaymentList, Session

SOURCE = (
    "Uang harian Rp100.000 atau konsumsi Rp40.000 per hari hadir, tidak keduanya untuk satu hari; "
    "bantuan kuota internet Rp50.000 satu kali per peserta (Kanal Kalimantan, 2020)."
)
BUDGET = {
    "dipa_number": f"SP DIPA-019.05.3.000000/2020 ({EXAMPLE})",
    "dipa_on": dt.date(2019, 11, 12),
    "activity_code": EXAMPLE,
    "output_code": EXAMPLE,
    "decree": f"SK Penetapan Peserta ({EXAMPLE})",
    "paid_out_by": f"Petugas Pembayaran ({EXAMPLE})",
}
KOTABARU, HSU = ("hazmat", "63.02"), ("masker", "63.08")


def make(story: Story, activities: dict[str, Activity], batches: dict[tuple[str, str], Batch]) -> None:
    """Kotabaru's daily allowance is paid and received, its quota approved, the masks of HSU are a draft."""
    for activity in activities.values():
        _rules(story, activity)
    _attend(story, batches[HSU], dt.date(2020, 5, 18), 3)
    signers = _signers(story)
    paid = _locked(story, batches[KOTABARU], "uang_harian", signers, approved_on=dt.date(2020, 6, 15))
    treasurer = story.people["bendahara.kalsel"]
    pay_list(paid, by=treasurer, version=paid.version, paid_on=dt.date(2020, 6, 16))
    record_receipts(
        paid, by=treasurer, version=paid.version, lines=list(paid.lines.all()), received_on=dt.date(2020, 6, 16), how="tanda_tangan"
    )
    _locked(story, batches[KOTABARU], "kuota", signers, approved_on=dt.date(2020, 6, 15))
    _draft(story, batches[HSU], "uang_harian", signers)


def _rules(story: Story, activity: Activity) -> None:
    """In force for every mode: with the quota allowed for visits Kotabaru comes to Rp3.750.000."""
    staff, everywhere = story.people["staf.kalsel"], {"for_online": True, "for_class": True, "for_visit": True}
    for kind, rate, modes in (("uang_harian", 100_000, everywhere), ("konsumsi", 40_000, everywhere), ("kuota", 50_000, everywhere)):
        create_scheme(
            activity, by=staff, kind=kind, rate=rate, account_code=f"521213 ({EXAMPLE})", stipulations=SOURCE,
            valid_from=dt.date(2020, 5, 1), valid_until=dt.date(2020, 12, 31), **modes,
        )  # fmt: skip


def _attend(story: Story, batch: Batch, start: dt.date, days: int) -> None:
    """Everybody on every day, and the days closed."""
    officer = story.officer(batch.region.kemendagri_code)
    sessions = [records.create(Session, by=officer, batch=batch, held_on=start + dt.timedelta(days=day)) for day in range(days)]
    for place in batch.enrolments.active().select_related("participant"):
        for session in sessions:
            records.create(Attendance, by=officer, session=session, enrolment=place, mark=Attendance.Mark.PRESENT)
    for session in sessions:
        close_day(session, by=officer, version=session.version)


def _signers(story: Story) -> dict[str, Official]:
    office, admin = story.offices[PROVINCE], story.people["admin.kalsel"]
    positions = {"kpa": "Kuasa Pengguna Anggaran", "ppk": "Pejabat Pembuat Komitmen", "treasurer": "Bendahara Pengeluaran"}
    return {
        name: create_official(
            Official, by=admin, office=office, name=f"{position} ({EXAMPLE})", identity_kind=Official.IdentityKind.NONE,
            position=position, can_sign=False, is_example=True,
        )
        for name, position in positions.items()
    }  # fmt: skip


def _draft(story: Story, batch: Batch, kind: str, signers: dict[str, Official]) -> PaymentList:
    staff = story.people["staf.kalsel"]
    made: PaymentList = make_list(
        batch, by=staff, kind=kind, office=story.offices[PROVINCE], account_code=f"521213 ({EXAMPLE})", **BUDGET, **signers
    )
    return made


def _locked(story: Story, batch: Batch, kind: str, signers: dict[str, Official], *, approved_on: dt.date) -> PaymentList:
    made = _draft(story, batch, kind, signers)
    lock_list(made, by=story.people["staf.kalsel"], version=made.version)
    ppk = story.people["ppk.kalsel"]
    approve_list(made, by=ppk, version=made.version, approved_on=approved_on, backdating_reason=LATE_ENTRY)
    return made
