"""What whoever is responsible for an endpoint is told. Registered when the app is ready."""

from notices.texts import Text

MESSAGES = {
    "webhook.gone.holder": Text("推送对象“{endpoint}”答复不再接收，已停用。请与对方核实后再启用。"),
    "webhook.given_up.holder": Text(
        "有事件多次推送给“{endpoint}”都没有送达，已不再重试。请到推送记录看原因，修好后再发一次。"
    ),
}
