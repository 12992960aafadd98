"""Train the namer: what a drawn thing is called, from a 64-pixel picture of it.

    pip install torch==2.13.0 onnx onnxruntime opencv-python-headless      (in an environment of its own)
    python tools/namer_art.py node_modules art.npz                         (the drawings; see there)
    python tools/train_namer.py art.npz --minutes 12 [--test other.npz]

Every example is made when it is needed: a drawing turned, stretched, mirrored, recoloured, laid on a ground, made small
and large again, blurred and compressed.  The network ends in a unit vector; a class is the direction nearest to it, so
that names can be added later from a few drawings.  Writes `namer-int8.onnx` and `namer.tsv`.
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
from numpy.typing import NDArray

SIDE, WIDE, LENGTH, SCALE = 64, (32, 64, 160, 320), 192, 24.0
WEIGHTS = Path(__file__).resolve().parents[1] / "src/pollux/engines/builtin/weights"
Pixels = NDArray[np.uint8]


class Art:
    """The drawings, by class."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        self.pictures, self.classes, self.sets = data["pictures"], data["classes"], data["sets"]
        self.names = [str(one).split("\t") for one in data["names"]]
        self.turns = data["turns"]
        order = np.argsort(self.classes, kind="stable")
        self.members = np.split(order, np.flatnonzero(np.diff(self.classes[order])) + 1)


