"""What people are told of shifts and safety notices."""

from notices.texts import Text

MESSAGES = {
    "shift.planned": Text("请您值班：{when}，{community}"),
    "shift.called_off": Text("{when} {community}的值班已撤销，不用来了"),
    "safety.published": Text("安全提示：{title}。请转告居民。"),
}
