"""Train the namer: what a drawn thing is called, from a 64-pixel picture of it.

    pip install torch==2.13.0 onnx onnxruntime opencv-python-headless      (in an environment of its own)
    python tools/namer_art.py node_modules art.npz                         (the drawings; see there)
    python tools/train_namer.py art.npz [--start FOLDER] [--test other.npz]

Every example is made when it is needed (`namer_views.py`).  The network ends in a unit vector; a class is a direction
and a few of its drawings' vectors, so that names can be added later.  A run that was stopped goes on from what it saved
beside the drawings.  Writes `namer-int8.onnx` and `namer.tsv`.
"""

from __future__ import annotations

import argparse
import time
from math import cos, pi
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from namer_export import export, read, score
from namer_views import Art, batches

WIDE, LENGTH, SCALE = (32, 64, 160, 320), 192, 24.0
RATE = 1.5e-3  # of learning, at most
SAVED = 100  # steps between two savings
WEIGHTS = Path(__file__).resolve().parents[1] / "src/pollux/engines/builtin/weights"


def network(count: int) -> Any:
    """A small residual network; input (n, 3, 64, 64) of 0-255, output (n, LENGTH) of length one."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    class Block(nn.Module):  # type: ignore[misc]  # torch is not installed where types are checked
        def __init__(self, a: int, b: int, stride: int) -> None:
            super().__init__()
            self.one = nn.Sequential(nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())
            self.two = nn.Sequential(nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b))
            self.skip = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))

        def forward(self, x: Any) -> Any:
            return torch.relu(self.two(self.one(x)) + self.skip(x))

    class Namer(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            a, b, c, d = WIDE
            self.stem = nn.Sequential(nn.Conv2d(3, a, 5, 2, 2, bias=False), nn.BatchNorm2d(a), nn.ReLU())
            self.body = nn.Sequential(Block(a, b, 2), Block(b, c, 2), Block(c, d, 2))
            self.head = nn.Linear(d * 4, LENGTH)
            self.classes = nn.Parameter(torch.randn(count, LENGTH) * 0.05)

        def forward(self, x: Any) -> Any:
            x = self.body(self.stem((x - 127.5) / 64))
            x = nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)
            return nn.functional.normalize(self.head(x))

    return Namer()


def begin(model: Any, art: Art, folder: Path, seed: int) -> None:
    """Begins from a namer that was exported to the folder; a class that is new to it from the mean of its drawings."""
    import torch  # noqa: PLC0415

    convolutions, others, names = read(folder)
    stages = [model.stem, *(stage for block in model.body for stage in (block.one, block.two, block.skip))]
    seen: list[Any] = []
    rng = np.random.default_rng(seed)

    def inputs(rows: Any) -> Any:
        pictures = np.stack([art.example(int(r), rng) for r in rows])
        return torch.from_numpy(pictures).permute(0, 3, 1, 2).float()

    with torch.no_grad():
        for stage, (kernel, bias) in zip(stages, convolutions, strict=True):
            stage[0].weight.copy_(torch.tensor(kernel))
            stage[1].bias.copy_(torch.tensor(bias))
        model.head.weight.copy_(torch.tensor(others["inner.head.weight"]))
        model.head.bias.copy_(torch.tensor(others["inner.head.bias"]))
        hooks = [stage[1].register_forward_pre_hook(lambda _, x: seen.append(x[0])) for stage in stages]
        model.eval()(inputs(rng.permutation(len(art.classes))[:768]))
        for hook in hooks:
            hook.remove()
        for stage, x in zip(stages, seen, strict=True):  # the statistics that the export folded into the kernels
            stage[1].running_mean.copy_(x.mean((0, 2, 3)))
            stage[1].running_var.copy_(x.var((0, 2, 3)))
            stage[1].weight.copy_(torch.sqrt(stage[1].running_var + stage[1].eps))
            stage[1].bias += stage[1].running_mean
        known = dict(zip(names, others["directions"].T, strict=True))
        for n, (name, *_) in enumerate(art.names):
            found = known.get(name)
            model.classes[n] = model(inputs(art.members[n][:8])).mean(0) if found is None else torch.tensor(found)
    model.train()


class Run:
    """A training that can be stopped at any time and taken up again from `save`."""

    def __init__(self, art: Art, seed: int, save: Path, start: Path | None) -> None:
        import torch  # noqa: PLC0415

        torch.manual_seed(seed)
        torch.set_num_threads(1)  # two threads wait for each other where others work too
        self.art, self.seed, self.save_to, self.seen, self.loss = art, seed, save, 0, 8.0
        self.model = network(len(art.names)).to(memory_format=torch.channels_last)
        if start is not None and not save.exists():
            begin(self.model, art, start, seed)
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=RATE, weight_decay=0.03)
        self.average = {key: one.clone() for key, one in self.model.state_dict().items()}
        if save.exists():
            state = torch.load(save)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.average, self.seen, self.loss = state["average"], state["seen"], state["loss"]

    def save(self) -> None:
        """Writes all that is needed to go on; a stop in between leaves the file as it was."""
        import torch  # noqa: PLC0415

        state = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "average": self.average}
        part = self.save_to.with_suffix(".part")
        torch.save({**state, "seen": self.seen, "loss": self.loss}, part)
        part.rename(self.save_to)

    def train(self, total: int, size: int) -> Any:
        """The network, its weights averaged over the steps, after `total` examples in batches of `size`."""
        cv2.setNumThreads(1)
        fork = get_context("fork")  # the drawings are shared, not copied
        ready: Any = fork.Queue(8)
        maker = fork.Process(target=batches, args=(self.art, size, self.seed + self.seen, ready), daemon=True)
        maker.start()
        began = time.monotonic()
        while self.seen < total:
            gone = self.seen / total
            rate = RATE * min(1.0, gone / 0.03 + 0.05) * (0.005 + 0.995 * (1 + cos(pi * gone)) / 2)
            pictures, wanted = ready.get()
            self.step(pictures, wanted, rate)
            if self.seen // size % SAVED == 0 or self.seen >= total:
                minutes = (time.monotonic() - began) / 60
                print(f"{self.seen} of {total}, loss {self.loss:.3f}, {minutes:.1f} min", flush=True)
                self.save()
        maker.terminate()
        self.model.load_state_dict(self.average)
        return self.model.eval()

    def step(self, pictures: Any, wanted: Any, rate: float) -> None:
        """One step of learning from (n, 64, 64, 3) pictures and their classes."""
        import torch  # noqa: PLC0415
        from torch.nn import functional  # noqa: PLC0415

        x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            vectors = self.model(x)
        scores = SCALE * vectors.float() @ functional.normalize(self.model.classes).T
        loss = functional.cross_entropy(scores, torch.from_numpy(wanted), label_smoothing=0.05)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.seen += len(wanted)
        keep = min(0.998, 1 - 10 * len(wanted) / (self.seen + 20 * len(wanted)))
        for key, one in self.model.state_dict().items():
            if one.is_floating_point():
                self.average[key].lerp_(one, 1 - keep)
        self.loss = 0.98 * self.loss + 0.02 * float(loss.detach())


def main() -> None:
    """Trains, exports and scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("art", type=Path)
    parser.add_argument("--examples", type=int, default=400_000)
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--start", type=Path, help="folder with a namer to begin from")
    parser.add_argument("--save", type=Path, help="where a stopped run goes on from; beside the drawings by default")
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)  # before hours of training, not after
    art = Art(args.art)
    run = Run(art, args.seed, args.save or args.art.with_suffix(".pt"), args.start)
    export(run.train(args.examples, args.batch), art, args.out)
    for one in (args.art, *args.test):
        score(Art(one), args.out, args.seed + 1000, 1500)


if __name__ == "__main__":
    main()
