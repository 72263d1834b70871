"""Who may do what, asked of the database once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

_GRANTED = """
    SELECT kind.app_label, granted.codename
    FROM auth_permission granted
    JOIN django_content_type kind ON kind.id = granted.content_type_id
    WHERE granted.id IN (
        SELECT permission_id FROM auth_user_user_permissions WHERE user_id = %s
        UNION ALL
        SELECT permission_id FROM auth_group_permissions
        JOIN auth_user_groups ON auth_user_groups.group_id = auth_group_permissions.group_id
        WHERE auth_user_groups.user_id = %s
    )
"""


class OneQuestionBackend(ModelBackend):
    """As Django's, but somebody's own permissions and those of their groups come together.

    Every request of the till asks for them; afterwards the user keeps them, as with Django's.
    """

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        is_asked = obj is None and user_obj.is_active and not user_obj.is_anonymous and not user_obj.is_superuser
        if is_asked and not hasattr(user_obj, "_perm_cache"):
            with connection.cursor() as cursor:
                cursor.execute(_GRANTED, [user_obj.pk, user_obj.pk])
                user_obj._perm_cache = {f"{app}.{codename}" for app, codename in cursor.fetchall()}
        return super().get_all_permissions(user_obj, obj)
