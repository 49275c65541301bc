"""三张清单: what is offered (资源), what is needed (需求), what somebody has taken on (项目)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models import Case, Category, Urgency
from grids.models import Grid, Unit
from photos.storing import private_path
from volunteers.models.querysets import ProjectQuerySet
from volunteers.models.team import Team
from volunteers.models.words import FREE_TIMES


class Resource(models.Model):
    class Kind(models.TextChoices):
        PEOPLE = "people", "人"
        PLACE = "place", "场地"
        GOODS = "goods", "物"

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="服务分类")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="resources", verbose_name="提供单位"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="resources", verbose_name="提供队伍"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="resources", verbose_name="所在网格")
    amount = models.CharField("数量", max_length=40, blank=True, help_text="例如“每周 2 次”“可坐 40 人”")
    free_times = ArrayField(
        models.CharField(max_length=20, choices=list(FREE_TIMES.items())),
        default=list,
        blank=True,
        verbose_name="可用时间",
    )
    from_date = models.DateField("起")
    until_date = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "资源"
        verbose_name_plural = "资源清单"
        constraints = [
            models.CheckConstraint(condition=Q(unit=None) | Q(team=None), name="resource_of_unit_or_team"),
            models.CheckConstraint(condition=~Q(unit=None, team=None), name="resource_of_somebody"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="resource_until_after_from"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "name", "kind", "category", "unit", "team", "grid", "amount", "free_times", "from_date",
            "until_date", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"

    @property
    def provider(self) -> str:
        """Loads unit and team."""
        return str(self.unit or self.team)


class Need(models.Model):
    class Source(models.TextChoices):
        REQUEST = "request", "居民诉求"
        OWN = "own", "居民申请"
        VISIT = "visit", "网格走访"
        PLAN = "plan", "社区计划"

    class State(models.TextChoices):
        OPEN = "open", "待对接"
        ADOPTED = "adopted", "对接中"
        REPORTED = "reported", "待确认"
        SOLVED = "solved", "已解决"
        REQUESTED = "requested", "转诉求"
        UNMET = "unmet", "无法满足"

    class Word(models.TextChoices):
        """Whose word it is that a need is solved."""

        BENEFICIARY = "beneficiary", "受益人"
        VERIFIER = "verifier", "核实人"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField("来源", max_length=10, choices=Source)
    request = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="need", verbose_name="来自诉求"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="needs", verbose_name="所在网格")
    title = models.CharField("需要什么", max_length=80)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="服务分类")
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    people_count = models.PositiveIntegerField("受益人数", default=1)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    noted_at = models.DateTimeField("登记时间")
    reported_at = models.DateTimeField("报完成时间", null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报完成的人"
    )
    word = models.CharField("谁确认解决", max_length=12, choices=Word, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    reason = models.CharField("说明", max_length=200, blank=True)
    became = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="转成的诉求")

    class Meta:
        verbose_name = "需求"
        verbose_name_plural = "需求清单"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("open", "adopted", "reported"), ended_at=None, ended_by=None)
                | Q(state__in=("solved", "requested", "unmet"), ended_at__isnull=False, ended_by__isnull=False),
                name="need_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="unmet", reason=""), name="need_unmet_says_why"),
            models.CheckConstraint(condition=~Q(state="solved", word=""), name="need_solved_by_a_word"),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="need_reported_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["grid", "state"], name="need_by_grid")]

    class PersonalData:
        personal = ("title", "reason")
        plain = (
            "id", "key", "source", "request", "grid", "category", "urgency", "people_count", "state", "noted_by",
            "noted_at", "reported_at", "reported_by", "word", "ended_at", "ended_by", "became", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"需求 {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class Project(models.Model):
    class Kind(models.TextChoices):
        NEIGHBOUR = "neighbour", "邻里项目"
        RENOVATION = "renovation", "老旧小区改造"
        STREET = "street", "主街改造"
        SURPRISE = "surprise", "群众惊喜"

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        DECLINED = "declined", "未认领"
        RUNNING = "running", "进行中"
        INSPECTING = "inspecting", "待验收"
        FINISHED = "finished", "已完成"
        STOPPED = "stopped", "已终止"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=Kind, default=Kind.NEIGHBOUR)
    needs = models.ManyToManyField(Need, related_name="projects", verbose_name="对接需求")
    resources = models.ManyToManyField(Resource, related_name="projects", blank=True, verbose_name="对接资源")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="认领单位"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="认领队伍"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="projects", verbose_name="所在网格")
    plan = models.TextField("怎么做")
    budget_note = models.CharField("经费说明", max_length=200, blank=True)
    from_date = models.DateField("开始")
    until_date = models.DateField("计划完成")
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    agreed_at = models.DateTimeField("同意认领时间", null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answer = models.CharField("谢绝原因", max_length=200, blank=True)
    result = models.CharField("成果", max_length=300, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    is_public = models.BooleanField("对居民公开", default=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目清单"
        constraints = [
            models.CheckConstraint(condition=Q(unit=None) | Q(team=None), name="project_of_unit_or_team"),
            models.CheckConstraint(condition=~Q(unit=None, team=None), name="project_of_somebody"),
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="project_until_after_from"),
            # Works for residents are ordered; what answers a need is taken on by the unit's or team's own word.
            models.CheckConstraint(
                condition=~Q(kind="neighbour") | Q(state__in=("asked", "declined")) | Q(agreed_at__isnull=False),
                name="project_agreed_by_its_adopter",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "key", "name", "kind", "unit", "team", "grid", "plan", "budget_note", "from_date", "until_date", "state",
            "agreed_at", "agreed_by", "answer", "result", "ended_at", "is_public", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"

    @property
    def is_inspected(self) -> bool:
        """Whether residents look at it before it is accepted: what is built for them, not what volunteers do."""
        return self.kind != self.Kind.NEIGHBOUR

    @property
    def is_taken_on(self) -> bool:
        """Whether the unit or team said yes."""
        return self.state not in {self.State.ASKED, self.State.DECLINED}

    @property
    def adopter(self) -> str:
        """Loads unit and team."""
        return str(self.unit or self.team)


class Milestone(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name="项目")
    words = models.CharField("节点", max_length=100)
    due_date = models.DateField("应完成")
    reached_date = models.DateField("完成日期", null=True, blank=True)
    budget_note = models.CharField("经费说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "进度节点"
        verbose_name_plural = "进度节点"

    class PersonalData:
        personal = ()
        plain = ("id", "project", "words", "due_date", "reached_date", "budget_note")

    def __str__(self) -> str:
        return f"节点 {self.pk}"


class ProjectPhoto(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="photos", verbose_name="项目")
    is_after = models.BooleanField("完成后")
    file = models.FileField("照片", upload_to=private_path)
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "项目照片"
        verbose_name_plural = "项目照片"

    class PersonalData:
        personal = ("file",)
        plain = ("id", "project", "is_after", "added_at")

    def __str__(self) -> str:
        return f"项目照片 {self.pk}"
