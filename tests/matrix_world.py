"""The same rows in three places: Tala (here), Banjar (another district of the province), Kupang (another province).

Every name, note, address and number of a place carries its mark, so that a body can be searched for what should not be in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.drafts import GoodsLine, Witness
from distribution.actions.handovers import draft_handover, issue_handover
from distribution.actions.onwards import record_onward
from distribution.actions.receipts import acknowledge_handover
from distribution.actions.transfers import draft_transfer, issue_transfer
from distribution.models import Handover, Recipient, Transfer
from ikm_program.models import Job, SavedView, SheetImport
from ikm_program.paper_content import sha256_hex
from ikm_program.roles import ROLES
from ikm_program.sheets.actions import upload
from ikm_program.sheets.tasks import check_import
from production.actions.output import MakerPart, record_and_submit_output, record_output
from production.actions.photos import add_photo
from production.actions.progress import record_progress
from production.actions.verification import return_output, verify_output
from production.models import DistrictProgress, Product, Store
from tests import factories, matrix_reports
from tests.matrix_days import add_course, add_days, jpeg
from tests.matrix_deliveries import add_deliveries
from tests.matrix_gates import bought_and_examined
from tests.matrix_materials import add_materials, shared_materials
from tests.matrix_offices import offices_of
from tests.matrix_payments import payments_of
from tests.matrix_receivers import add_scans, receivers_of
from tests.mentoring_world import add_mentoring
from trainings.actions.merges import merge_enterprises, merge_participants
from trainings.actions.pairs import mark_distinct
from trainings.actions.participants import withdraw
from trainings.models import Activity, Batch, IssuedDocument, IssuedFile, Official, Programme, Region, User
from trainings.tasks import render_document

TALA, BANJAR, KUPANG = "63.01", "63.03", "53.01"
MARKS = {TALA: "TANDATALA", BANJAR: "RAHASIABANJAR", KUPANG: "RAHASIAKUPANG"}
REPORTED = {TALA: 31_630_163, BANJAR: 41_770_477, KUPANG: 51_890_589}  # so long that no hash, token or row number holds one by chance
PHONES = {TALA: "+6281100000163", BANJAR: "+6281100000477", KUPANG: "+6281100000589"}
MISSING = 999_999_999


@dataclass
class Place:
    """What lies in one district: url arguments by noun, and the people."""

    code: str
    region: Region
    people: dict[str, User]
    args: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        return MARKS[self.code]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody outside may read: the mark, the NIK and the phone in their spellings, the figures."""
        nik, phone, figure = factories.nik(self.code, 7), PHONES[self.code], REPORTED[self.code]
        shown = f"0{phone[3:6]}-{phone[6:10]}-{phone[10:]}"
        return (self.mark, nik, f"{nik[:6]}******{nik[-4:]}", phone, phone[-8:], shown, str(figure), f"{figure:,}".replace(",", "."))

    def __getitem__(self, noun: str) -> dict[str, Any]:
        return self.args[noun]


@dataclass
class World:
    """Three places, and everybody: by role in Tala and Kalimantan Selatan, by role in NTT."""

    places: dict[str, Place]
    people: dict[str, User]
    ntt_people: dict[str, User]


@dataclass
class Ground:
    """What a place's rows stand on."""

    programme: Programme
    activity: Activity
    product: Product
    staff: User
    province_store: Store
    province_official: Official


