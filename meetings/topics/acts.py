"""What people do together. Draws the arrows of a topic and writes what belongs to each: one file a concern.

All acts take the turn and what was said, and raise cases.engine.turns.ArrowRefused (not from here, not by you, not now),
CaseMovedOn (somebody was faster) or ValidationError at the field concerned; then nothing has changed."""

from cases.workflow import Acts
from meetings.topics import services as topics
from meetings.votes import counts
from meetings.votes import services as votes
from meetings.workflow import FAIL

ACTS: Acts = {
    "adopt": topics.adopt,
    "sort": topics.sort,
    "agree": topics.agree,
    "hand_out": topics.hand_out,
    "void": votes.void,
    FAIL: counts.count,  # the limit of a vote lapses by it; counting says which way it goes
}
