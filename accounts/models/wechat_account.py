"""A WeChat account that a person signs in with or is told by. WeChat knows a person by another number (openid) in each account
of the county; unionid joins them where the county has joined the accounts."""

from typing import Any

from django.conf import settings
from django.db import models

from accounts.personal_data import EncryptedTextField, blind_index


class WeChatAccountQuerySet(models.QuerySet[Any]):
    def with_openid(self, app_id: str, openid: str) -> "WeChatAccount | None":
        return self.filter(app_id=app_id, openid_index=wechat_index(openid)).first()

    def openid_of(self, person: Any, app_id: str) -> str:
        """The one linked last; "" for none."""
        account = self.filter(person=person, app_id=app_id).order_by("-linked_at").first() if app_id else None
        return account.openid if account else ""


class WeChatAccount(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wechat_accounts", verbose_name="本人"
    )
    app_id = models.CharField("小程序或公众号", max_length=40)
    openid = EncryptedTextField("微信编号")
    openid_index = models.CharField("微信编号索引", max_length=64)
    unionid_index = models.CharField("开放平台编号索引", max_length=64, blank=True)
    linked_at = models.DateTimeField("关联时间")

    objects = WeChatAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "微信账号"
        verbose_name_plural = "微信账号"
        constraints = [models.UniqueConstraint(fields=["app_id", "openid_index"], name="wechat_account_once")]
        indexes = [
            models.Index(
                fields=["unionid_index"], condition=~models.Q(unionid_index=""), name="wechat_account_by_union"
            )
        ]

    class PersonalData:
        personal = ("person", "openid", "openid_index", "unionid_index")
        plain = ("id", "app_id", "linked_at")

    def __str__(self) -> str:
        return f"微信账号 {self.pk}"


def wechat_index(number: str) -> str:
    """What an openid or unionid is looked up by; "" of none."""
    return blind_index(number, purpose="wechat") if number else ""
