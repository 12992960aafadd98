"""Tiny random checkpoints of every family: real classes, real processors, real tokenizers, weights from a seed.

`build("qwen3_vl", folder)` writes one that AutoModelForImageTextToText, AutoModelForCausalLM or AutoModel and
AutoProcessor or AutoTokenizer load.  Each is under 1 MB.  They answer nonsense, but nonsense that hangs on every token
and every pixel: weights are drawn wide enough for that, and never tied (a tied random model repeats its last token).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pollux.engines.transformers import processors
from tests.engines import templates
from tests.engines import tokenizers as words_of

WIDTH, HEADS, INNER, LAYERS = 32, 2, 48, 2
CONTEXT = 4096
Made = tuple[Any, Any]
"""(model, processor or tokenizer)."""

_TEXT = {
    "hidden_size": WIDTH,
    "intermediate_size": INNER,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": 1,
    "head_dim": WIDTH // HEADS,
    "max_position_embeddings": CONTEXT,
}
_EYE = {
    "hidden_size": WIDTH,
    "intermediate_size": INNER,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
}


_VIDEOS = {
    "SmolVLMProcessor": "SmolVLMVideoProcessor",
    "Qwen2_5_VLProcessor": "Qwen2VLVideoProcessor",
    "Qwen3VLProcessor": "Qwen3VLVideoProcessor",
    "InternVLProcessor": "InternVLVideoProcessor",
}


def build(family: str, folder: Path, *, seed: int = 0) -> Path:
    """Writes a checkpoint of one of FAMILIES into `folder` (made where it is missing), and gives the folder back."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model, processor = FAMILIES[family](importlib.import_module("transformers"), folder)
        _widen(model)
        _quiet(model, getattr(processor, "tokenizer", processor))
    model.save_pretrained(folder)
    _save_processor(processor, folder)
    return folder


def _widen(model: Any) -> None:
    """Draws every matrix anew, by its fan-in: transformers' own 0.02 gives a model this small almost equal logits."""
    import torch

    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim >= 2:
                weights.normal_(0, 1.5 / weights[0].numel() ** 0.5)


def _quiet(model: Any, words: Any) -> None:
    """Makes placeholders, and single bytes of byte fallback, unlikely: no trained model writes them by itself."""
    import torch

    head = model.get_output_embeddings()
    if head is None:
        return
    ends = model.generation_config.eos_token_id
    spared = {*ends} if isinstance(ends, list) else {ends}
    named = {number for token, number in words.get_vocab().items() if token.startswith("<0x")}
    with torch.no_grad():
        head.weight[sorted((named | set(words.all_special_ids)) - spared)] = 0


def _save_processor(processor: Any, folder: Path) -> None:
    if not hasattr(processor, "tokenizer"):
        processor.save_pretrained(folder)
        return
    processor.tokenizer.save_pretrained(folder)
    if processor.chat_template:
        (folder / "chat_template.jinja").write_text(processor.chat_template, encoding="utf-8")
    about = processor.to_dict()
    if "video_processor" in about:  # as hub folders of these families have it, though nothing here can be made of it
        about["video_processor"] = {"video_processor_type": _VIDEOS[about["processor_class"]]}
    (folder / "processor_config.json").write_text(json.dumps(about), encoding="utf-8")


def _ending(model: Any, tokenizer: Any, *more: str) -> None:
    """Where answers end, as the checkpoint's generation_config says it."""
    ends = [tokenizer.eos_token_id, *(tokenizer.convert_tokens_to_ids(one) for one in more)]
    model.generation_config.eos_token_id = ends if len(ends) > 1 else ends[0]
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.generation_config.bos_token_id = tokenizer.bos_token_id


def _ids(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }


