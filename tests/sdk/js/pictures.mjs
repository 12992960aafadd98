// Pictures and videos out, as @google/genai asks for them; each exported function is one test.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createPartFromUri } from "@google/genai";

import {
  agrees,
  can,
  collect,
  finished,
  needs,
  picture,
  read,
  refused,
  resultsOf,
  samples,
  sight,
  studio,
  studioUrl,
  uploadLines,
  writes,
} from "./kit.mjs";

const NANO = "gemini-2.5-flash-image";
const PRO = "gemini-3-pro-image-preview";
const VEO = "veo-3.1-generate-preview";
const PROMPT = "Create a picture of a nano banana dish in a fancy restaurant with a Gemini theme";

const ask = (contents, config = undefined, model = NANO) => studio.models.generateContent({ model, contents, config });
const partsOf = (answer) => answer.candidates[0].content.parts ?? [];

// As the guide saves them: buffers of PNG files.
const shown = (answer, thought = false) =>
  partsOf(answer)
    .filter((part) => part.inlineData && Boolean(part.thought) === thought)
    .map((part) => Buffer.from(part.inlineData.data, "base64"));

const sizeOf = (png) => {
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

const tokens = ({ usageMetadata }) =>
  Object.fromEntries(usageMetadata.candidatesTokensDetails.map((row) => [row.modality, row.tokenCount]));

export async function textToImage() {
  const answer = await ask(PROMPT);
  writes(answer.text, PROMPT);
  assert.equal(partsOf(answer).at(-1).inlineData.mimeType, "image/png");
  assert.deepEqual(shown(answer).map(sizeOf), [[1024, 1024]]);
  assert.equal(tokens(answer).IMAGE, 1290);
}

export async function modalitiesOfPictures() {
  for (const responseModalities of [["Image"], ["IMAGE"], ["image"]]) {
    const answer = await ask(PROMPT, { responseModalities });
    assert.deepEqual(partsOf(answer).map((part) => part.text), [undefined]);
  }
  for (const responseModalities of [["Text", "Image"], ["text", "IMAGE"]])
    assert.equal(partsOf(await ask(PROMPT, { responseModalities })).length, can.has("script") ? 2 : 1);
  if (can.has("script")) assert.equal(shown(await ask(PROMPT, { responseModalities: ["TEXT"] })).length, 0);
}

export async function sizesOfPictures() {
  const wide = await ask(PROMPT, { imageConfig: { aspectRatio: "16:9" } });
  assert.deepEqual([shown(wide).map(sizeOf), tokens(wide).IMAGE], [[[1344, 768]], 1290]);
  const large = await ask(PROMPT, { imageConfig: { aspectRatio: "3:2", imageSize: "2K" } }, PRO);
  assert.deepEqual([shown(large).map(sizeOf), tokens(large).IMAGE], [[[2528, 1696]], 1210]);
  for (const [imageConfig, field] of [
    [{ imageSize: "2k" }, "imageSize"],
    [{ aspectRatio: "7:5" }, "aspectRatio"],
  ]) {
    const error = await refused(400, "INVALID_ARGUMENT", new RegExp(field), () => ask(PROMPT, { imageConfig }, PRO));
    assert.equal(error.details[0].fieldViolations[0].field, `generationConfig.imageConfig.${field}`);
  }
}

export async function editsOfPictures() {
  const size = [read("receipt.png").readUInt32BE(16), read("receipt.png").readUInt32BE(20)];
  assert.deepEqual(shown(await ask([{ text: "Make it blue." }, picture("receipt.png")])).map(sizeOf), [size]);
  const file = await studio.files.upload({ file: join(samples, "receipt.png") });
  const contents = [createPartFromUri(file.uri, file.mimeType), "Make it blue."];
  assert.deepEqual(shown(await ask(contents)).map(sizeOf), [size]);
  const many = Array.from({ length: 15 }, () => picture("qr-code.png"));
  assert.equal(shown(await ask(["Together.", ...many.slice(1)], undefined, PRO)).length, 1);
  await refused(400, "INVALID_ARGUMENT", /14/, () => ask(["Together.", ...many], undefined, PRO));
}

export async function picturesInAStream() {
  for (const model of [NANO, PRO]) {
    const contents = "one, in two parts";
    const config = { seed: 5 };
    const chunks = await collect(await studio.models.generateContentStream({ model, contents, config }));
    const whole = await ask(contents, config, model);
    assert.ok(chunks.flatMap((chunk) => shown(chunk)).every((png, at) => png.equals(shown(whole)[at])));
    const said = chunks.flatMap(partsOf).filter((part) => !part.thought).map((part) => part.text ?? "");
    writes(said.join(""), "one, in two parts And then ");
    const number = chunks.flatMap((chunk) => shown(chunk)).length;
    if (can.has("script")) assert.ok(chunks.length > 1 && number === 2);
    assert.equal(tokens(chunks.at(-1)).IMAGE, number * (model === NANO ? 1290 : 1210));
  }
}

export async function picturesInAChat() {
  const talk = studio.chats.create({ model: PRO, config: { responseModalities: ["TEXT", "IMAGE"] } });
  const first = await talk.sendMessage({ message: "Draw a red square" });
  const second = await talk.sendMessage({ message: "Make it blue" });
  assert.deepEqual([...shown(first), ...shown(second)].map(sizeOf), [[1024, 1024], [1024, 1024]]);
  assert.ok(!shown(first)[0].equals(shown(second)[0]));
  const config = { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "16:9", imageSize: "2K" } };
  const third = await talk.sendMessage({ message: "Make it green", config });
  assert.deepEqual(shown(third).map(sizeOf), [[2752, 1536]]);
  if (!can.has("script")) return;
  const { turns } = JSON.parse(partsOf(third)[0].text);
  assert.deepEqual(turns.map((turn) => turn.role), ["user", "model", "user", "model", "user"]);
}

