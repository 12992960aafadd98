"""What requests cost, and the sums of them."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.bill import MOST_NAMES, OTHERS, Bill, Book
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.engines.base import Stop, Text, Usage
from pollux.engines.families import default_families
from pollux.engines.registry import Limits, Quota, Registry
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ResourceExhausted
from pollux.media.limits import MediaLimits
from pollux.media.resolve import resolve
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentRequest, ModalityTokenCount, UsageMetadata
from tests.core.kit import HELLO, finish

USAGE = UsageMetadata(
    prompt_token_count=1_000_000,
    cached_content_token_count=400_000,
    candidates_token_count=300_000,
    thoughts_token_count=100_000,
    total_token_count=1_400_000,
    candidates_tokens_details=(ModalityTokenCount(modality="IMAGE", token_count=200_000),),
)


@pytest.mark.parametrize(
    ("limits", "cost"),
    [
        (Limits(), None),
        (Limits(rpm=Quota("*", 1)), None),
        (Limits(input_price=2), 2.0),
        (Limits(input_price=2, cached_price=0.5), 0.6 * 2 + 0.4 * 0.5),
        (Limits(output_price=10), 0.4 * 10),
        (Limits(output_price=10, picture_price=0.25), 0.2 * 10 + 3 * 0.25),
        (Limits(input_price=0), 0.0),
    ],
)
def test_cost(limits: Limits, cost: float | None) -> None:
    bill = Bill()
    bill.charge(USAGE, 3, limits, batch=False)
    assert bill.cost == (None if cost is None else pytest.approx(cost))
    assert (bill.input_tokens, bill.cached_tokens, bill.output_tokens, bill.pictures) == (
        1_000_000, 400_000, 400_000, 3,
    )  # fmt: skip


@pytest.mark.parametrize("said", [10**30, -(10**30)])
def test_numbers_of_other_servers_are_believed_within_reason(said: int) -> None:
    bill = Bill()
    usage = UsageMetadata(prompt_token_count=said, cached_content_token_count=said, total_token_count=said)
    bill.charge(usage, 0, Limits(input_price=1), batch=False)
    assert bill.input_tokens == bill.cached_tokens == bill.total_tokens == (2**31 - 1 if said > 0 else 0)
    assert bill.cost == pytest.approx(bill.input_tokens / 1e6)


def test_names_that_no_database_takes_are_others() -> None:
    book = Book()
    book.note(Caller(), "gemini-\x00", Bill())
    assert [row[3] for row in book.take()] == [OTHERS]


@pytest.mark.parametrize(("discount", "part"), [(None, 0.5), (0.25, 0.75), (1.0, 0.0), (0.0, 1.0)])
def test_batch_lines_are_let_off_a_part(discount: float | None, part: float) -> None:
    bill = Bill()
    bill.charge(USAGE, 0, Limits(input_price=2, batch_discount=discount), batch=True)
    assert bill.cost == pytest.approx(2 * part)


def test_sums_by_day_project_key_and_model() -> None:
    now = [86_400.0 * 10]
    book = Book(lambda: now[0])
    one = Bill(input_tokens=5, output_tokens=2, pictures=1, cost=0.5)
    book.note(Caller("web", "k"), "a", one)
    book.note(Caller("web", "k"), "a", one)
    book.note(Caller("web", "k"), "b", Bill())
    now[0] += 86_400
    book.note(Caller("web", "k"), "a", one)
    rows = book.take()
    assert {row: (used.requests, used.input_tokens, used.pictures, used.cost) for row, used in rows.items()} == {
        (10, "web", "k", "a"): (2, 10, 2, 1.0),
        (10, "web", "k", "b"): (1, 0, 0, 0.0),
        (11, "web", "k", "a"): (1, 5, 1, 0.5),
    }
    assert book.take() == {}
    book.note(Caller("web", "k"), "a", one)
    book.put_back(rows)
    assert book.take()[11, "web", "k", "a"].requests == 2


def test_names_that_callers_make_up_do_not_fill_the_memory() -> None:
    now = 0.0
    book = Book(lambda: now)
    for i in range(MOST_NAMES + 500):
        book.note(Caller(), f"gemini-2.5-flash-{i}", Bill())
    rows = book.take()
    assert len(rows) == MOST_NAMES + 1
    assert next(used.requests for row, used in rows.items() if row[3] == OTHERS) == 500
    book.note(Caller(), "gemini-2.5-flash-0", Bill())
    book.note(Caller(), "gemini-2.5-flash-again", Bill())
    assert [row[3] for row in book.take()] == ["gemini-2.5-flash-0", OTHERS]
    book.note(Caller("another project"), "gemini-2.5-flash-again", Bill())
    assert [row[3] for row in book.take()] == ["gemini-2.5-flash-again"]
    now = 86_400.0
    book.note(Caller(), "gemini-2.5-flash-again", Bill())
    assert [row[3] for row in book.take()] == ["gemini-2.5-flash-again"]


def core_of(limits: dict[str, Limits], **more: Any) -> Core:
    engine = ScriptedEngine(lambda _: [Text("two words"), Usage(7, 3), Stop()])
    return Core(
        Registry(default_families(), {"one": engine}, {}, limits, default="one"),
        lambda _, part, field: resolve(part, field, MediaLimits()),
        Permits(4, 4),
        finish(),
        **more,
    )


async def ask(core: Core, model: str = "gemini-2.5-flash", project: str = "default", body: Any = HELLO) -> Bill:
    request, bill = lenient.convert(GenerateContentRequest, body), Bill()
    async for _ in core.generate(request, model, Caller(project), Deadline.after(5), bill=bill):
        pass
    return bill


async def test_an_answer_is_billed_and_booked() -> None:
    core = core_of({"gemini-*": Limits(input_price=1, output_price=2)})
    bill = await ask(core)
    assert (bill.engine, bill.input_tokens, bill.output_tokens) == ("one", 7, 3)
    assert bill.cost == pytest.approx((7 + 3 * 2) / 1e6)
    assert [(row[1:], used.requests) for row, used in core.book.take().items()] == [
        (("default", "", "gemini-2.5-flash"), 1)
    ]


async def test_what_was_refused_is_not_booked() -> None:
    core = core_of({})
    with pytest.raises(Exception, match="contents"):
        await ask(core, body={"contents": []})
    assert core.book.take() == {}


async def test_models_of_a_pattern_share_their_limit_in_each_project() -> None:
    clock = [0.0]
    core = core_of({"gemini-2.5-*": Limits(rpm=Quota("gemini-2.5-*", 2))}, rates=RateLimits(lambda: clock[0]))
    await ask(core)
    await ask(core, "gemini-2.5-flash-made-up")
    with pytest.raises(ResourceExhausted, match=r"project.s quota of 2 .*requests_per_minute") as caught:
        await ask(core, "gemini-2.5-pro")
    kinds = [detail["@type"].rpartition(".")[2] for detail in caught.value.details]
    assert kinds == ["QuotaFailure", "RetryInfo"]
    assert caught.value.retry_after == pytest.approx(30)
    await ask(core, project="other")
    await ask(core, "gemini-2.0-flash")
    clock[0] += 30
    await ask(core)


async def test_tokens_of_a_model() -> None:
    clock = [0.0]
    core = core_of({"*": Limits(tpm=Quota("*", 12))}, rates=RateLimits(lambda: clock[0]))
    await ask(core)
    await ask(core)  # 20 of 12 are spent, which is known afterwards
    with pytest.raises(ResourceExhausted, match="tokens_per_minute"):
        await ask(core)
    clock[0] += 60
    await ask(core)


async def test_batch_lines_have_their_own_price_and_no_rates() -> None:
    limits = Limits(rpm=Quota("*", 1), in_flight=Quota("*", 1), input_price=1)
    core = core_of({"*": limits}, batch=True)
    bills = [await ask(core) for _ in range(3)]
    assert [bill.cost for bill in bills] == [pytest.approx(3.5e-6)] * 3


async def test_requests_at_once_of_a_model() -> None:
    core = core_of({"*": Limits(in_flight=Quota("*", 1))})
    core.permits.waiting = 0
    request = lenient.convert(GenerateContentRequest, HELLO)
    first = core.generate(request, "gemini-2.5-flash", Caller(), Deadline.after(5), "streamGenerateContent")
    await anext(first)
    with pytest.raises(ResourceExhausted, match="busy"):
        await ask(core, "gemini-2.5-pro", project="other")
    await first.aclose()
    await ask(core)
