"""The trained namer as a file: ONNX with weights of 8 bits; and how good it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from namer_views import SIDE, Art
from numpy.typing import NDArray

KEPT = 8  # drawings of a class whose vectors are kept
NEAR = 0.5  # how much the nearest of these counts, to the rest for the class's direction
Floats = NDArray[np.float32]


def shown(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A drawing on white as it is found on a sheet: SIDE x SIDE RGB."""
    cover = rgba[..., 3:].astype(np.float32) / 255
    laid = rgba[..., :3] * cover + 255 * (1 - cover)
    return np.asarray(cv2.resize(laid, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def vectors(model: Any, art: Art) -> Floats:
    """The unit vector of each drawing."""
    import torch  # noqa: PLC0415

    out = []
    with torch.no_grad():
        for start in range(0, len(art.pictures), 64):
            pictures = np.stack([shown(one) for one in art.pictures[start : start + 64]])
            out.append(model(torch.from_numpy(pictures).permute(0, 3, 1, 2).float()).numpy())
    return np.concatenate(out)


def chosen(own: Floats) -> Floats:
    """KEPT of a class's vectors that differ most from each other, again from the first when it has fewer."""
    mean = own.mean(axis=0)
    order = [int(np.argmax(own @ mean))]
    while len(order) < min(KEPT, len(own)):
        order.append(int(np.argmin((own @ own[order].T).max(axis=1))))
    return np.asarray(own[np.resize(order, KEPT)])


def export(model: Any, art: Art, folder: Path) -> None:
    """Writes the network, a direction and KEPT drawings' vectors for each class, and the names."""
    import onnx  # noqa: PLC0415
    import torch  # noqa: PLC0415

    every = vectors(model, art)
    kept = np.stack([chosen(every[rows]) for rows in art.members])

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = model
            self.directions = torch.nn.Parameter(torch.nn.functional.normalize(model.classes).detach().T.contiguous())
            self.drawings = torch.nn.Parameter(torch.tensor(kept.reshape(-1, kept.shape[2]).T.copy()))

        def forward(self, pixels: Any) -> Any:
            vector = self.inner(pixels.permute(0, 3, 1, 2).float())
            near = (vector @ self.drawings).reshape(-1, len(kept), KEPT).amax(dim=2)
            return vector, (1 - NEAR) * (vector @ self.directions) + NEAR * near

    path = folder / "namer-int8.onnx"
    torch.onnx.export(
        Whole().eval(), (torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8),), str(path), opset_version=17, dynamo=False,
        input_names=["pixels"], output_names=["vector", "likeness"],
        dynamic_axes={"pixels": {0: "n"}, "vector": {0: "n"}, "likeness": {0: "n"}},
    )  # fmt: skip
    graph = onnx.load(str(path))
    quantised(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
    (folder / "namer.tsv").write_text("\n".join("; ".join(one) for one in art.names) + "\n", "utf-8")


def quantised(graph: Any) -> None:
    """Large weights as 8 bits, one scale an output channel or column."""
    from onnx import helper, numpy_helper  # noqa: PLC0415

    for one in list(graph.graph.initializer):
        values = numpy_helper.to_array(one)
        if values.size < 4096 or values.dtype != np.float32:
            continue
        axis = 1 if one.name in ("directions", "drawings") else 0
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


def read(folder: Path) -> tuple[list[tuple[Floats, Floats]], dict[str, Floats], list[str]]:
    """The kernels and biases of an exported namer in their order, its other weights by name, and its first names."""
    import onnx  # noqa: PLC0415
    from onnx import numpy_helper  # noqa: PLC0415

    graph = onnx.load(str(folder / "namer-int8.onnx")).graph
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            whole, steps = values[node.input[0]].astype(np.float32), values[node.input[1]]
            axis = node.attribute[0].i
            values[node.output[0]] = whole * steps.reshape([-1 if n == axis else 1 for n in range(whole.ndim)])
    kernels = [(values[n.input[1]], values[n.input[2]]) for n in graph.node if n.op_type == "Conv"]
    names = [line.split("; ")[0] for line in (folder / "namer.tsv").read_text("utf-8").splitlines()]
    return kernels, values, names


def score(art: Art, folder: Path, seed: int, count: int) -> None:
    """Prints by set how often the first name, and one of the first five, is right: as drawn, and distorted."""
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "namer-int8.onnx"), options)
    rng = np.random.default_rng(seed)
    for name in sorted(set(art.sets.tolist())):
        rows = rng.permutation(np.flatnonzero(art.sets == name))[:count]
        plain = np.stack([shown(art.pictures[r]) for r in rows])
        spoilt = np.stack([art.example(r, rng) for r in rows])
        text = f"{name:28} {len(rows):5}"
        for kind, pictures in (("as drawn", plain), ("distorted", spoilt)):
            parts = [session.run(["likeness"], {"pixels": pictures[n : n + 64]})[0] for n in range(0, len(rows), 64)]
            right = np.argsort(-np.concatenate(parts), axis=1)[:, :5] == art.classes[rows][:, None]
            text += f"  {kind}: first {right[:, 0].mean():.3f} five {right.any(axis=1).mean():.3f}"
        print(text, flush=True)
