"""``python -m retrieval``: see ``python -m retrieval --help``."""

import os
import sys

if __name__ == "__main__":
    # Imported here, so that the processes which read meshes do not import the command line too.
    from retrieval.cli import main

    # Threads that wait for torch's next step would spin, and slow down the processes which read meshes.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

    sys.exit(main())
