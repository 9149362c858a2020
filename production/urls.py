"""Addresses of production."""

from django.urls import URLPattern, URLResolver, path

from production.views import (
    agreements,
    criteria,
    field,
    figures,
    inspections,
    output,
    photos,
    products,
    progress,
    purchases,
    stock,
    targets,
    verification,
)

app_name = "production"
urlpatterns: list[URLPattern | URLResolver] = []

# --- products ---
urlpatterns += [
    path("produk/", products.ProductList.as_view(), name="product_list"),
    path("produk/baru/", products.ProductCreate.as_view(), name="product_create"),
    path("produk/<int:pk>/", products.ProductDetail.as_view(), name="product_detail"),
    path("produk/<int:pk>/ubah/", products.ProductUpdate.as_view(), name="product_update"),
    path("produk/<int:pk>/kegiatan/", products.ProductLink.as_view(), name="product_link"),
    path("produk/<int:pk>/kegiatan/<int:activity>/lepas/", products.ProductUnlink.as_view(), name="product_unlink"),
]

# --- what products are examined for ---
urlpatterns += [
    path("produk/<int:pk>/kriteria/baru/", criteria.CriterionCreate.as_view(), name="criterion_create"),
    path("kriteria/<int:pk>/", criteria.CriterionDetail.as_view(), name="criterion_detail"),
    path("kriteria/<int:pk>/ubah/", criteria.CriterionUpdate.as_view(), name="criterion_update"),
]

# --- the workbook of the field ---
urlpatterns += [path("impor/kertas-kerja.xlsx", field.FieldWorkbook.as_view(), name="field_workbook")]

# --- targets ---
urlpatterns += [
    path("target/", targets.TargetList.as_view(), name="target_list"),
    path("target/baru/", targets.TargetCreate.as_view(), name="target_create"),
    path("target/per-kabupaten/", targets.TargetReport.as_view(), name="target_report"),
    path("target/<int:pk>/", targets.TargetDetail.as_view(), name="target_detail"),
    path("target/<int:pk>/ubah/", targets.TargetUpdate.as_view(), name="target_update"),
    path("target/<int:pk>/bagi/", targets.TargetAllocate.as_view(), name="target_allocate"),
    path("target/<int:pk>/alokasi/", targets.AllocationReport.as_view(), name="allocation_report"),
]

# --- published figures ---
urlpatterns += [
    path("angka-terbitan/", figures.PublishedFigureList.as_view(), name="published_figure_list"),
    path("angka-terbitan/baru/", figures.PublishedFigureCreate.as_view(), name="published_figure_create"),
    path("angka-terbitan/<int:pk>/", figures.PublishedFigureDetail.as_view(), name="published_figure_detail"),
    path("angka-terbitan/<int:pk>/ubah/", figures.PublishedFigureUpdate.as_view(), name="published_figure_update"),
]

# --- progress of the districts ---
urlpatterns += [
    path("target/kemajuan/", progress.ProgressReport.as_view(), name="progress_report"),
    path(
        "target/kemajuan/<int:programme>/<int:product>/<int:region>/",
        progress.ProgressUpdate.as_view(),
        name="progress_update",
    ),
]

# --- output ---
urlpatterns += [
    path("produksi/", output.OutputList.as_view(), name="output_list"),
    path("produksi/catat/", output.OutputCreate.as_view(), name="output_create"),
    path("produksi/<int:pk>/", output.OutputDetail.as_view(), name="output_detail"),
    path("produksi/<int:pk>/tercatat/", output.OutputRecorded.as_view(), name="output_recorded"),
    path("produksi/<int:pk>/ubah/", output.OutputUpdate.as_view(), name="output_update"),
    path("produksi/<int:pk>/ajukan/", output.OutputSubmit.as_view(), name="output_submit"),
    path("produksi/<int:pk>/tarik/", output.OutputWithdraw.as_view(), name="output_withdraw"),
    path("produksi/<int:pk>/hapus/", output.OutputDiscard.as_view(), name="output_discard"),
    path("produksi/<int:pk>/koreksi/", output.OutputCorrect.as_view(), name="output_correct"),
    path("produksi/foto/kirim/<uuid:form_key>/", photos.PhotoUpload.as_view(), name="photo_upload"),
    path("produksi/foto/<int:pk>/", photos.PhotoFile.as_view(), name="photo_file"),
]

