from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.sign_in_code, name="sign-in-code"),
    path("sign-in/password/", views.sign_in_password, name="sign-in-password"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("privacy/", views.privacy, name="privacy"),
]
