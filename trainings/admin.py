"""Master data in Django's admin. What a screen changes is only looked up here: its rules are those of the actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ikm_program.admin import ReadOnlyAdmin, ScopedAdmin
from trainings.models import Activity, Instructor, IssuedDocument, IssuedFile, Office, Official, Programme, Region, Sentra, User
from trainings.regions import level, parent_code, path_of

admin.site.unregister(Group)  # roles are one table in the code; a group edited here would be overwritten by the next migrate


class RegionForm(forms.ModelForm):
    """The code says where a region lies, so the two cannot disagree."""

    reach: ClassVar[str] = "/"  # path of the region of whoever fills it in

    class Meta:
        model = Region
        exclude = ("parent",)  # noqa: DJ006  everything else may be corrected here

    def clean_kemendagri_code(self) -> str:
        code = str(self.cleaned_data["kemendagri_code"])
        try:
            level(code)
        except ValueError:
            raise ValidationError(_("Write a Kemendagri code, for example 63 or 63.01.")) from None
        if not path_of(code).startswith(self.reach):
            raise ValidationError(_("This lies outside your region."))
        return code


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    form = RegionForm
    list_display = ("kemendagri_code", "name", "bps_code", "kind", "population")
    list_filter = ("kind",)
    search_fields = ("name", "short_name", "kemendagri_code", "bps_code")
    ordering = ("kemendagri_code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Region | None = None) -> tuple[str, ...]:
        return ("kemendagri_code", "kind") if obj else ()

    def get_form(self, request: HttpRequest, obj: Region | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        form_class = super().get_form(request, obj, change, **kwargs)
        form_class.reach = request.user.region.path  # type: ignore[attr-defined,union-attr]
        return form_class

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        obj.path = path_of(obj.kemendagri_code)
        obj.parent = Region.objects.filter(kemendagri_code=parent_code(obj.kemendagri_code) or "").first()
        super().save_model(request, obj, form, change)


@admin.register(Office)
class OfficeAdmin(ReadOnlyAdmin):
    list_display = ("name", "region", "abbreviation", "valid_from", "valid_until")
    list_filter = ("is_example",)
    list_select_related = ("region",)
    search_fields = ("name", "abbreviation", "region__name")


@admin.register(Official)
class OfficialAdmin(ReadOnlyAdmin):
    list_display = ("name", "position", "office", "valid_from", "valid_until", "can_sign")
    list_filter = ("can_sign", "is_example")
    list_select_related = ("office__region",)
    search_fields = ("name", "position", "office__name")
    exclude = ("identity_number",)  # may be a NIK
    readonly_fields = ("shown_number",)


@admin.register(Instructor)
class InstructorAdmin(ReadOnlyAdmin):
    list_display = ("name", "expertise", "region")
    list_select_related = ("region",)
    search_fields = ("name", "expertise")
    fields = ("region", "name", "expertise", "phone", "is_example")


@admin.register(Sentra)
class SentraAdmin(ReadOnlyAdmin):
    list_display = ("name", "commodity", "region", "village")
    list_select_related = ("region",)
    search_fields = ("name", "commodity", "village")
    fields = ("region", "name", "commodity", "village", "units", "workers", "coordinator", "is_example")


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("name", "year", "region", "fund", "status")
    list_filter = ("year", "fund", "status")
    list_select_related = ("region",)
    search_fields = ("name", "code")


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("name", "programme")
    list_select_related = ("programme",)
    search_fields = ("name", "programme__name")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Looked up here; invited, changed and deactivated on the screen of users. A password is never shown or set."""

    list_display = ("username", "full_name", "region", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    list_select_related = ("region",)
    search_fields = ("username", "full_name", "email")
    fields = ("username", "full_name", "email", "phone", "region", "office", "official", "groups", "is_active", "last_login", "is_example")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """`?password__startswith=` in the address would tell the hash letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "document_on", "office", "issued_by")
    list_filter = ("kind", "year")
    list_select_related = ("office__region", "issued_by")
    search_fields = ("number",)
    date_hierarchy = "document_on"


@admin.register(IssuedFile)
class IssuedFileAdmin(ReadOnlyAdmin):
    """The paper's bytes stay out of the page; they are downloaded where the document is shown."""

    view_permission = "trainings.view_issueddocument"

    list_display = ("document", "sha256", "rendered_at")
    list_select_related = ("document",)
    search_fields = ("document__number", "sha256")
    fields = ("document", "sha256", "rendered_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")
