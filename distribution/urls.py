"""Addresses of distribution."""

from django.urls import URLPattern, URLResolver, path

from distribution.views import (
    addenda,
    cancellations,
    deliveries,
    evaluations,
    files,
    filing,
    final,
    handover_detail,
    handovers,
    monthly,
    onwards,
    receiver,
    receiver_links,
    recipients,
    reports,
    scans,
    transfers,
)

app_name = "distribution"
urlpatterns: list[URLPattern | URLResolver] = []

# --- recipients ---
urlpatterns += [
    path("penerima/", recipients.RecipientList.as_view(), name="recipient_list"),
    path("penerima/baru/", recipients.RecipientCreate.as_view(), name="recipient_create"),
    path("penerima/<int:pk>/", recipients.RecipientDetail.as_view(), name="recipient_detail"),
    path("penerima/<int:pk>/ubah/", recipients.RecipientUpdate.as_view(), name="recipient_update"),
]

# --- handovers ---
urlpatterns += [
    path("serah-terima/", handovers.HandoverList.as_view(), name="handover_list"),
    path("serah-terima/baru/", handovers.HandoverCreate.as_view(), name="handover_create"),
    path("serah-terima/<int:pk>/", handover_detail.HandoverDetail.as_view(), name="handover_detail"),
    path("serah-terima/<int:pk>/ubah/", handovers.HandoverUpdate.as_view(), name="handover_update"),
    path("serah-terima/<int:pk>/buang/", handovers.HandoverDiscard.as_view(), name="handover_discard"),
    path("serah-terima/<int:pk>/pratinjau/", handovers.HandoverReview.as_view(), name="handover_review"),
    path("serah-terima/<int:pk>/pratinjau.pdf", handovers.HandoverPreview.as_view(), name="handover_preview"),
    path("serah-terima/<int:pk>/terbitkan/", handovers.HandoverIssue.as_view(), name="handover_issue"),
    path("serah-terima/<int:pk>/bast.pdf", files.PaperOf.as_view(found_by="handover"), name="bast_file"),
    path("serah-terima/<int:pk>/terima/", handovers.HandoverAcknowledge.as_view(), name="handover_acknowledge"),
    path("serah-terima/<int:pk>/bukti/", files.EvidenceFile.as_view(), name="receipt_evidence"),
    path("penerimaan/<int:pk>/bukti/", handovers.EvidenceUpload.as_view(), name="evidence_upload"),
    path("serah-terima/<int:pk>/ganti/", handovers.HandoverReplace.as_view(), name="handover_replace"),
    path("serah-terima/<int:pk>/batalkan/", cancellations.CancellationRequest.as_view(), name="cancellation_request"),
    path("serah-terima/<int:pk>/salurkan/", onwards.OnwardCreate.as_view(), name="onward_create"),
    path("pembatalan/<int:pk>/setujui/", cancellations.CancellationApprove.as_view(), name="cancellation_approve"),
    path("pembatalan/<int:pk>/tolak/", cancellations.CancellationRefuse.as_view(), name="cancellation_refuse"),
    path("pembatalan/<int:pk>/berita-acara.pdf", files.PaperOf.as_view(found_by="cancellation"), name="ba-batal_file"),
    path("penyaluran/<int:pk>/salurkan/", onwards.OnwardExtend.as_view(), name="onward_extend"),
    path("penyaluran/<int:pk>/batalkan/", onwards.OnwardCancel.as_view(), name="onward_cancel"),
]

# --- addenda ---
urlpatterns += [
    path("adendum/", addenda.AddendumList.as_view(), name="addendum_list"),
    path("serah-terima/<int:pk>/adendum/", addenda.AddendumCreate.as_view(), name="addendum_create"),
    path("adendum/<int:pk>/", addenda.AddendumDetail.as_view(), name="addendum_detail"),
    path("adendum/<int:pk>/pratinjau.pdf", addenda.AddendumPreview.as_view(), name="addendum_preview"),
    path("adendum/<int:pk>/terbitkan/", addenda.AddendumIssue.as_view(), name="addendum_issue"),
    path("adendum/<int:pk>/buang/", addenda.AddendumDiscard.as_view(), name="addendum_discard"),
    path("adendum/<int:pk>/batalkan/", addenda.AddendumCancel.as_view(), name="addendum_cancel"),
]

# --- signed papers ---
urlpatterns += [
    path("berkas-bertanda-tangan/", filing.FilingList.as_view(), name="filing_list"),
    path("berkas-bertanda-tangan/unggah/", scans.ScansUpload.as_view(), name="scans_upload"),
    path("berkas-bertanda-tangan/hasil/", scans.ScanList.as_view(), name="scan_list"),
    path("berkas-bertanda-tangan/hasil/<int:pk>/", scans.ScanAssign.as_view(), name="scan_assign"),
    path("berkas-bertanda-tangan/hasil/<int:pk>/berkas/", scans.ScanFile.as_view(), name="scan_file"),
    path("serah-terima/<int:pk>/pengunggah/", filing.FilingAssign.as_view(), name="filing_assign"),
]

