"""What people are told of any case (case.*), unless its kind says it otherwise, and of tasks. Kind, verb of the arrow and
whom it tells; the facts are those of cases/engine/audience.py."""

from notices.texts import Text

MESSAGES = {
    "case.note.holder": Text("{by}补充了说明：{title}"),
    "case.note.asker": Text("{by}对您的“{title}”补充了说明"),
    "case.remind.holder": Text("“{title}”时限已过半，请于{due}办理", many="{count} 件导入的事项时限已过半，请抓紧办理"),
    "case.overdue.holder": Text("“{title}”已超时，请立即办理", many="{count} 件导入的事项已超时，请立即办理"),
    "case.overdue.supervisor": Text(
        "{holder}手上的“{title}”已超时，请督促", many="下级手上有 {count} 件导入的事项已超时，请督促"
    ),
    "case.climb.holder": Text(
        "“{title}”下级超时未办，已升级由您负责，请于{due}办理", many="{count} 件导入的事项下级超时未办，已升级由您负责"
    ),
    "case.climb.asker": Text("您的“{title}”办理超时，现由{holder}负责，{due}答复您"),
    "case.climb.party": Text("“{title}”办理超时，现由{holder}负责"),
    "case.succeed.holder": Text("“{title}”转由您接手，请于{due}办理", many="{count} 件导入的事项转由您接手"),
    "case.succeed.asker": Text("您的“{title}”现由{holder}负责"),
    "case.succeed.party": Text("“{title}”现由{holder}负责"),
    "case.recount.asker": Text("节假日安排已公布，您的“{title}”最迟{due}办理"),
    "case.refer_police.police": Text("{by}把“{title}”转给您：{reason}。请于{answer_by}答复"),
    "case.refer_police.holder": Text("“{title}”已转警格，民警{answer_by}答复；您仍是责任人"),
    "case.refer_police.asker": Text("您的“{title}”已请社区民警协助，仍由{holder}负责"),
    "case.answer_police.holder": Text("警格答复了“{title}”：{reason}"),
    "case.recall_police.police": Text("“{title}”已撤回，不用答复：{reason}"),
    "case.police_late.police": Text("“{title}”已过答复时限，请立即答复"),
    "case.police_late.holder": Text("警格没有按时答复“{title}”，请联系民警或撤回自行办理"),
    "case.police_late.supervisor": Text("警格没有按时答复“{title}”，责任人是{holder}"),
    "case.police_succeed.police": Text("“{title}”转由您答复，请于{answer_by}答复"),
    "case.police_gone.holder": Text("民警离任、暂无接任，“{title}”的转办已退回"),
    "task.assign.holder": Text("“{title}”交给您办，请于{due}签收，{finish}办结"),
    "task.assign.asker": Text("“{title}”已交给{holder}，最迟{finish}办结"),
    "task.sign.asker": Text("{holder}已接到“{title}”，最迟{finish}办结"),
    "task.progress.asker": Text("“{title}”有进展：{reason}"),
    "task.finish.asker": Text("“{title}”已办结，请看看结果：{reason}"),
    "task.transfer.holder": Text("“{title}”转由您办理，请于{due}签收"),
    "task.transfer.asker": Text("“{title}”转由{holder}办理"),
    "task.ask_help.co_holder": Text("请您协办“{title}”，责任人是{holder}"),
    "task.urge.holder": Text("上级督办“{title}”：{reason}"),
    "task.confirm.holder": Text("“{title}”已确认完成"),
    "task.redo.holder": Text("“{title}”还没有办好：{reason}。请于{due}重办"),
    "task.drop.holder": Text("“{title}”已撤销，不用办了：{reason}"),
    "task.drop.asker": Text("“{title}”已撤销：{reason}"),
    "case.photo_refused": Text("{reason}"),
}
