from meetings.models.activity import Activity, ActivityKind, SignUp
from meetings.models.booking import Booking
from meetings.models.conference import AgendaItem, Conference, Invitation, Resolution, Review
from meetings.models.covenant import Clause, Comment, Covenant, Version
from meetings.models.home import Home, Tenure
from meetings.models.rule import VoteRule
from meetings.models.tea_talk import Agreed, TeaTalk
from meetings.models.topic import Cosign, Matter, Topic, TopicTask
from meetings.models.vote import Ballot, Option, Receipt, SealedBallot, Voice, Vote, Voter

__all__ = [
    "Activity", "ActivityKind", "AgendaItem", "Agreed", "Ballot", "Booking", "Clause", "Comment", "Conference", "Cosign",
    "Covenant", "Home", "Invitation", "Matter", "Option", "Receipt", "Resolution", "Review", "SealedBallot", "SignUp",
    "TeaTalk", "Tenure", "Topic", "TopicTask", "Version", "Voice", "Vote", "VoteRule", "Voter",
]  # fmt: skip
