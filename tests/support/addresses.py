"""Every address of the portal, and one object of each kind that they ask for: for whoever tries every door."""

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, reverse

from accounts.models import AuditLine, DataCopy, RetentionPeriod, User
from cases.models import CalendarDay, Case, Category, ColumnName, RoutingRule, TimeLimit
from cases.reading.tracking import tracking_path
from disputes.defaults.loading import load_defaults as load_dispute_defaults
from disputes.models import Guidance, PlainKind, Reason
from grids.models import Building
from grids.rights.doors import SITE_NAMES, doors
from notices.models import Template
from residents.models import Channel, Draft, DraftPhoto
from tests.dashboards.assessments.doors import assessment_doors
from tests.dashboards.doors import figure_doors
from tests.dashboards.report_doors import report_doors
from tests.disputes.doors import dispute_doors
from tests.disputes.experts.panel import expert_doors
from tests.grids.doors import grid_doors
from tests.imports.doors import import_doors
from tests.meetings.doors import meeting_doors
from tests.meetings.topic_doors import topic_doors
from tests.open311.doors import open311_doors
from tests.support.cast import MONDAY
from tests.volunteers.doors import service_doors
from tests.webhooks.doors import webhook_doors


def names() -> list[str]:
    """Of every address of ours."""
    return [door.name for door in doors() if door.name and door.name.removeprefix("admin:") not in SITE_NAMES]


def arguments(case: Case, town: Any, owner: User, neighbour: User, staff: dict[str, User]) -> dict[str, Any]:
    """Name of what an address captures, door, or model of the admin -> what is there, all at the case's place."""
    load_dispute_defaults()
    draft = Draft.objects.create(person=owner, grid=town.estate, words="灯坏了", begun_at=MONDAY)
    file = {"file": "x.jpg", "thumbnail": "x.jpg", "sha256": "a" * 64, "width": 1, "height": 1}
    kept = DraftPhoto.objects.create(draft=draft, **file)
    case_photo = case.attachments.get()
    kept.thumbnail.save("t.jpg", ContentFile(b"x"))
    copy = DataCopy.objects.create(person=owner, asked_at=MONDAY, ready_at=MONDAY)
    copy.file.save("c.zip", ContentFile(b"x"))
    RetentionPeriod.objects.create(code="request_words", days=50)
    column_name = ColumnName.objects.create(column="requests:内容", name="市民所言")
    return {
        "number": case.number,
        "token": case_photo.token,
        "verb": "note",
        "key": draft.key,
        "photo_id": kept.pk,
        "copy_id": copy.pk,
        "device_id": 1,
        "purpose": "location",
        "party_id": 1,
        "code": "rights",
        "serial": "WS-2222-2222",
        "signature": tracking_path(case).rstrip("/").rpartition("/")[2],
        "cases_case": case.pk,
        "cases_category": Category.objects.first().pk,
        "cases_routingrule": RoutingRule.objects.first().pk,
        "cases_timelimit": TimeLimit.objects.first().pk,
        "cases_columnname": column_name.pk,
        "cases_calendarday": CalendarDay.objects.first().pk,
        "grids_grid": town.grid.pk,
        "grids_post": staff["grid_leader"].posts.get().pk,
        "grids_building": Building.objects.first().pk,
        "residents_channel": Channel.objects.first().pk,
        "accounts_auditline": AuditLine.objects.first().pk,
        "accounts_retentionperiod": "request_words",
        "disputes_disputetype": "0201",
        "disputes_plainkind": PlainKind.objects.first().pk,
        "disputes_reason": Reason.objects.first().pk,
        "disputes_guidance": Guidance.objects.first().pk,
        **service_doors(case, town, owner, staff),
        **expert_doors(town, owner),
        **dispute_doors(town, staff, owner, neighbour),
        **meeting_doors(town.community, owner, staff["community_worker"]),
        **topic_doors(town, owner, staff["community_worker"]),
        **grid_doors(town, owner, staff),
        **import_doors(town.estate, owner),
        **assessment_doors(town, owner, staff),
        **figure_doors(case),
        **report_doors(case.grid, owner),
        **_channel_doors(),
        **open311_doors(case, owner),
        **webhook_doors(case, staff["county_admin"]),
    }


def _channel_doors() -> dict[str, Any]:
    kept = Template.objects.create(channel="sms", kinds="case.climb.asker", template_id="T")
    of_template = {name: {"pk": kept.pk} for name in ("operations:template", "operations:template-remove")}
    return {**of_template, "notices:sms-report": {"key": settings.SMS_REPORT_KEY}}


def address_of(door: str, args: dict[str, Any]) -> str:
    if door in args:
        return reverse(door, kwargs=args[door])
    if door.startswith("admin:"):
        model = "_".join(door.removeprefix("admin:").split("_")[:2])
        for tried in ({"args": []}, {"args": [args.get(model)]}, {"kwargs": {"object_id": args.get(model)}}):
            try:
                return reverse(door, **tried)
            except NoReverseMatch:
                continue
    for names in ([], *[[name] for name in args], ["number", "token"], ["number", "verb"], ["key", "photo_id"],
                  ["number", "signature"], ["number", "party_id"], ["number", "code"], ["number", "serial"]):  # fmt: skip
        try:
            return reverse(door, kwargs={name: args[name] for name in names})
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {door}")
