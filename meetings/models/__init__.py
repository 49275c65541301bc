from meetings.models.activity import Activity, ActivityKind, SignUp
from meetings.models.booking import Booking
from meetings.models.covenant import Clause, Comment, Covenant, Version
from meetings.models.home import Home, Tenure
from meetings.models.topic import Cosign, Matter, Topic, TopicTask
from meetings.models.vote import Ballot, Option, Voice, Vote, Voter

__all__ = [
    "Activity", "ActivityKind", "Ballot", "Booking", "Clause", "Comment", "Cosign", "Covenant", "Home", "Matter",
    "Option", "SignUp", "Tenure", "Topic", "TopicTask", "Version", "Voice", "Vote", "Voter",
]  # fmt: skip
