from django.db import migrations, models


class Migration(migrations.Migration):
    """Which fact changed, and the words of an event as they are searched; at first nobody has filled those in."""

    dependencies = [("smartduka", "0002_event")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="fact",
            field=models.CharField(blank=True, default="", help_text="Which of its facts changed.", max_length=60),
        ),
        migrations.AddField(
            model_name="event",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=1000, null=True),
        ),
    ]
