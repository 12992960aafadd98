"""Tiny checkpoints with random weights, of diffusers' real classes, as folders that `from_pretrained` loads."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pollux.engines.transformers.processors import without_videos
from tests.engines import templates, tokenizers
from tests.engines.checkpoints import _save_processor as save_processor
from tests.engines.tokenizers import SENTENCES

WIDTH = 32
"""Numbers in a token's vector, everywhere."""

QWEN_VISION = {"vision_bos_token": "<|vision_start|>", "vision_eos_token": "<|vision_end|>"}
QWEN_IDS = {
    "image_token_id": "<|image_pad|>",
    "video_token_id": "<|video_pad|>",
    "vision_start_token_id": "<|vision_start|>",
    "vision_end_token_id": "<|vision_end|>",
}


def _of(library: str) -> Any:
    return importlib.import_module(library)


def clip_tokenizer() -> Any:
    """CLIP's own kind: byte-level BPE whose last piece of a word ends in </w>; it takes 77 tokens."""
    library = _of("tokenizers")
    one = library.Tokenizer(library.models.BPE(end_of_word_suffix="</w>"))
    one.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    alphabet = sorted(library.pre_tokenizers.ByteLevel.alphabet())
    trainer = library.trainers.BpeTrainer(
        vocab_size=700, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    one.train_from_iterator(SENTENCES, trainer)
    found = one.get_vocab()
    words = [*sorted(found, key=found.__getitem__), *(f"{letter}</w>" for letter in alphabet)]
    words = [*dict.fromkeys(words), "<|startoftext|>", "<|endoftext|>"]
    state = _of("json").loads(one.to_str())["model"]
    vocabulary = {word: number for number, word in enumerate(words)}
    merges = [tuple(pair) for pair in state["merges"]]
    return _of("transformers").CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)


def t5_tokenizer() -> Any:
    """T5's kind: SentencePiece unigrams."""
    library = _of("tokenizers")
    one = library.Tokenizer(library.models.Unigram())
    one.pre_tokenizer = library.pre_tokenizers.Metaspace()
    trainer = library.trainers.UnigramTrainer(
        vocab_size=300, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    one.train_from_iterator(SENTENCES, trainer)
    pieces = [tuple(row) for row in _of("json").loads(one.to_str())["model"]["vocab"]]
    return _of("transformers").T5TokenizerFast(vocab=pieces, extra_ids=0, model_max_length=512)


def clip_encoder(tokenizer: Any, *, projected: bool = False) -> Any:
    """CLIP's text encoder."""
    transformers = _of("transformers")
    config = transformers.CLIPTextConfig(
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        hidden_size=WIDTH,
        projection_dim=WIDTH,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        vocab_size=len(tokenizer),
    )
    kind = transformers.CLIPTextModelWithProjection if projected else transformers.CLIPTextModel
    return kind(config)


def t5_encoder(tokenizer: Any, width: int = WIDTH) -> Any:
    """T5's encoder."""
    config = _of("transformers").T5Config(
        vocab_size=len(tokenizer), d_model=width, d_kv=8, d_ff=37, num_layers=2, num_heads=4
    )
    return _of("transformers").T5EncoderModel(config)


def autoencoder(channels: int, **more: Any) -> Any:
    """Stable Diffusion's autoencoder, of factor 2."""
    return _of("diffusers").AutoencoderKL(
        in_channels=3,
        out_channels=3,
        block_out_channels=(8, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=channels,
        norm_num_groups=4,
        sample_size=64,
        **more,
    )


def unet(channels: int, cross: int, **more: Any) -> Any:
    """Stable Diffusion's network."""
    return _of("diffusers").UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=32,
        in_channels=channels,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=cross,
        attention_head_dim=4,
        norm_num_groups=4,
        **more,
    )


def _stable_diffusion(kind: str, channels: int = 4) -> Any:
    diffusers, tokenizer = _of("diffusers"), clip_tokenizer()
    return getattr(diffusers, kind)(
        vae=autoencoder(4),
        text_encoder=clip_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=unet(channels, WIDTH),
        scheduler=diffusers.EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion() -> Any:
    """Stable Diffusion 1: words, image-to-image, masks."""
    return _stable_diffusion("StableDiffusionPipeline")


def checked() -> Any:
    """Stable Diffusion 1 with its safety checker, whose thresholds are so low that it finds fault with everything."""
    transformers = _of("transformers")
    checker = _of("diffusers.pipelines.stable_diffusion.safety_checker").StableDiffusionSafetyChecker
    sight = {"hidden_size": WIDTH, "intermediate_size": 37, "num_hidden_layers": 1, "num_attention_heads": 4}
    config = transformers.CLIPConfig(
        vision_config={**sight, "image_size": 32, "patch_size": 8}, text_config=sight, projection_dim=WIDTH
    )
    strict = checker(config)
    strict.concept_embeds_weights.data.fill_(-2.0)
    pipe = stable_diffusion()
    pipe.register_modules(
        safety_checker=strict,
        feature_extractor=transformers.CLIPImageProcessor(
            size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
        ),
    )
    pipe.register_to_config(requires_safety_checker=True)
    return pipe


def inpaint() -> Any:
    """Stable Diffusion 1 for masks alone: its network sees the mask."""
    return _stable_diffusion("StableDiffusionInpaintPipeline", 9)


def pix2pix() -> Any:
    """InstructPix2Pix: pictures and instructions only."""
    return _stable_diffusion("StableDiffusionInstructPix2PixPipeline", 8)


def stable_diffusion_xl() -> Any:
    """SDXL: two text encoders."""
    diffusers, tokenizer = _of("diffusers"), clip_tokenizer()
    return diffusers.StableDiffusionXLPipeline(
        vae=autoencoder(4),
        text_encoder=clip_encoder(tokenizer),
        text_encoder_2=clip_encoder(tokenizer, projected=True),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet(
            4,
            2 * WIDTH,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=WIDTH + 48,
            transformer_layers_per_block=(1, 1),
            use_linear_projection=True,
        ),
        scheduler=diffusers.EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
        ),
    )


def stable_diffusion_3() -> Any:
    """Stable Diffusion 3: three text encoders, a transformer, flow matching."""
    diffusers, clip, t5 = _of("diffusers"), clip_tokenizer(), t5_tokenizer()
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=32,
            patch_size=2,
            in_channels=16,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=4,
            joint_attention_dim=2 * WIDTH,
            caption_projection_dim=WIDTH,
            pooled_projection_dim=2 * WIDTH,
            out_channels=16,
            pos_embed_max_size=256,
        ),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=autoencoder(16, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip_encoder(clip, projected=True),
        tokenizer=clip,
        text_encoder_2=clip_encoder(clip, projected=True),
        tokenizer_2=clip,
        text_encoder_3=t5_encoder(t5, 2 * WIDTH),
        tokenizer_3=t5,
    )


