"""Tiny random checkpoints of the specialists: real classes, real processors, real tokenizers, weights from a seed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engines.tokenizers import bert, byte_level

SAM_SIDE = 128
"""Pixels of the square that the tiny SAM 2 looks at."""
CLIP_TOKENS = 32


def build(family: str, folder: Path, *, seed: int = 0) -> Path:
    """Writes a checkpoint of one of FAMILIES into `folder` (made where it is missing), and gives the folder back."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model, processor = FAMILIES[family](importlib.import_module("transformers"))
        with torch.no_grad():  # by fan-in: the library's own 0.02 leaves a model this small with nothing to say
            for weights in model.parameters():
                if weights.ndim >= 2:
                    weights.normal_(0, 1.5 / weights[0].numel() ** 0.5)
    model.save_pretrained(folder)
    if processor is not None:
        processor.save_pretrained(folder)
    return folder


def grounding_dino(tf: Any) -> tuple[Any, Any]:
    tokenizer = bert()
    config = tf.GroundingDinoConfig(
        backbone_config=tf.SwinConfig(
            image_size=64, patch_size=4, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=4,
            out_features=["stage2", "stage3", "stage4"],
        ),
        text_config=tf.BertConfig(
            vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, max_position_embeddings=300,
        ),
        d_model=32, encoder_layers=1, decoder_layers=2, encoder_ffn_dim=16, decoder_ffn_dim=16,
        encoder_attention_heads=2, decoder_attention_heads=2, num_queries=20, num_feature_levels=4,
        disable_custom_kernels=True,
    )  # fmt: skip
    size = {"shortest_edge": 64, "longest_edge": 96}
    seer = tf.GroundingDinoImageProcessorPil(size=size)
    return tf.GroundingDinoForObjectDetection(config), tf.GroundingDinoProcessor(seer, tokenizer)


def owlv2(tf: Any) -> tuple[Any, Any]:
    """Its texts begin with a token whose number is not 0: the model takes those that do for missing ones."""
    vocabulary, merges = byte_level(["<|pad|>", "<|startoftext|>", "<|endoftext|>"])
    tokenizer = tf.CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token="<|pad|>", model_max_length=CLIP_TOKENS)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {**small, "vocab_size": len(tokenizer), "max_position_embeddings": CLIP_TOKENS}
    config = tf.Owlv2Config(
        text_config=text,
        vision_config={**small, "image_size": 64, "patch_size": 16},
        projection_dim=16,
    )
    seer = tf.Owlv2ImageProcessorPil(size={"height": 64, "width": 64})
    return tf.Owlv2ForObjectDetection(config), tf.Owlv2Processor(seer, tokenizer)


def florence2(tf: Any) -> tuple[Any, Any]:
    places = [f"<loc_{number}>" for number in range(1000)]
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    vocabulary, merges = byte_level(specials)
    tokenizer = tf.RobertaTokenizer(vocab=vocabulary, merges=merges, extra_special_tokens={"image_token": "<image>"})
    tokenizer.add_tokens(places)
    config = tf.Florence2Config(
        text_config=tf.BartConfig(
            vocab_size=len(tokenizer), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=1200,
            bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2,
        ),
        vision_config=tf.Florence2VisionConfig(
            depths=(1, 1, 1, 1), embed_dim=(8, 8, 16, 16), num_heads=(1, 1, 2, 2), num_groups=(1, 1, 2, 2),
            window_size=4, projection_dim=16,
        ),
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    seer = tf.CLIPImageProcessorPil(
        size={"height": 64, "width": 64}, crop_size={"height": 64, "width": 64}, do_center_crop=False
    )
    seer.image_seq_length = 5
    return tf.Florence2ForConditionalGeneration(config), tf.Florence2Processor(seer, tokenizer)


def sam2(tf: Any) -> tuple[Any, Any]:
    quarter = SAM_SIDE // 4
    backbone = tf.Sam2HieraDetConfig(
        hidden_size=8, num_attention_heads=1, image_size=[SAM_SIDE, SAM_SIDE], blocks_per_stage=[1, 1, 2, 1],
        embed_dim_per_stage=[8, 16, 32, 64], num_attention_heads_per_stage=[1, 1, 2, 2],
        window_size_per_stage=[8, 4, 4, 4], global_attention_blocks=[3], num_query_pool_stages=3,
    )  # fmt: skip
    vision = tf.Sam2VisionConfig(
        backbone_config=backbone, backbone_channel_list=[64, 32, 16, 8], fpn_hidden_size=32,
        backbone_feature_sizes=[[quarter, quarter], [quarter // 2, quarter // 2], [quarter // 4, quarter // 4]],
    )  # fmt: skip
    config = tf.Sam2Config(
        vision_config=vision,
        prompt_encoder_config={"hidden_size": 32, "image_size": SAM_SIDE, "patch_size": 16, "mask_input_channels": 4},
        mask_decoder_config={
            "hidden_size": 32, "mlp_dim": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
            "iou_head_hidden_dim": 16,
        },
    )  # fmt: skip
    return tf.Sam2Model(config), None


FAMILIES: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "grounding-dino": grounding_dino,
    "owlv2": owlv2,
    "florence-2": florence2,
    "sam2": sam2,
}
