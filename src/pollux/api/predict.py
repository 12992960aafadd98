"""Imagen's door to the same hall: a predict request becomes a generateContent request for pictures alone."""

from __future__ import annotations

from pollux.api.call import Call, Rooms
from pollux.core.run import fold
from pollux.errors import InvalidArgument, Unimplemented
from pollux.wire.content import Content, Part
from pollux.wire.generate import (
    Candidate,
    GenerateContentRequest,
    GenerationConfig,
    ImageConfig,
    ImageOutputOptions,
)
from pollux.wire.methods import PREDICT
from pollux.wire.predict import ImagenParameters, Prediction, PredictRequest, PredictResponse

MOST_SAMPLES = 4
_PEOPLE = ("", "allow_all", "allow_adult", "dont_allow")


async def predict(rooms: Rooms, call: Call) -> PredictResponse:
    """Pictures of a prompt.  Settings about people and safety are taken; no engine here draws otherwise by them."""
    request = call.decode(PredictRequest)
    model = call.target.name
    rooms.core.registry.resolve(model).require(PREDICT)
    asked = generation(request, model)
    answer = await fold(rooms.core.generate(asked, model, call.caller, call.deadline, PREDICT, bill=call.bill))
    return PredictResponse(predictions=tuple(_prediction(one) for one in answer.candidates))


def generation(request: PredictRequest, model: str) -> GenerateContentRequest:
    """The same wish in generateContent's words.  Raises InvalidArgument, Unimplemented."""
    parameters = request.parameters or ImagenParameters()
    if len(request.instances) != 1 or not request.instances[0].prompt.strip():
        raise InvalidArgument("instances: give one instance with a prompt.", field="instances")
    instance = request.instances[0]
    if instance.image is not None or instance.reference_images:
        raise Unimplemented("Editing with Imagen models is not built yet; gemini-2.5-flash-image edits pictures.")
    if parameters.person_generation.lower() not in _PEOPLE:
        field = "parameters.personGeneration"
        raise InvalidArgument(f"{field} must be one of {', '.join(_PEOPLE[1:])}.", field=field)
    prompt = instance.prompt
    if parameters.negative_prompt:
        prompt += f"\nWithout: {parameters.negative_prompt}"
    output = parameters.output_options
    return GenerateContentRequest(
        contents=(Content(role="user", parts=(Part(text=prompt),)),),
        generation_config=GenerationConfig(
            candidate_count=_samples(parameters, model),
            response_modalities=("IMAGE",),
            seed=parameters.seed,
            image_config=ImageConfig(
                aspect_ratio=parameters.aspect_ratio,
                image_size=parameters.sample_image_size or parameters.image_size,
                image_output_options=ImageOutputOptions(
                    mime_type=output.mime_type, compression_quality=output.compression_quality
                )
                if output is not None
                else None,
            ),
        ),
    )


def _samples(parameters: ImagenParameters, model: str) -> int:
    """Imagen 4 Ultra makes one at a time (image generation guide, "When to use Imagen")."""
    most = 1 if "ultra" in model else MOST_SAMPLES
    count = parameters.sample_count
    if count is None:
        return most
    if not 1 <= count <= most:
        field = "parameters.sampleCount"
        raise InvalidArgument(f"{field} must be 1 to {most} for models/{model}, not {count}.", field=field)
    return count


def _prediction(candidate: Candidate) -> Prediction:
    for part in candidate.content.parts if candidate.content is not None else ():
        if part.inline_data is not None:
            return Prediction(mime_type=part.inline_data.mime_type, bytes_base64_encoded=part.inline_data.data)
    return Prediction(rai_filtered_reason=candidate.finish_message or "No picture could be made of this prompt.")
