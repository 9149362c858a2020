"""Addresses of production."""

from django.urls import URLPattern, URLResolver, path

from production.views import (
    agreements,
    criteria,
    field,
    figures,
    inspections,
    material_accounts,
    material_handovers,
    material_steps,
    material_write_offs,
    materials,
    output,
    output_steps,
    photos,
    products,
    progress,
    purchase_payments,
    purchases,
    stock,
    stocktakes,
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
    path("laporan/ikm-terdampak/", figures.AffectedReport.as_view(), name="affected_report"),
    path("laporan/ikm-terdampak/rincian/", figures.AffectedRecords.as_view(), name="affected_records"),
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
    path("produksi/<int:pk>/ajukan/", output_steps.OutputSubmit.as_view(), name="output_submit"),
    path("produksi/<int:pk>/tarik/", output_steps.OutputWithdraw.as_view(), name="output_withdraw"),
    path("produksi/<int:pk>/batal/", output_steps.OutputCancel.as_view(), name="output_cancel"),
    path("produksi/<int:pk>/hapus/", output_steps.OutputDiscard.as_view(), name="output_discard"),
    path("produksi/<int:pk>/koreksi/", output_steps.OutputCorrect.as_view(), name="output_correct"),
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

# --- materials: the catalogue, what was bought ---
urlpatterns += [
    path("bahan/", materials.MaterialList.as_view(), name="material_list"),
    path("bahan/baru/", materials.MaterialCreate.as_view(), name="material_create"),
    path("bahan/<int:pk>/", materials.MaterialDetail.as_view(), name="material_detail"),
    path("bahan/<int:pk>/ubah/", materials.MaterialUpdate.as_view(), name="material_update"),
    path("bahan/<int:pk>/norma/", materials.NormCreate.as_view(), name="material_norm_create"),
    path("bahan/norma/<int:pk>/ubah/", materials.NormUpdate.as_view(), name="material_norm_update"),
    path("bahan/pembelian/", materials.ReceiptList.as_view(), name="material_receipt_list"),
    path("bahan/pembelian/baru/", materials.ReceiptCreate.as_view(), name="material_receipt_create"),
    path("bahan/pembelian/<int:pk>/", materials.ReceiptDetail.as_view(), name="material_receipt_detail"),
    path("bahan/pembelian/<int:pk>/batalkan/", materials.ReceiptCancel.as_view(), name="material_receipt_cancel"),
]

# --- materials on their way ---
urlpatterns += [
    path("bahan/serah/", material_handovers.HandoverList.as_view(), name="material_handover_list"),
    path("bahan/serah/kepada/<slug:to>/", material_handovers.HandoverCreate.as_view(), name="material_handover_create"),
    path("bahan/serah/<int:pk>/", material_handovers.HandoverDetail.as_view(), name="material_handover_detail"),
    path("bahan/serah/<int:pk>/ubah/", material_handovers.HandoverUpdate.as_view(), name="material_handover_update"),
    path("bahan/serah/<int:pk>/pratinjau.pdf", material_steps.HandoverPreview.as_view(), name="material_handover_preview"),
    path("bahan/serah/<int:pk>/buang/", material_steps.HandoverDiscard.as_view(), name="material_handover_discard"),
    path("bahan/serah/<int:pk>/terbitkan/", material_steps.HandoverIssue.as_view(), name="material_handover_issue"),
    path("bahan/serah/<int:pk>/terima/", material_steps.HandoverReceive.as_view(), name="material_handover_receive"),
    path("bahan/serah/<int:pk>/batalkan/", material_steps.HandoverCancel.as_view(), name="material_handover_cancel"),
    path("bahan/pelaku/<int:holder>/<int:programme>/kembali/", material_handovers.ReturnCreate.as_view(), name="material_return_create"),
]

# --- where the materials are, and the accounts of the makers ---
OF_HOLDER = "<int:programme>/<int:material>/<int:holder>/"
urlpatterns += [
    path("bahan/persediaan/", material_accounts.BalanceList.as_view(), name="material_balance_list"),
    path(f"bahan/kartu/{OF_HOLDER}", material_accounts.MaterialCard.as_view(), name="material_card"),
    path("bahan/rekening/", material_accounts.AccountReport.as_view(), name="material_account_report"),
    path("bahan/rekening/rincian/", material_accounts.AccountRecords.as_view(), name="material_records"),
    path(f"bahan/rekening/{OF_HOLDER}", material_accounts.AccountDetail.as_view(), name="material_account"),
    path(f"bahan/rekening/{OF_HOLDER}jelaskan/", material_accounts.Explain.as_view(), name="material_explain"),
    path("bahan/penghapusan/", material_write_offs.WriteOffList.as_view(), name="material_write_off_list"),
    path(f"bahan/penghapusan/{OF_HOLDER}baru/", material_write_offs.WriteOffCreate.as_view(), name="material_write_off_create"),
    path("bahan/penghapusan/<int:pk>/", material_write_offs.WriteOffDetail.as_view(), name="material_write_off_detail"),
    path("bahan/penghapusan/<int:pk>/setujui/", material_write_offs.WriteOffApprove.as_view(), name="material_write_off_approve"),
    path("bahan/penghapusan/<int:pk>/tolak/", material_write_offs.WriteOffRefuse.as_view(), name="material_write_off_refuse"),
    path("bahan/penghapusan/<int:pk>/batalkan/", material_write_offs.WriteOffCancel.as_view(), name="material_write_off_cancel"),
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

# --- stocktakes ---
urlpatterns += [
    path("stok-opname/", stocktakes.StocktakeList.as_view(), name="stocktake_list"),
    path("stok-opname/baru/", stocktakes.StocktakeCreate.as_view(), name="stocktake_create"),
    path("stok-opname/lembar-hitung/", stocktakes.CountSheet.as_view(), name="count_sheet"),
    path("stok-opname/<int:pk>/", stocktakes.StocktakeDetail.as_view(), name="stocktake_detail"),
    path("stok-opname/<int:pk>/pratinjau.pdf", stocktakes.StocktakePreview.as_view(), name="stocktake_preview"),
    path("stok-opname/<int:pk>/ubah/", stocktakes.StocktakeUpdate.as_view(), name="stocktake_update"),
    path("stok-opname/<int:pk>/buang/", stocktakes.StocktakeDiscard.as_view(), name="stocktake_discard"),
    path("stok-opname/<int:pk>/terbitkan/", stocktakes.StocktakeIssue.as_view(), name="stocktake_issue"),
    path("stok-opname/<int:pk>/batalkan/", stocktakes.StocktakeCancel.as_view(), name="stocktake_cancel"),
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
    path("pembelian/belum-dibayar/", purchase_payments.PurchasesToPay.as_view(), name="purchases_to_pay"),
    path("pembelian/belum-dibayar/<int:pk>/", purchase_payments.PurchasePay.as_view(), name="purchase_pay"),
    path("pembelian/harga/", agreements.PriceList.as_view(), name="price_list"),
    path("pembelian/harga/baru/", agreements.PriceCreate.as_view(), name="price_create"),
    path("pembelian/harga/<int:pk>/", agreements.PriceDetail.as_view(), name="price_detail"),
    path("pembelian/harga/<int:pk>/ubah/", agreements.PriceUpdate.as_view(), name="price_update"),
    path("pembelian/perjanjian/", agreements.AgreementList.as_view(), name="agreement_list"),
    path("pembelian/perjanjian/baru/", agreements.AgreementCreate.as_view(), name="agreement_create"),
    path("pembelian/perjanjian/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement_detail"),
    path("pembelian/perjanjian/<int:pk>/berkas/", agreements.AgreementFile.as_view(), name="agreement_file"),
]
