"""What whoever wrote for everybody is told."""

from notices.texts import Text

MESSAGES = {"words.withheld.writer": Text("您{what}没有公开：{reason}")}
