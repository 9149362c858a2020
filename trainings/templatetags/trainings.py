"""How identity numbers look on screen."""

from __future__ import annotations

from django import template

from trainings import identity

register = template.Library()
register.filter("telepon", identity.format_phone)
