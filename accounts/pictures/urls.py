from django.urls import path

from accounts.pictures import views

urlpatterns = [
    path("auth/me/avatar", views.AvatarView.as_view()),
    path("tenant/logo", views.LogoView.as_view()),
]
