from django.urls import path

from accounts.notifications.views import NotificationViewSet, ReadAllView

urlpatterns = [
    path("notifications", NotificationViewSet.as_view({"get": "list"})),
    path("notifications/read-all", ReadAllView.as_view()),
    path("notifications/<id:pk>/read", NotificationViewSet.as_view({"post": "read"})),
]
