from __future__ import annotations

import re

import pytest

from accounts.models import User
from core.errors import InvalidInput
from prospects.imports import planning
from prospects.models import Content, ImportJob, ImportRow, Prospect
from tests.prospects.cards_of import card, category
from tests.prospects.imports.plans import bring_in, plan, verdicts

pytestmark = pytest.mark.usefixtures("in_tenant")


@pytest.fixture
def _small_chunks(monkeypatch):
    monkeypatch.setattr(planning, "MOST_ROWS", 2)


@pytest.mark.usefixtures("_small_chunks")
class TestPlan:
    def test_gives_every_row_a_verdict_and_writes_nothing_else(self):
        job = plan(
            """name,email,phone
            Ana,ana@x.mx,5512345678
            Luis,nobody,
            ,,
            Ana again,ANA@x.mx,
            Eva,,01 55 1234 5678
            Leo,leo@x.mx,12
            Mia,leo@x.mx,5587654321"""
        )
        assert verdicts(job) == [
            (2, "create", ""),
            (3, "error", "INVALID_EMAIL"),
            (5, "duplicate", "DUPLICATE_IN_BATCH"),
            (6, "duplicate", "DUPLICATE_IN_BATCH"),
            (7, "error", "INVALID_PHONE"),
            (8, "create", ""),
        ]
        assert (job.status, job.rows_read) == ("planned", 6)
        assert job.counts == {
            "create": 2,
            "update": 0,
            "unchanged": 0,
            "duplicate": 2,
            "error": 2,
        }
        assert not Prospect.objects.exists()

    def test_keeps_what_the_file_says(self):
        job = plan("name,email,other\nAna,nobody,7")
        row = job.rows.get()
        assert row.cells == {"name": "Ana", "email": "nobody", "other": "7"}
        assert row.message == "email: this is not an email address"
        assert job.columns == ["name", "email", "other"]

    def test_knows_the_cards_that_exist(self, team):
        by_email = card(team, email="ana@x.mx")
        by_phone = card(team, phone_code="52", phone="5512345678")
        job = plan("email,phone\nANA@x.mx,\n,044 55 1234 5678\nnew@x.mx,")
        assert verdicts(job) == [
            (2, "duplicate", "DUPLICATE_EMAIL"),
            (3, "duplicate", "DUPLICATE_PHONE"),
            (4, "create", ""),
        ]
        ids = [row.known_card_id(job) for row in job.rows.order_by("line")]
        assert ids == [by_email.pk, by_phone.pk, None]

    def test_names_no_card_that_its_author_may_not_see(self, team):
        card(team, owner=team.bob, email="ana@x.mx", external_id="7")
        for author, is_named in ((team.alice, False), (team.bob, True), (team.mona, True)):
            row = plan("email\nana@x.mx", by=author.user).rows.get()
            assert row.verdict == "duplicate"
            assert (row.prospect_id is not None) is is_named
        text = "external id,name\n7,New"
        job = plan(text, by=team.alice.user, mapping={"external id": "external_id"}, is_update=True)
        assert verdicts(job) == [(2, "duplicate", "DUPLICATE_EXTERNAL_ID")]

    def test_sees_only_its_own_tenant(self, rivals):
        card(rivals, email="ana@x.mx")
        assert verdicts(plan("email\nana@x.mx")) == [(2, "create", "")]

    def test_stops_before_bad_lines_fill_the_memory(self, monkeypatch):
        monkeypatch.setattr(planning, "MOST_CHARACTERS", 10)
        rows = plan("name\n" + "\n".join("x" * 50 for _ in range(3))).rows
        assert rows.count() == 3


class TestKnownExternalIds:
    FILE = "id,name,created_at\na-1,Ana,2026-01-05\n"
    OPTIONS = {"mapping": {"id": "external_id"}}

    def test_change_nothing_the_second_time(self):
        bring_in(self.FILE, **self.OPTIONS)
        for is_update in (False, True):
            job = plan(self.FILE, is_update=is_update, **self.OPTIONS)
            assert verdicts(job) == [(2, "unchanged", "")]

    def test_are_duplicates_without_update_if_something_differs(self):
        bring_in(self.FILE, **self.OPTIONS)
        job = plan(self.FILE.replace("Ana", "Eva"), **self.OPTIONS)
        assert verdicts(job) == [(2, "duplicate", "DUPLICATE_EXTERNAL_ID")]
        assert job.rows.get().prospect_id == Prospect.objects.get().pk

    def test_are_updated_with_only_what_changes(self):
        bring_in(self.FILE, **self.OPTIONS)
        later = self.FILE.replace("Ana", "Eva").replace("2026-01-05", "2027-01-01")
        row = plan(later, is_update=True, **self.OPTIONS).rows.get()
        assert (row.verdict, row.values) == ("update", {"name": "Eva"})

    def test_do_not_erase_by_blank_cells(self):
        bring_in(self.FILE, **self.OPTIONS)
        job = plan("id,name\na-1,", is_update=True, **self.OPTIONS)
        assert verdicts(job) == [(2, "unchanged", "")]

    def test_are_refused_when_the_email_is_anothers(self, team):
        bring_in(self.FILE, **self.OPTIONS)
        other = card(team, email="other@x.mx")
        job = plan("id,email\na-1,other@x.mx", is_update=True, **self.OPTIONS)
        assert verdicts(job) == [(2, "duplicate", "DUPLICATE_EMAIL")]
        assert job.rows.get().prospect_id == other.pk

    def test_that_repeat_within_the_file_count_once(self):
        text = "id,name\na-1,Ana\na-1,Eva"
        bring_in(text, **self.OPTIONS)
        assert Prospect.objects.get().name == "Ana"
        again = bring_in(text, is_update=True, **self.OPTIONS)
        assert verdicts(again) == [
            (2, "unchanged", ""),
            (3, "duplicate", "DUPLICATE_IN_BATCH"),
        ]
        assert Prospect.objects.get().name == "Ana"


