"""阵地: neighbourhood service centres (邻里服务中心) and tea tables (议事点), what they offer, when they are open, their rooms.

Facts of territory: whoever books a room or holds an activity there does so in rooms above."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from grids.models.grid import Grid
from grids.models.querysets import PlaceQuerySet
from grids.models.unit import Unit

WEEKDAYS = ((0, "周一"), (1, "周二"), (2, "周三"), (3, "周四"), (4, "周五"), (5, "周六"), (6, "周日"))
ACCESS = {
    "ramp": "门口有坡道",
    "lift": "有电梯或就在一层",
    "toilet": "无障碍卫生间",
    "wheelchair": "轮椅可借",
    "hearing": "有助听设备或手语",
    "large_print": "大字标识、老花镜",
    "nursing": "母婴室",
}
"""Accessibility features (无障碍环境建设法), in the words residents read."""


class PlaceKind(models.TextChoices):
    CENTRE = "centre", "邻里服务中心"
    TEA_TABLE = "tea_table", "社区议事点"


class PlaceFunction(models.Model):
    """The X of 1+X: 老年活动, 儿童活动, 医疗保健, 便民 …: a list that staff keep."""

    name = models.CharField("功能", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "阵地功能"
        verbose_name_plural = "阵地功能"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "order", "is_active")

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    kind = models.CharField("类型", max_length=10, choices=PlaceKind, default=PlaceKind.CENTRE)
    name = models.CharField("名称", max_length=60)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="places", verbose_name="所在社区或小区")
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="places", verbose_name="共建单位"
    )
    address = models.CharField("地址", max_length=100, help_text="例如“宜和佳苑 3 幢一层”")
    latitude = models.FloatField("纬度", help_text="WGS-84，例如 27.36540")
    longitude = models.FloatField("经度", help_text="WGS-84，例如 118.85866")
    functions = models.ManyToManyField(PlaceFunction, blank=True, related_name="places", verbose_name="功能")
    access = ArrayField(
        models.CharField(max_length=20, choices=list(ACCESS.items())),
        default=list,
        blank=True,
        verbose_name="无障碍",
    )
    duty_phone = models.CharField("值班电话", max_length=20, blank=True, help_text="中心的电话，不填个人手机")
    opened_date = models.DateField("启用日期")
    closed_date = models.DateField("停用日期", null=True, blank=True, help_text="从这一天起不再开放")
    door_code = models.CharField("门口签到码", max_length=12, unique=True, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "阵地"
        verbose_name_plural = "阵地"
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(closed_date=None), name="place_name_once"),
            models.CheckConstraint(
                condition=Q(closed_date=None) | Q(closed_date__gte=F("opened_date")), name="place_closed_after_opened"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "kind", "name", "grid", "unit", "address", "latitude", "longitude", "access",
            "duty_phone", "opened_date", "closed_date", "door_code", 
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude

    @property
    def access_words(self) -> list[str]:
        return [words for code, words in ACCESS.items() if code in self.access]

    def runs_on(self, day: date) -> bool:
        """Whether it is in use at all that day, whatever its hours."""
        return self.opened_date <= day and (self.closed_date is None or day < self.closed_date)


class OpeningHours(models.Model):
    """One stretch of one weekday, every week; a noon break makes two."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="hours", verbose_name="阵地")
    weekday = models.PositiveSmallIntegerField("星期", choices=WEEKDAYS)
    from_time = models.TimeField("开门")
    until_time = models.TimeField("关门")

    class Meta:
        verbose_name = "每周开放时间"
        verbose_name_plural = "每周开放时间"
        constraints = [
            models.UniqueConstraint(fields=["place", "weekday", "from_time"], name="hours_once"),
            models.CheckConstraint(
                condition=Q(until_time__gt=F("from_time")),
                name="hours_until_after_from",
                violation_error_message="关门时间要在开门之后。",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "place", "weekday", "from_time", "until_time")

    def __str__(self) -> str:
        return f"开放时间 {self.pk}"


class OpeningException(models.Model):
    """A day that goes otherwise than its weekday: closed (no times), or open at other times."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="exceptions", verbose_name="阵地")
    date = models.DateField("哪一天")
    from_time = models.TimeField("开门", null=True, blank=True, help_text="全天不开就不填")
    until_time = models.TimeField("关门", null=True, blank=True)
    words = models.CharField("说明", max_length=60, help_text="例如“春节放假”")

    class Meta:
        verbose_name = "临时开放安排"
        verbose_name_plural = "临时开放安排"
        constraints = [
            models.UniqueConstraint(fields=["place", "date"], name="opening_exception_once"),
            models.CheckConstraint(
                condition=Q(from_time=None, until_time=None)
                | Q(from_time__isnull=False, until_time__isnull=False, until_time__gt=F("from_time")),
                name="opening_exception_times",
                violation_error_message="开门和关门要么都填（关门在后），要么都不填。",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "place", "date", "from_time", "until_time", "words")

    def __str__(self) -> str:
        return f"临时安排 {self.pk}"


class Room(models.Model):
    place = models.ForeignKey(Place, models.PROTECT, related_name="rooms", verbose_name="阵地")
    name = models.CharField("房间", max_length=30, help_text="例如“议事厅”“书画室”")
    seats = models.PositiveSmallIntegerField("能坐几人")
    longest_hours = models.PositiveSmallIntegerField("一次最多几小时", default=3)
    equipment = models.CharField("设备", max_length=100, blank=True, help_text="例如“投影、音响”")
    is_bookable = models.BooleanField("可预约", default=True)

    class Meta:
        verbose_name = "房间"
        verbose_name_plural = "房间"
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="room_name_once"),
            models.CheckConstraint(condition=Q(seats__gt=0, longest_hours__gt=0), name="room_seats_and_hours"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "place", "name", "seats", "longest_hours", "equipment", "is_bookable")

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"


class PlacePhoto(models.Model):
    place = models.ForeignKey(Place, models.CASCADE, related_name="photos", verbose_name="阵地")
    words = models.CharField("照片上是什么", max_length=60, help_text="看不见照片的人会听到这句话")
    file = models.FileField("照片", upload_to="photos/places")
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "阵地照片"
        verbose_name_plural = "阵地照片"

    class PersonalData:
        personal = ()
        plain = ("id", "place", "words", "file", "added_at")

    def __str__(self) -> str:
        return f"阵地照片 {self.pk}"


class VisitCount(models.Model):
    """How many came on a day. A number and nothing else: who came is written down nowhere."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="visit_counts", verbose_name="阵地")
    date = models.DateField("日期")
    count = models.PositiveIntegerField("人次")

    class Meta:
        verbose_name = "来访人次"
        verbose_name_plural = "来访人次"
        constraints = [models.UniqueConstraint(fields=["place", "date"], name="visits_once_a_day")]

    class PersonalData:
        personal = ()
        plain = ("id", "place", "date", "count")

    def __str__(self) -> str:
        return f"来访 {self.pk}"
