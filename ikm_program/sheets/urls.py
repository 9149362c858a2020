"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from ikm_program.sheets import views

app_name = "sheets"
urlpatterns = [
    path("", views.ImportList.as_view(), name="import_list"),
    path("baru/", views.ImportCreate.as_view(), name="import_create"),
    path("templat/<slug:kind>.xlsx", views.TemplateFile.as_view(), name="template_file"),
    path("<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("<int:pk>/kemajuan/", views.ImportProgress.as_view(), name="import_progress"),
    path("<int:pk>/kolom/", views.ImportMatch.as_view(), name="import_match"),
    path("<int:pk>/baris/<int:number>/", views.RowCorrect.as_view(), name="row_correct"),
    path("<int:pk>/baris/<int:number>/putuskan/", views.RowSettle.as_view(), name="row_settle"),
    path("<int:pk>/putuskan/", views.SettleAll.as_view(), name="settle_all"),
    path("<int:pk>/masukkan/", views.ImportConfirm.as_view(), name="import_confirm"),
    path("<int:pk>/periksa/", views.ImportRecheck.as_view(), name="import_recheck"),
    path("<int:pk>/lanjutkan/", views.ImportResume.as_view(), name="import_resume"),
    path("<int:pk>/buang/", views.ImportDiscard.as_view(), name="import_discard"),
    path("<int:pk>/batalkan/", views.ImportUndo.as_view(), name="import_undo"),
    path("<int:pk>/berkas/", views.ImportFile.as_view(), name="import_file"),
    path("<int:pk>/perbaiki.xlsx", views.ImportFaults.as_view(), name="import_faults"),
]
