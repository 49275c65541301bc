from django.urls import path

from operations import views
from operations.channels import views as channels

app_name = "operations"
urlpatterns = [
    path("system/", views.status, name="status"),
    path("system/deliveries/", channels.deliveries, name="delivery-list"),
    path("system/templates/", channels.template_list, name="template-list"),
    path("system/templates/add/", channels.template, name="template-add"),
    path("system/templates/<int:pk>/", channels.template, name="template"),
    path("system/templates/<int:pk>/remove/", channels.remove_template, name="template-remove"),
]
