"""The roof: every address of the house."""

from django.contrib import admin
from django.urls import include, path

from ikm_program import appearance, audit_trail, jobs, saved_view_screens, sign_in
from ikm_program.dashboard import reconciliation, records, reports, search
from ikm_program.dashboard import views as dashboard

handler500 = "ikm_program.middleware.server_error"
urlpatterns = [
    path("", dashboard.Home.as_view(), name="home"),
    path("laporan/", reports.ReportIndex.as_view(), name="report_index"),
    path("laporan/rekonsiliasi/", reconciliation.ReconciliationScreen.as_view(), name="reconciliation"),
    path("laporan/rekonsiliasi/rincian/", records.FigureRecords.as_view(), name="reconciliation_records"),
    path("laporan/rekonsiliasi.<str:format>", reconciliation.ReconciliationScreen.as_view(), name="reconciliation_file"),
    path("jejak-audit/", audit_trail.AuditTrail.as_view(), name="audit_list"),
    path("impor/", include("ikm_program.sheets.urls")),
    path("cari/", search.Search.as_view(), name="search"),
    path("pekerjaan/<int:pk>/", jobs.JobScreen.as_view(), name="job_detail"),
    path("tampilan-tersimpan/", saved_view_screens.ViewCreate.as_view(), name="view_create"),
    path("tampilan-tersimpan/<int:pk>/", saved_view_screens.ViewUpdate.as_view(), name="view_update"),
    path("tampilan-tersimpan/<int:pk>/hapus/", saved_view_screens.ViewDelete.as_view(), name="view_delete"),
    path("admin/", admin.site.urls),
    path("masuk/", sign_in.SignInView.as_view(), name="sign_in"),
    path("keluar/", sign_in.SignOutView.as_view(), name="sign_out"),
    path("kata-sandi/", sign_in.PasswordChangeView.as_view(), name="password_change"),
    path("kata-sandi/<uidb64>/<token>/", sign_in.PasswordSetView.as_view(), name="password_set"),
    path("favicon.ico", appearance.favicon, name="favicon"),
    path("tampilan/", appearance.choose_theme, name="appearance"),
    path("bahasa/", appearance.choose_language, name="set_language"),
    path("", include("trainings.urls")),
    path("", include("production.urls")),
    path("", include("distribution.urls")),
]
