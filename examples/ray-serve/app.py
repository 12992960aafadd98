"""A plain Ray Serve deployment with OpenAI's chat completions, for a model of your own code: text in, text out.

    MODEL=Qwen/Qwen2.5-0.5B-Instruct serve run app:app

Models that vLLM knows are better off with ray.serve.llm (llm.yaml): it batches.  Pollux asks for streams only, so that
this answers with streams only.
"""

import asyncio
import json
import os
import threading
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from ray import serve

api = FastAPI()  # what its handlers use must stand above them: Serve sends them to replicas as they are here


def words(message: dict[str, Any]) -> str:
    """The text of a message.  Raises HTTPException for pictures, which this model cannot see."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    if any(part["type"] != "text" for part in content):
        raise HTTPException(400, "this model takes text only")
    return "".join(part["text"] for part in content)


@serve.deployment(
    max_ongoing_requests=8,
    autoscaling_config={"min_replicas": 1, "max_replicas": 4, "target_ongoing_requests": 4},
)
@serve.ingress(api)
class Chat:
    """One replica with the model in it."""

    def __init__(self, model: str) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415 - replicas need it, no one else

        self.name = model
        self.tokenizer = AutoTokenizer.from_pretrained(model)
        self.model = AutoModelForCausalLM.from_pretrained(model)

    @api.get("/v1/models")
    async def models(self) -> dict[str, Any]:
        """What there is."""
        return {"object": "list", "data": [{"id": self.name, "object": "model"}]}

    @api.post("/v1/chat/completions")
    async def complete(self, request: Request) -> StreamingResponse:
        """An answer, piece by piece."""
        body = await request.json()
        if not body.get("stream"):
            raise HTTPException(400, "only streams are served here")
        messages = [{"role": one["role"], "content": words(one)} for one in body["messages"]]
        most = int(body.get("max_completion_tokens") or body.get("max_tokens") or 256)
        return StreamingResponse(self.frames(messages, most), media_type="text/event-stream")

    async def frames(self, messages: list[dict[str, str]], most: int) -> AsyncIterator[str]:
        """The frames of one answer of at most so many tokens, with usage at the end."""
        head = {"id": f"chatcmpl-{uuid4().hex}", "object": "chat.completion.chunk", "created": int(time.time())}

        def frame(**more: Any) -> str:
            return f"data: {json.dumps({**head, 'model': self.name, **more})}\n\n"

        prompt = self.tokenizer.apply_chat_template(
            messages,
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        asked, said = prompt["input_ids"].shape[-1], 0
        async for piece in self.pieces(prompt, most):
            said += len(self.tokenizer(piece, add_special_tokens=False)["input_ids"])
            yield frame(choices=[{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
        reason = "length" if said >= most else "stop"
        yield frame(choices=[{"index": 0, "delta": {}, "finish_reason": reason}])
        usage = {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
        yield frame(choices=[], usage=usage)
        yield "data: [DONE]\n\n"

    async def pieces(self, prompt: Any, most: int) -> AsyncIterator[str]:
        """Text as the model writes it, in a thread of its own; when nobody listens any more it stops."""
        from transformers import StoppingCriteriaList, TextIteratorStreamer  # noqa: PLC0415

        left = threading.Event()
        streamer = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=120)
        options = {
            "streamer": streamer,
            "max_new_tokens": most,
            "stopping_criteria": StoppingCriteriaList([lambda *_, **__: left.is_set()]),
        }
        thread = threading.Thread(target=self.model.generate, kwargs={**prompt, **options}, daemon=True)
        thread.start()
        try:
            while (piece := await asyncio.to_thread(next, streamer, None)) is not None:
                if piece:
                    yield piece
        finally:
            left.set()


app = Chat.bind(os.environ.get("MODEL", "Qwen/Qwen2.5-0.5B-Instruct"))
