"""The templates that a county does well to apply for, with the wording to submit: what residents wait for, what staff may not
miss. They are loaded out of use and without a number; the platform gives the number when it has approved the text."""

from django.conf import settings

from notices.models import Template
from notices.texts import SMS, WECHAT

DEFAULTS: tuple[tuple[str, str, int, str, str], ...] = (
    # channel, kinds, order, fields, wording
    (WECHAT, "request.dispatch.asker", 1, "thing1={title}\nphrase2=已派单\nthing3={holder}\ntime4={finish_at}", ""),
    (WECHAT, "request.sign.asker", 1, "thing1={title}\nphrase2=已签收\nthing3={holder}\ntime4={finish_at}", ""),
    (WECHAT, "request.finish.asker", 1, "thing1={title}\nphrase2=待评价\nthing3=请看看结果并评价", ""),
    (WECHAT, "case.climb.asker", 1, "thing1={title}\nphrase2=已升级\nthing3={holder}\ntime4={due_at}", ""),
    (SMS, "request.dispatch.asker", 3, "title={title}\nholder={holder}\nfinish={finish}",
     "您的“${title}”已派给${holder}，最迟${finish}答复您。"),
    (SMS, "request.finish.asker", 3, "title={title}", "您的“${title}”已办结，请登录社区治理平台看看结果并评价。"),
    (SMS, "case.climb.asker", 3, "title={title}\nholder={holder}\ndue={due}",
     "您的“${title}”办理超时，现由${holder}负责，${due}答复您。"),
    (SMS, "request.dispatch.holder", 3, "title={title}\ndue={due}", "新事项“${title}”派给您，请于${due}签收。"),
    (SMS, "case.overdue.holder", 3, "title={title}", "“${title}”已超时，请立即办理。"),
    (SMS, "case.climb.holder", 3, "title={title}\ndue={due}", "“${title}”下级超时未办，由您负责，请于${due}办理。"),
    (SMS, "dispute.report_police.police", 3, "title={title}\nholder={holder}",
     "“${title}”有激化或暴力风险，请尽快到场，负责人是${holder}。"),
    (SMS, "callout.called", 3, "label={label}\nwords={words}", "${label}${words}。请马上登录社区治理平台答复：能到、不能、已到。"),
    (SMS, "notices.digest*", 3, "total={total}", "您有${total}条新消息，请登录社区治理平台查看。"),
)  # fmt: skip


def load_defaults() -> None:
    """What is there stays. In a demonstration those of SMS are in use at once: its gateway sends nothing."""
    for channel, kinds, order, fields, wording in DEFAULTS:
        is_trial = settings.DEMO and channel == SMS
        row = {
            "order": order, "fields": fields, "wording": f"【政和社区】{wording}" if wording else "",
            "template_id": f"TRIAL-{kinds}" if is_trial else "", "is_active": is_trial,
        }  # fmt: skip
        Template.objects.get_or_create(channel=channel, kinds=kinds, defaults=row)
