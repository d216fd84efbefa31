from django.urls import include, path

urlpatterns = [
    path("", include("sales.contacts.urls")),
    path("", include("sales.products.urls")),
    path("", include("sales.pipelines.urls")),
    path("", include("sales.deals.urls")),
    path("", include("sales.activities.urls")),
    path("", include("sales.events.urls")),
    path("", include("sales.quotes.urls")),
    path("", include("sales.contracts.urls")),
    path("", include("sales.invoices.urls")),
    path("", include("sales.payments.urls")),
    path("", include("sales.segments.urls")),
    path("", include("sales.campaigns.urls")),
    path("", include("sales.forms.urls")),
    path("", include("sales.stats.urls")),
]
