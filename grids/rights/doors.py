"""Every address of the portal with what it declares (accounts/entry.py): for the check at start, and for the table of rights
that is kept in tests/frozen/permissions.csv."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.entry import DESK, PUBLIC, Rights, Rule, rights_of

SITE = dict.fromkeys(
    (
        "index", "app_index", "autocomplete_view", "i18n_javascript", "shortcut", "catch_all_view", "logout",
        "password_change", "password_change_done", "search", "toggle_sidebar",
    ),
    Rights(DESK, DESK),
) | {"login": Rights(PUBLIC, PUBLIC)}  # fmt: skip
"""Pages of the admin's site itself, by the name of their function. What they answer asks each table's own rights again."""


class Door(NamedTuple):
    name: str
    """"" where it has none."""
    path: str
    """As Django writes it, with the names of what it captures."""
    rights: Rights | None
    """None: nothing was declared."""


def doors() -> list[Door]:
    """Every pattern of the portal, the admin's too."""

    def walk(resolver: URLResolver, names: str, path: str) -> Iterator[Door]:
        for entry in resolver.url_patterns:
            here = path + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{names}{entry.namespace}:" if entry.namespace else names, here)
            elif isinstance(entry, URLPattern):
                name = f"{names}{entry.name}" if entry.name else ""
                yield Door(name, here, declared(entry.callback, is_desk=names == "admin:"))

    return list(walk(get_resolver(), "", ""))


def declared(callback: Any, *, is_desk: bool = False) -> Rights | None:
    """What stands at a view, at the handlers of a call of the API, or at the table of an admin page."""
    if hasattr(callback, "cls"):
        return _of_handlers(callback)
    if (rights := rights_of(callback)) or not is_desk:
        return rights
    bound = getattr(getattr(callback, "__wrapped__", callback), "__self__", None)
    owner = getattr(callback, "model_admin", bound)
    if isinstance(owner, ModelAdmin):
        rights = getattr(owner, "rights", None)
        return rights.of_page(callback.__name__) if rights is not None else None
    return SITE.get(callback.__name__)


def _of_handlers(callback: Any) -> Rights | None:
    methods = getattr(callback, "actions", None) or {
        name: name for name in ("get", "post") if hasattr(callback.cls, name)
    }
    rights = {
        method: rights_of(getattr(callback.cls, handler)) for method, handler in methods.items() if method != "head"
    }
    get, post = rights.get("get"), rights.get("post")
    if None in rights.values() or rights.keys() - {"get", "post"} or not (get or post):
        return None
    opens = get.opens if get else None
    posts = post.posts if post else opens
    assert posts is not None
    return Rights(opens, posts, (get or post).view)  # type: ignore[union-attr]


def bulk_acts() -> Iterator[tuple[str, str, Rights | None]]:
    """Acts on many ticked rows of the lists of the admin: the door of the list, the act, what it declares."""
    for model, listed in admin.site._registry.items():
        for name in listed.actions or ():
            act = getattr(listed, name) if isinstance(name, str) else name
            yield f"admin:{model._meta.label_lower.replace('.', '_')}_changelist", act.__name__, rights_of(act)


class Line(NamedTuple):
    """Of the table of rights."""

    door: str
    opens_to: str
    """"" where it answers no GET."""
    posts: str
    """Where a POST is for others than a GET."""


def lines() -> list[Line]:
    """Every named address of ours, and every act on ticked rows, with its rule in words."""
    lines_found = [_line(door.name, door.rights) for door in doors() if door.name and door.rights]
    lines_found += [_line(f"{door} {act}", rights) for door, act, rights in bulk_acts() if rights]
    return sorted(line for line in lines_found if line.door.removeprefix("admin:") not in SITE_NAMES)


SITE_NAMES = {"login", "logout", "search", "jsi18n", "autocomplete", "view_on_site", "password_change", "toggle_sidebar",
              "password_change_done", "app_list"}  # fmt: skip
"""What Django and its theme bring along, all of it in SITE: no rows of ours."""


def _line(door: str, rights: Rights) -> Line:
    is_desk = door.startswith("admin:")
    opens = _words(rights.opens, is_desk) if rights.opens is not None else ""
    posts = _words(rights.posts, is_desk)
    return Line(door, opens, posts if posts != opens else "")


def _words(rule: Rule, is_desk: bool) -> str:
    return rule.words if not is_desk or rule.words in {"closed", "desk"} else f"desk {rule.words}"