export async function picturesInAStreamedChat() {
  const talk = studio.chats.create({ model: PRO });
  const first = await collect(await talk.sendMessageStream({ message: "Draw a red square" }));
  const second = await collect(await talk.sendMessageStream({ message: "Make it blue" }));
  assert.deepEqual([...first, ...second].flatMap((chunk) => shown(chunk)).map(sizeOf), [[1024, 1024], [1024, 1024]]);
}

export async function signaturesOfPictures() {
  const talk = studio.chats.create({ model: PRO });
  await talk.sendMessage({ message: "Draw a red square" });
  const again = (change) => {
    const history = structuredClone(talk.getHistory());
    change(history.at(-1).parts.at(-1));
    return ask([...history, { role: "user", parts: [{ text: "Make it blue" }] }], undefined, PRO);
  };
  assert.equal(shown(await again(() => {})).length, 1);
  const tampered = (part) => {
    const signature = Buffer.from(part.thoughtSignature, "base64");
    signature[signature.length - 1] ^= 1;
    part.thoughtSignature = signature.toString("base64");
  };
  for (const change of [(part) => delete part.thoughtSignature, tampered]) {
    const error = await refused(400, "INVALID_ARGUMENT", /exactly as they came/, () => again(change));
    assert.match(error.details[0].fieldViolations[0].field, /^contents\[1\]\.parts\[\d\]\.thoughtSignature$/);
  }
}

export async function thoughtsOfPictures() {
  const answer = await ask("a red square", undefined, PRO);
  const interim = shown(answer, true);
  assert.equal(interim.length, 3);
  assert.ok(interim[2].equals(shown(answer)[0]) && !interim[1].equals(interim[2]));
  const signs = partsOf(answer).map((part) => [Boolean(part.thought), Boolean(part.thoughtSignature)]);
  if (can.has("script")) assert.deepEqual(signs, [...Array(4).fill([true, false]), [false, true], [false, true]]);
  else assert.deepEqual(signs, [...Array(3).fill([true, false]), [false, true]]);
  const declined = await ask("a red square", { thinkingConfig: { includeThoughts: false } }, PRO);
  assert.ok(partsOf(declined).every((part) => !part.thought));
}

export async function groundedPictures() {
  const tools = [{ googleSearch: {} }];
  const answer = await ask("Oslo", { responseModalities: ["TEXT", "IMAGE"], tools }, PRO);
  assert.equal(shown(answer).length, 1);
  const { searchEntryPoint, groundingChunks } = answer.candidates[0].groundingMetadata;
  assert.match(searchEntryPoint.renderedContent, /No search is configured/);
  assert.equal(groundingChunks, undefined);
  const alone = await ask("Oslo", { responseModalities: ["IMAGE"], tools }, PRO);
  assert.deepEqual([partsOf(alone).length, alone.candidates[0].finishReason], [0, "NO_IMAGE"]);
}

export async function seedsOfPictures() {
  const [first, again, other] = await Promise.all([4, 4, 5].map((seed) => ask("a kite", { seed })));
  assert.ok(shown(first)[0].equals(shown(again)[0]) && !shown(first)[0].equals(shown(other)[0]));
  assert.equal(first.text, again.text);
  const two = await ask("a kite", { seed: 2 ** 31 - 1, candidateCount: 2 });
  assert.equal(two.candidates.length, 2);
  assert.equal(tokens(two).IMAGE, 2 * 1290);
}

