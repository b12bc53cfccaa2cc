"""Refusals of webhooks."""

from django.utils.translation import gettext_noop as _

WEBHOOK_WORDS: dict[str, tuple[str, str]] = {
    "bad_hook_name": (_("A webhook needs a name."), _("Use at most 100 characters.")),
    "bad_address": (_("This address cannot be used."), _("Write it as https://example.org/path.")),
    "inner_address": (
        _("The address is in the server's own network."),
        _("An operator can allow it: MOCBAN_HOOK_NETWORKS."),
    ),
    "no_such_host": (_("There is no host with this name."), ""),
    "same_address": (_("There is already a webhook for this address."), _("Change that webhook.")),
    "bad_events": (_("Choose at least one event."), ""),
    "too_many_hooks": (_("There are too many webhooks."), _("Delete one.")),
    "key_changed": (
        _("The webhook's secret was created with another key of the installation."),
        _("Create a new secret and give it to the receiver."),
    ),
    "switched_off": (_("The webhook is off."), _("Turn it on first.")),
    "redirect": (_("The receiver redirected to another address."), _("Use that address instead.")),
    "bad_status": (_("The receiver answered with an error."), ""),
    "timed_out": (_("The receiver did not answer in time."), ""),
    "no_connection": (_("There was no connection, or it was interrupted."), ""),
    "bad_certificate": (_("There is no secure connection: the certificate is not valid."), ""),
    "bad_answer": (_("The receiver does not speak HTTP."), ""),
    "promotion_under_way": (_("Another model is being promoted."), _("Wait until that is done.")),
}
