from django.urls import path

from prospects.sharing import views

urlpatterns = [
    path("prospects/<id:pk>/access", views.AccessView.as_view()),
    path("prospects/<id:pk>/shares", views.SharesView.as_view()),
    path("prospects/<id:pk>/shares/<id:user_id>", views.ShareView.as_view()),
]
