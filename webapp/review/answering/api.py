"""Queries, what was found for them, and what is said of them: the API of review."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.models import Query
from webapp.batches.selectors import batches_for, cards_for, queries_for
from webapp.core.errors import Conflict
from webapp.core.http import error_body
from webapp.gallery.models import Item
from webapp.review.answering.remarks import remark_add
from webapp.review.answering.selectors import decisions_of, review_queries
from webapp.review.answering.serializers import (
    AnswerSerializer,
    CandidateFilterSerializer,
    CandidateSerializer,
    DecisionSerializer,
    QueryFilterSerializer,
    QuerySerializer,
    RemarkSerializer,
)
from webapp.review.answering.services import CardChanged
from webapp.review.cards.payload import card_body
from webapp.review.models import Decision
from webapp.search.candidates import candidates


class QueryList(generics.ListAPIView):
    """Queries of the batches one sees, in the order in which they came, with their suggestions."""

    serializer_class = QuerySerializer
    queryset = Query.objects.none()

    @extend_schema(parameters=[QueryFilterSerializer])
    def get(self, request: Request) -> Response:
        """Queries of the batches one sees, in the order in which they came; 404 for another's batch."""
        return self.list(request)

    def get_queryset(self):
        wanted = QueryFilterSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        queries = review_queries(self.request.user)
        if "batch" in wanted.validated_data:
            batch = get_object_or_404(batches_for(self.request.user), pk=wanted.validated_data["batch"])
            queries = queries.filter(batch=batch)
        if "status" in wanted.validated_data:
            queries = queries.filter(state=wanted.validated_data["status"])
        if (answered := wanted.validated_data["answered"]) is not None:
            queries = queries.filter(answered=answered)
        return queries


class QueryDetail(generics.RetrieveAPIView):
    """One query with its suggestions: five, or as many as the gallery has items."""

    serializer_class = QuerySerializer
    queryset = Query.objects.none()

    def get_queryset(self):
        return review_queries(self.request.user)


class CandidateList(generics.GenericAPIView):
    """Items that may match a query, beyond its suggestions."""

    serializer_class = CandidateSerializer
    queryset = Query.objects.none()

    @extend_schema(parameters=[CandidateFilterSerializer], responses=CandidateSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Ready items of the gallery that fit, the best reason first, then the most alike.

        409 ``still_comparing`` while a worker compares the whole gallery: ask again in a moment.
        """
        query = get_object_or_404(queries_for(request.user), pk=pk)
        wanted = CandidateFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        words = wanted.validated_data
        ready = Item.objects.filter(state=Item.State.READY)
        found = candidates(
            query,
            typed=words.get("search", ""),
            character=words.get("character", ""),
            like=get_object_or_404(ready, pk=words["like"]) if "like" in words else None,
        )
        if found.coming and not found.ranked:
            raise Conflict(
                "the gallery is still being searched", hint="try again in a moment", code="still_comparing"
            )
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class DecisionList(generics.GenericAPIView):
    """What was said of one query."""

    serializer_class = DecisionSerializer
    queryset = Decision.objects.none()
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(responses=DecisionSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """All that was ever said of the query, the newest first; one's own while the batch hides others'."""
        page = self.paginate_queryset(decisions_of(self._query(), request.user))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=AnswerSerializer, responses={201: DecisionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Write an answer down. It supersedes one's earlier answer; "withdrawn" takes that back.

        409 ``card_changed`` with the card as it is now, where ``version`` is not the card's any more;
        409 ``settled`` where a reviewer has ruled; 403 where the batch is assigned to others.
        """
        query = self._query()
        wanted = AnswerSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            decision = wanted.save(query=query, annotator=request.user)
        except CardChanged as changed:
            return Response(error_body(changed) | {"card": card_body(changed.context)}, changed.status)
        return Response(DecisionSerializer(decision).data, status.HTTP_201_CREATED)

    def _query(self) -> Query:
        found = cards_for(self.request.user).select_related("batch", "gold")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class QueryRemarks(APIView):
    """Comments beside a query, and flags."""

    @extend_schema(request=RemarkSerializer, responses={201: RemarkSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Write a comment, or ask a reviewer to look, without answering."""
        query = get_object_or_404(cards_for(request.user), pk=pk)
        wanted = RemarkSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = remark_add(query=query, annotator=request.user, **wanted.validated_data)
        return Response(RemarkSerializer(made).data, status.HTTP_201_CREATED)
