"""Webhooks by program; for curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.core.permissions import CuratorOnly
from webapp.hooks import services
from webapp.hooks.deliveries import delivery_send_again
from webapp.hooks.events import trial_send
from webapp.hooks.models import Delivery, Hook
from webapp.hooks.selectors import deliveries_of
from webapp.hooks.serializers import (
    DeliverySerializer,
    HookChangeSerializer,
    HookRequestSerializer,
    HookSerializer,
    HookWithSecretSerializer,
)

_ROOM = [*APIView.permission_classes, CuratorOnly]
_SENT = [JSONParser, FormParser, MultiPartParser]


def _with_secret(hook: Hook, secret: str, code: int) -> Response:
    answer = Response(HookWithSecretSerializer(hook, context={"secret": secret}).data, code)
    answer["Cache-Control"] = "no-store"
    return answer


class HookList(generics.ListAPIView):
    """Every webhook; and new ones."""

    serializer_class = HookSerializer
    permission_classes = _ROOM
    queryset = Hook.objects.order_by("pk")
    parser_classes = _SENT

    @extend_schema(request=HookRequestSerializer, responses={201: HookWithSecretSerializer})
    def post(self, request: Request) -> Response:
        """A new webhook. The answer alone holds its signing secret: keep it."""
        wanted = HookRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        hook, secret = services.hook_create(user=request.user, **wanted.validated_data)
        return _with_secret(hook, secret, status.HTTP_201_CREATED)


class HookDetail(generics.RetrieveAPIView):
    """One webhook."""

    serializer_class = HookSerializer
    permission_classes = _ROOM
    queryset = Hook.objects.all()
    parser_classes = _SENT

    @extend_schema(request=HookChangeSerializer, responses=HookSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a webhook, switch it on or off."""
        hook = self.get_object()
        wanted = HookChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        active = sent.pop("active", None)
        if sent:
            services.hook_change(
                hook=hook, **{"name": hook.name, "url": hook.url, "events": hook.events} | sent
            )
        if active is not None:
            services.hook_switch(hook=hook, active=active)
        return Response(HookSerializer(hook).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a webhook, with what became of its messages."""
        services.hook_delete(hook=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class HookSecret(APIView):
    """The signing secret."""

    permission_classes = _ROOM

    @extend_schema(request=None, responses=HookWithSecretSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """A new signing secret. The one before signs too for a day."""
        hook = get_object_or_404(Hook, pk=pk)
        return _with_secret(hook, services.secret_renew(hook=hook), status.HTTP_200_OK)


class HookTrial(APIView):
    """A message that means nothing."""

    permission_classes = _ROOM

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Send a trial; what becomes of it stands among the deliveries."""
        made = trial_send(hook=get_object_or_404(Hook, pk=pk))
        return Response(DeliverySerializer(made).data, status.HTTP_202_ACCEPTED)


class DeliveryList(generics.ListAPIView):
    """What became of a webhook's messages in the last 30 days, the newest first."""

    serializer_class = DeliverySerializer
    permission_classes = _ROOM
    queryset = Delivery.objects.none()

    def get_queryset(self):
        return deliveries_of(get_object_or_404(Hook, pk=self.kwargs["pk"]))


class DeliveryAgain(APIView):
    """One message, once more."""

    permission_classes = _ROOM

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, pk: int, delivery: int) -> Response:
        """Send the same message again, now; 409 ``switched_off`` where its webhook is."""
        again = get_object_or_404(Delivery.objects.select_related("event"), pk=delivery, hook=pk)
        delivery_send_again(delivery=again)
        again.refresh_from_db()
        return Response(DeliverySerializer(again).data, status.HTTP_202_ACCEPTED)
