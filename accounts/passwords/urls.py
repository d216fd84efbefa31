from django.urls import path

from accounts.passwords import views

urlpatterns = [
    path("auth/forgot-password", views.ForgotPasswordView.as_view()),
    path("auth/reset-password", views.ResetPasswordView.as_view()),
    path("auth/accept-invitation", views.AcceptInvitationView.as_view()),
    path("auth/change-password", views.ChangePasswordView.as_view()),
    path("users/invite", views.InviteView.as_view()),
    path("users/<id:pk>/invite", views.InviteAgainView.as_view()),
]