def _flux(kind: str) -> Any:
    diffusers, clip, t5 = _of("diffusers"), clip_tokenizer(), t5_tokenizer()
    return getattr(diffusers, kind)(
        transformer=diffusers.FluxTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            pooled_projection_dim=WIDTH,
            axes_dims_rope=(4, 4, 8),
            guidance_embeds=True,
        ),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=autoencoder(4, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip_encoder(clip),
        tokenizer=clip,
        text_encoder_2=t5_encoder(t5),
        tokenizer_2=t5,
    )


def flux() -> Any:
    """FLUX.1: packed latents."""
    return _flux("FluxPipeline")


def kontext() -> Any:
    """FLUX.1 Kontext: instructions, several pictures side by side."""
    return _flux("FluxKontextPipeline")


def klein() -> Any:
    """FLUX.2 klein: a language model reads the words; several pictures.  It reads its layers 0, 1 and 2."""
    diffusers, transformers = _of("diffusers"), _of("transformers")
    words = tokenizers.qwen({}, [])
    words.chat_template = templates.QWEN3
    config = transformers.Qwen3Config(
        hidden_size=WIDTH,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=16,
        vocab_size=len(words),
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return diffusers.Flux2KleinPipeline(
        transformer=diffusers.Flux2Transformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * WIDTH,
            timestep_guidance_channels=32,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        ),
        vae=diffusers.AutoencoderKLFlux2(
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            block_out_channels=(8, 16),
            layers_per_block=1,
            latent_channels=4,
            norm_num_groups=4,
        ),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        text_encoder=transformers.Qwen3ForCausalLM(config),
        tokenizer=words,
    )


def _qwen(kind: str) -> Any:
    """Qwen-Image: a vision-language model reads the words, and the pictures of the editing kinds."""
    diffusers, transformers = _of("diffusers"), _of("transformers")
    words = tokenizers.qwen({"image_token": "<|image_pad|>", "video_token": "<|video_pad|>", **QWEN_VISION}, [])
    sight = transformers.Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=4 * 28 * 28)
    ids = {name: words.convert_tokens_to_ids(token) for name, token in QWEN_IDS.items()}
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            "hidden_size": WIDTH,
            "intermediate_size": 37,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 2,
            "vocab_size": len(words),
            "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6},
        },
        vision_config={
            "depth": 2,
            "hidden_size": WIDTH,
            "intermediate_size": 37,
            "num_heads": 2,
            "out_hidden_size": WIDTH,
            "window_size": 56,
            "fullatt_block_indexes": [1],
        },
        **ids,
    )
    more = {}
    if "Edit" in kind:
        processor = without_videos(transformers.Qwen2_5_VLProcessor)(sight, words)
        processor.save_pretrained = lambda folder, **_: save_processor(processor, Path(folder))
        more["processor"] = processor
    return getattr(diffusers, kind)(
        transformer=diffusers.QwenImageTransformer2DModel(
            in_channels=64,
            out_channels=16,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            axes_dims_rope=(4, 6, 6),
        ),
        vae=diffusers.AutoencoderKLQwenImage(
            base_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
        ),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        text_encoder=transformers.Qwen2_5_VLForConditionalGeneration(config),
        tokenizer=words,
        **more,
    )


def qwen_image() -> Any:
    """Qwen-Image: words, image-to-image, masks."""
    return _qwen("QwenImagePipeline")


def qwen_edit() -> Any:
    """Qwen-Image-Edit: one picture and instructions."""
    return _qwen("QwenImageEditPipeline")


def qwen_edit_plus() -> Any:
    """Qwen-Image-Edit 2509 and later: several pictures."""
    return _qwen("QwenImageEditPlusPipeline")


MODELS: Mapping[str, Callable[[], Any]] = {
    "sd": stable_diffusion,
    "checked": checked,
    "inpaint": inpaint,
    "pix2pix": pix2pix,
    "sdxl": stable_diffusion_xl,
    "sd3": stable_diffusion_3,
    "flux": flux,
    "kontext": kontext,
    "klein": klein,
    "qwen": qwen_image,
    "qwen-edit": qwen_edit,
    "qwen-edit-plus": qwen_edit_plus,
}


def build(name: str, folder: Path) -> Path:
    """Writes one of MODELS into a folder; the same weights every time."""
    torch = _of("torch")
    torch.manual_seed(7)
    MODELS[name]().save_pretrained(folder, safe_serialization=True)
    return folder
