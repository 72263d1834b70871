import django.db.models.deletion
from django.db import migrations, models


def session(related_name, help_text):
    return models.ForeignKey(
        help_text=help_text,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="sales.tillsession",
    )


class Migration(migrations.Migration):
    """In whose drawer money came and went. Empty for what happened before: nobody knows any more."""

    dependencies = [("sales", "0011_till_session")]
    operations = [
        migrations.AddField(
            "payment",
            "till_session",
            session("payments", "Whose drawer it went into. Empty: before there were sessions."),
        ),
        migrations.AddField(
            "return", "till_session", session("returns", "Whose drawer paid. Empty: before there were sessions.")
        ),
        migrations.AddField(
            "sale",
            "till_session",
            session("sales", "The session that received it. Empty: sold before there were any."),
        ),
    ]