def build(*, printed: tuple[str, ...] = ()) -> World:
    """The papers of the places `printed` are rendered; the others have a stub, which costs nothing."""
    kalsel, ntt = factories.region("63"), factories.region("53")
    people = {
        code: factories.user(code, "63" if role.is_provincial else TALA, username=f"{code}.kalsel", full_name=f"{role.label} Kalsel")
        for code, role in ROLES.items()
    }
    ntt_people = {
        code: factories.user(code, "53", username=f"{code}.ntt", full_name=f"{role.label} {MARKS[KUPANG]}")
        for code, role in ROLES.items()
        if role.is_provincial
    }
    common = _ground(kalsel, "Program Bersama", people["staf_provinsi"])
    far = _ground(ntt, f"Program {MARKS[KUPANG]}", ntt_people["staf_provinsi"])
    places = {code: _place(code, common if code != KUPANG else far, people) for code in (TALA, BANJAR, KUPANG)}
    for place in places.values():
        _print(place, is_stub=place.code not in printed)
    _teach(places[TALA], people["instruktur"])
    _write_own_drafts(places[TALA], common, [people["staf_provinsi"], people["instruktur"]])
    _write_own_drafts(places[BANJAR], common, [people["staf_provinsi"]])
    _add_shared(places, common, far, people["staf_provinsi"])
    for code, place in places.items():
        _add_jobs(place, ntt_people if code == KUPANG else people)
    return World(places, people, ntt_people)


def _ground(region: Region, name: str, staff: User) -> Ground:
    programme = factories.ProgrammeFactory(region=region, name=name)
    activity = factories.ActivityFactory(programme=programme, name=f"Bimtek {name}")
    product = factories.ProductFactory(region=region, name=f"Hazmat {name}", short_name="Hazmat")
    factories.ActivityProductFactory(activity=activity, product=product)
    office = factories.OfficeFactory(region=region, name=f"Dinas {name}")
    store, _made = Store.objects.get_or_create(region=region, is_default=True, defaults={"name": f"Gudang {name}"})
    return Ground(programme, activity, product, staff, store, factories.OfficialFactory(office=office, name=f"Kepala {name}"))


def _place(code: str, ground: Ground, people: dict[str, User]) -> Place:
    region, mark = factories.region(code), MARKS[code]
    own = {
        role: people[role] if code == TALA else factories.user(role, code, username=f"{role}.{code}", full_name=f"{role} {mark}")
        for role in ("petugas_kabupaten", "pejabat_kabupaten")
    }
    own["second"] = factories.user("pejabat_kabupaten", code, username=f"kedua.{code}", full_name=f"Kedua {mark}", phone=PHONES[code])
    place = Place(code, region, own)
    factories.ActivityDistrictFactory(activity=ground.activity, region=region, quota=7)
    _add_training(place, ground)
    _add_doubles(place)
    add_mentoring(place)
    _add_output(place, ground)
    _add_papers(place, ground)
    add_materials(place, ground)
    place.args |= payments_of(Batch.objects.get(**place["batch"]), by=ground.staff, official=ground.province_official, mark=mark, scan=jpeg)
    place.args |= matrix_reports.add(region, mark, ground.programme, _official(place), own)
    return place


def _add_training(place: Place, ground: Ground) -> None:
    region, mark, phone = place.region, place.mark, PHONES[place.code]
    enterprise = factories.EnterpriseFactory(
        region=region, name=f"IKM {mark}", owner_name=f"Pemilik {mark}", address=f"Jalan {mark}", phone=phone
    )
    sentra = factories.SentraFactory(region=region, name=f"Sentra {mark}")
    factories.LicenceFactory(enterprise=enterprise, number=f"PIRT {mark}")
    maker = factories.ParticipantFactory(
        region=region, name=f"Penjahit {mark}", nik=factories.nik(place.code, 7), phone=phone, enterprise=enterprise
    )
    batch = factories.BatchFactory(activity=ground.activity, region=region, venue=f"Balai {mark}", starts_on=timezone.localdate())
    enrolment = factories.EnrolmentFactory(batch=batch, participant=maker)
    left = factories.EnrolmentFactory(batch=batch, participant=factories.ParticipantFactory(region=region, name=f"Keluar {mark}"))
    withdraw(left, by=place.people["petugas_kabupaten"], reason=f"Pindah {mark}")
    figure = factories.PublishedFigureFactory(programme=ground.programme, region=region, definition=f"Angka {mark}", source=f"Media {mark}")
    instructor = factories.InstructorFactory(region=region, name=f"Guru {mark}", phone=phone)
    factories.InstructorAssignmentFactory(batch=batch, instructor=instructor)
    recipient = Recipient.objects.create(
        region=region, kind=Recipient.Kind.BPBD, name=f"BPBD {mark}", address=f"Jalan {mark}", note=f"Catatan {mark}"
    )
    found = {
        "region": region,
        "enterprise": enterprise,
        "sentra": sentra,
        "participant": maker,
        "batch": batch,
        "enrolment": enrolment,
        "withdrawn": left,
        **offices_of(region, mark, phone),
        "figure": figure,
        "instructor": instructor,
        "recipient": recipient,
        "user": place.people["second"],
    }
    place.args |= {noun: {"pk": record.pk} for noun, record in found.items()} | {"batch_query": {"angkatan": batch.pk}}
    add_days(place, batch, instructor)
    add_course(place, ground)
    _add_import(place)


