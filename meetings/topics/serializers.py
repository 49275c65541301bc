"""Topics and votes as the API shows them."""

from typing import Any

from rest_framework import serializers

from meetings.models import Comment, Option, Topic, Vote, Voter
from meetings.topics.reading import new_slip


class TopicSerializer(serializers.Serializer[Topic]):
    """A line of the list."""

    number = serializers.CharField(source="case.number")
    title = serializers.CharField(source="public_title", help_text="核对以前不公开原话")
    place = serializers.CharField(source="case.place")
    state = serializers.CharField(source="case.state")
    state_label = serializers.CharField(source="case.state_label")
    matter = serializers.CharField(source="matter.name", default="", help_text="哪一类事项；立项以前为空")
    opened_at = serializers.DateTimeField(source="case.opened_at")
    cosigned = serializers.IntegerField(help_text="几人联署")
    cosign_needed = serializers.IntegerField()


class VoteLineSerializer(serializers.Serializer[Vote]):
    """A vote as a list names it."""

    key = serializers.UUIDField()
    topic = serializers.CharField(source="topic.case.number")
    question = serializers.CharField()
    round = serializers.IntegerField()
    basis = serializers.CharField(source="get_basis_display", help_text="谁来表决")
    is_secret = serializers.BooleanField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    counted_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)


class CommentSerializer(serializers.Serializer[Comment]):
    """Ones that are not shown say why, and no words."""

    id = serializers.IntegerField()
    by = serializers.CharField(source="person.masked_name")
    at = serializers.DateTimeField()
    words = serializers.SerializerMethodField()
    words_instead = serializers.CharField(source="clearance.words_instead", help_text="不公开的，代替原话的说明")
    clause = serializers.IntegerField(source="clause.number", default=None, allow_null=True, help_text="针对第几条")

    def get_words(self, comment: Comment) -> str:
        words: str = comment.words
        return words if comment.is_read else ""  # type: ignore[attr-defined]  # reading._comments


class ClauseSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    words = serializers.CharField()


class TaskSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    holder = serializers.CharField(source="holder_words")
    state_label = serializers.CharField()


class TopicDetailsSerializer(serializers.Serializer[None]):
    """What is said to a topic, and what came of it."""

    words = serializers.CharField()
    words_instead = serializers.CharField(help_text="不公开的，代替原话的说明")
    supported = serializers.IntegerField(help_text="别处的人表示支持，不计入人数")
    agreed = serializers.CharField(help_text="形成的决定")
    is_own = serializers.BooleanField()
    own_cosign = serializers.ChoiceField(choices=["", "counted", "supports"], help_text="我联署了没有")
    votes = VoteLineSerializer(many=True)
    clauses = ClauseSerializer(many=True, help_text="公约草案")
    tasks = TaskSerializer(many=True)
    comments = CommentSerializer(many=True)


class TopicInFullSerializer(TopicSerializer, TopicDetailsSerializer):
    """Both."""


class OptionSerializer(serializers.Serializer[Option]):
    id = serializers.IntegerField()
    words = serializers.CharField()


class WeightSerializer(serializers.Serializer[Any]):
    words = serializers.CharField()
    people = serializers.IntegerField(help_text="几票")
    area = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="平方米；不按面积的为 0")


class HurdleSerializer(serializers.Serializer[Any]):
    """A share that was asked for, and what was found."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    share = serializers.CharField(source="share.words")
    is_met = serializers.BooleanField()
    percent = serializers.CharField()


class OutcomeSerializer(serializers.Serializer[None]):
    """Of a vote that is counted."""

    passed = serializers.CharField(help_text="通过的方案；没有形成决定的为空")
    is_quorate = serializers.BooleanField(help_text="参加的人够不够")
    options = WeightSerializer(many=True)
    hurdles = HurdleSerializer(many=True)


class VoiceSerializer(serializers.Serializer[None]):
    """A ballot that I may give: my own, my household's, or one that I was asked to give."""

    voter = serializers.IntegerField(help_text="投票地址里的编号")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    given_by = serializers.CharField(help_text="受谁委托；自己的为空")
    is_cast = serializers.BooleanField()
    is_authorised = serializers.BooleanField(help_text="我已请人代投")
    receipt = serializers.CharField(help_text="不记名、还没有投的：给投票人记下，截止后凭它查计入没有")
    slip = serializers.CharField(help_text="不记名、还没有投的：和回执号一起存在手机上，投票时原样带上")


class VoteDetailsSerializer(serializers.Serializer[None]):
    """What was given is told once it is counted, not before."""

    body = serializers.CharField(source="vote.body_name", help_text="由谁决定")
    law = serializers.CharField(source="vote.source")
    rule = serializers.CharField(source="vote.words")
    witnesses = serializers.CharField(source="vote.witnesses", help_text="监票人")
    options = OptionSerializer(many=True, source="vote.options.all")
    is_open = serializers.BooleanField()
    turnout = serializers.IntegerField(help_text="已投几票")
    roll = serializers.IntegerField(source="roll.people", help_text="名册上几票")
    voices = VoiceSerializer(many=True)
    may_authorise = serializers.BooleanField()
    outcome = OutcomeSerializer(allow_null=True)


class VoteSerializer(VoteLineSerializer, VoteDetailsSerializer):
    """In full."""


def topic_in_full(topic: Topic, shown: dict[str, Any], clauses: list[Any]) -> dict[str, Any]:
    """`shown`: by `reading.seen_by`."""
    counted = shown["topic"]
    own = shown["own_cosign"]
    details: Any = {
        **shown, "words": topic.words if shown["reads"] else "", "words_instead": topic.clearance.words_instead,
        "supported": counted.supported, "agreed": topic.agreed, "clauses": clauses,
        "own_cosign": "" if own is None else "counted" if own.is_counted else "supports",
    }  # fmt: skip
    topic.cosigned = counted.cosigned  # type: ignore[attr-defined]  # as a list has it
    return {**TopicSerializer(topic).data, "title": shown["title"], **TopicDetailsSerializer(details).data}


def vote_in_full(shown: dict[str, Any]) -> dict[str, Any]:
    """`shown`: by `reading.look_at`."""
    vote, outcome = shown["vote"], shown["outcome"]
    details: Any = {
        **shown, "voices": [_voice(vote, voter, shown["authorised"]) for voter in shown["mine"]],
        "outcome": _outcome(outcome) if outcome else None,
    }  # fmt: skip
    return {**VoteLineSerializer(vote).data, **VoteDetailsSerializer(details).data}


def _voice(vote: Vote, voter: Voter, authorised: set[int]) -> dict[str, Any]:
    wants_slip = vote.is_secret and vote.closed_at is None and not voter.voice.is_cast
    receipt, slip = new_slip(voter) if wants_slip else ("", "")
    return {
        "voter": voter.pk,
        "label": voter.voice.label,
        "is_cast": voter.voice.is_cast,
        "receipt": receipt,
        "slip": slip,
        "given_by": voter.given_by.masked_name if voter.given_by else "",
        "is_authorised": voter.given_by is None and voter.voice_id in authorised,
    }


def _outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    return {
        "passed": outcome["passed"].words if outcome["passed"] else "",
        "is_quorate": outcome["decision"].is_quorate,
        "options": [
            {"words": option.words, "people": weight.people, "area": weight.area}
            for option, weight in outcome["options"]
        ],
        "hurdles": outcome["hurdles"],
    }
