"""Many people on one batch: cards in hands, settings, rulings, agreement. The API of review, second part."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import batches_for, cards_for, may_change, queries_for
from webapp.core.permissions import require_curator, require_reviewer
from webapp.review.answers import Answer, Match
from webapp.review.batch_settings import batch_set_up, settings_of
from webapp.review.cards import cards_of
from webapp.review.leading import leading
from webapp.review.leases import cards_deal, leases_hold, leases_release
from webapp.review.models import Ruling
from webapp.review.people import batch_people
from webapp.review.queue import Order
from webapp.review.remarks import remark_add
from webapp.review.rulings import gold_mark, gold_unmark, ruling_approve, ruling_send_back, ruling_settle
from webapp.review.team_serializers import (
    BatchSettingsSerializer,
    DealSerializer,
    DealtSerializer,
    GoldSerializer,
    HeldIdsSerializer,
    HeldSerializer,
    LeadingSerializer,
    PeopleSerializer,
    RemarkSerializer,
    RulingRequestSerializer,
    RulingSerializer,
)


class _OfBatch(APIView):
    """Something of a batch that one sees."""

    def batch(self) -> Batch:
        """The batch asked for; another's is not there."""
        return get_object_or_404(batches_for(self.request.user), pk=self.kwargs["pk"])


class BatchDeal(_OfBatch):
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


class BatchHold(_OfBatch):
    """Cards that one goes on holding."""

    @extend_schema(request=HeldIdsSerializer, responses=HeldSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Keep cards for two minutes more. Ask every 40 seconds; what is lost, somebody else may answer."""
        self.batch()
        ids = _sent_ids(request)
        known = set(cards_for(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        held, _ = leases_hold(queries=[query for query in ids if query in known], holder=request.user)
        return Response({"held": held, "lost": [query for query in ids if query not in held]})


class BatchRelease(_OfBatch):
    """Cards that one gives back."""

    @extend_schema(request=HeldIdsSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Give cards back before their time."""
        self.batch()
        leases_release(queries=_sent_ids(request), holder=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchSettingsDetail(_OfBatch):
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


class BatchPeople(_OfBatch):
    """How the people of a batch work."""

    @extend_schema(responses=PeopleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Answers, pace and agreement, with each other and with what is known; for reviewers and curators."""
        batch = self.batch()
        require_reviewer(request.user)
        return Response(PeopleSerializer(batch_people(batch)).data)


class BatchBlind(_OfBatch):
    """How far the ranking leads."""

    @extend_schema(responses=LeadingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What is chosen on blind cards, and what with the ranking in sight; for curators."""
        batch = self.batch()
        require_curator(request.user)
        return Response(LeadingSerializer(leading(batch)).data)


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
        made = _ruled(query, request.user, dict(wanted.validated_data))
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


def _ruled(query: Query, reviewer, sent: dict) -> Ruling:
    if sent["kind"] == Ruling.Kind.APPROVE:
        return ruling_approve(query=query, reviewer=reviewer, comment=sent["comment"])
    if sent["kind"] == Ruling.Kind.SEND_BACK:
        return ruling_send_back(query=query, reviewer=reviewer, comment=sent["comment"])
    answer = Answer(
        verdict=sent["verdict"],
        item=sent.get("item"),
        relation=sent.get("relation", ""),
        reason=sent.get("reason", ""),
        comment=sent["comment"],
        also=tuple(Match(row["item"], row["relation"]) for row in sent.get("also", [])),
    )
    return ruling_settle(query=query, reviewer=reviewer, answer=answer)


def _sent_ids(request: Request) -> list[int]:
    wanted = HeldIdsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data.get("ids", [])
