"""The materials of a business or a person, for their pages (see `ikm_program.passports`) and for whoever draws those anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.passports import Section
from ikm_program.screens import Column, Text
from production.material_account import Account, accounts_of
from production.models import MaterialHolder
from trainings.models import Enterprise

PERMISSION = "production.view_materialmovement"
COLUMNS = (
    Column(_("Material"), "material", link="self"),
    Column(_("Programme"), "programme"),
    Column(_("Given"), "given"),
    Column(_("By norm"), "norm_use", unknown=_("norm not known")),
    Column(_("Came back"), "returned"),
    Column(_("Left to explain"), "unexplained", unknown=_("cannot be computed yet")),
    Column(_("Status"), "standing", template="production/_material_standing.html"),
)


@dataclass(frozen=True)
class Row:
    """One account, in words."""

    account: Account
    material: str
    programme: str
    given: str
    norm_use: str
    returned: str
    unexplained: str
    standing: Text
    tone: str

    def get_absolute_url(self) -> str:
        account = self.account
        names = {"programme": account.programme.pk, "material": account.material.pk, "holder": account.holder.pk}
        return reverse("production:material_account", kwargs=names)


def rows_of(maker: Any, user: Any) -> list[Row]:
    """The accounts of one business (with its people's) or one participant, within the person's reach."""
    owned = Q(enterprise=maker) | Q(participant__enterprise=maker) if isinstance(maker, Enterprise) else Q(participant=maker)
    holders = MaterialHolder.objects.for_user(user).filter(owned)
    return [_row(account) for account in accounts_of(user, holders=holders)]


def _row(account: Account) -> Row:
    return Row(
        account=account,
        material=account.material.name,
        programme=str(account.programme),
        given=account.says(account.given),
        norm_use=account.says(account.norm_use),
        returned=account.says(account.returned),
        unexplained=account.says(account.unexplained),
        standing=account.standing.label,
        tone=account.tone,
    )


def materials_of(maker: Any, user: Any) -> Section:
    rows = rows_of(maker, user)
    missing = [f"{row.unexplained} {row.material}" for row in rows if row.tone == "danger"]
    lead = gettext("To be explained: %(materials)s.") % {"materials": ", ".join(missing)} if missing else ""
    return Section(_("Materials given"), COLUMNS, rows, empty=_("No material was given to it."), lead=lead)
