from django.urls import path

from clients.duplicates.views import DuplicatesView

urlpatterns = [path("prospects/<id:pk>/duplicates", DuplicatesView.as_view())]
