from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = _("Production")

    def ready(self) -> None:
        from ikm_program import passports
        from production import makers, missing  # need the models of this app

        passports.add("trainings.enterprise", makers.output_of_enterprise, permission=makers.PERMISSION)
        passports.add("trainings.participant", makers.output_of_participant, permission=makers.PERMISSION)
        missing.register()
