from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from accounts.messages import MESSAGES as OF_ACCOUNTS
        from accounts.privacy.holdings import register
        from accounts.sign_in.alerts import TELLERS
        from notices import texts
        from notices.messages import MESSAGES
        from notices.privacy import HOLDINGS, KEEPINGS, tell_of_account
        from notices.sign_ins import tell_of_new_device

        texts.register(MESSAGES)
        texts.register({kind: texts.Text(sentence, is_urgent=True) for kind, sentence in OF_ACCOUNTS.items()})
        register(holdings=HOLDINGS, keepings=KEEPINGS)
        TELLERS.append(tell_of_account)
        user_logged_in.connect(tell_of_new_device, dispatch_uid="tell of new device")
