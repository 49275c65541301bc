"""表决: one round on a topic. Its roll and its rule are those of the day it was announced: they do not follow who moves,
sells or marries meanwhile, nor a law that is revised."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from meetings.models.rule import Terms
from meetings.models.topic import Topic
from meetings.votes.quorum import Basis
from web.moments import spoken, spoken_end


class Vote(Terms):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="votes", verbose_name="议题")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    question = models.CharField("表决什么", max_length=200)
    basis = models.CharField("谁来表决", max_length=15, choices=[(basis.value, basis.label) for basis in Basis])
    is_special = models.BooleanField("特别事项", default=False)
    is_secret = models.BooleanField("不记名", default=False)
    urn_key = models.CharField(
        "票箱的锁", max_length=64, blank=True, help_text="公钥，只能封票；开箱的钥匙在监票人手里"
    )
    witnesses = models.CharField("监票人", max_length=100, blank=True, help_text="三位，各有一张钥匙纸条")
    announced_at = models.DateTimeField("公告时间")
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    closed_at = models.DateTimeField("停止收票时间", null=True, help_text="不记名的，此后等监票人开箱")
    counted_at = models.DateTimeField("计票时间", null=True)
    voided_at = models.DateTimeField("作废时间", null=True)
    needs_mixing = models.BooleanField("票箱待摇匀", default=False, help_text="停止收票以后和计票以后各一次")

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        constraints = [
            models.UniqueConstraint(fields=["topic", "round"], name="vote_round_once"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(counted_at=None, voided_at=None), name="one_running_vote_a_topic"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="vote_closes_after_opening"),
            models.CheckConstraint(condition=Q(is_secret=False) | ~Q(basis="owners"), name="owners_vote_by_name"),
            models.CheckConstraint(condition=Q(is_secret=False) | ~Q(urn_key=""), name="secret_vote_has_an_urn"),
        ]

    class PersonalData:
        personal = ("witnesses",)
        plain = (
            "id", "key", "topic", "round", "question", "basis", "is_special", "is_secret", "urn_key", "announced_at",
            "opens_at", "closes_at", "closed_at", "counted_at", "voided_at", "needs_mixing", *Terms.TERMS,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"表决 {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:vote", args=[self.key])

    @property
    def opens_words(self) -> str:
        return spoken(self.opens_at)

    @property
    def closes_words(self) -> str:
        return spoken_end(self.closes_at)


class Option(models.Model):
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="options", verbose_name="表决")
    number = models.PositiveSmallIntegerField("序号")
    words = models.CharField("选项", max_length=100)
    is_proposal = models.BooleanField("是方案", help_text="不同意、弃权不是方案，不会被决定")

    class Meta:
        verbose_name = "选项"
        verbose_name_plural = "选项"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="option_number_once"),
            models.UniqueConstraint(fields=["vote", "words"], name="option_words_once"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "vote", "number", "words", "is_proposal")

    def __str__(self) -> str:
        return self.words


class Voice(models.Model):
    """One line of the roll. That it was cast is noted without a time: in a secret ballot a time would tell."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="voices", verbose_name="表决")
    label = models.CharField("名册上写的", max_length=40, help_text="楼栋，不写房号和姓名")
    area = models.DecimalField("面积", max_digits=10, decimal_places=2, default=0)
    is_cast = models.BooleanField("已投", default=False)

    class Meta:
        verbose_name = "名册上的一票"
        verbose_name_plural = "名册上的一票"

    class PersonalData:
        personal = ("label", "area", "is_cast")
        plain = ("id", "vote")

    def __str__(self) -> str:
        return f"名册上的一票 {self.pk}"


class Voter(models.Model):
    """Who may give a voice: one of a household or of the owners, or somebody they authorised (代理)."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="voters", verbose_name="名册上的一票")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="voices", verbose_name="可以投的人"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="委托人"
    )

    class Meta:
        verbose_name = "可以投票的人"
        verbose_name_plural = "可以投票的人"
        constraints = [models.UniqueConstraint(fields=["voice", "person"], name="voter_of_a_voice_once")]

    class PersonalData:
        personal = ("person", "given_by")
        plain = ("id", "voice")

    def __str__(self) -> str:
        return f"可以投票的人 {self.pk}"


class SealedBallot(models.Model):
    """A paper in the urn of a secret vote, until it is counted. Only the witnesses' slips open it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="papers", verbose_name="表决")
    paper = models.BinaryField("密封的票")

    class Meta:
        verbose_name = "密封的票"
        verbose_name_plural = "密封的票"

    class PersonalData:
        personal = ("paper",)
        plain = ("id", "vote")

    def __str__(self) -> str:
        return f"密封的票 {self.pk}"


class Ballot(models.Model):
    """What was voted. By name it says whose voice it is; a secret one is written by the count, and says no more than its
    option."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="ballots", verbose_name="表决")
    voice = models.OneToOneField(Voice, models.CASCADE, null=True, related_name="ballot", verbose_name="谁的一票")
    option = models.ForeignKey(Option, models.PROTECT, related_name="ballots", verbose_name="选项")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="录入人",
        help_text="纸质票由工作人员录入",
    )

    class Meta:
        verbose_name = "选票"
        verbose_name_plural = "选票"

    class PersonalData:
        personal = ("voice", "option")
        plain = ("id", "vote", "entered_by")

    def __str__(self) -> str:
        return f"选票 {self.pk}"


class Receipt(models.Model):
    """That the ballot of this receipt was counted, as a keyed hash. Nothing says for what: not even whoever holds the key
    and is shown a receipt learns it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="receipts", verbose_name="表决")
    index = models.CharField("回执索引", max_length=64)

    class Meta:
        verbose_name = "计入的回执"
        verbose_name_plural = "计入的回执"
        constraints = [models.UniqueConstraint(fields=["vote", "index"], name="receipt_once")]

    class PersonalData:
        personal = ("index",)
        plain = ("id", "vote")

    def __str__(self) -> str:
        return f"计入的回执 {self.pk}"