# --- receivers without an account ---
urlpatterns += [
    path("konfirmasi/<str:token>/", receiver.ReceiverPage.as_view(), name="receiver_page"),
    path("serah-terima/<int:pk>/tautan-penerima/", receiver_links.LinkCreate.as_view(), name="receiver_link_create"),
    path("serah-terima/<int:pk>/tautan-penyaluran/", receiver_links.OnwardLinkCreate.as_view(), name="onward_link_create"),
    path("tautan-penerima/<int:pk>/cabut/", receiver_links.LinkRevoke.as_view(), name="receiver_link_revoke"),
    path("pernyataan-penerima/<int:pk>/catat/", onwards.SaidOnwardRecord.as_view(), name="said_onward_record"),
    path("pernyataan-penerima/<int:pk>/kesampingkan/", onwards.SaidOnwardSetAside.as_view(), name="said_onward_set_aside"),
    path("pernyataan-penerima/<int:pk>/<str:what>/", receiver_links.StatementPicture.as_view(), name="statement_picture"),
]

# --- transfers ---
urlpatterns += [
    path("mutasi/", transfers.TransferList.as_view(), name="transfer_list"),
    path("mutasi/baru/", transfers.TransferCreate.as_view(), name="transfer_create"),
    path("mutasi/<int:pk>/", transfers.TransferDetail.as_view(), name="transfer_detail"),
    path("mutasi/<int:pk>/ubah/", transfers.TransferUpdate.as_view(), name="transfer_update"),
    path("mutasi/<int:pk>/buang/", transfers.TransferDiscard.as_view(), name="transfer_discard"),
    path("mutasi/<int:pk>/pratinjau.pdf", transfers.TransferPreview.as_view(), name="transfer_preview"),
    path("mutasi/<int:pk>/terbitkan/", transfers.TransferIssue.as_view(), name="transfer_issue"),
    path("mutasi/<int:pk>/terima/", transfers.TransferReceive.as_view(), name="transfer_receive"),
    path("mutasi/<int:pk>/evaluasi/", evaluations.EvaluationCreate.as_view(), name="evaluation_create"),
    path("evaluasi/<int:pk>/batalkan/", evaluations.EvaluationCancel.as_view(), name="evaluation_cancel"),
    path("mutasi/<int:pk>/berita-acara.pdf", files.PaperOf.as_view(found_by="transfer"), name="ba-mutasi_file"),
]

# --- delivery notes ---
urlpatterns += [
    path("surat-jalan/", deliveries.DeliveryList.as_view(), name="delivery_list"),
    path("serah-terima/<int:pk>/surat-jalan/", deliveries.HandoverDelivery.as_view(), name="handover_delivery"),
    path("mutasi/<int:pk>/surat-jalan/", deliveries.TransferDelivery.as_view(), name="transfer_delivery"),
    path("surat-jalan/<int:pk>/", deliveries.DeliveryDetail.as_view(), name="delivery_detail"),
    path("surat-jalan/<int:pk>/pratinjau.pdf", deliveries.DeliveryPreview.as_view(), name="delivery_preview"),
    path("surat-jalan/<int:pk>/terbitkan/", deliveries.DeliveryIssue.as_view(), name="delivery_issue"),
    path("surat-jalan/<int:pk>/buang/", deliveries.DeliveryDiscard.as_view(), name="delivery_discard"),
    path("surat-jalan/<int:pk>/tanda-terima/", deliveries.DeliverySlip.as_view(), name="delivery_slip"),
    path("surat-jalan/<int:pk>/batalkan/", deliveries.DeliveryCancel.as_view(), name="delivery_cancel"),
]

# --- reports ---
urlpatterns += [
    path("laporan/rekapitulasi/", reports.RecapitulationScreen.as_view(), name="recapitulation"),
    path("laporan/rekapitulasi/peserta/", reports.PeopleRecords.as_view(), name="people_records"),
    path("laporan/serah-terima-per-penerima/", reports.ReceiversScreen.as_view(), name="receivers_report"),
    path("laporan/serah-terima-per-penerima/rincian/", reports.HandedOverRecords.as_view(), name="handed_over_records"),
    path("laporan/penerima-akhir/", reports.FinalRecipientsScreen.as_view(), name="final_recipients"),
    path("laporan/penerima-akhir/rincian/", reports.FinalRecords.as_view(), name="final_records"),
    path("laporan/dokumentasi-foto/", reports.PhotoScreen.as_view(), name="photo_report"),
    path("laporan/perubahan/", reports.ChangesScreen.as_view(), name="changes_report"),
    path("laporan/bulanan/", monthly.MonthlyList.as_view(), name="monthly_list"),
    path("laporan/bulanan/baru/", monthly.MonthlyCreate.as_view(), name="monthly_create"),
    path("laporan/bulanan/<int:pk>/", monthly.MonthlyDetail.as_view(), name="monthly_detail"),
    path("laporan/bulanan/<int:pk>/laporan.pdf", monthly.MonthlyFile.as_view(), name="monthly_file"),
    path("laporan/bulanan/<int:pk>/tanda-tangan/", monthly.MonthlySign.as_view(), name="monthly_sign"),
    path("laporan/bulanan/<int:pk>/susun-lagi/", monthly.MonthlyAgain.as_view(), name="monthly_again"),
    path("laporan/akhir/", final.FinalList.as_view(), name="final_list"),
    path("laporan/akhir/baru/", final.FinalCreate.as_view(), name="final_create"),
    path("laporan/akhir/<int:pk>/", final.FinalDetail.as_view(), name="final_detail"),
    path("laporan/akhir/<int:pk>/tulis/", final.FinalUpdate.as_view(), name="final_update"),
    path("laporan/akhir/<int:pk>/tetapkan/", final.FinalFinalise.as_view(), name="final_finalise"),
    path("laporan/akhir/<int:pk>/susun-pdf/", final.FinalBind.as_view(), name="final_bind"),
    path("laporan/akhir/<int:pk>/laporan.pdf", final.FinalFile.as_view(), name="final_file"),
]
