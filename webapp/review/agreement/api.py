"""How people work and agree: the API of agreement."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core.permissions import require_curator, require_reviewer
from webapp.review.agreement.people import batch_people
from webapp.review.agreement.ranking_bias import ranking_bias
from webapp.review.agreement.serializers import PeopleSerializer, RankingBiasSerializer
from webapp.review.batch_view import BatchView


class BatchPeople(BatchView):
    """How the people of a batch work."""

    @extend_schema(responses=PeopleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Answers, pace and agreement, with each other and with what is known; for reviewers and curators."""
        batch = self.batch()
        require_reviewer(request.user)
        return Response(PeopleSerializer(batch_people(batch)).data)


class BatchBlind(BatchView):
    """How far the ranking leads."""

    @extend_schema(responses=RankingBiasSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What is chosen on blind cards, and what with the ranking in sight; for curators."""
        batch = self.batch()
        require_curator(request.user)
        return Response(RankingBiasSerializer(ranking_bias(batch)).data)