class TestValues:
    def test_of_every_field_are_read(self, team):
        cells = {
            "name": "Ana Ruiz",
            "company": "Acme",
            "email": "ANA@x.mx",
            "phone": "4155552671",
            "code": "1",
            "external_id": "x-1",
            "locale": "méxico",
            "type": "cliente",
            "owner": "Bob Sales",
            "category": "negociación",
            "channel": "web",
            "account_type": "SME",
            "account_value": "$1234.50",
            "monthly_shipments": "100-500",
            "estimated_close_date": "15/03/2026",
            "commercial_offer_date": "2026-04-01",
            "annotations": "hola",
            "content": "PACKAGECONTENT.FOOD",
            "category_changed_at": "26-02-2018 19:58",
            "created_at": "2018-02-01",
        }
        job = plan(f"{','.join(cells)}\n{','.join(cells.values())}")
        values = job.rows.get().values
        assert values == values | {
            "name": "Ana Ruiz",
            "company_name": "Acme",
            "email": "ana@x.mx",
            "phone_code": "1",
            "phone": "4155552671",
            "external_id": "x-1",
            "type": 2,
            "owner_id": team.bob.id,
            "category_id": category(team, "negotiation").pk,
            "channel": "web",
            "account_type": "sme",
            "account_value": "1234.50",
            "monthly_shipments": 100,
            "estimated_close_date": "2026-03-15",
            "commercial_offer_date": "2026-04-01",
            "annotations": "hola",
            "content_id": Content.objects.get(name="packageContent.food").pk,
            "category_changed_at": "2018-02-26T19:58:00-06:00",
            "created_at": "2018-02-01T00:00:00-06:00",
        }

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("locale", "Atlantis", "UNKNOWN_LOCALE"),
            ("category", "winning", "UNKNOWN_CATEGORY"),
            ("owner", "Nobody Here", "INVALID_VALUE"),
            ("type", "enemy", "INVALID_VALUE"),
            ("created_at", "99999-01-01", "INVALID_VALUE"),
            ("created_at", "31-02-2026", "INVALID_VALUE"),
            ("account_value", "-1", "INVALID_VALUE"),
            ("account_value", "1e15", "INVALID_VALUE"),
            ("monthly_shipments", "3000000000", "INVALID_VALUE"),
            ("content", "x" * 121, "INVALID_VALUE"),
            ("external_id", "x" * 101, "INVALID_VALUE"),
        ],
    )
    def test_that_make_no_sense_are_refused(self, field, value, code):
        assert verdicts(plan(f"company,{field}\nAcme,{value}")) == [(2, "error", code)]

    def test_name_users_by_email_or_by_a_name_that_is_theirs_alone(self, team):
        job = plan("company,owner\nA,ALICE@acme.test\nB,Alice Sales\nC,Alice")
        assert [each[1] for each in verdicts(job)] == ["create", "create", "error"]
        User.objects.create(tenant=team.tenant, name="Alice Sales", email="a2@x.mx", role="sales")
        row = plan("company,owner\nB,Alice Sales").rows.get()
        assert row.message == "owner is the name of several users: write the email"

    def test_of_another_tenants_people_are_unknown(self, rivals):
        job = plan("company,owner\nA,alice@rivals.test")
        assert verdicts(job) == [(2, "error", "INVALID_VALUE")]

    def test_of_deactivated_people_are_unknown(self, team):
        User.objects.filter(pk=team.bob.id).update(is_active=False)
        assert verdicts(plan("company,owner\nA,bob@acme.test")) == [(2, "error", "INVALID_VALUE")]

    def test_new_to_a_list_are_announced_unless_only_refused_rows_have_them(self):
        job = plan(
            """company,email,content,owner
            A,,pet,sr-1
            B,,PET,sr-1
            C,nobody,toys,sr-2
            D,,PackageContent.Food,""",
            creates_users=True,
        )
        names = {field: [name for _, name in entries] for field, entries in job.new_entries.items()}
        assert names == {"content": ["pet"], "owner": ["sr-1"]}
        assert not Content.objects.filter(name="pet").exists()

    def test_new_to_a_list_cannot_be_endless(self, monkeypatch):
        monkeypatch.setattr("prospects.imports.newcomers.MOST", 2)
        job = plan("company,content\nA,one\nB,two\nC,three\nD,ONE")
        assert [each[1] for each in verdicts(job)] == ["create", "create", "error", "create"]


