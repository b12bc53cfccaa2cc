"""Where tests run in several processes, one of them drives each installation."""


def test_what_belongs_together_is_one_group(request):
    """Some releases of pytest and of pytest-xdist drop the groups silently; then each starts its own."""
    if hasattr(request.config, "workerinput"):
        assert request.node.nodeid.endswith("@browser test_one_process")
