from django.urls import path

from accounts.api import views

urlpatterns = [
    path("sign-in/phone/", views.Phone.as_view(), name="sign-in-phone"),
    path("sign-in/code/", views.Code.as_view(), name="sign-in-code"),
    path("sign-in/second-factor/", views.SecondFactor.as_view(), name="sign-in-second-factor"),
    path("sign-in/newcomer/", views.Newcomer.as_view(), name="sign-in-newcomer"),
    path("sign-in/guardian-phone/", views.GuardianPhone.as_view(), name="sign-in-guardian-phone"),
    path("sign-in/guardian/", views.Guardian.as_view(), name="sign-in-guardian"),
    path("sign-in/wechat/", views.WeChat.as_view(), name="sign-in-wechat"),
    path("sign-in/wechat-phone/", views.WeChatPhone.as_view(), name="sign-in-wechat-phone"),
    path("me/", views.Me.as_view(), name="me"),
    path("devices/", views.DeviceList.as_view(), name="device-list"),
    path("devices/<int:device_id>/sign-out/", views.DeviceSignOut.as_view(), name="device-sign-out"),
    path("tickets/", views.Ticket.as_view(), name="ticket"),
]
