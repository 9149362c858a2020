"""What a screen declares: columns, facts, next steps, links, what an empty list says. Data only; `views` acts on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
NOT_RECORDED = _("not recorded")
NOTHING_YET = _("Nothing here yet.")
Kind = Literal["text", "number", "decimal", "money", "date", "datetime", "status", "yesno", "longtext"]


@dataclass(frozen=True)
class Fact:
    """One labelled value of a record. `path` is a dotted way from the record (`product.name`, methods without arguments too).

    None and "" are shown as the muted words of `unknown`, never as 0 or a dash alone.
    """

    label: Text
    path: str
    kind: Kind = "text"
    unit: str = ""  # way to the unit's name, shown beside a number
    unknown: Text = NOT_RECORDED
    link: str = ""  # way to the record whose page it opens; "self" is the row itself
    template: str = ""  # fragment for a rich cell; it gets `object`, `value` and `fact`
    mark: Callable[[Any], Text] | None = None  # a word beside the value of a record that is out of the ordinary; "" for the others

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "decimal", "money")


@dataclass(frozen=True)
class Column(Fact):
    """A fact as a column of a list; `sort` names the database field it sorts by."""

    sort: str = ""
    sort_then: tuple[str, ...] = ()  # the fields that put those in order which are alike in `sort`
    is_optional: bool = False  # shown to whoever chooses it
    full: str = ""  # way to what the screen masks; in a file on request, with the permission `full_permission`
    full_permission: str = ""
    in_file: Callable[[Any], Any] | None = None  # the row's value in a file, where the screen shows a rich cell

    def direction(self, sign: str) -> Text:
        """What sorting by it means, in words: upwards, or downwards with the sign of a descending order."""
        if self.kind in ("date", "datetime"):
            return _("newest first") if sign else _("oldest first")
        return _("descending") if sign else _("ascending")


@dataclass(frozen=True)
class Header:
    """A column's heading as the list shows it now: where a click sorts, and how it is sorted."""

    column: Column
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True)
class Link:
    """A labelled way to a screen of this site, shown only with the permission."""

    label: Text
    url_name: str = ""
    permission: str = ""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    icon: str = ""
    url: str = ""  # an address that is no name, such as a query on this page
    is_download: bool = False

    def href(self) -> str:
        """The address, or "" when the screen does not exist."""
        return self.url or resolved(self.url_name, **self.kwargs)


@dataclass(frozen=True)
class NextStep:
    """Something a person may do with a record now. The first that applies is the usual one and becomes the button."""

    label: Text
    url_name: str
    permission: str
    when: Callable[[Any, Any], bool] = lambda obj, user: True
    kwargs: Callable[[Any], Mapping[str, Any]] = lambda obj: {"pk": obj.pk}
    query: Callable[[Any], Mapping[str, Any]] = lambda obj: {}  # what a form that opens with it already knows
    icon: str = ""
    is_danger: bool = False
    is_download: bool = False

    def link_for(self, obj: Any, user: Any) -> Step | None:
        """This step for this record and person, or None where it does not apply."""
        if (self.permission and not user.has_perm(self.permission)) or not self.when(obj, user):
            return None
        href = resolved(self.url_name, **self.kwargs(obj))
        if href and (known := self.query(obj)):
            href = f"{href}?{urlencode(known)}"
        return Step(self.label, href, self.icon, is_danger=self.is_danger, is_download=self.is_download) if href else None


@dataclass(frozen=True)
class Step:
    """A next step that applies, with its address."""

    label: Text
    href: str
    icon: str = ""
    is_danger: bool = False
    is_download: bool = False


@dataclass(frozen=True)
class Empty:
    """What a list says when it has nothing to show, and what comes next."""

    title: Text = NOTHING_YET
    hint: Text = ""
    link: Link | None = None


def resolved(url_name: str, **kwargs: Any) -> str:
    """The address of a named screen, or "" while it does not exist."""
    try:
        return reverse(url_name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def permitted(links: Sequence[Link], user: Any) -> list[Link]:
    """The links that this person may follow and whose screens exist."""
    return [link for link in links if (not link.permission or user.has_perm(link.permission)) and link.href()]


def way_to(record: Any, user: Any) -> str:
    """The address of a record's page, or "" where it has none or this person may not open it: no link ends in a refusal."""
    url = str(record.get_absolute_url()) if hasattr(record, "get_absolute_url") else ""
    return url if url and (user is None or may_open(url, user)) else ""


def may_open(url: str, user: Any) -> bool:
    """Whether the role of this person opens that page. Whose record it is, the page itself asks."""
    shape = _DIGITS.sub("0", url.partition("#")[0].partition("?")[0])  # the pages of a screen have one answer
    needed = _permission_behind(settings.ROOT_URLCONF, shape)
    return not needed or user.has_perm(needed)


_DIGITS = re.compile(r"[0-9]+")


@lru_cache(maxsize=1_024)
def _permission_behind(urlconf: str, url: str) -> str:
    """What the screen at an address asks for, itself or by its action; "" where that cannot be told."""
    try:
        view = getattr(resolve(f"/{url.removeprefix(get_script_prefix())}", urlconf).func, "view_class", None)
    except Resolver404:
        return ""
    return str(getattr(view, "permission", "") or getattr(getattr(view, "action", None), "permission", ""))


@lru_cache(maxsize=1_024)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.replace("__", ".").split("."))


def follow(obj: Any, path: str) -> Any:
    """The value at the end of a dotted way; None as soon as a part is missing."""
    if path in ("", "self"):
        return obj
    for name in _parts(path):
        if obj is None:
            return None
        obj = obj[name] if isinstance(obj, Mapping) else getattr(obj, name)
        if callable(obj) and not hasattr(obj, "all"):
            obj = obj()
    return obj
