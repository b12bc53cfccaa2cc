"""One process of several, as torchrun starts it: the train command on made-up characters.

Arguments: the configuration, the folder, and the batch after which the first process dies (0: none does).
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from safetensors.torch import save_file

from retrieval.models import Net
from retrieval.train.pretrain import command, pretraining
from retrieval.train.runtime.distributed import Ranks
from tests.retrieval.train.drawn import drawn_glyphs


class WatchedRun(pretraining.Run):
    """Writes each process's networks to a file of its own; dies where it is told to."""

    dies_after = 0

    def train(self, report) -> Net:
        net = super().train(report)
        own = {f"net.{key}": value for key, value in self._net.named_parameters()}
        smooth = {f"smooth.{key}": value for key, value in net.state_dict().items()}
        tensors = {key: value.detach().clone().contiguous() for key, value in {**own, **smooth}.items()}
        save_file(tensors, self._checkpoint.parent / f"rank{Ranks.told().rank}.safetensors")
        return net

    def _keep(self) -> None:
        super()._keep()
        if self._batch == self.dies_after and Ranks.told().first:
            os.kill(os.getpid(), signal.SIGKILL)


def main(config: str, folder: str, dies_after: str) -> int:
    """Run the command as the user would."""
    WatchedRun.dies_after = int(dies_after) or -1
    command.Run = WatchedRun
    command.cached_glyphs = lambda *_: drawn_glyphs(range(0x4E01, 0x4E31))
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([config, "--folder", str(Path(folder)), "--device", "cpu"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