def example(rgba: Pixels, turns: bool, rng: np.random.Generator) -> Pixels:
    """A drawing as it may look once it was found: SIDE x SIDE RGB."""
    side = rgba.shape[0]
    scale = SIDE / side * rng.uniform(0.88, 1.1)
    wide, high = scale * rng.uniform(0.88, 1.12), scale * rng.uniform(0.92, 1.08)
    if turns and rng.random() < 0.35:
        wide = -wide
    angle = np.radians(rng.normal(0, 7) if rng.random() < 0.6 else 0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([wide, high])
    shift = SIDE / 2 + rng.normal(0, 1.2, 2) - turn @ [side / 2, side / 2]
    plain = rgba.astype(np.float32)
    plain[..., :3] *= plain[..., 3:] / 255
    moved = cv2.warpAffine(plain, np.column_stack([turn, shift]), (SIDE, SIDE), flags=cv2.INTER_AREA)
    cover = moved[..., 3:] / 255
    colour = recoloured(moved[..., :3], cover, rng)
    ground = ground_of(rng)
    if is_single(rgba):
        tone, under = rng.uniform(0, 255, 3), ground.mean(axis=(0, 1))
        tone = tone if rng.random() < 0.5 else np.full(3, rng.choice([20, 60, 240]))
        if abs(tone.mean() - under.mean()) <= 60:
            tone = tone * 0.2 if under.mean() > 128 else 255 - tone * 0.2
        colour = cover * tone
    elif rng.random() < 0.12:  # an outline, as some sets have
        ring = cv2.dilate(cover, np.ones((3, 3))).reshape(SIDE, SIDE, 1)
        ground = ground * (1 - ring) + ring * rng.uniform(0, 60)
    out = np.clip(ground * (1 - cover) + colour, 0, 255).astype(np.uint8)
    return spoilt(out, rng)


def is_single(rgba: Pixels) -> bool:
    """Whether the drawing is in black only."""
    return int(rgba[..., :3][rgba[..., 3] > 128].max(initial=0)) < 40


def recoloured(colour: NDArray[Any], cover: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Other lightness, contrast, saturation and a little other hue; `colour` is premultiplied by `cover`."""
    matrix = np.eye(3) + rng.normal(0, 0.07, (3, 3))
    if rng.random() < 0.12:
        matrix = np.eye(3) + rng.normal(0, 0.3, (3, 3))
    keep = rng.uniform(0.6, 1.2) if rng.random() > 0.07 else 0.0
    gray = np.full((3, 3), 1 / 3)
    matrix = (keep * np.eye(3) + (1 - keep) * gray) @ matrix * rng.uniform(0.85, 1.15)
    return np.clip(colour @ matrix.T + cover * rng.normal(0, 12), 0, 255 * cover)


def ground_of(rng: np.random.Generator) -> NDArray[Any]:
    """What it lies on: mostly plain, some gradients and textures."""
    kind = rng.random()
    first = np.full(3, 255.0) if kind < 0.35 else rng.uniform(0, 255, 3)
    if 0.35 < kind < 0.5:
        first = np.full(3, rng.uniform(0, 255))
    ground = np.broadcast_to(first, (SIDE, SIDE, 3)).astype(np.float64)
    if kind > 0.75:
        ramp = np.linspace(0, 1, SIDE)[:, None, None] if rng.random() < 0.5 else np.linspace(0, 1, SIDE)[None, :, None]
        ground = ground * (1 - ramp) + rng.uniform(0, 255, 3) * ramp
    if kind > 0.92:
        rough = rng.normal(0, 18, (8, 8, 1)).astype(np.float32)
        ground = ground + cv2.resize(rough, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)[..., None]
    return ground


def spoilt(out: Pixels, rng: np.random.Generator) -> Pixels:
    """Small and large again, blurred, noisy, compressed: each sometimes."""
    if rng.random() < 0.4:
        less = int(rng.integers(18, SIDE))
        small = cv2.resize(out, (less, less), interpolation=cv2.INTER_AREA)
        out = np.asarray(cv2.resize(small, (SIDE, SIDE)), np.uint8)
    if rng.random() < 0.12:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2)), np.uint8)
    if rng.random() < 0.12:
        noise = rng.normal(0, rng.uniform(2, 12), out.shape)
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        _, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
        out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return out


def batches(art: Art, size: int, seed: int, out: Any) -> None:
    """Examples without end, classes evenly."""
    rng = np.random.default_rng(seed)
    while True:
        wanted = rng.integers(0, len(art.members), size)
        rows = [int(rng.choice(art.members[n])) for n in wanted]
        pictures = np.stack([example(art.pictures[r], bool(art.turns[art.classes[r]]), rng) for r in rows])
        out.put((pictures, art.classes[rows]))


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


def train(art: Art, minutes: float, size: int, seed: int, save: Path, resume: bool) -> Any:
    """The trained network; the learning rate follows the clock.  With `resume` it goes on from `save`, more gently."""
    import torch  # noqa: PLC0415
    from torch.nn.functional import cross_entropy  # noqa: PLC0415

    torch.manual_seed(seed)
    torch.set_num_threads(1)  # two threads wait for each other where others work too
    cv2.setNumThreads(1)
    model = network(len(art.names)).to(memory_format=torch.channels_last)
    if resume:
        model.load_state_dict(torch.load(save))
    most = 1e-3 if resume else 2e-3
    optimiser = torch.optim.AdamW(model.parameters(), lr=most, weight_decay=0.02)
    fork = get_context("fork")  # the drawings are shared, not copied
    ready: Any = fork.Queue(8)
    maker = fork.Process(target=batches, args=(art, size, seed, ready), daemon=True)
    maker.start()
    began, seen, mean = time.monotonic(), 0, 8.0
    while (gone := (time.monotonic() - began) / 60 / minutes) < 1:
        rate = most * min(1.0, gone / 0.03 + 0.05) * (0.02 + 0.98 * (1 + cos(pi * gone)) / 2)
        for group in optimiser.param_groups:
            group["lr"] = rate
        pictures, wanted = ready.get()
        x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            vectors = model(x)
        scores = SCALE * vectors.float() @ torch.nn.functional.normalize(model.classes).T
        loss = cross_entropy(scores, torch.from_numpy(wanted), label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seen += size
        mean = 0.98 * mean + 0.02 * float(loss.detach())
        if seen // size % 100 == 0:
            print(f"{gone:.2f} {seen} {mean:.3f}", flush=True)
        if seen // size % 500 == 0:
            torch.save(model.state_dict(), save)
    maker.terminate()
    torch.save(model.state_dict(), save)
    return model.eval()


def export(model: Any, names: list[list[str]], folder: Path) -> None:
    """ONNX with weights of 8 bits, one scale an output channel; and the names."""
    import onnx  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from onnx import helper, numpy_helper  # noqa: PLC0415

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = model
            self.directions = torch.nn.Parameter(torch.nn.functional.normalize(model.classes).detach().T.contiguous())

        def forward(self, pixels: Any) -> Any:
            vector = self.inner(pixels.permute(0, 3, 1, 2).float())
            return vector, vector @ self.directions

    path = folder / "namer-int8.onnx"
    torch.onnx.export(
        Whole().eval(), (torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8),), str(path), opset_version=17, dynamo=False,
        input_names=["pixels"], output_names=["vector", "likeness"],
        dynamic_axes={"pixels": {0: "n"}, "vector": {0: "n"}, "likeness": {0: "n"}},
    )  # fmt: skip
    graph = onnx.load(str(path))
    for one in list(graph.graph.initializer):
        values = numpy_helper.to_array(one)
        if values.size < 4096 or values.dtype != np.float32:
            continue
        axis = 1 if values.shape == (LENGTH, len(names)) else 0
        other = tuple(n for n in range(values.ndim) if n != axis)
        steps = np.maximum(np.abs(values).max(axis=other), 1e-9) / 127
        shape = [-1 if n == axis else 1 for n in range(values.ndim)]
        whole = np.round(values / steps.reshape(shape)).astype(np.int8)
        parts = {"q": whole, "s": steps.astype(np.float32), "z": np.zeros(steps.shape, np.int8)}
        graph.graph.initializer.remove(one)
        for key, part in parts.items():
            graph.graph.initializer.append(numpy_helper.from_array(part, f"{one.name}_{key}"))
        made = [f"{one.name}_{key}" for key in "qsz"]
        graph.graph.node.insert(0, helper.make_node("DequantizeLinear", made, [one.name], axis=axis))
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
    known = {one[0]: one for one in names}
    names = [known.get(one[0].removesuffix(": facing right"), one) for one in names]  # the same, mirrored
    (folder / "namer.tsv").write_text("\n".join("; ".join(one) for one in names) + "\n", "utf-8")


def score(art: Art, path: Path, seed: int, count: int) -> None:
    """Prints how often the first name, and one of the first five, is the right one, by set of drawings."""
    import onnxruntime  # noqa: PLC0415

    session = onnxruntime.InferenceSession(str(path))
    rng = np.random.default_rng(seed)
    for name in sorted(set(art.sets.tolist())):
        rows = rng.permutation(np.flatnonzero(art.sets == name))[:count]
        pictures = np.stack([example(art.pictures[r], bool(art.turns[art.classes[r]]), rng) for r in rows])
        likeness = session.run(["likeness"], {"pixels": pictures})[0]
        order = np.argsort(-likeness, axis=1)[:, :5]
        right = order == art.classes[rows][:, None]
        print(f"{name:28} {len(rows):5} first {right[:, 0].mean():.3f} five {right.any(axis=1).mean():.3f}")


def main() -> None:
    """Trains, exports and scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("art", type=Path)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--resume", action="store_true", help="go on from what the last run left beside the drawings")
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    art = Art(args.art)
    model = train(art, args.minutes, args.batch, args.seed, args.art.with_suffix(".pt"), args.resume)
    export(model, art.names, args.out)
    for one in (args.art, *args.test):
        score(Art(one), args.out / "namer-int8.onnx", args.seed + 1000, 1500)


if __name__ == "__main__":
    main()
