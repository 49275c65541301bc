from dataclasses import replace
from typing import Any

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "矛盾纠纷"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.privacy.holdings import register as register_holdings
        from cases.workflow import register
        from disputes import services
        from disputes.details import details
        from disputes.experts import forms as expert_forms
        from disputes.experts.details import details as consultation_details
        from disputes.experts.facts import ConsultationFacts
        from disputes.experts.menu import ENTRIES
        from disputes.experts.privacy import HOLDINGS as EXPERT_HOLDINGS
        from disputes.experts.privacy import KEEPINGS as EXPERT_KEEPINGS
        from disputes.experts.services import acts as consultations
        from disputes.experts.workflow import CONSULTATION
        from disputes.facts import DisputeFacts
        from disputes.forms import arrows as fields
        from disputes.messages import MESSAGES
        from disputes.privacy import HOLDINGS, KEEPINGS
        from disputes.services.claiming import claim_on_sign_in
        from disputes.services.papers import find_issued
        from disputes.workflow import DISPUTE
        from notices import texts
        from papers.issued import FINDERS
        from web import menu

        texts.register(MESSAGES)
        register(replace(DISPUTE, acts=services.ACTS, facts=DisputeFacts, fields=fields.FIELDS, details=details))
        own: dict[str, Any] = {
            "acts": consultations.ACTS,
            "fields": expert_forms.FIELDS,
            "details": consultation_details,
        }
        register(replace(CONSULTATION, facts=ConsultationFacts, **own))
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        register_holdings(holdings=EXPERT_HOLDINGS, keepings=EXPERT_KEEPINGS)
        FINDERS.append(find_issued)
        menu.register(*ENTRIES)
        user_logged_in.connect(claim_on_sign_in, dispatch_uid="disputes.claim")
        # Before the cases go: a party of theirs is protected from going alone.
