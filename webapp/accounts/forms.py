"""Forms of this room."""

from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class PasswordForm(PasswordChangeForm):
    """Django's own, in the clothes of our pages; guesses at the old password count as failed log-ins."""

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_old_password(self) -> str:
        """Checked as a log-in is, so that as many guesses close the door for as long."""
        password = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=password) is None:
            raise ValidationError(self.error_messages["password_incorrect"])
        return password