export async function batchesOfPictures() {
  const request = (text) => ({
    contents: [{ parts: [{ text }] }],
    generation_config: { responseModalities: ["TEXT", "IMAGE"] },
  });
  const lines = [{ key: "request-1", request: request("letter A") }, { key: "request-2", request: request("letter B") }];
  const made = await studio.batches.create({ model: NANO, src: await uploadLines(studio, ...lines) });
  const found = await resultsOf(studioUrl, await finished(studio, made));
  assert.deepEqual(
    Object.fromEntries(found.map(({ key, response }) => [key, shown(response).map(sizeOf)])),
    { "request-1": [[1024, 1024]], "request-2": [[1024, 1024]] },
  );
  const texts = found.map(({ response }) => partsOf(response).map((part) => part.text ?? "").join(""));
  texts.forEach((text, at) => writes(text, ["letter A", "letter B"][at]));
  const config = { responseModalities: ["Image"], imageConfig: { aspectRatio: "16:9" } };
  const inlined = { contents: [{ parts: [{ text: "letter C" }], role: "user" }], config };
  const done = await finished(studio, await studio.batches.create({ model: PRO, src: [inlined] }));
  assert.deepEqual(shown(done.dest.inlinedResponses[0].response).map(sizeOf), [[1376, 768]]);
}

export async function countsOfPictures() {
  for (const model of [NANO, PRO]) {
    const contents = [{ role: "user", parts: [{ text: "Make it blue." }, picture("qr-code.png")] }];
    const { totalTokens } = await studio.models.countTokens({ model, contents });
    const { usageMetadata: usage } = await ask(contents, undefined, model);
    agrees(usage.promptTokenCount, totalTokens);
    const thoughts = usage.thoughtsTokenCount ?? 0;
    assert.equal(usage.totalTokenCount, usage.promptTokenCount + usage.candidatesTokenCount + thoughts);
  }
}

export async function imagen() {
  // Its methods are there for servers that this version asks no more.
  await assert.rejects(studio.models.generateImages({ model: "imagen-4.0-generate-001", prompt: "a" }), /not supported|only supported/);
  const actions = {};
  for await (const model of await studio.models.list()) actions[model.name] = model.supportedActions;
  assert.deepEqual(actions["models/imagen-4.0-generate-001"], ["predict"]);
  if (can.has("script")) assert.deepEqual(actions[`models/${VEO}`], ["predictLongRunning"]);
}

async function filmed(source, config = {}) {
  let operation = await studio.models.generateVideos({ model: VEO, source, config: { durationSeconds: 4, ...config } });
  while (!operation.done) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    operation = await studio.operations.getVideosOperation({ operation });
  }
  return operation;
}

export async function videos() {
  needs("script", "a model of videos");
  const image = { imageBytes: read("qr-code.png").toString("base64"), mimeType: "image/png" };
  const operation = await filmed({ prompt: "a red robot", image }, { aspectRatio: "9:16", numberOfVideos: 1 });
  const [{ video }] = operation.response.generatedVideos;
  const folder = mkdtempSync(join(tmpdir(), "pollux-js-"));
  try {
    const downloadPath = join(folder, "video.mp4");
    await studio.files.download({ file: video, downloadPath });
    assert.equal(readFileSync(downloadPath).toString("latin1", 4, 8), "ftyp");
  } finally {
    rmSync(folder, { recursive: true });
  }
  const file = await studio.files.get({ name: `files/${operation.name.split("/").at(-1)}` });
  assert.deepEqual([file.mimeType, file.source, file.state], ["video/mp4", "GENERATED", "ACTIVE"]);
}

export async function videosThatAreNone() {
  needs("script", "a model of videos");
  const operation = await filmed({ prompt: "film nothing" });
  assert.equal(operation.error.code, 9);
  assert.match(operation.error.message, /nothing to film/);
  await refused(400, "INVALID_ARGUMENT", /durationSeconds/, () => filmed({ prompt: "a" }, { durationSeconds: 60 }));
}

export async function truePictures() {
  needs("truth", "a painter that draws what it is asked for");
  const config = { seed: 3 };
  const draw = () => sight.models.generateContent({ model: PRO, contents: "Draw a red kite in a blue sky", config });
  const [first, again] = [await draw(), await draw()];
  assert.deepEqual(shown(first).map(sizeOf), [[1024, 1024]]);
  assert.equal(first.text, again.text);
  assert.match(first.text, /kite/i);
  assert.ok(shown(first)[0].includes("c2pa"));
}
