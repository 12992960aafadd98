"""Function calling: declared by hand, from Python functions, and carried out by the client itself.

Annotations are real here, not strings: google-genai 1.x reads them from the functions.
"""

from typing import Any

from google.genai import types

from tests.sdk.scenarios.kit import MIRROR, Here, refused
from tests.sdk.scenarios.words import fills, holds, needs, same, says, seen

CALLER = "gemini-2.5-caller"
WEATHER = types.FunctionDeclaration(
    name="get_weather",
    description="The weather of a city.",
    parameters=types.Schema(
        type=types.Type.OBJECT,
        properties={
            "city_name": types.Schema(type=types.Type.STRING),
            "daysAhead": types.Schema(type=types.Type.INTEGER),
        },
        required=["city_name"],
    ),
)
TOOL = types.Tool(function_declarations=[WEATHER])
DEMANDED = types.ToolConfig(
    function_calling_config=types.FunctionCallingConfig(mode=types.FunctionCallingConfigMode.ANY)
)
MANUAL = types.AutomaticFunctionCallingConfig(disable=True)


def _mirrored(here: Here, **config: Any) -> dict[str, Any]:
    return here.mirror("a", automatic_function_calling=MANUAL, **config)


def declaration_arrives(here: Here) -> None:
    (tool,) = _mirrored(here, tools=[TOOL])["tools"]
    (declared,) = tool["functionDeclarations"]
    same((declared["name"], declared["description"]), ("get_weather", "The weather of a city."))
    same(list(declared["parameters"]["properties"]), ["city_name", "daysAhead"])
    same(declared["parameters"]["required"], ["city_name"])


def json_schema_arrives(here: Here) -> None:
    schema = {"type": "object", "properties": {"min_items": {"type": "string"}, "maxItems": {"type": "array"}}}
    tool = types.Tool(function_declarations=[types.FunctionDeclaration(name="f", parameters_json_schema=schema)])
    same(_mirrored(here, tools=[tool])["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"], schema)


def python_function_arrives(here: Here) -> None:
    def add_numbers(first_number: int, second: float = 2.0) -> float:
        """Adds two numbers."""
        return first_number + second

    (declared,) = _mirrored(here, tools=[add_numbers])["tools"][0]["functionDeclarations"]
    holds(declared["description"], "Adds two numbers")
    schema = declared.get("parametersJsonSchema") or declared["parameters"]
    same((declared["name"], list(schema["properties"])), ("add_numbers", ["first_number", "second"]))


def call_and_answer(here: Here) -> None:
    needs("calls", "a function that must be called")
    config = types.GenerateContentConfig(tools=[TOOL], automatic_function_calling=MANUAL)
    demanding = config.model_copy(update={"tool_config": DEMANDED})
    asked: list[Any] = [types.Content(role="user", parts=[types.Part(text="Weather in Oslo?")])]
    first = here.client.models.generate_content(model=CALLER, contents=asked, config=demanding)
    (call,) = first.function_calls or []
    same((call.name, type((call.args or {})["city_name"])), ("get_weather", str))
    fills((call.args, call.id), ({"city_name": "Oslo"}, "call-1"))
    assert first.candidates
    said = first.candidates[0].content
    assert said
    assert said.parts
    (called,) = (part for part in said.parts if part.function_call)  # some models say a word before
    assert called.thought_signature, "a call without thought signature"
    answer = types.Part.from_function_response(name="get_weather", response={"snow_depth": 3, "windSpeed": 2})
    asked += [said, types.Content(role="user", parts=[answer])]
    final = here.client.models.generate_content(model=CALLER, contents=asked, config=config)
    says(final.text, 'It said [{"snow_depth": 3, "windSpeed": 2}]')


def history_of_calls_arrives(here: Here) -> None:
    contents = [
        types.Content(role="user", parts=[types.Part(text="Weather?")]),
        types.Content(role="model", parts=[types.Part.from_function_call(name="f", args={"a_b": {"cD": [1, None]}})]),
        types.Content(role="tool", parts=[types.Part.from_function_response(name="f", response={"x_y": "z"})]),
    ]
    contents[2].role = "user"
    turns = here.mirror(contents)["turns"]
    same(turns[1]["pieces"], [{"functionCall": {"name": "f", "args": {"a_b": {"cD": [1, None]}}}}])
    same(turns[2]["pieces"], [{"functionResponse": {"name": "f", "response": {"x_y": "z"}}}])