# --- verification ---
urlpatterns += [
    path("verifikasi/", verification.VerificationQueue.as_view(), name="verification_queue"),
    path("verifikasi/banyak/", verification.DecideMany.as_view(), name="verification_many"),
    path("verifikasi/<int:pk>/", verification.Verification.as_view(), name="verification_detail"),
    path("verifikasi/<int:pk>/kembalikan/", verification.Return.as_view(), name="verification_return"),
]

# --- stock ---
urlpatterns += [
    path("stok/", stock.StockList.as_view(), name="stock_list"),
    path("stok/<int:store>/<int:product>/", stock.StockDetail.as_view(), name="stock_detail"),
    path("stok/<int:store>/<int:product>/kartu/", stock.StockCard.as_view(), name="stock_card"),
]

# --- inspections ---
urlpatterns += [
    path("pemeriksaan/", inspections.InspectionList.as_view(), name="inspection_list"),
    path("pemeriksaan/baru/", inspections.InspectionCreate.as_view(), name="inspection_create"),
    path("pemeriksaan/<int:pk>/", inspections.InspectionDetail.as_view(), name="inspection_detail"),
    path("pemeriksaan/<int:pk>/pratinjau.pdf", inspections.InspectionPreview.as_view(), name="inspection_preview"),
    path("pemeriksaan/<int:pk>/ubah/", inspections.InspectionUpdate.as_view(), name="inspection_update"),
    path("pemeriksaan/<int:pk>/buang/", inspections.InspectionDiscard.as_view(), name="inspection_discard"),
    path("pemeriksaan/<int:pk>/terbitkan/", inspections.InspectionIssue.as_view(), name="inspection_issue"),
    path("pemeriksaan/<int:pk>/batalkan/", inspections.InspectionCancel.as_view(), name="inspection_cancel"),
]

# --- buying back ---
urlpatterns += [
    path("pembelian/", purchases.PurchaseList.as_view(), name="purchase_list"),
    path("pembelian/baru/", purchases.PurchaseCreate.as_view(), name="purchase_create"),
    path("pembelian/<int:pk>/", purchases.PurchaseDetail.as_view(), name="purchase_detail"),
    path("pembelian/<int:pk>/pratinjau.pdf", purchases.PurchasePreview.as_view(), name="purchase_preview"),
    path("pembelian/<int:pk>/buang/", purchases.PurchaseDiscard.as_view(), name="purchase_discard"),
    path("pembelian/<int:pk>/setujui/", purchases.PurchaseApprove.as_view(), name="purchase_approve"),
    path("pembelian/<int:pk>/batalkan/", purchases.PurchaseCancel.as_view(), name="purchase_cancel"),
    path("pembelian/harga/", agreements.PriceList.as_view(), name="price_list"),
    path("pembelian/harga/baru/", agreements.PriceCreate.as_view(), name="price_create"),
    path("pembelian/harga/<int:pk>/", agreements.PriceDetail.as_view(), name="price_detail"),
    path("pembelian/harga/<int:pk>/ubah/", agreements.PriceUpdate.as_view(), name="price_update"),
    path("pembelian/perjanjian/", agreements.AgreementList.as_view(), name="agreement_list"),
    path("pembelian/perjanjian/baru/", agreements.AgreementCreate.as_view(), name="agreement_create"),
    path("pembelian/perjanjian/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement_detail"),
    path("pembelian/perjanjian/<int:pk>/berkas/", agreements.AgreementFile.as_view(), name="agreement_file"),
]
