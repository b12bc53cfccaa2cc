"""Tokens that were kept in plain go on working, kept as hashes; the old table goes.

The app that made it (rest_framework.authtoken) is no longer installed, so the table is read as it lies there.
"""

import hashlib

from django.db import migrations

_OLD = "authtoken_token"


def hash_tokens(apps, schema_editor):
    connection = schema_editor.connection
    if _OLD not in connection.introspection.table_names():
        return
    tokens = apps.get_model("accounts", "ApiToken")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, user_id, created FROM {_OLD}")
        rows = cursor.fetchall()
    for key, user, created in rows:
        digest = hashlib.sha256(key.encode()).hexdigest()
        # SQLite gives the time back as text; a token's age is of no weight, so that it begins anew.
        moment = {"created": created} if hasattr(created, "tzinfo") and created.tzinfo else {}
        tokens.objects.create(user_id=user, digest=digest, **moment)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_OLD}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_api_tokens")]

    operations = [migrations.RunPython(hash_tokens, migrations.RunPython.noop)]
