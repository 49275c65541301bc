from dataclasses import replace

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "矛盾纠纷"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from cases.workflow import register
        from disputes import fields, services
        from disputes.demo import remove_demo_disputes
        from disputes.details import details
        from disputes.signing_in import claim_on_sign_in
        from disputes.workflow import DISPUTE
        from grids.demo import REMOVERS

        register(replace(DISPUTE, acts=services.ACTS, fields=fields.FIELDS, details=details))
        user_logged_in.connect(claim_on_sign_in, dispatch_uid="disputes.claim")
        # Before the cases go: a party of theirs is protected from going alone.
        REMOVERS.insert(0, remove_demo_disputes)
