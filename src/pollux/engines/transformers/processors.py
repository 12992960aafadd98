"""A checkpoint's processor, with or without what its videos would need.

Films reach a model as pictures here, so a processor's video half is never called.  Yet transformers 5 loads it with the
rest, and it insists on torchvision (Qwen-VL, SmolVLM, InternVL and others) or num2words (SmolVLM): where these are
missing, the processor is put together without that half.
"""

from __future__ import annotations

import sys
from typing import Any

VIDEO = "video_processor"


def load_processor(model: str, **options: Any) -> Any:
    """The processor (of pictures and text), or the tokenizer where a model has no processor.

    `options` go to from_pretrained (revision, use_fast, token, ...).  Raises what transformers raises (OSError where
    there is no such model, ValueError, ImportError) when more than the video half is in the way.
    """
    from transformers import AutoProcessor  # noqa: PLC0415

    try:
        return AutoProcessor.from_pretrained(model, **options)
    except (ImportError, ValueError):  # which of the two hangs on the class
        kind = _processor_class(model, options)
        if kind is None or VIDEO not in kind.get_attributes():
            raise
    return without_videos(kind).from_pretrained(model, **options)


def without_videos(kind: type) -> Any:
    """A subclass, of the same name, of a processor class: its video processor is None, and it knows no videos."""
    from transformers import ProcessorMixin  # noqa: PLC0415

    base: Any = kind
    names: list[str] = base.get_attributes()

    def rest(_: type) -> list[str]:
        return [name for name in names if name != VIDEO]

    def parts(_: type, *where: Any, **more: Any) -> list[Any]:
        """What its constructor takes, in order: None in the place of the video processor."""
        others: Any = type(kind.__name__, (kind,), {"get_attributes": classmethod(rest)})
        found: list[Any] = others._get_arguments_from_pretrained(*where, **more)
        found.insert(names.index(VIDEO), None)
        return found

    def check(self: Any, name: str, part: Any) -> Any:
        return None if name == VIDEO else base.check_argument_for_proper_class(self, name, part)

    def chat(self: Any, *given: Any, **more: Any) -> Any:
        """Without the defaults for videos that some classes read off their video processor."""
        return ProcessorMixin.apply_chat_template(self, *given, **more)

    module = vars(sys.modules[kind.__module__])
    if module.get("num2words", "") is None:
        # The class refuses to be made without num2words, which spells out how many frames a video has: ours has none.
        module["num2words"] = str
    members = {
        "__module__": kind.__module__,
        "_get_arguments_from_pretrained": classmethod(parts),
        "check_argument_for_proper_class": check,
        "apply_chat_template": chat,
    }
    return type(kind.__name__, (kind,), members)


def _processor_class(model: str, options: dict[str, Any]) -> Any:
    """The class that a checkpoint names, or that its architecture has; None where transformers has none for it."""
    import transformers  # noqa: PLC0415
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES  # noqa: PLC0415

    named, _ = transformers.ProcessorMixin.get_processor_dict(model, **options)
    name = named.get("processor_class")
    if name is None:
        config = transformers.AutoConfig.from_pretrained(model, **options)
        name = PROCESSOR_MAPPING_NAMES.get(config.model_type)
    return getattr(transformers, name, None) if name else None
