"""What the portal itself tells people."""

from notices.texts import Text

MESSAGES = {
    "account.new_device": Text(
        "{when} 您的账号在一台新设备上登录（{address}）。不是您？请让它退出并修改密码。", is_urgent=True
    ),
    "notices.digest": Text("您有 {total} 条新消息，请打开看看", channels=()),
    "notices.digest.holder": Text("您有 {total} 条新消息，有派给您的工作，请打开看看", channels=()),
}
