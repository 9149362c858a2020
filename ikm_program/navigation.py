"""The navigation, declared once: the rail, the bottom bar, the breadcrumb and the active place are all read from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A place one can go to. Without a permission it is open to everybody who is signed in."""

    label: str | Promise
    url_name: str = ""
    permission: str = ""
    icon: str = ""
    entries: tuple[Entry, ...] = ()
    url: str = ""
    is_here: bool = False


HOME = Entry(_("Home"), "home", icon="home")
RECORD = Entry(_("Record output"), "production:output_create", "production.add_outputentry", icon="plus")

SECTIONS: tuple[Entry, ...] = (
    HOME,
    Entry(
        _("Training"),
        icon="training",
        entries=(
            Entry(_("Programmes"), "trainings:programme_list", "trainings.view_programme"),
            Entry(_("Activities"), "trainings:activity_list", "trainings.view_activity"),
            Entry(_("Batches"), "trainings:batch_list", "trainings.view_batch"),
            Entry(_("Visits to the makers"), "trainings:visit_calendar", "trainings.view_visit"),
            Entry(_("Decrees of participants"), "trainings:decree_list", "trainings.view_decree"),
            Entry(_("Participants"), "trainings:participant_list", "trainings.view_participant"),
            Entry(_("Small businesses"), "trainings:enterprise_list", "trainings.view_enterprise"),
            Entry(_("Sentra IKM"), "trainings:sentra_list", "trainings.view_sentra"),
            Entry(_("Likely duplicates"), "trainings:pair_list", "trainings.view_duplicatepair"),
            Entry(_("Instructors"), "trainings:instructor_list", "trainings.view_instructor"),
        ),
    ),
    Entry(
        _("Mentoring"),
        icon="shield",
        entries=(
            Entry(_("Mentoring under way"), "trainings:pipeline_list", "trainings.view_pipeline"),
            Entry(_("Superior products"), "trainings:superior_list", "trainings.view_superiorproduct"),
            Entry(_("Licences and certificates"), "trainings:licence_list", "trainings.view_enterprise"),
            Entry(_("Events"), "trainings:occasion_list", "trainings.view_occasion"),
            Entry(_("Length and capacity"), "trainings:standard_list", "trainings.view_mentoringstandard"),
        ),
    ),
    Entry(
        _("Production"),
        icon="production",
        entries=(
            Entry(_("Output"), "production:output_list", "production.view_outputentry"),
            Entry(_("Verification queue"), "production:verification_queue", "production.verify_outputentry"),
            Entry(_("Inspections"), "production:inspection_list", "production.view_inspection"),
            Entry(_("Purchases from makers"), "production:purchase_list", "production.view_purchase"),
            Entry(_("Stock"), "production:stock_list", "production.view_stockbalance"),
            Entry(_("Stocktakes"), "production:stocktake_list", "production.view_stocktake"),
            Entry(_("Targets"), "production:target_list", "production.view_producttarget"),
            Entry(_("Published figures"), "production:published_figure_list", "production.view_publishedfigure"),
        ),
    ),
    Entry(
        _("Materials"),
        icon="box",
        entries=(
            Entry(_("Account of materials"), "production:material_account_report", "production.view_materialmovement"),
            Entry(_("Material papers"), "production:material_handover_list", "production.view_materialhandover"),
            Entry(_("Where the materials are"), "production:material_balance_list", "production.view_materialmovement"),
            Entry(_("Materials bought"), "production:material_receipt_list", "production.view_materialreceipt"),
            Entry(_("Materials written off"), "production:material_write_off_list", "production.view_materialwriteoff"),
        ),
    ),
    Entry(
        _("Payments"),
        icon="document",
        entries=(
            Entry(_("What is to be paid"), "trainings:to_pay", "trainings.view_paymentlist"),
            Entry(_("Purchases to be paid"), "production:purchases_to_pay", "production.view_purchase"),
            Entry(_("Payment lists"), "trainings:payment_list", "trainings.view_paymentlist"),
            Entry(_("Payments made"), "trainings:payment_report", "trainings.view_paymentlist"),
        ),
    ),
    Entry(
        _("Distribution"),
        icon="handover",
        entries=(
            Entry(_("Handovers (BAST)"), "distribution:handover_list", "distribution.view_handover"),
            Entry(_("Addenda"), "distribution:addendum_list", "distribution.view_addendum"),
            Entry(_("Signed papers to file"), "distribution:filing_list", "distribution.view_handover"),
            Entry(_("Transfers"), "distribution:transfer_list", "distribution.view_transfer"),
            Entry(_("Delivery notes"), "distribution:delivery_list", "distribution.view_delivery"),
            Entry(_("Register of papers"), "trainings:register", "trainings.view_issueddocument"),
            Entry(_("My downloads"), "trainings:bundle_list", "trainings.view_issueddocument"),
            Entry(_("Recipients"), "distribution:recipient_list", "distribution.view_recipient"),
        ),
    ),
    Entry(
        _("Reports"),
        icon="report",
        entries=(
            Entry(_("All reports"), "report_index", "trainings.view_programme"),
            Entry(_("Recapitulation"), "distribution:recapitulation", "production.view_reconciliation"),
            Entry(_("Reconciliation"), "reconciliation", "production.view_reconciliation"),
            Entry(_("Mentoring, from beginning to certificate"), "trainings:pipeline_report", "trainings.view_pipeline"),
            Entry(_("Businesses hit by the pandemic"), "production:affected_report", "production.view_publishedfigure"),
            Entry(_("Figures that changed"), "distribution:changes_report", "production.view_reconciliation"),
            Entry(_("Handovers by receiver"), "distribution:receivers_report", "production.view_reconciliation"),
            Entry(_("Final recipients"), "distribution:final_recipients", "production.view_reconciliation"),
            Entry(_("Monthly reports"), "distribution:monthly_list", "distribution.view_monthlyreport"),
            Entry(_("Final reports"), "distribution:final_list", "distribution.view_finalreport"),
            Entry(_("Photo documentation"), "distribution:photo_report", "production.view_reconciliation"),
            Entry(_("Freshness of the registry"), "trainings:freshness_report", "trainings.view_enterprise"),
            Entry(_("Audit trail"), "audit_list", "ikm_program.view_auditevent"),
        ),
    ),
    Entry(
        _("Master data"),
        icon="database",
        entries=(
            Entry(_("Products"), "production:product_list", "production.view_product"),
            Entry(_("Materials and norms"), "production:material_list", "production.view_material"),
            Entry(_("Regions"), "trainings:region_list", "trainings.view_region"),
            Entry(_("Offices"), "trainings:office_list", "trainings.view_office"),
            Entry(_("Officials"), "trainings:official_list", "trainings.view_official"),
            Entry(_("Imports"), "sheets:import_list", "ikm_program.view_sheetimport"),
        ),
    ),
    Entry(
        _("Settings"),
        icon="settings",
        entries=(
            Entry(_("Users"), "trainings:user_list", "trainings.view_user"),
            Entry(_("Administration"), "admin:index", "trainings.change_office"),
            Entry(_("Change password"), "password_change"),
        ),
    ),
)


