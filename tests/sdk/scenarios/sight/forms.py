"""What a picture holds, as objects and as function calls.

Annotations are real here, not strings: google-genai 1.x reads them from the functions.
"""

import enum
from typing import Any, Optional

import pydantic
from google.genai import types

from tests.sdk.scenarios.kit import FLASH, Here
from tests.sdk.scenarios.words import CAN, holds, needs, same


class Line(pydantic.BaseModel):
    """A line of a receipt."""

    name: str
    price: float


class Receipt(pydantic.BaseModel):
    """A receipt."""

    shop: str
    date: str
    total: float
    items: list[Line]
    phone_number: Optional[str] = None  # noqa: UP045 - as people write it


class Animal(enum.Enum):
    """Animals."""

    DOG = "dog"
    CAT = "cat"
    HORSE = "horse"


def _ask(here: Here, file: str, question: str, **config: Any) -> types.GenerateContentResponse:
    needs("schema", "what a picture holds, in a form")
    given = types.GenerateContentConfig(**config)
    return here.client.models.generate_content(model=FLASH, contents=[here.part(file), question], config=given)


def receipt_as_a_model(here: Here) -> None:
    answer = _ask(
        here, "receipt.png", "Extract the receipt.", response_mime_type="application/json", response_schema=Receipt
    )
    found = answer.parsed
    assert isinstance(found, Receipt), answer.text
    if "truth" not in CAN:
        return
    same(
        (found.shop.upper(), found.date, found.total, found.phone_number),
        ("THE BLUE KETTLE", "2026-03-14", 23.93, None),
    )
    prices = {line.name: line.price for line in found.items}
    same(prices, {"Flat white": 7.6, "Almond croissant": 3.25, "Orange juice": 4.1, "Granola bowl": 6.8})


def receipt_by_json_schema(here: Here) -> None:
    schema = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
    answer = _ask(here, "receipt.png", "Extract.", response_mime_type="application/json", response_json_schema=schema)
    assert isinstance(answer.parsed, dict)
    same(list(answer.parsed)[:1], ["total"])
    if "truth" in CAN:
        same(answer.parsed, {"total": 23.93})


def label(here: Here) -> None:
    answer = _ask(here, "cat.jpg", "What animal is this?", response_mime_type="text/x.enum", response_schema=Animal)
    assert isinstance(answer.parsed, Animal), answer.text
    if "truth" in CAN:
        same((answer.text, answer.parsed), ("cat", Animal.CAT))


def function_called(here: Here) -> None:
    needs("truth", "a model that calls a function")
    called = []

    def record_payment(shop: str, total: float) -> str:
        """Records a payment.

        Args:
            shop: the name of the shop.
            total: the total paid.
        """
        called.append((shop.upper(), total))
        return "recorded as number 12"

    answer = _ask(here, "receipt.png", "Record the payment of this receipt.", tools=[record_payment])
    same(called, [("THE BLUE KETTLE", 23.93)])
    holds(answer.text, "12")


def function_demanded(here: Here) -> None:
    needs("calls", "a function that must be called")
    declared = types.FunctionDeclaration(
        name="report_animal",
        description="Reports the animal in a picture.",
        parameters=types.Schema(
            type=types.Type.OBJECT,
            properties={"animal": types.Schema(type=types.Type.STRING, enum=["dog", "cat", "horse"])},
            required=["animal"],
        ),
    )
    calling = types.FunctionCallingConfig(mode=types.FunctionCallingConfigMode.ANY)
    answer = _ask(
        here, "cat.jpg", "Report the animal.", tools=[types.Tool(function_declarations=[declared])],
        tool_config=types.ToolConfig(function_calling_config=calling),
    )  # fmt: skip
    (call,) = answer.function_calls or []
    same((call.name, list(call.args or {})), ("report_animal", ["animal"]))
    assert (call.args or {})["animal"] in ("dog", "cat", "horse"), call.args
    if "truth" in CAN:
        same(call.args, {"animal": "cat"})
