"""Registration: a print laid over one carved block, to tell carvings of the same character apart."""

from retrieval.register.forms import FORM_VERSION, ItemForm, PrintForm, item_form, print_form, read_item_form
from retrieval.register.registration import PrintOver, Registration

__all__ = [
    "FORM_VERSION",
    "ItemForm",
    "PrintForm",
    "PrintOver",
    "Registration",
    "item_form",
    "print_form",
    "read_item_form",
]
