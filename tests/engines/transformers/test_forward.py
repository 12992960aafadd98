"""What the model computes: the same as transformers' own generate, alone and in company, whoever comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.engines.transformers.forward import Forward, Group
from pollux.engines.transformers.processors import load_processor
from tests.engines.checkpoints import SEEING

Checkpoint = Callable[[str], Path]
Inputs = dict[str, Any]
TOKENS = 10
QUESTIONS = ("What is in this picture?", "cat", "Describe the picture in one short sentence. The dog sat on the log.")


def loaded(folder: Path, family: str) -> tuple[Any, list[Inputs]]:
    """A model and three prompts of different lengths, the second without a picture."""
    import torch
    import transformers
    from PIL import Image

    kind = transformers.AutoModelForImageTextToText if family in SEEING else transformers.AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float32).eval()
    processor = load_processor(str(folder))
    prompts: list[Inputs] = []
    for number, question in enumerate(QUESTIONS):
        pixels = np.random.default_rng(number).integers(0, 256, (60, 80, 3), np.uint8)
        pictures = [Image.fromarray(pixels)] if family in SEEING and number != 1 else []
        if not getattr(processor, "chat_template", None):
            words = "<image>" * len(pictures) + question
        else:
            parts = [{"type": "image"}] * len(pictures) + [{"type": "text", "text": question}]
            talk = [{"role": "user", "content": parts}]
            words = processor.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
        made = processor(text=[words], images=pictures, return_tensors="pt") if pictures else None
        prompts.append(dict(made or getattr(processor, "tokenizer", processor)([words], return_tensors="pt")))
    return model, prompts


def by_generate(model: Any, inputs: Inputs) -> list[int]:
    length = inputs["input_ids"].shape[1]
    made = model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False, eos_token_id=[], pad_token_id=0)
    tokens: list[int] = made[0, length:].tolist()
    return tokens


def one_by_one(forward: Forward, prompts: list[Inputs], leave: tuple[int, ...]) -> list[list[int]]:
    """Each prompt joins three tokens after the one before it; row n leaves once it has leave[n] tokens."""
    said: list[list[int]] = [[] for _ in prompts]
    whole: Group[Any] | None = None

    def step(group: Group[Any]) -> None:
        staying = [at for at, row in enumerate(group.rows) if len(said[row]) < leave[row]]
        if not staying:
            group.rows = []
            return
        group.keep(staying)
        logits = forward.step(group, [said[row][-1] for row in group.rows])
        for row, token in zip(group.rows, logits.argmax(-1).tolist(), strict=True):
            said[row].append(token)

    for number, inputs in enumerate(prompts):
        logits, group = forward.prefill(inputs)
        group.rows = [number]
        said[number].append(int(logits.argmax()))
        if whole is None or not whole.rows:
            whole = group
        else:
            assert whole.takes(group)
            whole.join(group)
        for _ in range(3):
            step(whole)
    while whole is not None and whole.rows:
        step(whole)
    return said


@pytest.mark.parametrize("family", ["gemma3", "paligemma", "qwen3_vl", "llama"])
def test_alone_and_in_company_as_by_generate(family: str, checkpoint: Checkpoint) -> None:
    model, prompts = loaded(checkpoint(family), family)
    wanted = [by_generate(model, inputs) for inputs in prompts]
    assert len({tuple(tokens) for tokens in wanted}) == len(wanted)  # a model that says always the same proves nothing
    forward = Forward(model)
    assert one_by_one(forward, prompts, (TOKENS,) * 3) == wanted
    assert one_by_one(forward, prompts, (2, TOKENS, 5)) == [wanted[0][:2], wanted[1], wanted[2][:5]]


@pytest.mark.parametrize("kind", ["sliding", "linear", "conv"])
def test_layers_with_other_memories(kind: str) -> None:
    """A window of six tokens, linear attention with its states, short convolutions."""
    import torch
    import transformers

    layers = {"sliding": "sliding_attention", "linear": "linear_attention", "conv": "conv"}[kind]
    shape: dict[str, Any] = {
        "vocab_size": 100,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
        "layer_types": [layers, "full_attention", layers],
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": False,
    }
    torch.manual_seed(1)
    model: Any
    if kind == "sliding":
        model = transformers.Gemma3ForCausalLM(transformers.Gemma3TextConfig(**shape, sliding_window=6))
    elif kind == "linear":
        small = {"linear_num_key_heads": 2, "linear_num_value_heads": 2}
        dims = {"linear_key_head_dim": 8, "linear_value_head_dim": 8}
        model = transformers.Qwen3_5ForCausalLM(transformers.Qwen3_5TextConfig(**shape, **small, **dims))
    else:
        model = transformers.Lfm2ForCausalLM(transformers.Lfm2Config(**shape))
    model = model.eval()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim >= 2:
                weights.normal_(0, 1.5 / weights[0].numel() ** 0.5)
    prompts = [{"input_ids": torch.randint(3, 100, (1, length))} for length in (9, 4, 17)]
    wanted = [by_generate(model, inputs) for inputs in prompts]
    forward = Forward(model)
    assert one_by_one(forward, prompts, (TOKENS,) * 3) == wanted
    assert one_by_one(forward, prompts, (4, TOKENS, 2)) == [wanted[0][:4], wanted[1], wanted[2][:2]]


def test_groups_of_like_length() -> None:
    """A long prompt makes no short ones as long."""

    class Cache:
        layers: tuple[()] = ()

    def group(length: int) -> Group[Any]:
        import transformers

        return Group([0], transformers.DynamicCache(), None, [0], length)

    assert group(10).takes(group(2000))
    assert group(3000).takes(group(9000))
    assert not group(100).takes(group(9000))
    assert not Group([0], Cache(), None, [0], 10).takes(group(10))  # a memory that nobody knows
