from django.urls import path

from sales.portal import mails, views

urlpatterns = [
    path("d/<str:token>", views.document),
    path("d/<str:token>/pdf", views.document_pdf),
    path("d/<str:token>/approve", views.approve),
    path("d/<str:token>/reject", views.reject),
    path("d/<str:token>/sign", views.sign),
    path("api/v1/quotes/<id:pk>/mails", mails.QuoteMailsView.as_view()),
    path("api/v1/invoices/<id:pk>/mails", mails.InvoiceMailsView.as_view()),
    path("api/v1/contracts/<id:pk>/mails", mails.ContractMailsView.as_view()),
]
