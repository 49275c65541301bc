from volunteers.models.brand import Brand, BrandStep
from volunteers.models.callout import Call, CallOut, Plan, PlanTask
from volunteers.models.certificate import Certificate, CertificateOffice
from volunteers.models.doctor import DoctorSigning, DoctorTerm
from volunteers.models.duty import DutyEntry, DutyReport
from volunteers.models.inspection import Finding, Inspection
from volunteers.models.ledger import HoursEntry, PointRule, PointsEntry, PointsExpiry, Redemption, Reward
from volunteers.models.lists import Milestone, Need, Project, ProjectPhoto, Resource
from volunteers.models.order import CheckIn, Offer, Series, ServiceOrder
from volunteers.models.team import Team, TeamMember
from volunteers.models.volunteer import Membership, Volunteer

__all__ = [
    "Brand",
    "BrandStep",
    "Call",
    "CallOut",
    "Certificate",
    "CertificateOffice",
    "CheckIn",
    "DoctorSigning",
    "DoctorTerm",
    "DutyEntry",
    "DutyReport",
    "Finding",
    "HoursEntry",
    "Inspection",
    "Membership",
    "Milestone",
    "Need",
    "Offer",
    "Plan",
    "PlanTask",
    "PointRule",
    "PointsEntry",
    "PointsExpiry",
    "Project",
    "ProjectPhoto",
    "Redemption",
    "Resource",
    "Reward",
    "Series",
    "ServiceOrder",
    "Team",
    "TeamMember",
    "Volunteer",
]
