from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("smartduka", "0004_fill_event_search_text")]
    operations = [
        migrations.AlterField(
            model_name="event",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=1000),
        ),
    ]