def automatic(here: Here) -> None:
    needs("script", "a model that calls a function")
    asked = []

    def get_weather(city_name: str) -> dict[str, Any]:
        """The weather of a city."""
        asked.append(city_name)
        return {"degrees": -4}

    config = types.GenerateContentConfig(tools=[get_weather])
    answer = here.client.models.generate_content(model=CALLER, contents="Weather in Oslo?", config=config)
    same(asked, ["Oslo"])
    holds(answer.text, "It said", "-4")
    same(len(answer.automatic_function_calling_history or []), 3)


async def automatic_async(here: Here) -> None:
    needs("script", "a model that calls a function")
    asked = []

    async def get_weather(city_name: str) -> str:
        """The weather of a city."""
        asked.append(city_name)
        return "snow"

    config = types.GenerateContentConfig(tools=[get_weather])
    answer = await here.client.aio.models.generate_content(model=CALLER, contents="Weather?", config=config)
    same(asked, ["Oslo"])
    holds(answer.text, "snow")


def automatic_in_a_chat(here: Here) -> None:
    needs("script", "a model that calls a function")

    def get_weather(city_name: str) -> str:
        """The weather of a city."""
        return "fog in " + city_name

    chat = here.client.chats.create(model=CALLER, config=types.GenerateContentConfig(tools=[get_weather]))
    holds(chat.send_message("Weather?").text, "fog in Oslo")
    same([content.role for content in chat.get_history()], ["user", "model", "user", "model"])


def automatic_in_a_stream(here: Here) -> None:
    needs("script", "a model that calls a function")

    def get_weather(city_name: str) -> str:
        """The weather of a city."""
        return "sun in " + city_name

    config = types.GenerateContentConfig(tools=[get_weather])
    stream = here.client.models.generate_content_stream(model=CALLER, contents="Weather?", config=config)
    holds("".join(part.text or "" for chunk in stream for part in chunk.parts or []), "sun in Oslo")


def modes(here: Here) -> None:
    for mode, allowed in (("ANY", ["get_weather"]), ("AUTO", None), ("NONE", None)):
        calling = types.FunctionCallingConfig(
            mode=types.FunctionCallingConfigMode(mode), allowed_function_names=allowed
        )
        config = _mirrored(here, tools=[TOOL], tool_config=types.ToolConfig(function_calling_config=calling))
        given = config["tool_config"]["functionCallingConfig"]
        same((given["mode"], given.get("allowedFunctionNames")), (mode, allowed))


def unknown_allowed_name(here: Here) -> None:
    calling = types.FunctionCallingConfig(mode=types.FunctionCallingConfigMode.ANY, allowed_function_names=["other"])
    tool_config = types.ToolConfig(function_calling_config=calling)
    config = types.GenerateContentConfig(tools=[TOOL], tool_config=tool_config, automatic_function_calling=MANUAL)
    with refused(400, "INVALID_ARGUMENT", "other"):
        here.client.models.generate_content(model=MIRROR, contents="a", config=config)


def streamed_call(here: Here) -> None:
    needs("calls", "a function that must be called, in a stream")
    config = types.GenerateContentConfig(tools=[TOOL], tool_config=DEMANDED, automatic_function_calling=MANUAL)
    chunks = list(here.client.models.generate_content_stream(model=CALLER, contents="a", config=config))
    calls = [call for chunk in chunks for call in chunk.function_calls or []]
    same([(call.name, type((call.args or {})["city_name"])) for call in calls], [("get_weather", str)])
    fills([call.args for call in calls], [{"city_name": "Oslo"}])


def mirror_is_honest(here: Here) -> None:
    same(seen(here.client.models.generate_content(model=MIRROR, contents="a").text)["tools"], [])
