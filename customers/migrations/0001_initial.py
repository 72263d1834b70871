from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Who buys here: a name, and a phone number as somebody wrote it."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                ("created_at", models.DateTimeField(default=timezone.now, editable=False)),
            ],
            options={"ordering": ["name", "pk"]},
        ),
    ]
