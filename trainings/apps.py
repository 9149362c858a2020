from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Trainings")

    def ready(self) -> None:
        from ikm_program import papers, passports
        from trainings import missing, payees, payment_papers  # they need the models of this app
        from trainings.certificate_papers import CERTIFICATE

        missing.register()
        papers.add(CERTIFICATE)
        papers.add(payment_papers.PAPER)
        passports.add("trainings.activity", payees.rules_of_activity, permission=payees.RULES)
        passports.add("trainings.batch", payees.payments_of_batch, permission=payees.PAYMENTS)
        passports.add("trainings.enterprise", payees.payments_of_enterprise, permission=payees.PAYMENTS)
        passports.add("trainings.participant", payees.payments_of_participant, permission=payees.PAYMENTS)
