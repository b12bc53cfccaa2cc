"""Queries whose pictures are missing get them again."""

from webapp.batches.models import Query
from webapp.batches.services import QUERIES_A_JOB, QUERIES_MATCH
from webapp.core.files.blobs import blob_path
from webapp.core.files.derived import QUERY_FILES, is_complete
from webapp.jobs.selectors import jobs_open_members
from webapp.jobs.services import jobs_enqueue


def queries_mend() -> int:
    """Have the pictures of ready queries made again whose files are missing. Returns for how many.

    Those whose picture is missing from the store are left as they are.
    """
    open_jobs = jobs_open_members(QUERIES_MATCH, "queries")
    ready = Query.objects.filter(state=Query.State.READY).order_by("pk").values_list("pk", "sha256")
    missing = [
        pk
        for pk, sha256 in ready.iterator()
        if pk not in open_jobs and not is_complete("queries", pk, QUERY_FILES) and blob_path(sha256).is_file()
    ]
    parts = [missing[i : i + QUERIES_A_JOB] for i in range(0, len(missing), QUERIES_A_JOB)]
    jobs_enqueue(
        kind=QUERIES_MATCH,
        payloads=[{"queries": part, "pictures": True} for part in parts],
        subject="pictures",
    )
    return len(missing)
