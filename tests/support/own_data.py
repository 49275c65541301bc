"""Which personal fields nobody is shown of themselves, and which stay when somebody leaves, each with the reason. What
tests/house/test_own_data.py proves is held against it, and docs/privacy.md prints it."""

from django.apps import apps

Reasons = dict[str, dict[str, str]]
"""Why → model → its fields."""
NOT_SHOWN: Reasons = {
    "a secret of signing in, or by which somebody is found": {
        "accounts.Device": "session_key", "accounts.KeptForm": "browser", "accounts.PastPassword": "person encoded",
        "accounts.RateCount": "key", "accounts.RecoveryCode": "code_digest", "accounts.SecondFactor": "person secret",
        "accounts.SignInCode": "phone_index asker address code_hash",
        "accounts.Ticket": "person session_key digest", "accounts.WeChatAccount": "openid openid_index unionid_index", "accounts.User": "password phone_index",
        "disputes.Party": "phone_index", "grids.DutyFeed": "person token", "meetings.Home": "door_index",
        "meetings.Topic": "submit_key", "moderation.Clearance": "digest",
    },
    "the audit trail, which holds numbers of people and watches over who reads": {
        "accounts.AuditLine": "by about address", "accounts.AuditWords": "words",
    },
    "what an app was answered, which its person was told then; it goes within a day": {
        "accounts.KeptAnswer": "person body",
    },
    "the copy itself": {"accounts.DataCopy": "person file"},
    "where the form came from; its words are shown, its files counted": {
        "accounts.KeptForm": "action page", "accounts.KeptFile": "name file",
    },
    "of somebody else: a guardian, guests, witnesses, who gave a vote, whom a table is about": {
        "accounts.Consent": "guardian_name guardian_phone", "imports.Import": "first_rejects rejects",
        "meetings.TeaTalk": "present discussion", "meetings.Vote": "witnesses", "meetings.Voter": "given_by",
    },
    "an act in office, told by the story of its matter": {
        "cases.Case": "finished_by", "cases.Extension": "asked_by decided_by", "cases.Referral": "by",
        "dashboards.Appeal": "decided_by", "dashboards.IndicatorSet": "made_by", "dashboards.Plan": "decided_by",
        "dashboards.Review": "made_by", "dashboards.Scorer": "invited_by", "disputes.Agreement": "drafted_by",
        "disputes.Assent": "recorded_by", "disputes.Exhibit": "added_by", "disputes.IssuedPaper": "issued_by",
        "disputes.MediatorRequest": "decided_by", "disputes.Performance": "recorded_by", "disputes.PrivateNote": "by",
        "disputes.Recusal": "person declared_by", "disputes.Session": "recorded_by", "disputes.Visit": "visited_by",
        "grids.Shift": "planned_by", "meetings.Review": "by", "meetings.TeaTalk": "recorded_by",
        "moderation.Clearance": "decided_by",
        "volunteers.CertificateOffice": "head clerk", "volunteers.Inspection": "opened_by accepted_by",
    },
    "pictures and files are fetched on their page; a copy names them": {
        "cases.Attachment": "file thumbnail upload", "cases.Upload": "file name refused", "dashboards.Evidence": "file",
        "dashboards.Export": "file", "disputes.Exhibit": "file", "disputes.Expert": "photo",
        "disputes.IssuedPaper": "file", "disputes.MessageFile": "file thumbnail", "disputes.Signature": "file",
        "imports.Import": "file", "residents.DraftPhoto": "file thumbnail upload", "volunteers.Certificate": "file",
        "volunteers.ProjectPhoto": "file",
    },
    "the file of a mediation is both sides', and is read on its page": {
        "disputes.Agreement": "facts responsibilities", "disputes.Clause": "what how",
        "disputes.Dispute": "building place_note summary wish units result gaps", "disputes.MediatorRequest": "party reason",
        "disputes.Recusal": "party why", "disputes.Session": "others_present record", "disputes.Visit": "words",
    },
    "what is shown says it already": {
        "volunteers.Need": "title reason", "volunteers.Redemption": "person",
        "volunteers.ServiceOrder": "latitude longitude",
    },
    "leads to nobody": {
        "dashboards.Counted": "thing", "meetings.Receipt": "index", "meetings.SealedBallot": "paper",
    },
}  # fmt: skip
STAYS: Reasons = {
    "the audit trail stays, with numbers for names; hashes go within days": {
        "accounts.AuditLine": "by about address", "accounts.RateCount": "key",
    },
    "the file of a mediation is sealed for its keeping, then goes too": {
        "disputes.Agreement": "facts responsibilities", "disputes.Assent": "party", "disputes.Clause": "what how",
        "disputes.Dispute": "building place_note summary wish units result gaps", "disputes.Exhibit": "file",
        "disputes.IssuedPaper": "file", "disputes.MediatorRequest": "party reason",
        "disputes.Party": "organisation is_said_minor will score", "disputes.PerformanceSaid": "party",
        "disputes.Recusal": "party why", "disputes.Session": "others_present record", "disputes.Signature": "file",
        "disputes.Visit": "words",
    },
    "the ledger and what figures count, under an account that names nobody": {
        "meetings.Cosign": "is_counted at", "meetings.Invitation": "answer answered_at attended",
        "volunteers.Call": "answer", "volunteers.Certificate": "hours content number_agreed_at",
        "volunteers.DutyReport": "unit", "volunteers.Finding": "is_fine said_at",
        "volunteers.HoursEntry": "hours minutes reason", "volunteers.Membership": "employment",
        "volunteers.Offer": "state why arrived_at left_at", "volunteers.PointsEntry": "points words",
    },
    "homes, rolls and ballots stand without the name": {
        "meetings.Ballot": "voice option", "meetings.Home": "building door door_index area",
        "meetings.Voice": "label area is_cast",
    },
    "of somebody else, until its own keeping ends": {
        "meetings.TeaTalk": "present discussion", "meetings.Vote": "witnesses",
    },
    "who signs for an office, until staff name others": {
        "volunteers.CertificateOffice": "head clerk",
    },
    "what kind of service it was, and where": {
        "volunteers.ProjectPhoto": "file", "volunteers.Series": "serves",
        "volunteers.ServiceOrder": "serves latitude longitude",
    },
    "leads to nobody": {
        "dashboards.Counted": "thing", "meetings.Receipt": "index", "meetings.SealedBallot": "paper",
    },
}  # fmt: skip


def named(reasons: Reasons) -> list[str]:
    """ "room.Model.field" of all."""
    return sorted(
        f"{model}.{field}"
        for models in reasons.values()
        for model, fields in models.items()
        for field in fields.split()
    )


def table(reasons: Reasons) -> str:
    """As docs/privacy.md prints it: why | fields by record."""
    rows = [f"| {why} | {'；'.join(_row(*entry) for entry in models.items())} |" for why, models in reasons.items()]
    return "\n".join(["| why | fields |", "|---|---|", *rows])


def _row(label: str, fields: str) -> str:
    meta = apps.get_model(label)._meta
    return f"{meta.verbose_name}：{'、'.join(str(meta.get_field(field).verbose_name) for field in fields.split())}"
