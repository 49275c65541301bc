from volunteers.models.duty import DutyEntry, DutyReport
from volunteers.models.team import Team, TeamMember
from volunteers.models.volunteer import Membership, Volunteer

__all__ = ["DutyEntry", "DutyReport", "Membership", "Team", "TeamMember", "Volunteer"]
