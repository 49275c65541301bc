"""What services outside have lent us, shared by all processes."""

from django.db import models


class AccessToken(models.Model):
    """WeChat's key for calls of one account. Written by gateways/wechat/tokens.py only. It stands as it came: it ends within
    two hours, and whoever reads this table could ask for one with the secret of the settings as well."""

    app_id = models.CharField("账号", max_length=40, unique=True)
    token = models.CharField("凭据", max_length=1000, blank=True)
    expires_at = models.DateTimeField("有效期至", null=True)

    class Meta:
        verbose_name = "微信接口凭据"
        verbose_name_plural = "微信接口凭据"

    class PersonalData:
        personal = ()
        plain = ("id", "app_id", "token", "expires_at")

    def __str__(self) -> str:
        return self.app_id
