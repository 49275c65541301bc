from django.urls import path

from accounts.views import my_data, oidc, unsent, wechat
from accounts.views import sign_in as views
from accounts.views import sign_in_by_code as by_code

app_name = "accounts"
urlpatterns = [
    path("sign-in/", by_code.sign_in, name="sign-in"),
    path("sign-in/code/", by_code.sign_in_code, name="sign-in-code"),
    path("sign-in/first-time/", by_code.newcomer, name="newcomer"),
    path("sign-in/guardian/", by_code.guardian, name="guardian"),
    path("sign-in/password/", views.sign_in_password, name="sign-in-password"),
    path("sign-in/second-factor/", views.sign_in_second_factor, name="second-factor"),
    path("sign-in/oidc/", oidc.leave, name="oidc"),
    path("sign-in/oidc/back/", oidc.back, name="oidc-back"),
    path("sign-in/ticket/", views.ticket, name="ticket"),
    path("wechat/follow/", wechat.follow, name="wechat-follow"),
    path("wechat/back/", wechat.back, name="wechat-back"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("second-factor/", views.second_factor_set_up, name="second-factor-set-up"),
    path("password/", views.password, name="password"),
    path("privacy/", views.privacy, name="privacy"),
    path("my-data/", my_data.my_data, name="my-data"),
    path("my-data/name/", my_data.correct_name, name="correct-name"),
    path("my-data/phone/", my_data.correct_phone, name="correct-phone"),
    path("my-data/consents/<slug:purpose>/", my_data.consent, name="consent"),
    path("my-data/agree/", my_data.agree_again, name="agree-again"),
    path("my-data/copies/", my_data.ask_for_copy, name="copy-ask"),
    path("my-data/copies/<int:copy_id>/", my_data.copy_file, name="copy-file"),
    path("my-data/erase/", my_data.erase, name="erase"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("unsent/<uuid:key>/drop/", unsent.drop, name="unsent-drop"),
    path("devices/", my_data.devices, name="devices"),
    path("devices/code/", my_data.device_code, name="device-code"),
    path("devices/<int:device_id>/sign-out/", my_data.sign_out_device, name="device-sign-out"),
]
