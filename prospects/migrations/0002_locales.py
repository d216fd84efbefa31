"""The countries the product starts with. Rates are rough and meant to be set by the operator."""

from django.db import migrations

LOCALES = [
    ("México", "MX", "52", "MXN", "18.5"),
    ("United States", "US", "1", "USD", "1"),
    ("Colombia", "CO", "57", "COP", "4000"),
    ("Chile", "CL", "56", "CLP", "940"),
    ("Argentina", "AR", "54", "ARS", "1400"),
    ("Perú", "PE", "51", "PEN", "3.6"),
    ("Brasil", "BR", "55", "BRL", "5.4"),
    ("España", "ES", "34", "EUR", "0.88"),
    ("Ecuador", "EC", "593", "USD", "1"),
    ("Guatemala", "GT", "502", "GTQ", "7.7"),
    ("Costa Rica", "CR", "506", "CRC", "505"),
    ("Canada", "CA", "1", "CAD", "1.38"),
]


def create(apps, schema_editor):
    Locale = apps.get_model("prospects", "Locale")
    Locale.objects.bulk_create(
        Locale(name=name, country_code=country, phone_code=phone, currency=currency, rate=rate)
        for name, country, phone, currency, rate in LOCALES
    )


class Migration(migrations.Migration):
    dependencies = [("prospects", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
