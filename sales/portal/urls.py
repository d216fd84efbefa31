from django.urls import path

from sales.portal import views

urlpatterns = [
    path("d/<str:token>", views.document),
    path("d/<str:token>/pdf", views.document_pdf),
    path("d/<str:token>/approve", views.approve),
    path("d/<str:token>/reject", views.reject),
    path("d/<str:token>/sign", views.sign),
]
