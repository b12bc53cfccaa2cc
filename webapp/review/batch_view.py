"""What the API's views of one batch have in common."""

from django.shortcuts import get_object_or_404
from rest_framework.views import APIView

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for


class BatchView(APIView):
    """Something of one batch that the person sees."""

    def batch(self) -> Batch:
        """The batch asked for; another's is not there."""
        return get_object_or_404(batches_for(self.request.user), pk=self.kwargs["pk"])
