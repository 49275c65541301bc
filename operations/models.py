"""Signs of life of the parts that nobody sees."""

from django.db import models


class Heartbeat(models.Model):
    """When a part last said that it is at work. One row a part and machine."""

    class Part(models.TextChoices):
        WORKER = "worker", "后台任务"
        BEAT = "beat", "定时器"

    part = models.CharField("部分", max_length=10, choices=Part)
    host = models.CharField("主机", max_length=100)
    at = models.DateTimeField("最后一次")

    class Meta:
        verbose_name = "心跳"
        verbose_name_plural = "心跳"
        constraints = [models.UniqueConstraint(fields=["part", "host"], name="heartbeat_once_a_host")]

    class PersonalData:
        personal = ()
        plain = ("id", "part", "host", "at")

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.host}"
