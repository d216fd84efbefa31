from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.network import client_address
from sales.documents.views import pdf_answer
from sales.mailing.models import DocumentMail
from sales.portal.forms import ReadForm, RejectForm, SignForm
from sales.portal.guarding import form_token
from sales.portal.pages import link_page
from sales.portal.services import (
    Visitor,
    approve_by_link,
    note_view,
    reject_by_link,
    shown_document,
    sign_by_link,
)
from sales.portal.showing import page_of
from sales.sending.kinds import KINDS


@link_page("GET", "HEAD")
def document(request: Any, mail: DocumentMail) -> HttpResponse:
    """The document. Looking changes nothing: programs that check mails look, too."""
    answer = _show(request, mail)
    if request.method == "GET":
        note_view(mail, at=timezone.now())
    return answer


@link_page("GET", "HEAD")
def document_pdf(request: Any, mail: DocumentMail) -> HttpResponse:
    """The document as a PDF, to be kept."""
    found = shown_document(mail)
    answer = pdf_answer(KINDS[mail.kind].pdf(found), found.number_text)
    answer["Content-Disposition"] = f'attachment; filename="{found.number_text}.pdf"'
    return answer


@link_page("POST")
def approve(request: Any, mail: DocumentMail) -> HttpResponse:
    """Approve a quote."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _show(request, mail, approve_form=form)
    approve_by_link(mail=mail, visitor=_visitor(request), at=timezone.now(), **form.cleaned_data)
    return _back(request)


@link_page("POST")
def reject(request: Any, mail: DocumentMail) -> HttpResponse:
    """Reject a quote, and say why."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _show(request, mail, reject_form=form)
    reject_by_link(mail=mail, visitor=_visitor(request), at=timezone.now(), **form.cleaned_data)
    return _back(request)


@link_page("POST")
def sign(request: Any, mail: DocumentMail) -> HttpResponse:
    """Sign a contract."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return _show(request, mail, sign_form=form)
    given = form.cleaned_data
    sign_by_link(
        mail=mail,
        visitor=_visitor(request),
        read_sha256=given["read_sha256"],
        name=given["client_name"],
        company=given["company_name"],
        at=timezone.now(),
    )
    return _back(request)


def _visitor(request: Any) -> Visitor:
    return Visitor(client_address(request), request.headers.get("User-Agent", ""))


def _back(request: Any) -> HttpResponse:
    """To the document as it is now, by GET: loading the page again does nothing again."""
    answer = redirect(request.path.rpartition("/")[0])
    answer.status_code = 303
    return answer


def _show(request: Any, mail: DocumentMail, **filled_in: Any) -> HttpResponse:
    """The page; with a form that was not filled in well, what is wrong with it."""
    shown = page_of(mail, shown_document(mail), at=timezone.now())
    read = {"read_sha256": shown["sha256"]}
    shown |= {
        "path": request.path if not filled_in else request.path.rpartition("/")[0],
        "form_token": form_token(request, mail.token_hash) if shown["moves"] else "",
        "reject_form": RejectForm(initial=read),
        "sign_form": SignForm(initial=read),
        **filled_in,
    }
    status = 422 if filled_in else 200
    return render(request, "sales/link/document.html", shown, status=status)
