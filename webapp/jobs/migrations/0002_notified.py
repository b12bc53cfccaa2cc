from django.db import migrations, models


class Migration(migrations.Migration):
    """Another name in the code; the column stays as it is."""

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AlterField("job", "rung", models.DateTimeField(db_column="rung", null=True)),
        migrations.RenameField("job", "rung", "notified"),
    ]
