"""What people are told of assessments, plans and reports."""

from notices.texts import MAIL, SITE, Text

MESSAGES = {
    "assessment.score": Text("请您为“{review}”打分，在手机上就能打"),
    "assessment.observe": Text("请您观察“{review}”，得分核定后可以查看结果"),
    "assessment.frozen": Text("“{review}”得分已核定，有异议请在 {days} 天内申诉"),
    "assessment.closed": Text("“{review}”的排名已公布"),
    "appeal.made": Text("{name}对“{label}”的得分提出申诉，请答复"),
    "appeal.accepted": Text("您对“{label}”的申诉已采纳"),
    "appeal.refused": Text("您对“{label}”的申诉没有采纳"),
    "plan.confirmed": Text("{name}列入整顿提升，请看措施和期限"),
    "report.made": Text(
        "{report}：诉求登记 {registered} 件，综合得分 {score}，超时未办 {late} 件。", channels=(SITE, MAIL)
    ),
    "report.mail_to_confirm": Text(
        "请打开下面的链接并登录，确认把数据报告发到这个邮箱。不是您本人订阅的，不用理会。", channels=(MAIL,)
    ),
}
