"""Addresses of trainings."""

from __future__ import annotations

from django.urls import URLPattern, path

from trainings.views import batches, duplicates, enterprises, freshness, offices, participants, programmes, sentras, users

app_name = "trainings"


def _screens(address: str, name: str, views: object, noun: str) -> list[URLPattern]:
    """List, creation, detail and edit of one noun."""
    return [
        path(f"{address}/", getattr(views, f"{noun}List").as_view(), name=f"{name}_list"),
        path(f"{address}/baru/", getattr(views, f"{noun}Create").as_view(), name=f"{name}_create"),
        path(f"{address}/<int:pk>/", getattr(views, f"{noun}Detail").as_view(), name=f"{name}_detail"),
        path(f"{address}/<int:pk>/ubah/", getattr(views, f"{noun}Update").as_view(), name=f"{name}_update"),
    ]


urlpatterns = [
    *_screens("program", "programme", programmes, "Programme"),
    path("program/<int:pk>/tutup/", programmes.ProgrammeClose.as_view(), name="programme_close"),
    path("program/<int:pk>/buka/", programmes.ProgrammeOpen.as_view(), name="programme_open"),
    *_screens("kegiatan", "activity", programmes, "Activity"),
    *_screens("angkatan", "batch", batches, "Batch"),
    path("angkatan/<int:pk>/peserta/", batches.BatchEnrol.as_view(), name="batch_enrol"),
    path("kepesertaan/<int:pk>/mundur/", batches.EnrolmentWithdraw.as_view(), name="enrolment_withdraw"),
    path("kepesertaan/<int:pk>/kembali/", batches.EnrolmentReturn.as_view(), name="enrolment_return"),
    *_screens("peserta", "participant", participants, "Participant"),
    path("peserta/pilihan/", participants.ParticipantSuggestions.as_view(), name="participant_suggestions"),
    path("peserta/<int:pk>/nik/", participants.ParticipantReveal.as_view(), name="participant_reveal"),
    *_screens("ikm", "enterprise", enterprises, "Enterprise"),
    path("ikm/pilihan/", enterprises.EnterpriseSuggestions.as_view(), name="enterprise_suggestions"),
    path("ikm/<int:pk>/nik/", enterprises.EnterpriseReveal.as_view(), name="enterprise_reveal"),
    path("ikm/<int:pk>/konfirmasi/", enterprises.EnterpriseConfirm.as_view(), name="enterprise_confirm"),
    path("laporan/kemutakhiran-ikm/", freshness.FreshnessReport.as_view(), name="freshness_report"),
    *_screens("sentra", "sentra", sentras, "Sentra"),
    path("duplikat/", duplicates.PairList.as_view(), name="pair_list"),
    path("duplikat/ikm/<int:pk>/", duplicates.EnterprisePair.as_view(), name="enterprise_pair"),
    path("duplikat/peserta/<int:pk>/", duplicates.ParticipantPair.as_view(), name="participant_pair"),
    path("duplikat/<int:pk>/bukan/", duplicates.PairDistinct.as_view(), name="pair_distinct"),
    path("duplikat/<int:pk>/tarik/", duplicates.PairTakeBack.as_view(), name="pair_take_back"),
    path("penggabungan/ikm/<int:pk>/", duplicates.EnterpriseMerge.as_view(), name="enterprise_merge"),
    path("penggabungan/ikm/<int:pk>/urungkan/", duplicates.EnterpriseMergeUndo.as_view(), name="enterprise_merge_undo"),
    path("penggabungan/peserta/<int:pk>/", duplicates.ParticipantMerge.as_view(), name="participant_merge"),
    path("penggabungan/peserta/<int:pk>/urungkan/", duplicates.ParticipantMergeUndo.as_view(), name="participant_merge_undo"),
    *_screens("instruktur", "instructor", offices, "Instructor"),
    path("wilayah/", offices.RegionList.as_view(), name="region_list"),
    path("wilayah/<int:pk>/", offices.RegionDetail.as_view(), name="region_detail"),
    *_screens("instansi", "office", offices, "Office"),
    path("instansi/<int:pk>/lambang/", offices.OfficeArms.as_view(), name="office_arms"),
    *_screens("pejabat", "official", offices, "Official"),
    *_screens("pengguna", "user", users, "User"),
    path("pengguna/<int:pk>/tautan/", users.UserLink.as_view(), name="user_link"),
    path("pengguna/<int:pk>/nonaktifkan/", users.UserDeactivate.as_view(), name="user_deactivate"),
    path("pengguna/<int:pk>/aktifkan/", users.UserReactivate.as_view(), name="user_reactivate"),
]
