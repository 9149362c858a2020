from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.screens import Text
from ikm_program.views import FormScreen, ReportScreen
from production.actions.progress import record_progress
from production.forms.programme import KnownProgrammeParameters
from production.forms.progress import ProgressForm
from production.models import DistrictProgress, Product
from production.reports import NO_PROGRAMME, ProgressMatrix, progress_matrix
from trainings.models import Programme, Region
from trainings.programme_choice import asked_with_programme

PLACE = "production:target_list"


class ProgressReport(ReportScreen):
    """Products by districts: how far the work is, in the office's own word."""

    model = DistrictProgress
    permission = "production.view_districtprogress"
    title = _("Progress per district")
    lead = _("What the office says of the work; the figures stand in the reports.")
    place = PLACE
    form_class = KnownProgrammeParameters
    as_of_field = known_field = "diketahui"
    template_name = "production/progress_report.html"
    file_name = "kemajuan-kabupaten"
    matrix: ProgressMatrix | None = None

    def parameter_form(self) -> Any:
        return KnownProgrammeParameters(asked_with_programme(self.request), user=self.request.user)

    def get_report(self, **parameters: Any) -> reporting.Report:
        program: Programme | None = parameters["program"]
        if program is None:
            return NO_PROGRAMME
        self.matrix = progress_matrix(program, self.request.user, parameters["diketahui"] or timezone.localdate())
        return self.matrix.report()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of today have a button each."""
        return super().get_context_data(matrix=self.matrix, **kwargs)


class ProgressUpdate(FormScreen):
    """Say how far one district is with one product. There may be no row yet, so the URL names the three parts of its key."""

    model = DistrictProgress
    form_class = ProgressForm
    action = record_progress
    place = PLACE
    lookup = "product"
    success_message = _("Progress recorded.")

    @cached_property
    def object(self) -> DistrictProgress:
        user = self.request.user
        programme = get_object_or_404(Programme.objects.for_user(user), pk=self.kwargs["programme"])
        product = get_object_or_404(
            Product.objects.for_user(user).filter(activities__activity__programme=programme).distinct(), pk=self.kwargs["product"]
        )
        region: Any = get_object_or_404(Region.objects.owned_by(user), pk=self.kwargs["region"])
        said = self.get_queryset().filter(programme=programme, product=product, region=region).first()
        return said or DistrictProgress(programme=programme, product=product, region=region)

    def get_title(self) -> Text:
        return f"{self.object.product.name} · {self.object.region.name}"

    def perform(self, form: Any) -> Any:
        progress, cleaned = self.object, form.cleaned_data
        return record_progress(
            DistrictProgress,
            by=self.request.user,
            key=cleaned["key"],
            programme=progress.programme,
            product=progress.product,
            region=progress.region,
            status=cleaned["status"],
            version=form.seen_version if progress.pk else None,
        )

    def get_success_url(self, result: Any) -> str:
        return f"{reverse('production:progress_report')}?program={self.object.programme_id}"

    def get_cancel_url(self) -> str:
        return self.get_success_url(None)
