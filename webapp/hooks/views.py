"""Pages of webhooks; for curators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.core.errors import AppError
from webapp.core.permissions import require_curator
from webapp.core.refusals.words import error_in_words
from webapp.hooks import services
from webapp.hooks.deliveries import delivery_send_again
from webapp.hooks.events import trial_send
from webapp.hooks.models import Delivery, EventKind, Hook
from webapp.hooks.selectors import deliveries_of, hooks_all

_A_PAGE = 25


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def hook_list(request: HttpRequest) -> HttpResponse:
    """Every webhook. A POST makes another one, and shows its secret once."""
    require_curator(request.user)
    sent, refused = {"events": EventKind.values}, None
    if request.method == "POST":
        sent = _sent(request)
        try:
            hook, secret = services.hook_create(user=request.user, **sent)
        except AppError as error:
            refused = error
        else:
            return _page(request, hook, secret=secret)
    shown = {"hooks": hooks_all(), "kept": sent, "kinds": EventKind.choices, "refused": _words(refused)}
    return render(request, "hooks/hooks.html", shown, status=refused.status if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hook_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook, and what became of its messages. A POST changes it."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    if request.method != "POST":
        return _page(request, hook)
    try:
        services.hook_change(hook=hook, **_sent(request))
    except AppError as error:
        return _page(request, hook, refused=error)
    messages.success(request, _("Saved."), extra_tags="good")
    return redirect("hooks:hook", hook.pk)


@sensitive_variables("secret")
@require_POST
def renew_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    return _page(request, hook, secret=services.secret_renew(hook=hook))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook on or off."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    services.hook_switch(hook=hook, active=request.POST.get("active") == "1")
    return redirect("hooks:hook", hook.pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a webhook."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    services.hook_delete(hook=hook)
    messages.success(request, _("%(name)s has been deleted.") % {"name": hook.name}, extra_tags="good")
    return redirect("hooks:hooks")


@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that means nothing."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    trial_send(hook=hook)
    return redirect("hooks:hook", hook.pk)


@require_POST
def send_again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send a message once more."""
    require_curator(request.user)
    delivery_send_again(delivery=get_object_or_404(Delivery, pk=delivery, hook=pk))
    return redirect("hooks:hook", pk)


@require_safe
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a webhook's messages, while some are on their way."""
    require_curator(request.user)
    hook = get_object_or_404(Hook, pk=pk)
    return render(request, "hooks/_deliveries.html", {"hook": hook, **_deliveries(request, hook)})


def _page(
    request: HttpRequest, hook: Hook, *, secret: str = "", refused: AppError | None = None
) -> HttpResponse:
    kept = _sent(request) if refused else {"name": hook.name, "url": hook.url, "events": hook.events}
    shown = {
        "hook": hook,
        "kept": kept,
        "kinds": EventKind.choices,
        "secret": secret,
        "refused": _words(refused),
        **_deliveries(request, hook),
    }
    answer = render(request, "hooks/hook.html", shown, status=refused.status if refused else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _deliveries(request: HttpRequest, hook: Hook) -> dict:
    page = Paginator(deliveries_of(hook), _A_PAGE).get_page(request.GET.get("page"))
    # One that is tried again in an hour is looked after by nobody who sits before the page.
    soon = any(one.state == Delivery.State.WAITING and one.next_try is None for one in page)
    return {"page": page, "soon": soon, "words": dict(EventKind.choices)}


def _sent(request: HttpRequest) -> dict:
    return {
        "name": request.POST.get("name", ""),
        "url": request.POST.get("url", ""),
        "events": request.POST.getlist("events"),
    }


def _words(error: AppError | None) -> tuple[str, str] | None:
    return error_in_words(error) if error else None
