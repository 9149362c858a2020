"""Who is asking: read with as few queries as every page can do with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Q


class LinkTokens(PasswordResetTokenGenerator):
    """Of the links that set a password: void also when the person was sent away since, and taken back."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.sent_away}"


link_tokens = LinkTokens()


class PeopleBackend(ModelBackend):
    """Django's own backend; the person comes with the region, and the permissions of person and roles in one query."""

    def user_can_authenticate(self, user: Any) -> bool:
        """The example accounts, whose password everybody knows, open nothing but a demo."""
        return super().user_can_authenticate(user) and (settings.DEMO_MODE or not user.is_example)

    def get_user(self, user_id: Any) -> Any:
        people = get_user_model()._default_manager.select_related("region")
        user = people.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            granted = Permission.objects.order_by()
            if not user_obj.is_superuser:
                granted = granted.filter(Q(user=user_obj) | Q(group__user=user_obj))
            names = granted.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in names}
        permissions: set[str] = user_obj._perm_cache
        return permissions
