"""Cards in people's hands, and a batch's settings: the API of assignment."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches.models import Query
from webapp.batches.selectors import cards_for, may_change
from webapp.review.assignment.batch_settings import batch_set_up, settings_of
from webapp.review.assignment.leases import cards_deal, leases_hold, leases_release
from webapp.review.assignment.order import Order
from webapp.review.assignment.serializers import (
    BatchSettingsSerializer,
    DealSerializer,
    DealtSerializer,
    HeldIdsSerializer,
    HeldSerializer,
)
from webapp.review.batch_view import BatchView
from webapp.review.cards.payload import cards_of


class BatchDeal(BatchView):
    """Cards to be answered."""

    @extend_schema(request=DealSerializer, responses=DealtSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take the next cards into one's hands for two minutes: nobody else is dealt them meanwhile."""
        batch, wanted = self.batch(), DealSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        dealt = cards_deal(batch=batch, user=request.user, order=Order(sent.pop("order")), **sent)
        queries = Query.objects.filter(pk__in=dealt.ids)
        cards = cards_of(queries, request.user, batch=batch, order=dealt.ids)
        return Response({"cards": cards, "left": dealt.left, "until": dealt.until.isoformat()})


class BatchHold(BatchView):
    """Cards that one goes on holding."""

    @extend_schema(request=HeldIdsSerializer, responses=HeldSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Keep cards for two minutes more. Ask every 40 seconds; what is lost, somebody else may answer."""
        self.batch()
        ids = _sent_ids(request)
        known = set(cards_for(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        held, _ = leases_hold(queries=[query for query in ids if query in known], holder=request.user)
        return Response({"held": held, "lost": [query for query in ids if query not in held]})


class BatchRelease(BatchView):
    """Cards that one gives back."""

    @extend_schema(request=HeldIdsSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Give cards back before their time."""
        self.batch()
        leases_release(queries=_sent_ids(request), holder=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchSettingsDetail(BatchView):
    """How a batch is answered."""

    @extend_schema(responses=BatchSettingsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """By whom, how many times, and what is shown meanwhile."""
        return Response(BatchSettingsSerializer(settings_of(self.batch())).data)

    @extend_schema(request=BatchSettingsSerializer, responses=BatchSettingsSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is sent; for the batch's owner and curators. Labels are added up anew."""
        batch = self.batch()
        if not may_change(batch, request.user):
            raise PermissionDenied("Only the owner of a batch, or a curator, may do this.")
        wanted = BatchSettingsSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        changed = batch_set_up(batch=batch, settings=wanted.changed(settings_of(batch)))
        return Response(BatchSettingsSerializer(settings_of(changed)).data)


def _sent_ids(request: Request) -> list[int]:
    wanted = HeldIdsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data.get("ids", [])
