"""What people are told of their account. Plain sentences: the texts of messages stand one floor above, in notices, which
takes these in."""

MESSAGES = {
    "account.password": "您的密码刚刚改过。不是您改的？请马上联系社区。",
    "account.second_factor": "您的动态码刚刚重新设置过。不是您？请马上联系上级。",
    "account.phone": "您登录用的手机号刚刚换过。不是您？请马上联系社区。",
    "account.birth_date": "社区窗口核对身份证后更正了您的出生日期。不对？请联系社区。",
    "account.sign_in_code": "{way}刚刚为您的账号出了一个登录码。不是您？请马上联系社区。",
    "account.guessing": "一小时内验证码已猜错 {times} 次，可能有人在成批试号码。请看审计记录里的登录失败。",
}
