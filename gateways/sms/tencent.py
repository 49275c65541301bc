"""腾讯云短信, SendSms 2021-01-11 (cloud.tencent.com/document/api/382/55981)."""

from django.conf import settings
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from gateways.faults import Down, Refused
from gateways.sms import Message
from gateways.timeouts import timeouts

OF_THE_NUMBER = {
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.ContainSensitiveWord",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "InvalidParameterValue.ContentLengthLimit",
    "LimitExceeded.PhoneNumberDailyLimit",
    "LimitExceeded.PhoneNumberOneHourLimit",
    "LimitExceeded.PhoneNumberSameContentDailyLimit",
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
}
"""What is wrong with this number or this text; see gateways/sms/aliyun.py."""


class Client:
    def __init__(self) -> None:
        host = settings.SMS_ENDPOINT or "https://sms.tencentcloudapi.com"
        protocol, _, endpoint = host.partition("://")
        http = HttpProfile(protocol=protocol, endpoint=endpoint, reqTimeout=min(timeouts()))
        credential = Credential(settings.SMS_KEY_ID, settings.SMS_KEY_SECRET)
        self.sdk = SmsClient(credential, settings.SMS_REGION, ClientProfile(httpProfile=http))

    def send(self, message: Message) -> str:
        request = SendSmsRequest()
        request.SmsSdkAppId = settings.SMS_APP_ID
        request.SignName = settings.SMS_SIGN
        request.TemplateId = message.template_id
        request.TemplateParamSet = list(message.fields.values())
        request.PhoneNumberSet = [f"+86{message.phone}"]
        request.SessionContext = message.key
        try:
            statuses = self.sdk.SendSms(request).SendStatusSet
        except TencentCloudSDKException as fault:
            raise Down(fault.code, fault.message) from fault
        if not statuses:
            raise Down("no status")
        [status] = statuses
        if status.Code == "Ok":
            return str(status.SerialNo)
        raise (Refused if status.Code in OF_THE_NUMBER else Down)(status.Code, status.Message)
