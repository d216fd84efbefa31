from django.urls import path

from clients.onboarding import views

urlpatterns = [path("clients/<id:pk>/onboarding", views.OnboardingView.as_view())]
