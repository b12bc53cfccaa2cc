"""Rulings and gold cards: the API of adjudication."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.models import Query
from webapp.batches.selectors import queries_for
from webapp.core.permissions import require_reviewer
from webapp.review.adjudication.gold import gold_mark, gold_unmark
from webapp.review.adjudication.rulings import ruling_approve, ruling_send_back, ruling_settle
from webapp.review.adjudication.serializers import GoldSerializer, RulingRequestSerializer, RulingSerializer
from webapp.review.models import Ruling


class RulingList(APIView):
    """What reviewers decided of a query."""

    @extend_schema(responses=RulingSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """All rulings, the newest first: that one stands."""
        query = get_object_or_404(queries_for(request.user), pk=pk)
        rulings = Ruling.objects.filter(query=query).select_related("reviewer").order_by("-pk")
        return Response(RulingSerializer(rulings, many=True).data)

    @extend_schema(request=RulingRequestSerializer, responses={201: RulingSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Approve the label, send the query back, or settle it; for reviewers and curators."""
        query = get_object_or_404(queries_for(request.user), pk=pk)
        require_reviewer(request.user)
        wanted = RulingRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = _ruled(query, request.user, wanted)
        return Response(RulingSerializer(made).data, status.HTTP_201_CREATED)


class QueryGold(APIView):
    """Whether annotators are measured by a query."""

    @extend_schema(request=None, responses=GoldSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Make a settled query a gold card; for curators."""
        gold_mark(query=self._query(), curator=request.user)
        return Response({"gold": True})

    @extend_schema(responses=GoldSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """No gold card any more; for curators."""
        gold_unmark(query=self._query(), curator=request.user)
        return Response({"gold": False})

    def _query(self) -> Query:
        return get_object_or_404(queries_for(self.request.user), pk=self.kwargs["pk"])


def _ruled(query: Query, reviewer, wanted: RulingRequestSerializer) -> Ruling:
    kind, comment = wanted.validated_data["kind"], wanted.validated_data["comment"]
    if kind == Ruling.Kind.APPROVE:
        return ruling_approve(query=query, reviewer=reviewer, comment=comment)
    if kind == Ruling.Kind.SEND_BACK:
        return ruling_send_back(query=query, reviewer=reviewer, comment=comment)
    return ruling_settle(query=query, reviewer=reviewer, answer=wanted.answer())
