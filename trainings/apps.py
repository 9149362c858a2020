from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Trainings")

    def ready(self) -> None:
        from ikm_program import papers
        from trainings import missing  # needs the models of this app
        from trainings.certificate_papers import CERTIFICATE

        missing.register()
        papers.add(CERTIFICATE)
