from django.urls import path

from webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.endpoint_list, name="list"),
    path("webhooks/add/", views.endpoint, name="add"),
    path("webhooks/<int:pk>/", views.endpoint, name="endpoint"),
    path("webhooks/<int:pk>/secret/", views.secret, name="secret"),
    path("webhooks/<int:pk>/remove/", views.remove, name="remove"),
    path("webhooks/<int:pk>/again/", views.send_failed_again, name="failed-again"),
    path("webhooks/deliveries/", views.delivery_list, name="delivery-list"),
    path("webhooks/deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("webhooks/deliveries/<int:pk>/again/", views.send_again, name="delivery-again"),
]