def _add_doubles(place: Place) -> None:
    """Pairs that wait, one decided, and one merge of each kind."""
    region, mark, officer = place.region, place.mark, place.people["petugas_kabupaten"]
    businesses = [factories.EnterpriseFactory(region=region, name=f"Kembar {mark} {n}") for n in range(6)]
    people = [factories.ParticipantFactory(region=region, name=f"Kembaran {mark} {n}") for n in range(4)]
    pairs = [factories.pair(*rows) for rows in (businesses[:2], businesses[2:4], businesses[4:], people[:2], people[2:])]
    mark_distinct(pairs[1], by=officer, reason=f"Bersaudara {mark}")
    found = {
        "enterprise_pair": pairs[0],
        "distinct_pair": pairs[1],
        "enterprise_merge": merge_enterprises(pairs[2], by=officer, keep={"name": "right"}),
        "participant_pair": pairs[3],
        "participant_merge": merge_participants(pairs[4], by=officer, keep={"name": "right"}),
    }
    place.args |= {noun: {"pk": record.pk} for noun, record in found.items()}


def _add_import(place: Place) -> None:
    """A sheet of two businesses, the second of them faulty."""
    mark, header = place.mark, "Nama Usaha;Pemilik;Alamat;NIB"
    lines = [header, f"Usaha {mark};Pemilik {mark};Jalan {mark};", f"Lain {mark};Pemilik {mark};Jalan {mark};12"]
    file = SimpleUploadedFile(f"{mark}.csv", "\n".join(lines).encode())
    made = upload(SheetImport, by=place.people["petugas_kabupaten"], kind="ikm", file=file)
    check_import.call(made.pk, made.version)
    place.args["import"] = {"pk": made.pk}
    place.args["import_row"] = {"pk": made.pk, "number": 3}


def _add_output(place: Place, ground: Ground) -> None:
    batch, today = Batch.objects.get(**place["batch"]), timezone.localdate()
    maker = batch.enrolments.active().get().participant
    officer, mark = place.people["petugas_kabupaten"], place.mark
    facts = {"by": officer, "product": ground.product, "made_on": today, "note": f"Catatan {mark}"}
    verified = record_and_submit_output(batch, good=REPORTED[place.code], parts=[MakerPart(maker, REPORTED[place.code] - 3)], **facts)
    verify_output(verified, by=ground.staff, version=verified.version)
    returned = record_and_submit_output(batch, good=REPORTED[place.code], **facts)
    return_output(returned, by=ground.staff, version=returned.version, reason=f"Salah {mark}")
    waiting = record_and_submit_output(batch, good=REPORTED[place.code], **facts)
    form_key = uuid4()
    sent = {"by": officer, "image": jpeg(), "upload_key": uuid5(NAMESPACE_URL, mark), "form_key": form_key}
    photo = add_photo(place.region, **sent)
    draft = record_output(batch, good=REPORTED[place.code], form_key=form_key, **facts)
    entries = {"verified": verified, "returned": returned, "waiting": waiting, "draft_output": draft, "photo": photo}
    place.args |= {noun: {"pk": record.pk} for noun, record in entries.items()}
    store = Store.objects.get(region=place.region)
    Store.objects.filter(pk=store.pk).update(name=f"Gudang {mark}", address=f"Jalan {mark}")
    place.args["stock"] = {"store": store.pk, "product": ground.product.pk}
    progress = {"programme": ground.programme, "product": ground.product, "region": place.region}
    record_progress(DistrictProgress, by=officer, status="berjalan", **progress)
    place.args["progress"] = {name: part.pk for name, part in progress.items()}


