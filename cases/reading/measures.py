"""What is counted of cases of every kind."""

from web.measures import Measure

RESPONSE_DAY = "签收的那天；没签收就超时的，超时的那天"
FINISHED_DAY = "办结的那天；重办的，最近一次办结的那天"
FINISH_DAY = "首次办结的那天；过了答复时限还没办结的，时限的那天"
CLOSING_DAY = "归档的那天"
DISPATCH_DAY = "首次派单的那天"

MEASURES = {
    "open": Measure("在办", "没有归档的事项"),
    "late": Measure("超时未办", "过了本阶段时限、没有归档的事项；等居民回应的不算"),
    "opened": Measure("登记", "登记的事项；导入有误又撤回的不算", "登记的那天"),
    "dispatched": Measure("派单", "派到责任人的事项，一件算一次", DISPATCH_DAY),
    "sent_back": Measure("退单", "派单后退回过的事项，一件算一次", DISPATCH_DAY),
    "due_response": Measure("应响应", "该签收的事项：已签收的，和没签收就超时的；签收前撤回、不受理的不算", RESPONSE_DAY),
    "responded": Measure("按时响应", "没有超时就签收的事项", RESPONSE_DAY),
    "due_finish": Measure("应办结", "该办结的事项：已办结的，和过了答复时限还没办结的；没办结就撤回、不受理的不算", FINISH_DAY),
    "in_time": Measure("按时办结", "首次办结不晚于答复时限的事项；时限以内批准延期的按延期后的", FINISH_DAY),
    "finished": Measure("办结", "办结的事项，重办的也只算一次", FINISHED_DAY),
    "redone": Measure("重办", "办结后居民不满意、要求重办的事项", FINISHED_DAY),
    "closed": Measure("归档", "归档的事项", CLOSING_DAY),
    "asked": Measure("请评价", "办结后请居民评价、已归档的事项；没有居民可问、由工作人员核查的不算", CLOSING_DAY),
    "rated": Measure("有评价", "居民评价了的事项", CLOSING_DAY),
    "unrated": Measure("未评价", "到期没有评价、自动归档的事项；不算满意，也不算不满意", CLOSING_DAY),
    "solved": Measure("已解决", "居民评价为“已解决”的事项", CLOSING_DAY),
    "satisfied": Measure("满意", "居民评价三星以上（基本满意、满意、非常满意）的事项", CLOSING_DAY),
}  # fmt: skip