def _llava(hf: Any, _: Path) -> Made:
    words = words_of.llama({"image_token": "<image>"})
    sight = hf.CLIPImageProcessor(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    processor = hf.LlavaProcessor(
        sight,
        words,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=templates.LLAVA,
    )
    config = hf.LlavaConfig(
        vision_config={"model_type": "clip_vision_model", **_EYE, "image_size": 28, "patch_size": 14},
        text_config={"model_type": "llama", **_TEXT, **_ids(words)},
        image_token_index=words.image_token_id,
        image_seq_length=4,
    )
    model = hf.LlavaForConditionalGeneration(config)
    _ending(model, words)
    return model, processor


def _gemma3(hf: Any, _: Path) -> Made:
    named = {"image_token": "<image_soft_token>", "boi_token": "<start_of_image>", "eoi_token": "<end_of_image>"}
    words = words_of.gemma(named, ["<start_of_turn>", "<end_of_turn>"])
    sight = hf.Gemma3ImageProcessor(size={"height": 32, "width": 32})
    processor = hf.Gemma3Processor(sight, words, chat_template=templates.GEMMA, image_seq_length=4)
    text = {**_TEXT, **_ids(words), "query_pre_attn_scalar": WIDTH // HEADS, "sliding_window": 512}
    config = hf.Gemma3Config(
        text_config={"model_type": "gemma3_text", **text, "layer_types": ["sliding_attention", "full_attention"]},
        vision_config={"model_type": "siglip_vision_model", **_EYE, "image_size": 32, "patch_size": 8},
        mm_tokens_per_image=4,
        boi_token_index=words.boi_token_id,
        eoi_token_index=words.eoi_token_id,
        image_token_index=words.image_token_id,
        eos_token_id=words.eos_token_id,
        tie_word_embeddings=False,
    )
    model = hf.Gemma3ForConditionalGeneration(config)
    _ending(model, words, "<end_of_turn>")
    return model, processor


def _paligemma(hf: Any, _: Path) -> Made:
    """Without a chat template, as the real ones: the prompt is the picture, then the words."""
    words = words_of.gemma({"image_token": "<image>"}, [])
    sight = hf.SiglipImageProcessor(size={"height": 28, "width": 28}, image_seq_length=4)
    processor = hf.PaliGemmaProcessor(sight, words)  # adds <loc0000> to <seg127> to the vocabulary
    config = hf.PaliGemmaConfig(
        text_config={"model_type": "gemma", **_TEXT, **_ids(words), "hidden_activation": "gelu_pytorch_tanh"},
        vision_config={"model_type": "siglip_vision_model", **_EYE, "image_size": 28, "patch_size": 14},
        image_token_index=words.image_token_id,
        vocab_size=len(words),
        projection_dim=WIDTH,
        hidden_size=WIDTH,
        tie_word_embeddings=False,
    )
    model = hf.PaliGemmaForConditionalGeneration(config)
    _ending(model, words)
    return model, processor


_ROWS = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]


def _idefics3(hf: Any, _: Path) -> Made:
    words = words_of.gpt(
        {"image_token": "<image>"},
        ["<fake_token_around_image>", "<global-img>", "<end_of_utterance>", *_ROWS],
        begin="<|begin_of_text|>",
        end="<end_of_utterance>",
        pad="<|finetune_right_pad_id|>",
    )
    sight = hf.Idefics3ImageProcessor(size={"longest_edge": 64}, max_image_size={"longest_edge": 32})
    processor = hf.Idefics3Processor(sight, words, image_seq_len=4, chat_template=templates.IDEFICS3)
    config = hf.Idefics3Config(
        text_config={"model_type": "llama", **_TEXT, **_ids(words)},
        vision_config={**_EYE, "image_size": 32, "patch_size": 8},
        image_token_id=words.image_token_id,
        pad_token_id=words.pad_token_id,
        scale_factor=2,
    )
    model = hf.Idefics3ForConditionalGeneration(config)
    _ending(model, words)
    return model, processor


def _smolvlm(hf: Any, _: Path) -> Made:
    words = words_of.gpt(
        {
            "image_token": "<image>",
            "fake_image_token": "<fake_token_around_image>",
            "global_image_token": "<global-img>",
            "end_of_utterance_token": "<end_of_utterance>",
        },
        ["<|im_start|>", *_ROWS],
        begin="<|im_start|>",
        end="<end_of_utterance>",
        pad="<|im_end|>",
    )
    sight = hf.SmolVLMImageProcessor(size={"longest_edge": 64}, max_image_size={"longest_edge": 32})
    kind = processors.without_videos(hf.SmolVLMProcessor)
    processor = kind(sight, words, None, image_seq_len=4, chat_template=templates.SMOLVLM)
    config = hf.SmolVLMConfig(
        text_config={"model_type": "llama", **_TEXT, **_ids(words)},
        vision_config={**_EYE, "image_size": 32, "patch_size": 8},
        image_token_id=words.image_token_id,
        pad_token_id=words.pad_token_id,
        scale_factor=2,
    )
    model = hf.SmolVLMForConditionalGeneration(config)
    _ending(model, words)
    return model, processor


_VISION = {"vision_start_token": "<|vision_start|>", "vision_end_token": "<|vision_end|>"}
_QWEN = {"image_token": "<|image_pad|>", "video_token": "<|video_pad|>", **_VISION}
_QWEN_EYE = {
    "depth": LAYERS,
    "hidden_size": WIDTH,
    "intermediate_size": INNER,
    "num_heads": HEADS,
    "out_hidden_size": WIDTH,
}
_CALLS = ["<tool_call>", "</tool_call>"]


def _qwen_ids(words: Any) -> dict[str, Any]:
    return {
        "image_token_id": words.image_token_id,
        "video_token_id": words.video_token_id,
        "vision_start_token_id": words.convert_tokens_to_ids("<|vision_start|>"),
        "vision_end_token_id": words.convert_tokens_to_ids("<|vision_end|>"),
    }


def _qwen2_5_vl(hf: Any, _: Path) -> Made:
    words = words_of.qwen(_QWEN, [])
    sight = hf.Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=4 * 28 * 28)
    processor = processors.without_videos(hf.Qwen2_5_VLProcessor)(sight, words, chat_template=templates.QWEN_VL)
    text = {key: value for key, value in _TEXT.items() if key != "head_dim"}
    config = hf.Qwen2_5_VLConfig(
        text_config={**text, **_ids(words), "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3]}},
        vision_config={**_QWEN_EYE, "window_size": 56, "fullatt_block_indexes": [1]},
        **_qwen_ids(words),
    )
    model = hf.Qwen2_5_VLForConditionalGeneration(config)
    _ending(model, words, "<|endoftext|>")
    return model, processor


def _qwen3_vl(hf: Any, _: Path) -> Made:
    words = words_of.qwen(_QWEN, [])
    sight = hf.Qwen2VLImageProcessor(
        patch_size=16, min_pixels=32 * 32, max_pixels=4 * 32 * 32, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    processor = processors.without_videos(hf.Qwen3VLProcessor)(sight, words, chat_template=templates.QWEN_VL)
    rope = {"rope_type": "default", "mrope_section": [4, 2, 2], "mrope_interleaved": True}
    config = hf.Qwen3VLConfig(
        text_config={**_TEXT, **_ids(words), "rope_parameters": rope},
        vision_config={**_QWEN_EYE, "num_position_embeddings": 64, "deepstack_visual_indexes": [0]},
        **_qwen_ids(words),
    )
    model = hf.Qwen3VLForConditionalGeneration(config)
    _ending(model, words, "<|endoftext|>")
    return model, processor


def _internvl(hf: Any, _: Path) -> Made:
    words = words_of.qwen(
        {
            "start_image_token": "<img>",
            "end_image_token": "</img>",
            "context_image_token": "<IMG_CONTEXT>",
            "video_token": "<video>",
        },
        [],
    )
    sight = hf.GotOcr2ImageProcessor(
        size={"height": 28, "width": 28}, crop_to_patches=True, min_patches=1, max_patches=4
    )
    kind = processors.without_videos(hf.InternVLProcessor)
    processor = kind(sight, words, image_seq_length=1, chat_template=templates.INTERNVL)
    text = {key: value for key, value in _TEXT.items() if key != "head_dim"}
    config = hf.InternVLConfig(
        text_config={"model_type": "qwen2", **text, **_ids(words)},
        vision_config={"model_type": "internvl_vision", **_EYE, "image_size": [28, 28], "patch_size": [14, 14]},
        image_token_id=words.context_image_token_id,
        image_seq_length=1,
    )
    model = hf.InternVLForConditionalGeneration(config)
    _ending(model, words, "<|endoftext|>")
    return model, processor


def _qwen3(hf: Any, _: Path) -> Made:
    """Words alone; its template thinks, and knows functions."""
    words = words_of.qwen({}, [])
    words.add_tokens(["<think>", "</think>", *_CALLS])  # not special: an answer's text keeps them
    words.chat_template = templates.QWEN3
    config = hf.Qwen3Config(**_TEXT, **_ids(words), layer_types=["full_attention"] * LAYERS)
    model = hf.Qwen3ForCausalLM(config)
    _ending(model, words, "<|endoftext|>")
    return model, words


def _llama(hf: Any, _: Path) -> Made:
    words = words_of.gpt(
        {},
        ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
        begin="<|begin_of_text|>",
        end="<|eot_id|>",
        pad="<|finetune_right_pad_id|>",
    )
    words.chat_template = templates.LLAMA
    model = hf.LlamaForCausalLM(hf.LlamaConfig(**_TEXT, **_ids(words)))
    _ending(model, words)
    return model, words


def _bert(hf: Any, folder: Path) -> Made:
    """An embedding model as sentence-transformers writes them: mean pooling, then unit length; at most 32 tokens."""
    words = words_of.bert()
    config = hf.BertConfig(**_EYE, vocab_size=len(words), max_position_embeddings=64, pad_token_id=words.pad_token_id)
    _sentence_files(folder, {"pooling_mode_mean_tokens": True}, prompts={}, length=32)
    return hf.BertModel(config), words


def _qwen3_embedding(hf: Any, folder: Path) -> Made:
    """An embedding model like Qwen3-Embedding: the last token's state, and words before a query."""
    words = words_of.qwen({}, [])
    words.padding_side = "left"
    config = hf.Qwen3Config(**_TEXT, **_ids(words), layer_types=["full_attention"] * LAYERS)
    query = "Instruct: Find passages that answer the query\nQuery:"
    _sentence_files(folder, {"pooling_mode_lasttoken": True}, prompts={"query": query, "document": ""}, length=None)
    return hf.Qwen3Model(config), words


def _sentence_files(folder: Path, pooling: dict[str, bool], *, prompts: dict[str, str], length: int | None) -> None:
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(modules)
    ]
    files: dict[str, Any] = {
        "modules.json": listed,
        "1_Pooling/config.json": {"word_embedding_dimension": WIDTH, "include_prompt": True, **pooling},
        "config_sentence_transformers.json": {"prompts": prompts, "default_prompt_name": None},
        "sentence_bert_config.json": {"max_seq_length": length, "do_lower_case": False},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


FAMILIES: dict[str, Callable[[Any, Path], Made]] = {
    "llava": _llava,
    "gemma3": _gemma3,
    "paligemma": _paligemma,
    "idefics3": _idefics3,
    "smolvlm": _smolvlm,
    "qwen2_5_vl": _qwen2_5_vl,
    "qwen3_vl": _qwen3_vl,
    "internvl": _internvl,
    "qwen3": _qwen3,
    "llama": _llama,
    "bert": _bert,
    "qwen3_embedding": _qwen3_embedding,
}
SEEING = ("llava", "gemma3", "paligemma", "idefics3", "smolvlm", "qwen2_5_vl", "qwen3_vl", "internvl")
TALKING = ("qwen3", "llama")
EMBEDDING = ("bert", "qwen3_embedding")
