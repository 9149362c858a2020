from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = _("Production")

    def ready(self) -> None:
        from ikm_program import papers, passports
        from production import makers, material_papers, material_sections, missing, purchase_days  # need the models of this app
        from production.papers import KINDS
        from trainings import payment_days

        passports.add("trainings.enterprise", makers.output_of_enterprise, permission=makers.PERMISSION)
        passports.add("trainings.participant", makers.output_of_participant, permission=makers.PERMISSION)
        passports.add("trainings.enterprise", makers.purchases_of_enterprise, permission=makers.PURCHASE_PERMISSION)
        passports.add("trainings.participant", makers.purchases_of_participant, permission=makers.PURCHASE_PERMISSION)
        for model in ("trainings.enterprise", "trainings.participant"):
            passports.add(model, material_sections.materials_of, permission=material_sections.PERMISSION)
        for paper in (*material_papers.KINDS, *KINDS):
            papers.add(paper)
        missing.register()
        payment_days.add(purchase_days.last_purchase)
