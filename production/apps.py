from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = _("Production")

    def ready(self) -> None:
        from ikm_program import papers, passports
        from production import makers  # needs the models of this app
        from production.papers import KINDS

        passports.add("trainings.enterprise", makers.output_of_enterprise, permission=makers.PERMISSION)
        passports.add("trainings.participant", makers.output_of_participant, permission=makers.PERMISSION)
        passports.add("trainings.enterprise", makers.purchases_of_enterprise, permission=makers.PURCHASE_PERMISSION)
        passports.add("trainings.participant", makers.purchases_of_participant, permission=makers.PURCHASE_PERMISSION)
        for paper in KINDS:
            papers.add(paper)
