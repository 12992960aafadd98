"""Real tokenizers, trained here in milliseconds: byte-level BPE, and SentencePiece-like BPE with byte fallback."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

SENTENCES = (
    "A red square stands left of a blue circle, and the sky above them is green.",
    "What is in this picture? Describe the picture in one short sentence.",
    'The answer is {"name": "Ada", "age": 36, "tags": ["one", "two"], "box_2d": [10, 20, 300, 400]}.',
    "user assistant system model tool call function arguments true false null date time",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; 日本語の文章 и немного по-русски.",
    "the cat sat on the mat, the dog sat on the log; 0123456789 10 20 30 40 50 60 70 80 90 100",
)
MERGED = 420
"""Tokens of the trained vocabularies, the byte tokens among them, the special ones not."""

Vocabulary = tuple[dict[str, int], list[tuple[str, str]]]


def _tokenizers() -> Any:
    return importlib.import_module("tokenizers")


def _transformers() -> Any:
    return importlib.import_module("transformers")


def byte_level(specials: Sequence[str]) -> Vocabulary:
    """(vocabulary, merges) of byte-level BPE as Qwen, Llama 3 and GPT-2 have it; `specials` come first."""
    one = _tokenizers().Tokenizer(_tokenizers().models.BPE())
    one.pre_tokenizer = _tokenizers().pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = _tokenizers().pre_tokenizers.ByteLevel.alphabet()
    return _trained(one, specials, (), sorted(alphabet))


def byte_fallback(specials: Sequence[str]) -> Vocabulary:
    """The same for SentencePiece-like BPE as Llama 2 and Gemma have it, whose unknown letters become <0x41> tokens."""
    one = _tokenizers().Tokenizer(_tokenizers().models.BPE())
    one.pre_tokenizer = _tokenizers().pre_tokenizers.Metaspace()
    return _trained(one, specials, [f"<0x{byte:02X}>" for byte in range(256)], [])


def _trained(one: Any, specials: Sequence[str], byte_tokens: Sequence[str], alphabet: list[str]) -> Vocabulary:
    size = MERGED - len(byte_tokens)
    trainer = _tokenizers().trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    one.train_from_iterator(SENTENCES, trainer)
    model = json.loads(one.to_str())["model"]
    words = sorted(model["vocab"], key=model["vocab"].__getitem__)
    vocabulary = {token: number for number, token in enumerate([*specials, *byte_tokens, *words])}
    return vocabulary, [tuple(pair) for pair in model["merges"]]


def qwen(named: Mapping[str, str], others: Sequence[str]) -> Any:
    """Qwen2Tokenizer; `named` are its extra special tokens by attribute, `others` its unnamed special ones."""
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *named.values(), *others]
    vocabulary, merges = byte_level(specials)
    made = _transformers().Qwen2Tokenizer(
        vocab=vocabulary,
        merges=merges,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens=dict(named),
        model_max_length=4096,
    )
    more = {"additional_special_tokens": ["<|im_start|>", *others]}
    made.add_special_tokens(more, replace_extra_special_tokens=False)
    return made


def gpt(named: Mapping[str, str], others: Sequence[str], *, begin: str, end: str, pad: str) -> Any:
    """A byte-level tokenizer of no family's class, as Idefics 3 (Llama 3) and SmolVLM have it."""
    vocabulary, merges = byte_level(list(dict.fromkeys([begin, end, pad, *named.values(), *others])))
    one = _tokenizers().Tokenizer(_tokenizers().models.BPE(vocab=vocabulary, merges=merges))
    one.pre_tokenizer = _tokenizers().pre_tokenizers.ByteLevel(add_prefix_space=False)
    one.decoder = _tokenizers().decoders.ByteLevel()
    one.add_special_tokens(list(others))
    return _transformers().PreTrainedTokenizerFast(
        tokenizer_object=one,
        bos_token=begin,
        eos_token=end,
        pad_token=pad,
        extra_special_tokens=dict(named),
        model_max_length=4096,
    )


def gemma(named: Mapping[str, str], others: Sequence[str]) -> Any:
    """GemmaTokenizer."""
    vocabulary, merges = byte_fallback(["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *named.values(), *others])
    made = _transformers().GemmaTokenizer(
        vocab=vocabulary, merges=merges, extra_special_tokens=dict(named), model_max_length=4096
    )
    made.add_special_tokens({"additional_special_tokens": list(others)}, replace_extra_special_tokens=False)
    return made


def llama(named: Mapping[str, str]) -> Any:
    """LlamaTokenizer, as LLaVA has it."""
    vocabulary, merges = byte_fallback(["<unk>", "<s>", "</s>", "<pad>", *named.values()])
    return _transformers().LlamaTokenizer(
        vocab=vocabulary,
        merges=merges,
        pad_token="<pad>",
        extra_special_tokens=dict(named),
        add_bos_token=True,
        model_max_length=4096,
    )


def bert() -> Any:
    """BertTokenizer: WordPiece, lower case; a letter it does not know is [UNK]."""
    one = _tokenizers().Tokenizer(_tokenizers().models.WordPiece(unk_token="[UNK]"))
    one.normalizer = _tokenizers().normalizers.BertNormalizer()
    one.pre_tokenizer = _tokenizers().pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = _tokenizers().trainers.WordPieceTrainer(vocab_size=MERGED, special_tokens=specials, show_progress=False)
    one.train_from_iterator(SENTENCES, trainer)
    return _transformers().BertTokenizer(vocab=one.get_vocab(), model_max_length=64)
