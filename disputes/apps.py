from dataclasses import replace
from typing import Any

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "矛盾纠纷"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts import menu
        from accounts.holdings import register as register_holdings
        from cases.papers.issued import FINDERS
        from cases.workflow import register
        from disputes import expert_forms, fields, services
        from disputes.consulting import CONSULTATION
        from disputes.demo import remove_demo_disputes
        from disputes.details import details
        from disputes.expert_demo import remove_demo_experts
        from disputes.expert_details import details as consultation_details
        from disputes.expert_holdings import HOLDINGS as EXPERT_HOLDINGS
        from disputes.expert_holdings import KEEPINGS as EXPERT_KEEPINGS
        from disputes.facts import ConsultationFacts, DisputeFacts
        from disputes.menu import ENTRIES
        from disputes.messages import MESSAGES
        from disputes.own_holdings import HOLDINGS, KEEPINGS
        from disputes.services import consultations
        from disputes.services.papers import find_issued
        from disputes.signing_in import claim_on_sign_in
        from disputes.workflow import DISPUTE
        from grids.demo import REMOVERS
        from notices import texts

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
        REMOVERS.insert(0, remove_demo_disputes)
        REMOVERS.insert(0, remove_demo_experts)
