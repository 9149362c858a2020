from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistributionConfig(AppConfig):
    name = "distribution"
    verbose_name = _("Distribution")

    def ready(self) -> None:
        from distribution.papers import KINDS  # needs the models of this app
        from ikm_program import papers

        for paper in KINDS:
            papers.add(paper)