def url_of(url_name: str) -> str:
    """The address of a place, or "" while its screen does not exist."""
    return _url_on(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), url_name) if url_name else ""


@lru_cache(maxsize=512)
def _url_on(urlconf: str, prefix: str, url_name: str) -> str:
    """A page asks for the addresses of all places several times; they are the same as long as the site is."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def for_user(user: Any, path: str) -> list[Entry]:
    """What this person may go to, each with its address, and where they are now."""
    here = active(path)
    shown = (_shown(entry, user, here) for entry in SECTIONS)
    return [entry for entry in shown if entry is not None]


def _shown(entry: Entry, user: Any, here: str) -> Entry | None:
    if entry.entries:
        inner = tuple(shown for part in entry.entries if (shown := _shown(part, user, here)))
        return replace(entry, entries=inner, url=inner[0].url, is_here=any(part.is_here for part in inner)) if inner else None
    url = url_of(entry.url_name)
    if not url or (entry.permission and not user.has_perm(entry.permission)):
        return None
    return replace(entry, url=url, is_here=entry.url_name == here)


def active(path: str) -> str:
    """The url name of the place that `path` lies in: the longest address that it starts with."""
    home = url_of(HOME.url_name)
    places = _places_on(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return next((name for url, name in places if path == url or (url != home and path.startswith(url))), "")


@lru_cache(maxsize=8)
def _places_on(urlconf: str, prefix: str) -> list[tuple[str, str]]:
    """Every place that exists with its address, the longest first."""
    places = [(_url_on(urlconf, prefix, entry.url_name), entry.url_name) for entry in leaves()]
    return sorted(((url, name) for url, name in places if url), key=lambda place: -len(place[0]))


def leaves(entries: Sequence[Entry] = SECTIONS) -> list[Entry]:
    """Every place, without the headings."""
    return [leaf for entry in entries for leaf in (leaves(entry.entries) if entry.entries else [entry])]


def breadcrumb(place: str, path: str) -> list[tuple[Any, str]]:
    """Home, section, place: (label, url). The place itself is left out on its own page."""
    crumbs: list[tuple[Any, str]] = [(HOME.label, url_of(HOME.url_name))]
    for section in SECTIONS:
        for entry in section.entries:
            if entry.url_name == place:
                crumbs.append((section.label, ""))
                if url_of(place) != path:
                    crumbs.append((entry.label, url_of(place)))
    return crumbs
