"""Log-in, log-out, the password, and one's own API token."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from webapp.accounts.forms import PasswordForm
from webapp.accounts.models import ApiToken
from webapp.accounts.serializers import ShortcutsSerializer
from webapp.accounts.services import token_renew
from webapp.accounts.shortcuts import shortcuts_save
from webapp.core.pages.page_data import page_data

login = LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True)
logout = LogoutView.as_view()


class Password(PasswordChangeView):
    """One's own password."""

    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("accounts:account")

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        messages.success(self.request, _("Your password has been changed."), extra_tags="good")
        return super().form_valid(form)


@sensitive_variables("key")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's name, role and token; a POST makes a new token and shows it once."""
    key = token_renew(user=request.user) if request.method == "POST" else ""
    has_token = ApiToken.objects.filter(user=request.user).exists()
    response = render(request, "accounts/account.html", {"key": key, "has_token": has_token})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def keys(request: HttpRequest) -> JsonResponse:
    """Keep one's own keys of a page: ``{page, keys}``, keys by the names of their actions."""
    sent = page_data(request, ShortcutsSerializer).validated_data
    shortcuts_save(user=request.user, page=sent["page"], keys=sent["keys"])
    return JsonResponse({"saved": True})
