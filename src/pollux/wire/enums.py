"""Enumerations as they stand on the wire: names, in the order of their protobuf numbers.

Old clients send the numbers, documentation samples lower case; `Enum.parse` takes all three
spellings and gives the canonical name.  Answers always carry names.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Enum:
    """An enumeration: `names[n]` is the name of number n ("" for a gap); `aliases` are further accepted spellings."""

    title: str
    names: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    table: dict[str, str] = field(init=False, repr=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        table = {name: name for name in self.names if name} | dict(self.aliases)
        object.__setattr__(self, "table", table)

    def parse(self, value: object) -> str | None:
        """The canonical name of a name in any case or of a number; None when there is no such value."""
        if isinstance(value, str):
            return self.table.get(value) or self.table.get(value.upper())
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.names):
            return self.names[value] or None
        return None


MODALITY = Enum("Modality", ("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO"))
TOKEN_MODALITY = Enum("MediaModality", ("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"))
MEDIA_RESOLUTION = Enum(
    "MediaResolution",
    (
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
    ),
)
PART_RESOLUTION = Enum("MediaResolution.Level", (*MEDIA_RESOLUTION.names, "MEDIA_RESOLUTION_ULTRA_HIGH"))
SCHEMA_TYPE = Enum("Type", ("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"))
HARM_CATEGORY = Enum(
    "HarmCategory",
    (
        "HARM_CATEGORY_UNSPECIFIED",
        "HARM_CATEGORY_DEROGATORY",
        "HARM_CATEGORY_TOXICITY",
        "HARM_CATEGORY_VIOLENCE",
        "HARM_CATEGORY_SEXUAL",
        "HARM_CATEGORY_MEDICAL",
        "HARM_CATEGORY_DANGEROUS",
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
        "HARM_CATEGORY_IMAGE_HATE",
        "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
        "HARM_CATEGORY_IMAGE_HARASSMENT",
        "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_JAILBREAK",
    ),
)
HARM_THRESHOLD = Enum(
    "HarmBlockThreshold",
    (
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
    ),
)
FUNCTION_MODE = Enum("FunctionCallingConfig.Mode", ("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"))
FUNCTION_BEHAVIOR = Enum("Behavior", ("UNSPECIFIED", "BLOCKING", "NON_BLOCKING"))
SCHEDULING = Enum("Scheduling", ("SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"))
LANGUAGE = Enum("Language", ("LANGUAGE_UNSPECIFIED", "PYTHON"))
OUTCOME = Enum("Outcome", ("OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"))
THINKING_LEVEL = Enum("ThinkingLevel", ("THINKING_LEVEL_UNSPECIFIED", "LOW", "HIGH", "MEDIUM", "MINIMAL", "XHIGH"))
TASK_TYPE = Enum(
    "TaskType",
    (
        "TASK_TYPE_UNSPECIFIED",
        "RETRIEVAL_QUERY",
        "RETRIEVAL_DOCUMENT",
        "SEMANTIC_SIMILARITY",
        "CLASSIFICATION",
        "CLUSTERING",
        "QUESTION_ANSWERING",
        "FACT_VERIFICATION",
        "CODE_RETRIEVAL_QUERY",
    ),
)
