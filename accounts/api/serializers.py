from rest_framework import serializers

from accounts.models import Device, User


class PersonSerializer(serializers.Serializer[User]):
    """Oneself."""

    name = serializers.CharField()
    phone = serializers.CharField(source="masked_phone")
    is_staff = serializers.BooleanField()


class SignedInSerializer(serializers.Serializer[None]):
    """How far signing in has come."""

    token = serializers.CharField(help_text="放进 Authorization: Bearer；每一步都可能换，以最后一次为准")
    next = serializers.ChoiceField(
        choices=["", "code", "phone", "second_factor", "newcomer", "guardian"], help_text="还差哪一步；空的是已登录"
    )
    shown_code = serializers.CharField(help_text="演示系统里的验证码；正式系统总是空的")
    person = PersonSerializer(allow_null=True)


class DeviceSerializer(serializers.Serializer[Device]):
    id = serializers.IntegerField()
    address = serializers.CharField(allow_null=True)
    agent = serializers.CharField()
    signed_in_at = serializers.DateTimeField()
    is_this = serializers.BooleanField(help_text="就是现在用的这台")
