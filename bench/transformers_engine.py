"""What the transformers engine costs beside the library alone, in the same run: tokens a second, for one and for many.

    python bench/transformers_engine.py [--tokens 128] [--requests 1 8] [--threads 1] [--device cpu] [--cpu]

Two random models are made on the spot (Qwen 3's architecture), so that nothing is fetched.  The floor is transformers'
own `generate` with its TextIteratorStreamer, read piece by piece as a server would; several requests go to it one after
the other, for it cannot let one in while another is written.  Beside it, where all requests are known beforehand and
nothing is streamed: `generate` with all of them in one batch, and the library's continuous batching (`generate_batch`).
The engine gets each request as a stream of its own.  Each row is the median of so many runs, after one that is not
counted; prompts have 16 to 100 tokens.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokenizers
import torch
import transformers

from pollux.engines.base import Prompt, Turn, Usage
from pollux.engines.transformers.engine import TransformersEngine
from pollux.engines.transformers.options import Options
from pollux.wire.content import Part
from pollux.wire.generate import GenerationConfig

SIZES: dict[str, dict[str, int]] = {
    "1 million": {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "vocab_size": 4096},
    "60 million": {"hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 8, "vocab_size": 32768},
}
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}\nanswer:"


def make(folder: Path, shape: dict[str, int]) -> None:
    """A checkpoint with a byte-level tokenizer, whose other tokens are made-up words."""
    letters = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    names = ["<end>", *letters, *(f"\u0120word{number}" for number in range(shape["vocab_size"]))]
    vocabulary = {name: number for number, name in enumerate(names[: shape["vocab_size"]])}
    one = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    one.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    one.decoder = tokenizers.decoders.ByteLevel()
    words = transformers.PreTrainedTokenizerFast(tokenizer_object=one, eos_token="<end>", pad_token="<end>")
    words.chat_template = TEMPLATE
    words.save_pretrained(folder)
    heads = {"num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": shape["hidden_size"] // 8}
    more = {"max_position_embeddings": 4096, "tie_word_embeddings": False, "eos_token_id": None, "pad_token_id": 0}
    torch.manual_seed(0)
    model = transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**shape, **heads, **more))
    with torch.no_grad():
        model.lm_head.weight[0] = 0  # the token that ends is never the likeliest
    model.save_pretrained(folder)


def questions(count: int) -> list[str]:
    return [f"question {number} " + "abcdefg " * (1 + number % 8) for number in range(count)]


class Alone:
    """transformers by itself."""

    def __init__(self, folder: Path, device: str) -> None:
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, padding_side="left")
        self.model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).to(device).eval()

    def ids(self, texts: list[str]) -> Any:
        talks = [[{"role": "user", "content": text}] for text in texts]
        more = {"return_dict": True, "return_tensors": "pt", "padding": True}
        return self.tokenizer.apply_chat_template(talks, **more).to(self.model.device)

    def streamed(self, texts: list[str], tokens: int) -> None:
        for text in texts:
            streamer = transformers.TextIteratorStreamer(self.tokenizer, skip_prompt=True)
            given = {**self.ids([text]), "max_new_tokens": tokens, "do_sample": False, "streamer": streamer}
            thread = threading.Thread(target=self.model.generate, kwargs=given)
            thread.start()
            assert "".join(streamer)
            thread.join()

    def batched(self, texts: list[str], tokens: int) -> None:
        made = self.model.generate(**self.ids(texts), max_new_tokens=tokens, do_sample=False)
        assert made.shape[0] == len(texts)

    def continuous(self, texts: list[str], tokens: int) -> None:
        config = transformers.GenerationConfig(max_new_tokens=tokens, do_sample=False, eos_token_id=-1, pad_token_id=0)
        prompts = [self.ids([text])["input_ids"][0].tolist() for text in texts]
        made = self.model.generate_batch(prompts, generation_config=config, progress_bar=False)
        assert len(made) == len(texts)


async def ask(engine: TransformersEngine, text: str, tokens: int) -> None:
    config = GenerationConfig(max_output_tokens=tokens, temperature=0.0)
    async for event in engine.stream(Prompt("m", (Turn("user", (Part(text=text),)),), config=config)):
        if isinstance(event, Usage):
            assert event.candidate_tokens == tokens


def rate(work: Callable[[], Any], tokens: int, runs: int, clock: Callable[[], float]) -> float:
    """Tokens a second, the median."""
    work()
    found = []
    for _ in range(runs):
        begun = clock()
        work()
        found.append(tokens / (clock() - begun))
    return statistics.median(found)


def measure(name: str, folder: Path, options: argparse.Namespace, runner: asyncio.Runner) -> None:
    """The rows of one model."""
    alone = Alone(folder, options.device)
    most = max(options.requests)
    engine = TransformersEngine(Options(str(folder), dtype="float32", device=options.device, batch=most))

    def row(count: int) -> list[float]:
        texts, tokens = questions(count), options.tokens

        async def all_of() -> None:
            await asyncio.gather(*(ask(engine, text, tokens) for text in texts))

        ways: list[Callable[[], Any]] = [
            lambda: alone.streamed(texts, tokens),
            lambda: runner.run(all_of()),
            lambda: alone.batched(texts, tokens),
            lambda: alone.continuous(texts, tokens),
        ]
        clock = time.process_time if options.cpu else time.perf_counter
        return [rate(way, count * tokens, options.runs, clock) for way in ways[: 4 if options.continuous else 3]]

    for count in options.requests:
        plain, ours, *others = row(count)
        cells = [f"{plain:,.0f}", f"{ours:,.0f}", f"{ours / plain:.2f}", *(f"{other:,.0f}" for other in others)]
        print(f"{f'{name}, {count} at once':28}" + "".join(f"{cell:>21}" for cell in cells), flush=True)
    runner.run(engine.close())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--requests", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--cpu", action="store_true", help="seconds of CPU time: for a machine that does other things")
    parser.add_argument("--continuous", action="store_true", help="generate_batch too: minutes where there is no GPU")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    names = ["generate, streamed", "the engine", "ratio", "generate, one batch"]
    names += ["generate_batch"] if options.continuous else []
    print(f"{'tokens a second':28}" + "".join(f"{name:>21}" for name in names), flush=True)
    for name, shape in SIZES.items():
        with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
            make(Path(folder), shape)
            measure(name, Path(folder), options, runner)


if __name__ == "__main__":
    main()
