"""One process of several, as torchrun starts it: a command on made-up characters.

Arguments: "train" or "compare", its arguments as JSON, and the batch after which the first process dies
(0: none does).
"""

import argparse
import json
import os
import signal
import sys

from safetensors.torch import save_file
from torch import nn

from retrieval.compare import command as compare
from retrieval.train.data import training_data
from retrieval.train.methods import method_training
from retrieval.train.pretrain import command as train
from retrieval.train.pretrain import pretraining
from retrieval.train.runtime.loop import TrainingLoop
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs

COMMANDS = {"train": train, "compare": compare}


class WatchedLoop(TrainingLoop):
    """Writes each process's models to a file of its own; dies where it is to."""

    dies_after = 0

    def train(self, *arguments, **more) -> nn.Module:
        average = super().train(*arguments, **more)
        own = {f"net.{key}": value for key, value in self._learner.model.named_parameters()}
        smooth = {f"smooth.{key}": value for key, value in average.state_dict().items()}
        tensors = {key: value.detach().clone().contiguous() for key, value in {**own, **smooth}.items()}
        save_file(tensors, self._checkpoint.parent / f"rank{self._ranks.rank}.safetensors")
        return average

    def _keep(self) -> None:
        super()._keep()
        if self.batch == self.dies_after and self._ranks.first:
            os.kill(os.getpid(), signal.SIGKILL)


def main(name: str, arguments: str, dies_after: str) -> int:
    """Run the command as the user would."""
    WatchedLoop.dies_after = int(dies_after) or -1
    pretraining.TrainingLoop = method_training.TrainingLoop = WatchedLoop
    command = COMMANDS[name]
    command.cached_glyphs = lambda *_, **__: drawn_glyphs(range(0x4E01, 0x4E31))
    training_data.read_crops = lambda _: drawn_crops()
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([*map(str, json.loads(arguments)), "--device", "cpu"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
