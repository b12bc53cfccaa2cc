"""How pages of lists and errors look to programs."""

from django.http import HttpRequest, JsonResponse
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from webapp.core.errors import AppError


class Pages(PageNumberPagination):
    """``{count, next, previous, results}``; ``?page_size=`` up to 500."""

    page_size_query_param = "page_size"
    max_page_size = 500


def error_body(error: AppError) -> dict:
    """``{code, error, hint, retryable}``: the one shape of every refusal."""
    return {"code": error.code, "error": str(error), "hint": error.hint, "retryable": error.retryable}


def api_error(exc: Exception, context: dict) -> Response | None:
    """DRF's exception handler, knowing ``AppError`` too."""
    if isinstance(exc, AppError):
        return Response(error_body(exc), status=exc.status)
    return exception_handler(exc, context)


class AppErrorMiddleware:
    """Turns an ``AppError`` raised by a page's view into its status and its JSON body."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> JsonResponse | None:
        if isinstance(exception, AppError):
            return JsonResponse(error_body(exception), status=exception.status)
        return None
