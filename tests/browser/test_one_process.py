"""Where tests run in several processes, one of them drives every browser and every installation."""


def test_what_stands_on_an_installation_is_one_group(request):
    """Some releases of pytest and of pytest-xdist drop the groups silently; then each starts its own."""
    if hasattr(request.config, "workerinput"):
        assert request.node.nodeid.endswith("@stack")
