"""What a turn, a page or a guard knows of a topic, each fact read once."""

from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q

from cases.engine.facts import Facts
from cases.models import Case
from meetings.models import Topic, Version, Voice, Vote


class TopicFacts(Facts):
    @cached_property
    def topic(self) -> Topic:
        """With its matter, and how many `cosigned` or, without a home there, `supported` it."""
        topics = Topic.objects.select_related("matter", "clearance").annotate(
            cosigned=Count("cosigns", filter=Q(cosigns__is_counted=True)),
            supported=Count("cosigns", filter=Q(cosigns__is_counted=False)),
        )
        topic: Topic = topics.get(pk=self.case.pk)
        topic.case = self.case
        return topic

    @property
    def has_enough_cosigners(self) -> bool:
        return self.topic.cosigned >= self.topic.cosign_needed  # type: ignore[attr-defined,no-any-return]

    @cached_property
    def votes(self) -> list[Vote]:
        """Round by round; each says whether a ballot lies in it (`is_begun`)."""
        given = Voice.objects.filter(vote=OuterRef("pk"), is_cast=True)
        return list(Vote.objects.filter(topic=self.case.pk).annotate(is_begun=Exists(given)).order_by("round"))

    @property
    def running_vote(self) -> Vote | None:
        """Announced, and neither counted nor voided."""
        return next((vote for vote in self.votes if vote.counted_at is None and vote.voided_at is None), None)

    @cached_property
    def tasks(self) -> list[Case]:
        """What was handed out, the first first, as a card shows it; none before that."""
        if self.case.state not in {"carrying", "done"}:
            return []
        return list(Case.objects.filter(from_topic__topic=self.case.pk).with_cards().order_by("opened_at"))

    @cached_property
    def covenant_version(self) -> Version | None:
        """What was drafted on it, with its covenant."""
        version: Version | None = Version.objects.filter(topic=self.case.pk).select_related("covenant").first()
        return version


def topic_facts(facts: Facts) -> TopicFacts:
    assert isinstance(facts, TopicFacts), "only topics are asked for"
    return facts
