from django.urls import path

from clients.integrations import views

urlpatterns = [
    path("clients/<id:pk>/integrations", views.IntegrationsView.as_view()),
    path("clients/integrations/<id:pk>", views.IntegrationView.as_view()),
]
