from django.urls import path

from sales.postal_codes.views import PostalCodeView

urlpatterns = [path("api/copomex/<str:cp>", PostalCodeView.as_view())]
