"""阿里云短信, SendSms 2017-05-25 (help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms)."""

import json

from alibabacloud_dysmsapi20170525.client import Client as Sdk
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import DaraException
from darabonba.runtime import RuntimeOptions
from django.conf import settings

from gateways.faults import Down, Refused
from gateways.sms import Message
from gateways.timeouts import timeouts

OF_THE_NUMBER = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.PARAM_LENGTH_LIMIT",
}
"""What is wrong with this number or this text. All else is wrong with the account, the template or the line: somebody will
mend it, and till then another way is tried."""


class Client:
    def __init__(self) -> None:
        host = settings.SMS_ENDPOINT or "https://dysmsapi.aliyuncs.com"
        protocol, _, endpoint = host.partition("://")
        self.sdk = Sdk(
            Config(
                access_key_id=settings.SMS_KEY_ID,
                access_key_secret=settings.SMS_KEY_SECRET,
                endpoint=endpoint,
                protocol=protocol,
            )
        )
        to_connect, to_read = (int(1000 * seconds) for seconds in timeouts())
        self.options = RuntimeOptions(connect_timeout=to_connect, read_timeout=to_read, autoretry=False, max_attempts=1)

    def send(self, message: Message) -> str:
        request = SendSmsRequest(
            phone_numbers=message.phone,
            sign_name=settings.SMS_SIGN,
            template_code=message.template_id,
            template_param=json.dumps(dict(message.fields), ensure_ascii=False),
            out_id=message.key,
        )
        try:
            answer = self.sdk.send_sms_with_options(request, self.options).body
        except DaraException as fault:
            raise Down(getattr(fault, "code", "") or type(fault).__name__, str(fault.message)) from fault
        except Exception as fault:  # the SDK lets what its HTTP library raises through
            raise Down(type(fault).__name__, str(fault)) from fault
        if answer.code == "OK":
            return str(answer.biz_id)
        raise (Refused if answer.code in OF_THE_NUMBER else Down)(answer.code, answer.message)