def _add_papers(place: Place, ground: Ground) -> None:
    place.args["handover"] = {"pk": _draft(place, ground).pk}
    issued, asked = _issued(place, ground), _issued(place, ground)
    received = _received(place, ground)
    cancelled = _issued(place, ground)
    request = request_cancellation(cancelled, by=place.people["petugas_kabupaten"], version=cancelled.version, reason=f"Salah {place.mark}")
    approve_cancellation(request, by=place.people["second"], version=request.version)
    asked_for = request_cancellation(asked, by=place.people["petugas_kabupaten"], version=asked.version, reason=f"Salah {place.mark}")
    onward = record_onward(
        received,
        by=place.people["petugas_kabupaten"],
        recipient=Recipient.objects.create(region=received.store.region, kind=Recipient.Kind.PUSKESMAS, name=f"Puskesmas {place.mark}"),
        handed_over_on=timezone.localdate(),
        quantities={received.lines.get().pk: 1},
        note=f"Catatan {place.mark}",
    )
    sent = _transfer(place, ground)
    issue_transfer(sent, by=place.people["pejabat_kabupaten"], version=sent.version)
    records = {
        "issued": issued,
        "received": received,
        "receipt": received.receipt,
        "cancelled": cancelled,
        "requested": asked_for,
        "cancellation": request,
        "onward": onward,
        "transfer": _transfer(place, ground),
        "sent": sent,
    }
    place.args |= {noun: {"pk": record.pk} for noun, record in records.items()}
    place.args |= {"paper": {"token": issued.document.token}, "document": {"pk": issued.document.pk}}
    add_deliveries(place)
    place.args |= receivers_of(place.people["pejabat_kabupaten"], issued, [_issued(place, ground) for _one in range(2)], place.mark)


def _print(place: Place, *, is_stub: bool) -> None:
    subjects = Q(handover=place["issued"]["pk"]) | Q(transfer=place["sent"]["pk"]) | Q(cancellation=place["cancellation"]["pk"])
    for document in IssuedDocument.objects.filter(subjects):
        if is_stub:
            content = f"%PDF-1.7 {place.mark}".encode()
            IssuedFile.objects.create(document=document, content=content, sha256=sha256_hex(content))
        else:
            render_document.call(document.pk)


def _draft(place: Place, ground: Ground) -> Handover:
    official = _official(place)
    made: Handover = draft_handover(
        Store.objects.get(pk=place["stock"]["store"]),
        by=place.people["petugas_kabupaten"],
        lines=[GoodsLine(ground.product, 2)],
        witnesses=[Witness(f"Saksi {place.mark}")],
        programme=ground.programme,
        recipient=Recipient.objects.get(**place["recipient"]),
        handed_over_on=timezone.localdate(),
        place=f"Pendopo {place.mark}",
        giver_office=official.office,
        giver=official,
        receiver_name=f"Penerima {place.mark}",
        receiver_position=f"Sekretaris {place.mark}",
        note=f"Catatan {place.mark}",
    )
    return made


def _official(place: Place) -> Official:
    return Official.objects.select_related("office__region").get(**place["official"])


def _issued(place: Place, ground: Ground) -> Handover:
    draft = _draft(place, ground)
    issued: Handover = issue_handover(draft, by=place.people["pejabat_kabupaten"], version=draft.version)
    return issued


def _received(place: Place, ground: Ground) -> Handover:
    issued = _issued(place, ground)
    acknowledge_handover(
        issued,
        by=place.people["pejabat_kabupaten"],
        version=issued.version,
        received_on=timezone.localdate(),
        receiver_name=f"Penerima {place.mark}",
        evidence=jpeg(),
    )
    return Handover.objects.select_related("receipt").get(pk=issued.pk)


