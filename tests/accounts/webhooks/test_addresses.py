"""No tenant can make us call this machine, its network or its cloud."""

from __future__ import annotations

import socket

import pytest
from django.utils import timezone

from accounts.models import WebhookDelivery
from accounts.webhooks.addresses import AddressRefused, resolve
from accounts.webhooks.client import post
from accounts.webhooks.outbox import emit
from accounts.webhooks.sending import send_due
from accounts.webhooks.services import create_endpoint
from core.errors import InvalidInput
from tests.accounts.webhooks.receiver import says

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("224.0.0.1", "255.255.255.255", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("64:ff9b:1::7f00:1", "::7f00:1", "5f00::1"),
]


def names(monkeypatch, *addresses):
    """Have every name stand for these addresses, one after the other, the last one for ever."""
    left, real = list(addresses), socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host in addresses:
            return real(host, port, *args, **kwargs)
        found = left.pop(0) if len(left) > 1 else left[0]
        found = found if isinstance(found, list) else [found]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


class TestAddress:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_of_a_private_network_is_refused_whatever_its_name(self, monkeypatch, address):
        names(monkeypatch, address)
        with pytest.raises(AddressRefused):
            resolve("hooks.acme.test", 443)

    def test_of_a_name_that_is_partly_private_is_refused(self, monkeypatch):
        names(monkeypatch, ["93.184.215.14", "10.0.0.1"])
        with pytest.raises(AddressRefused):
            resolve("hooks.acme.test", 443)

    @pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1"])
    def test_that_is_public_is_allowed(self, monkeypatch, address):
        names(monkeypatch, address)
        assert resolve("hooks.acme.test", 443) == address

    def test_that_the_operator_allows_is_allowed(self, settings):
        settings.CRM_WEBHOOK_ALLOWED_NETWORKS = ["10.0.0.0/8"]
        assert resolve("10.1.2.3", 443) == "10.1.2.3"
        with pytest.raises(AddressRefused):
            resolve("192.168.1.1", 443)


class TestCall:
    def test_of_this_machine_is_not_made(self, receiver, settings):
        settings.CRM_WEBHOOK_ALLOWED_NETWORKS = []
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
            answer = post(f"http://{host}:{receiver.port}/", body=b"{}", headers={})
            assert answer.status is None, host
        assert receiver.sent == []

    def test_goes_where_the_name_was_checked(self, receiver, settings, monkeypatch):
        """A name that is public when it is checked and private afterwards: it is asked once."""
        settings.CRM_WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.2/32"]
        names(monkeypatch, "127.0.0.2", "127.0.0.1")
        answer = post(f"http://rebound.test:{receiver.port}/", body=b"{}", headers={})
        assert answer.status is None
        assert "Connect" in answer.text
        assert receiver.sent == []

    def test_names_the_host_that_was_meant(self, receiver, monkeypatch):
        names(monkeypatch, "127.0.0.1")
        url = f"http://hooks.acme.test:{receiver.port}/"
        assert post(url, body=b"{}", headers={}).has_arrived
        assert receiver.sent[0].headers["host"] == f"hooks.acme.test:{receiver.port}"

    def test_does_not_follow_a_redirect(self, in_tenant, receiver):
        receiver.answers = [says(307, Location=f"{receiver.url}&again"), says(200)]
        endpoint = create_endpoint(url=receiver.url, events=["contact.created"])
        emit({"contact.created": lambda: [{"id": 1}]})
        send_due(endpoint_id=endpoint.pk, at=timezone.now(), most=5)
        assert len(receiver.sent) == 1
        assert WebhookDelivery.objects.get().answer_status == 307

    @pytest.mark.parametrize(
        "url", ["http://[broken/", "gopher://x.test/", "http://", "http://x:y/"]
    )
    def test_of_nonsense_is_a_failure_like_any_other(self, url):
        assert post(url, body=b"{}", headers={}).status is None


class TestEndpoint:
    @pytest.mark.parametrize(
        "url",
        [
            *("", "x", "ftp://hooks.acme.test/", "//hooks.acme.test/", "javascript:alert(1)"),
            *("http://", "https://a b.test/", "http://127.0.0.1/", "http://[::1]/x"),
            *("http://169.254.169.254/latest/", "http://localhost:8000/", "http://LOCALHOST/"),
            *(
                "https://user:secret@hooks.acme.test/",
                "https://x.test/\x00",
                "https://x.test:99999/",
            ),
            "https://x.test/" + "x" * 500,
            *(5, ["https://x.test/"], {"url": "https://x.test"}, True),
        ],
    )
    def test_needs_a_public_address(self, in_tenant, url):
        with pytest.raises(InvalidInput) as refusal:
            create_endpoint(url=url, events=["contact.created"])
        assert set(refusal.value.fields) == {"url"}
