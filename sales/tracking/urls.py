from django.urls import path

from sales.tracking import providers, views

urlpatterns = [
    path("m/o/<str:token>", views.pixel),
    path("m/c/<str:token>", views.click),
    path("m/u/<str:token>", views.unsubscribe_page),
    path("anymail/<path:path>", providers.told),
]
