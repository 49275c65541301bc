"""Services of the standard: the categories of requests that nothing lies below, each with what it asks for."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from cases.models import Category
from open311.answers import Refusal
from open311.models import LISTS, Attribute, Datatype
from web.params import whole_number

REFERENCES = ("fixmystreet_id", "external_id")
"""Attributes under which a system may send its own number of a report: the same number again is the same case. The first is
what FixMyStreet fills in by itself where a service names it."""


def offered() -> QuerySet[Category]:
    """In use, with their attributes, in the order of the tree."""
    current = Category.objects.filter(kind="request", retired_at=None)
    leaves = current.filter(~Exists(current.filter(parent=OuterRef("pk"))))
    asked = Prefetch("attributes", Attribute.objects.order_by("order", "pk"))
    return leaves.prefetch_related(asked).order_by("path")


def category_of(code: str) -> Category:
    """The service with this code; where it was replaced since the system last asked, what replaced it.

    Raises Refusal: there is none."""
    number = whole_number(code)
    category = None if number is None else Category.objects.filter(kind="request", pk=number).first()
    while category is not None and category.retired_at is not None:
        category = category.successor
    service = None if category is None else offered().filter(pk=category.pk).first()
    if service is None:
        raise Refusal(404, "service_code: 没有这个服务代码，请重新读取 services。")
    return service


def service(category: Category) -> dict[str, Any]:
    """As `GET services` lists it. Everybody's group is the top of its tree; each has metadata: the reference at least."""
    group, _, _ = category.path.partition("/")
    return {
        "service_code": str(category.pk),
        "service_name": category.name,
        "description": category.path.replace("/", " › "),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(category.keywords.split()),
        "group": group,
    }


def definition(category: Category) -> dict[str, Any]:
    asked = [_attribute(attribute) for attribute in category.attributes.all()]
    return {"service_code": str(category.pk), "attributes": [_reference(), *asked]}


def _reference() -> dict[str, Any]:
    """`automated` is FixMyStreet's word for what a system fills in and asks nobody."""
    return {
        "variable": True,
        "code": REFERENCES[0],
        "datatype": Datatype.STRING,
        "required": False,
        "datatype_description": "同一编号只立一件",
        "order": 0,
        "description": "对方系统中的编号",
        "automated": "server_set",
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    shown = {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.is_required,
        "datatype_description": attribute.hint,
        "order": attribute.order,
        "description": attribute.description,
    }
    if attribute.datatype in LISTS:
        shown["values"] = [{"key": value, "name": value} for value in attribute.choices]
    return shown
