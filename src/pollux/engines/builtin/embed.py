"""Sentence embeddings: all-MiniLM-L6-v2, and its tokenizer, which is also the engine's own for counting text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.runtime import Lazy, Model, weights_file
from pollux.errors import InvalidArgument

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

_START, _END, _UNKNOWN = 101, 102, 100  # [CLS], [SEP], [UNK] in the model's vocabulary
_BATCH_TOKENS = 2048  # padded word pieces a run: enough for 64 labels, little enough for 20 MB of scratch
_SLICE = 16_384  # characters tokenized at a time: a megabyte at once would take 170 MB
_READ = 65_536  # characters of one text that an embedding looks at: far more than 256 word pieces need
_REMEMBERED, _SHORT = 2048, 256  # texts in the cache (3 MB), and the longest that enters it, in characters


class SentenceEmbedder:
    """Texts to unit vectors of 384 numbers; the dot product of two is their likeness in meaning, -1 to 1.

    Of each text the first 256 word pieces count (254 and the model's two marks, about 190 English words); what comes
    after is ignored, as in the original.  Nothing is loaded before it is needed: the tokenizer at the first count, the
    weights at the first vector.  Any thread may call any method at any time.
    """

    embed_dims: ClassVar[int] = 384
    max_pieces: ClassVar[int] = 256

    def __init__(self, threads: int = 2) -> None:
        self._tokenizer = Lazy(_load_tokenizer)
        self._model = Model("minilm-l6-v2-int8.onnx", threads)
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def loaded(self) -> bool:
        """Whether the model's weights are in memory."""
        return self._model.loaded

    def load(self) -> None:
        """Load tokenizer and weights now rather than at the first question."""
        self._tokenizer()
        self._model.load()

    def count_tokens(self, text: str) -> int:
        """Word pieces of the whole text, without the model's own marks; never loads the weights.

        A word outside the vocabulary (a run of emoji, a word of over 100 letters) is a single piece to the model.
        Counting it as one would make a page of base64 free, so it counts one for each four bytes of UTF-8.
        """
        tokenizer, total = self._tokenizer(), 0
        for piece in _slices(_encodable(text)):
            encoding = tokenizer.encode(piece, add_special_tokens=False)
            ids = encoding.ids
            total += len(ids)
            if _UNKNOWN in ids:
                spans = (span for span, code in zip(encoding.offsets, ids, strict=True) if code == _UNKNOWN)
                total += sum((len(piece[a:b].encode()) - 1) // 4 for a, b in spans)
        return total

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text: (n, 384) float32, each of length 1.  The empty text has a vector too."""
        out = np.empty((len(texts), self.embed_dims), np.float32)
        missing: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            known = self._recall(text)
            if known is None:
                missing.setdefault(text, []).append(row)
            else:
                out[row] = known
        for batch in self._batches(list(missing)):
            for text, vector in zip(batch, self._run(list(batch.values())), strict=True):
                out[missing[text]] = vector
                self._remember(text, vector)
        return out

    @classmethod
    def truncate(cls, vectors: Vectors, dims: int) -> Vectors:
        """The first `dims` numbers of each row, 1 to 384, made unit length again; otherwise InvalidArgument."""
        if not 1 <= dims <= cls.embed_dims:
            raise InvalidArgument(
                f"outputDimensionality must be between 1 and {cls.embed_dims} for this model, got {dims}.",
                field="outputDimensionality",
            )
        short = vectors[..., :dims]
        norms = np.linalg.norm(short, axis=-1, keepdims=True)
        return np.asarray(short / np.maximum(norms, 1e-12), np.float32)

    def _batches(self, texts: list[str]) -> Iterator[dict[str, list[int]]]:
        """Texts and their word pieces, shortest first, so that little of a batch is padding."""
        tokenizer, keep = self._tokenizer(), self.max_pieces - 2
        pieces = {text: tokenizer.encode(_encodable(text[:_READ]), add_special_tokens=False).ids for text in texts}
        batch: dict[str, list[int]] = {}
        for text, ids in sorted(pieces.items(), key=lambda item: len(item[1])):
            row = [_START, *ids[:keep], _END]
            if batch and (len(batch) + 1) * len(row) > _BATCH_TOKENS:
                yield batch
                batch = {}
            batch[text] = row
        if batch:
            yield batch

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        return self._model.run(["vectors"], ids=ids, mask=mask)[0]

    def _recall(self, text: str) -> Vectors | None:
        with self._lock:
            vector = self._cache.get(text)
            if vector is not None:
                self._cache.move_to_end(text)
            return vector

    def _remember(self, text: str, vector: Vectors) -> None:
        if len(text) <= _SHORT:
            with self._lock:
                self._cache[text] = vector.copy()
                while len(self._cache) > _REMEMBERED:
                    self._cache.popitem(last=False)


def _load_tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer  # noqa: PLC0415 - 10 MB, first needed when text is counted

    with weights_file("minilm-tokenizer.json") as path:
        return Tokenizer.from_file(str(path))


def _encodable(text: str) -> str:
    """The text with lone surrogates, which JSON can spell and UTF-8 cannot, replaced."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def _slices(text: str) -> Iterator[str]:
    """The text in slices cut before white space, where a word ends anyway, so that the counts add up."""
    if len(text) <= _SLICE:
        yield text
        return
    cuts = [0]
    while len(text) - cuts[-1] > _SLICE:
        end = cuts[-1] + _SLICE
        space = max(text.rfind(white, cuts[-1] + 1, end) for white in " \n")
        cuts.append(space if space > 0 else end)
    for start, stop in pairwise([*cuts, len(text)]):
        yield text[start:stop]