def _transfer(place: Place, ground: Ground) -> Transfer:
    official, receiver = _official(place), ground.province_official
    made: Transfer = draft_transfer(
        Store.objects.select_related("region").get(pk=place["stock"]["store"]),
        by=place.people["petugas_kabupaten"],
        lines=[GoodsLine(ground.product, 2)],
        programme=ground.programme,
        to_store=ground.province_store,
        sent_on=timezone.localdate(),
        place=f"Pendopo {place.mark}",
        giver_office=official.office,
        giver=official,
        receiver_office=receiver.office,
        receiver=receiver,
        note=f"Catatan {place.mark}",
    )
    return made


def _teach(place: Place, person: User) -> None:
    """The instructor of Tala teaches the batch of Tala."""
    instructor = factories.InstructorFactory(region=place.region, name="Guru Tala", user=person)
    factories.InstructorAssignmentFactory(batch=Batch.objects.get(**place["batch"]), instructor=instructor)


def _write_own_drafts(place: Place, ground: Ground, people: list[User]) -> None:
    """Reports are kept by their author's office: others who may enter have one of their own."""
    batch = Batch.objects.get(**place["batch"])
    for person in people:
        facts = {"by": person, "product": ground.product, "made_on": timezone.localdate(), "good": 1, "region": place.region}
        role = person.roles[0]
        place.args[f"draft_output:{role}"] = {"pk": record_output(batch, **facts).pk}
        place.args[f"waiting_own:{role}"] = {"pk": record_and_submit_output(batch, **facts).pk}


def _add_shared(places: dict[str, Place], common: Ground, far: Ground, staff: User) -> None:
    """A programme is the province's and shared downward; a district's own (APBD) and another province's are not."""
    banjar = places[BANJAR]
    own = _ground(banjar.region, f"Program {banjar.mark}", staff)
    for code, ground in ((TALA, common), (BANJAR, own), (KUPANG, far)):
        target = factories.ProductTargetFactory(programme=ground.programme, product=ground.product, basis=f"Surat {MARKS[code]}")
        factories.DistrictTargetFactory(target=target, region=places[code].region)
        shared = {"programme": ground.programme, "activity": ground.activity, "product": ground.product, "target": target}
        shared |= bought_and_examined(places[code], ground, _official(places[code]))
        places[code].args |= {noun: {"pk": record.pk} for noun, record in shared.items()} | shared_materials(ground)
        scheme = ground.activity.schemes.first() or factories.AllowanceSchemeFactory(activity=ground.activity)
        places[code].args["scheme"] = {"pk": scheme.pk}
        places[code].args["product_activity"] = {"pk": ground.product.pk, "activity": ground.activity.pk}
    for place in places.values():
        place.args["waiting_own"] = place["waiting"]


def _add_jobs(place: Place, people: dict[str, User]) -> None:
    """Long work and saved views of each person: what belongs to one is seen by that one alone."""
    own = {role: person for role, person in people.items() if person.region.covers(place.region)}  # elsewhere there is only a stranger's
    for role, person in own.items():
        place.args[f"job:{role}"] = {"pk": Job.objects.create(by=person, kind="Impor", message=f"Selesai {place.mark}").pk}
        place.args[f"bundle:{role}"] = {"pk": factories.bundle(person, place.mark).pk}
        place.args[f"view:{role}"] = {"pk": SavedView.objects.create(person=person, screen="trainings:enterprise_list", name=place.mark).pk}
    stranger = place.people["second"]
    add_scans(place.args, own, stranger, place.mark)
    place.args["bundle"] = {"pk": factories.bundle(stranger, place.mark).pk}
    place.args["view"] = {"pk": SavedView.objects.create(person=stranger, screen="trainings:enterprise_list", name=place.mark).pk}
    place.args["job"] = {"pk": Job.objects.create(by=stranger, kind="Impor", message=f"Selesai {place.mark}").pk}
