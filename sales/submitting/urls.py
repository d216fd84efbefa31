from django.urls import path

from sales.submitting import pages, views

urlpatterns = [
    path("api/forms/<str:api_key>", views.ShownFormView.as_view()),
    path("api/forms/<str:api_key>/submit", views.SubmitView.as_view()),
    path("f/embed.js", pages.script),
    path("f/<str:api_key>", pages.page),
    path("f/<str:api_key>/thanks", pages.thanks),
]
