"""``python -m retrieval``: see ``python -m retrieval --help``."""

import sys

if __name__ == "__main__":
    # Imported here, so that the processes which read meshes do not import the command line too.
    from retrieval.cli import main

    sys.exit(main())
