"""What people are told of requests."""

from notices.texts import Text

MESSAGES = {
    "request.take_back.holder": Text("导入有误，“{title}”已撤回，不用办了"),
    "request.take_back.asker": Text("您的“{title}”是登记有误，已撤回：{reason}"),
    "request.dispatch.holder": Text(
        "新事项“{title}”派给您，请于{due}签收", many="{count} 件新导入的事项派给您，请在待办里签收"
    ),
    "request.dispatch.asker": Text("您的“{title}”已派给{holder}，最迟{finish}答复您"),
    "request.dispatch.co_holder": Text("请您协办“{title}”，责任人是{holder}"),
    "request.sign.asker": Text("{holder}已接到您的“{title}”，最迟{finish}答复您"),
    "request.start.asker": Text("{holder}已开始办理您的“{title}”"),
    "request.finish.asker": Text("您的“{title}”已办结，请看看结果并评价"),
    "request.send_back.holder": Text("{by}退回“{title}”：{reason}。请于{due}重新派单"),
    "request.send_up.holder": Text("{by}上报“{title}”，请于{due}签收"),
    "request.send_up.asker": Text("您的“{title}”已上报，由{holder}负责"),
    "request.transfer.holder": Text("“{title}”转由您办理，请于{due}签收"),
    "request.transfer.asker": Text("您的“{title}”转由{holder}办理"),
    "request.ask_help.co_holder": Text("请您协办“{title}”，责任人是{holder}"),
    "request.name_concerned.holder": Text("“{title}”反映的是工作人员，由您办理，请于{due}签收"),
    "request.name_concerned.asker": Text("您的“{title}”反映的是工作人员，改由{holder}办理"),
    "request.relay.holder": Text("转来诉求的系统为“{title}”补充：{reason}"),
    "request.urge.holder": Text("上级督办“{title}”：{reason}"),
    "request.ask_extension.supervisor": Text("{holder}为“{title}”申请延期：{reason}"),
    "request.grant_extension.holder": Text("“{title}”延期已同意，请于{finish}办结"),
    "request.grant_extension.asker": Text("您的“{title}”需要多些时间：{reason}。最迟{finish}答复您"),
    "request.refuse_extension.holder": Text("“{title}”延期未获同意：{reason}"),
    "request.decline.asker": Text("您的“{title}”不在办理范围：{reason}。不同意可提异议"),
    "request.object.holder": Text("居民对“{title}”不受理有异议，请于{due}复核派单"),
    "request.shelve.asker": Text("您的“{title}”眼下办不了：{reason}。我们记在账上，{due}再查"),
    "request.resume.asker": Text("您的“{title}”恢复办理，最迟{due}答复您"),
    "request.withdraw.holder": Text("居民撤回了“{title}”，不用办了"),
    "request.rate.holder": Text("居民评价了“{title}”，已归档"),
    "request.redo.holder": Text("居民对“{title}”不满意：{reason}。请于{due}重办"),
    "request.redo.supervisor": Text("“{title}”居民不满意，正在重办"),
    "request.batch_taken_back": Text("{cases} 件导入有误，已撤回，不用办了：{reason}"),
}