class TestColumns:
    def test_map_themselves_by_spanish_and_english_names(self):
        job = plan("Nombre Completo;EMPRESA;Correo Electrónico;Teléfono;Envíos mensuales\nA;B;;;7")
        assert job.mapping == {
            "Nombre Completo": "name",
            "EMPRESA": "company",
            "Correo Electrónico": "email",
            "Teléfono": "phone",
            "Envíos mensuales": "monthly_shipments",
        }

    def test_can_be_mapped_otherwise_or_left_out(self):
        job = plan(
            "name,contact,email,Extra\nAcme,Ana,a@x.mx,web",
            mapping={"NAME": "company", "email": "", "extra": "channel"},
        )
        assert job.mapping == {"name": "company", "contact": "name", "Extra": "channel"}

    def test_give_way_to_what_every_row_is_set_to(self, team):
        job = plan("name,channel\nAna,web", constants={"channel": "fair", "category": "qualified"})
        values = job.rows.get().values
        assert values["channel"] == "fair"
        assert values["category_id"] == category(team, "qualified").pk

    def test_set_for_every_row_may_be_the_calling_code(self):
        job = plan("phone\n4155552671", constants={"code": "1"})
        assert job.rows.get().values["phone_code"] == "1"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"mapping": {"x": "name"}}, "The file has no column 'x'. It has: name, other."),
            ({"mapping": {"other": "nome"}}, "There is no field 'nome'."),
            ({"mapping": {"other": "name", "name": "name"}}, "Two columns are mapped to name"),
            ({"constants": {"nome": "A"}}, "There is no field 'nome'."),
            ({"constants": {"category": "winning"}}, "category: 'winning' does not exist."),
            ({"constants": {"email": "a@x.mx"}}, "email cannot be the same for every row."),
            ({"constants": {"code": "abcd"}}, "code: the country code is not one to three"),
        ],
    )
    def test_that_cannot_be_mapped_stop_the_plan(self, options, message):
        with pytest.raises(InvalidInput, match=re.escape(message)):
            plan("name,other\nAna,1", **options)
        assert not ImportJob.objects.exists()

    def test_of_which_none_is_known_stop_the_plan(self):
        with pytest.raises(
            InvalidInput, match=r"No column of the file is known\. It has: one, two"
        ):
            plan("one,two\n1,2")


class TestFiles:
    @pytest.mark.parametrize(
        "content",
        [b"", b"\x89PNG\r\n\x1a\n123", b"PK\x03\x04junk", b"<html><body>hi</body></html>"],
    )
    def test_that_are_no_table_are_refused(self, content):
        with pytest.raises(InvalidInput):
            plan(content)
        assert not ImportJob.objects.exists()

    @pytest.mark.usefixtures("_small_chunks")
    @pytest.mark.parametrize("ending", ['"Eva,eva@x', "Eva"])
    def test_that_are_cut_off_leave_nothing(self, ending):
        content = "name,email\n" + "Ana,\nLeo,\nMia,\n" + ending
        with pytest.raises(InvalidInput, match=r"The file is cut off: .* \(line 5\)"):
            plan(content.encode())
        assert not ImportJob.objects.exists()
        assert not ImportRow.objects.exists()

    def test_of_spanish_excel_with_everything_wrong_are_read(self):
        lines = [
            "Nombre;Compañía;Correo;Teléfono",
            "José Muñoz;Peñafiel;JOSE@X.MX;55 1234 5678",
            "Íñigo;;inigo@x.mx;044 55 1234 5678",
            "",
            "Ana;;ana@x.mx;045 (33) 1234-5678",
            "Eva;;eva@x.mx;01 81 1234 5678",
            "Zoë;;zoe@x.mx;+52 1 222 123 4567",
            "Leo;;leo@x.mx;+52 442 123 4567",
            ";;;",
            "Nul;a\0b;nul@x.mx;",
            "Largo;" + "x" * 1_000_000 + ";largo@x.mx;",
        ]
        job = bring_in("\r\n".join(lines).encode("latin-1") + b"\r\n")
        assert verdicts(job) == [
            (2, "create", ""),
            (3, "duplicate", "DUPLICATE_IN_BATCH"),
            (5, "create", ""),
            (6, "create", ""),
            (7, "create", ""),
            (8, "create", ""),
            (10, "error", "INVALID_VALUE"),
            (11, "error", "INVALID_VALUE"),
        ]
        phones = Prospect.objects.order_by("pk").values_list("name", "company_name", "phone")
        assert list(phones) == [
            ("José Muñoz", "Peñafiel", "5512345678"),
            ("Ana", "", "3312345678"),
            ("Eva", "", "8112345678"),
            ("Zoë", "", "2221234567"),
            ("Leo", "", "4421234567"),
        ]
        assert len(job.rows.get(line=11).cells["Compañía"]) < 200
