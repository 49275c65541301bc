"""家庭医生签约: a need that a health centre meets by a term of one year. Who asks is known to themselves, to the unit that signs
them up and to whoever wrote it down for them, and to nobody else; nothing about health is asked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.personal_data import EncryptedTextField
from grids.models import Unit
from volunteers.models.lists import Need


class DoctorSigning(models.Model):
    need = models.OneToOneField(
        Need, models.PROTECT, primary_key=True, related_name="doctor_signing", verbose_name="需求"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="doctor_signings",
        verbose_name="签约人",
        help_text="本人申请的才有",
    )
    name = EncryptedTextField("姓名", blank=True)
    phone = EncryptedTextField("联系电话", blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="doctor_signings", verbose_name="签约机构")
    agreed_at = models.DateTimeField("同意提供给签约机构的时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结束人"
    )
    end_reason = models.CharField("结束原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "家庭医生签约"
        verbose_name_plural = "家庭医生签约"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="doctor_signing_one_running_a_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="doctor_signing_ended_with_reason",
            ),
        ]

    class PersonalData:
        personal = ("person", "name", "phone", "end_reason")
        plain = ("need", "unit", "agreed_at", "ended_at", "ended_by")

    def __str__(self) -> str:
        return f"家庭医生签约 {self.pk}"

    @property
    def last_term(self) -> "DoctorTerm | None":
        return self.terms.order_by("-until_date").first()


class DoctorTerm(models.Model):
    """One year with one doctor or team; a renewal is a term of its own."""

    signing = models.ForeignKey(DoctorSigning, models.PROTECT, related_name="terms", verbose_name="签约")
    doctor = models.CharField("医生或团队", max_length=40)
    signed_date = models.DateField("签约日期")
    from_date = models.DateField("起")
    until_date = models.DateField("止")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "签约服务期"
        verbose_name_plural = "签约服务期"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gt=F("from_date"), from_date__gte=F("signed_date")), name="doctor_term_in_order"
            ),
            models.UniqueConstraint(fields=["signing", "from_date"], name="doctor_term_once"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "signing", "doctor", "signed_date", "from_date", "until_date", "signed_by", "noted_at")

    def __str__(self) -> str:
        return f"签约服务期 {self.pk}"
