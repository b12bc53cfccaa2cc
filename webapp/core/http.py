"""How pages of lists and errors look to programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from webapp.core.errors import AppError
from webapp.core.refusals.words import error_in_words


class Pages(PageNumberPagination):
    """``{count, next, previous, results}``; ``?page_size=`` up to 500."""

    page_size_query_param = "page_size"
    max_page_size = 500


def whole_number(word: str) -> int:
    """The number that an address or a form gives, such as an id; 0, which no row has, for anything else."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0


def error_body(error: AppError) -> dict:
    """``{code, error, hint, retryable}``: the one shape of every refusal."""
    return {"code": error.code, "error": str(error), "hint": error.hint, "retryable": error.retryable}


def api_error(exc: Exception, context: dict) -> Response | None:
    """DRF's exception handler: whatever goes wrong has the one shape ``{code, error, hint, retryable}``.

    A refusal of single fields has ``fields`` besides: what is wrong with each, by its name.
    """
    if isinstance(exc, AppError):
        return Response(error_body(exc), status=exc.status)
    response = exception_handler(exc, context)
    if response is None:  # a fault of ours: the 500 page's to answer
        return None
    status = response.status_code
    body = {"code": _CODES.get(status, "refused"), "hint": "", "retryable": status in {429, 503}}
    if isinstance(exc, ValidationError):
        body |= {"code": "invalid", "error": _in_one_line(response.data), "fields": response.data}
    else:
        body["error"] = str(response.data["detail"])
    response.data = body
    return response


def _in_one_line(wrong: Any) -> str:
    """What is wrong with each field, for people."""
    if isinstance(wrong, dict):
        return "; ".join(f"{name}: {_in_one_line(words)}" for name, words in wrong.items())
    if isinstance(wrong, list):
        return " ".join(_in_one_line(word) for word in wrong)
    return str(wrong)


_CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "too_often",
}


def error_code(status: int) -> str:
    """The word for programs that goes with an HTTP status."""
    return _CODES.get(status, "error")


def wants_json(request: HttpRequest) -> bool:
    """Whether an error goes to a program: to any address of the API, or to whoever asks for JSON."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or accepted.startswith("application/json")


class AppErrorMiddleware:
    """Turns an ``AppError`` raised by a page's view into its status, and a page or a JSON body.

    Who follows a link or sends a form gets a page; scripts of our pages, and programs, get JSON.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AppError):
            return None
        message, hint = error_in_words(exception)
        wants_page = "text/html" in request.headers.get("Accept", "") and not request.htmx
        if not wants_page:
            body = error_body(exception) | {"error": message, "hint": hint}
            return JsonResponse(body, status=exception.status)
        context = {"status": exception.status, "message": message, "hint": hint}
        return render(request, "error.html", context, status=exception.status)
