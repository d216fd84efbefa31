from django.urls import path

from accounts.tenants.views import TenantView

urlpatterns = [path("tenant", TenantView.as_view())]
