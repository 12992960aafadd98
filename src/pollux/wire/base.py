"""The base of every wire type, and the annotations that `lenient` reads."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec

from pollux.wire import enums

Json = dict[str, Any]
"""User data: kept exactly as it came, keys and all."""

Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A message of the API.  `aliases` are spellings of a field beside its camelCase and snake_case names."""

    aliases: ClassVar[dict[str, str]] = {}


Modality = Annotated[str, enums.MODALITY]
MediaResolution = Annotated[str, enums.MEDIA_RESOLUTION]
PartResolution = Annotated[str, enums.PART_RESOLUTION]
SchemaType = Annotated[str, enums.SCHEMA_TYPE]
HarmCategory = Annotated[str, enums.HARM_CATEGORY]
HarmThreshold = Annotated[str, enums.HARM_THRESHOLD]
FunctionMode = Annotated[str, enums.FUNCTION_MODE]
FunctionBehavior = Annotated[str, enums.FUNCTION_BEHAVIOR]
Scheduling = Annotated[str, enums.SCHEDULING]
Language = Annotated[str, enums.LANGUAGE]
Outcome = Annotated[str, enums.OUTCOME]
ThinkingLevel = Annotated[str, enums.THINKING_LEVEL]
TaskType = Annotated[str, enums.TASK_TYPE]
