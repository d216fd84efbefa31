from __future__ import annotations

import pytest

from accounts.tenants.models import Tenant
from accounts.tenants.rounds import for_each_tenant
from core.tenancy import across_tenants, current_tenant, no_tenant


@pytest.mark.usefixtures("team", "rivals")
class TestARound:
    def go(self, do, **options):
        with no_tenant():
            return for_each_tenant(do, **options)

    def test_acts_for_each_tenant_in_turn_and_sums(self, team, rivals):
        assert self.go(current_tenant) == team.tenant.pk + rivals.tenant.pk

    def test_goes_on_when_one_fails(self, team, rivals, caplog):
        def fail_for_the_first() -> int:
            if current_tenant() == team.tenant.pk:
                raise ValueError("no luck")
            return 1

        assert self.go(fail_for_the_first) == 1
        assert str(team.tenant.pk) in caplog.text

    def test_leaves_out_who_is_inactive_unless_asked(self, rivals):
        with across_tenants():
            Tenant.objects.filter(pk=rivals.tenant.pk).update(is_active=False)
        assert self.go(lambda: 1) == 1
        assert self.go(lambda: 1, with_inactive=True) == 2
