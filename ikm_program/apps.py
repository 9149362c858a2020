from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ProgramAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "ikm_program.admin_site.ProgramAdminSite"


class ProgramConfig(AppConfig):
    default = True
    name = "ikm_program"
    verbose_name = _("Programme")

    def ready(self) -> None:
        from ikm_program import guards, roles, search_index  # they look at models, which exist from here on

        autodiscover_modules("chapters")  # what apps say in the final report
        post_migrate.connect(guards.install_after_migrate, dispatch_uid="ikm_guards")
        post_migrate.connect(search_index.install_after_migrate, dispatch_uid="ikm_search_index")
        post_migrate.connect(roles.sync_after_migrate, dispatch_uid="ikm_roles")
