// What @google/genai must be able to do; each exported function is one test (tests/sdk/test_javascript.py).
// runner.mjs runs them: node runner.mjs SAMPLES LOCKED_KEY WIRE_URL STUDIO_URL SIGHT_URL LOCKED_URL.

import assert from "node:assert/strict";
import { join } from "node:path";

import {
  FunctionCallingConfigMode,
  GoogleGenAI,
  HarmBlockThreshold,
  HarmCategory,
  PartMediaResolutionLevel,
  ThinkingLevel,
  Type,
  createPartFromUri,
} from "@google/genai";

import {
  agrees,
  can,
  collect,
  connect,
  finished,
  lockedKey,
  lockedUrl,
  needs,
  picture,
  read,
  refused,
  resultsOf,
  samples,
  says,
  sha,
  sight,
  stopped,
  tells,
  uploadLines,
  vectors,
  wire,
  wireUrl,
} from "./kit.mjs";

const FLASH = "gemini-2.5-flash";
const MIRROR = "gemini-2.5-mirror";

async function mirror(contents, config = undefined, model = MIRROR) {
  const answer = await wire.models.generateContent({ model, contents, config });
  return JSON.parse(answer.text);
}

const textOf = (chunks) => chunks.map((chunk) => chunk.text ?? "").join("");

export async function plain() {
  const answer = await wire.models.generateContent({ model: FLASH, contents: "How are you? 猫 🐈 \u2028" });
  says(answer.text, "How are you? 猫 🐈 \u2028");
  stopped(answer.candidates[0].finishReason);
  assert.equal(answer.modelVersion, FLASH);
  assert.ok(answer.responseId);
}

export async function configReachesTheEngine() {
  const seen = await mirror("a", {
    systemInstruction: "Be brief.",
    temperature: 0.25,
    topK: 3,
    seed: 11,
    safetySettings: [
      { category: HarmCategory.HARM_CATEGORY_HARASSMENT, threshold: HarmBlockThreshold.BLOCK_ONLY_HIGH },
    ],
    thinkingConfig: { thinkingBudget: 64 },
  });
  assert.equal(seen.system, "Be brief.");
  assert.equal(seen.seed, 11);
  assert.deepEqual([seen.config.temperature, seen.config.topK, seen.config.thinkingConfig.thinkingBudget], [0.25, 3, 64]);
  assert.deepEqual(seen.safety, [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_ONLY_HIGH" }]);
  const newer = await mirror("a", { thinkingConfig: { thinkingLevel: ThinkingLevel.LOW } }, "gemini-3-mirror");
  assert.equal(newer.config.thinkingConfig.thinkingLevel, "LOW");
}

export async function stopAndLimit() {
  const speak = (config) => wire.models.generateContent({ model: "gemini-2.5-speaker", contents: "a", config: { temperature: 0, ...config } });
  const { text: whole } = await speak({});
  says(whole, "One two three four five");
  const middle = whole.slice(whole.length / 2, whole.length / 2 + 3);
  assert.equal((await speak({ stopSequences: [middle] })).text ?? "", whole.slice(0, whole.indexOf(middle)));
  const cut = await speak({ maxOutputTokens: 3 });
  assert.equal(cut.candidates[0].finishReason, "MAX_TOKENS");
  assert.equal(cut.usageMetadata.candidatesTokenCount, 3);
  assert.equal((await speak({ candidateCount: 3 })).candidates.length, 3);
}

export async function inlineData() {
  const seen = await mirror([picture("cat.jpg"), { text: "What is it?" }, picture("receipt.png")]);
  const pieces = seen.turns[0].pieces.filter((piece) => piece.media);
  assert.deepEqual(pieces.map((piece) => piece.sha256), [sha(read("cat.jpg")), sha(read("receipt.png"))]);
  assert.deepEqual(pieces.map((piece) => piece.media), ["image/jpeg", "image/png"]);
}

export async function resolutionOfAPart() {
  const part = picture("cat.jpg", PartMediaResolutionLevel.MEDIA_RESOLUTION_ULTRA_HIGH);
  const seen = await mirror([part], undefined, "gemini-3-mirror");
  assert.equal(seen.turns[0].pieces[0].level, "MEDIA_RESOLUTION_ULTRA_HIGH");
  const ask = () => wire.models.generateContent({ model: FLASH, contents: [part] });
  const error = await refused(400, "INVALID_ARGUMENT", /mediaResolution/, ask);
  assert.equal(error.details[0].fieldViolations[0].field, "contents[0].parts[0].mediaResolution");
}

export async function stream() {
  const chunks = await collect(await wire.models.generateContentStream({ model: "gemini-2.5-speaker", contents: "a" }));
  says(textOf(chunks), "One two three four five");
  assert.ok(chunks.length > 1);
  const last = chunks.at(-1);
  stopped(last.candidates[0].finishReason);
  const usage = last.usageMetadata;
  assert.equal(usage.totalTokenCount, usage.promptTokenCount + usage.candidatesTokenCount);
}

export async function thoughts() {
  needs("script", "thoughts and their signature");
  const config = { thinkingConfig: { includeThoughts: true } };
  const ask = { model: "gemini-2.5-thinker", contents: "a", config };
  for (const chunks of [
    [await wire.models.generateContent(ask)],
    await collect(await wire.models.generateContentStream(ask)),
  ]) {
    const parts = chunks.flatMap((chunk) => chunk.candidates[0].content.parts);
    const said = (thought) => parts.filter((p) => Boolean(p.thought) === thought).map((p) => p.text).join("");
    assert.deepEqual([said(true), said(false)], ["First I look. Then I say it.", "It is a cat."]);
    assert.equal(parts.filter((part) => part.thoughtSignature).length, 1);
  }
}

export async function faultInTheMiddle() {
  needs("script", "a fault of the model in mid-stream");
  let text = "";
  await refused(503, "UNAVAILABLE", /^The model went away\.$/, async () => {
    const chunks = await wire.models.generateContentStream({ model: "gemini-2.5-breaks", contents: "a" });
    for await (const chunk of chunks) text += chunk.text ?? "";
  });
  assert.ok(text.startsWith("So far so"), text);
}

export async function earlyFaultOfAStream() {
  const ask = (model) => () => wire.models.generateContentStream({ model, contents: "a" });
  await refused(404, "NOT_FOUND", /gpt-99/, ask("gpt-99"));
  needs("script", "a fault of the model before its first word");
  const error = await refused(429, "RESOURCE_EXHAUSTED", /Too much today/, ask("gemini-2.5-refuses"));
  assert.equal(error.details.find((one) => one["@type"].endsWith("RetryInfo")).retryDelay, "7s");
}

export async function abort() {
  needs("script", "a model that is late");
  const abortSignal = AbortSignal.timeout(300);
  const ask = { model: "gemini-2.5-late", contents: "a", config: { abortSignal } };
  const began = Date.now();
  await assert.rejects(wire.models.generateContent(ask));
  assert.ok(Date.now() - began < 5000);
}

export async function timeout() {
  needs("script", "a model that is late");
  const client = new GoogleGenAI({ apiKey: "test-key", httpOptions: { baseUrl: wireUrl, timeout: 400 } });
  const began = Date.now();
  await assert.rejects(client.models.generateContent({ model: "gemini-2.5-late", contents: "a" }));
  assert.ok(Date.now() - began < 5000);
}

export async function chat() {
  const talk = wire.chats.create({ model: MIRROR, config: { systemInstruction: "Be kind." } });
  const first = await talk.sendMessage({ message: [picture("cat.jpg"), { text: "one" }] });
  const seen = JSON.parse((await talk.sendMessage({ message: "two" })).text);
  assert.deepEqual(seen.turns.map((turn) => turn.role), ["user", "model", "user"]);
  assert.equal(seen.turns[0].pieces[0].sha256, sha(read("cat.jpg")));
  assert.equal(seen.turns[1].pieces[0].text, first.text);
  assert.equal(talk.getHistory(true).length, 4);
}

export async function chatAfterAStream() {
  for (const [model, message, expected] of [
    ["gemini-2.5-speaker", "count", "One two three four five"],
    [FLASH, "x", "x"],
  ]) {
    const talk = wire.chats.create({ model });
    const whole = textOf(await collect(await talk.sendMessageStream({ message })));
    says(whole, expected);
    const kept = talk.getHistory(true);
    assert.equal(kept[0].role, "user");
    assert.equal(kept.slice(1).flatMap((content) => content.parts).map((part) => part.text).join(""), whole);
  }
}

export async function countTokens() {
  const contents = [picture("qr-code.png"), "What is it?"];
  for (const [model, tokens] of [[FLASH, 258], ["gemini-3-flash-preview", 1120]]) {
    const { totalTokens } = await wire.models.countTokens({ model, contents });
    const { usageMetadata } = await wire.models.generateContent({ model, contents });
    agrees(totalTokens, usageMetadata.promptTokenCount);
    if (!can.has("script")) continue; // an engine's own count is not told apart by kinds
    const details = Object.fromEntries(usageMetadata.promptTokensDetails.map((d) => [d.modality, d.tokenCount]));
    assert.equal(details.IMAGE, tokens);
  }
}

export async function embedContent() {
  needs("embeddings", "vectors of texts");
  const config = { outputDimensionality: 3, taskType: "RETRIEVAL_DOCUMENT" };
  const found = await wire.models.embedContent({ model: "gemini-embedding-001", contents: ["a", "bb"], config });
  vectors(found.embeddings.map((one) => one.values), [[0, 1, 0], [0, 0, 1]]);
  if (!can.has("truth")) return;
  const texts = ["A cat sleeps.", "A kitten naps.", "The invoice is due."];
  const real = await sight.models.embedContent({ model: "gemini-embedding-001", contents: texts });
  const [cat, kitten, invoice] = real.embeddings.map((one) => one.values);
  assert.equal(cat.length, 384);
  const near = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  assert.ok(near(cat, kitten) > near(cat, invoice) + 0.2);
}

export async function models() {
  const names = [];
  for await (const model of await wire.models.list({ config: { pageSize: 2 } })) names.push(model.name);
  assert.ok(names.includes("models/gemini-2.5-flash"));
  assert.equal(new Set(names).size, names.length);
  const one = await wire.models.get({ model: FLASH });
  assert.equal(one.name, "models/gemini-2.5-flash");
  assert.ok(can.has("script") ? one.inputTokenLimit === 1048576 : one.inputTokenLimit > 0);
  await refused(404, "NOT_FOUND", /gpt-99/, () => wire.models.get({ model: "gpt-99" }));
}

export async function functions() {
  needs("calls", "a function that must be called");
  const parameters = { type: Type.OBJECT, properties: { city_name: { type: Type.STRING } }, required: ["city_name"] };
  const tools = [{ functionDeclarations: [{ name: "get_weather", description: "The weather.", parameters }] }];
  const toolConfig = { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } };
  const contents = [{ role: "user", parts: [{ text: "Weather in Oslo?" }] }];
  const ask = (config) => wire.models.generateContent({ model: "gemini-2.5-caller", contents, config });
  const first = await ask({ tools, toolConfig });
  const [call] = first.functionCalls;
  assert.deepEqual([call.name, typeof call.args.city_name], ["get_weather", "string"]);
  if (can.has("script")) assert.deepEqual([call.args, call.id], [{ city_name: "Oslo" }, "call-1"]);
  contents.push(first.candidates[0].content);
  const response = { snow_depth: 3, windSpeed: 2 };
  contents.push({ role: "user", parts: [{ functionResponse: { id: call.id, name: call.name, response } }] });
  says((await ask({ tools })).text, 'It said [{"snow_depth": 3, "windSpeed": 2}]');
  const seen = await mirror("a", { tools, toolConfig });
  assert.deepEqual(Object.keys(seen.tools[0].functionDeclarations[0].parameters.properties), ["city_name"]);
  assert.equal(seen.tool_config.functionCallingConfig.mode, "ANY");
}

export async function automaticFunctions() {
  needs("script", "a model that calls a function");
  const asked = [];
  const callable = {
    tool: async () => ({
      functionDeclarations: [
        { name: "get_weather", parametersJsonSchema: { type: "object", properties: { city_name: { type: "string" } } } },
      ],
    }),
    callTool: async (calls) => {
      asked.push(...calls.map((call) => call.args.city_name));
      return calls.map((call) => ({
        functionResponse: { id: call.id, name: call.name, response: { weather: "snow" } },
      }));
    },
  };
  const config = { tools: [callable] };
  const answer = await wire.models.generateContent({ model: "gemini-2.5-caller", contents: "Weather?", config });
  assert.deepEqual(asked, ["Oslo"]);
  assert.match(answer.text, /snow/);
}

export async function schema() {
  needs("schema", "an answer that follows its schema");
  const responseSchema = {
    type: Type.OBJECT,
    properties: { max_items: { type: Type.ARRAY, items: { type: Type.INTEGER }, minItems: "2" } },
    required: ["max_items"],
  };
  const model = "gemini-2.5-filler";
  const config = { responseMimeType: "application/json", responseSchema };
  const answer = await wire.models.generateContent({ model, contents: "a", config });
  const { max_items: items } = JSON.parse(answer.text);
  if (can.has("script")) assert.deepEqual(items, [7, 7]);
  else assert.ok(items.length > 1 && items.every(Number.isInteger), answer.text);
  const responseJsonSchema = { type: "object", properties: { min_length: { type: "integer" } } };
  const other = { responseMimeType: "application/json", responseJsonSchema };
  const second = await wire.models.generateContent({ model, contents: "a", config: other });
  const { min_length: length = 7 } = JSON.parse(second.text);
  assert.ok(Number.isInteger(length), second.text);
  if (can.has("script")) assert.deepEqual(JSON.parse(second.text), { min_length: 7 });
}

export async function errorShape() {
  const ask = (config) => () => wire.models.generateContent({ model: FLASH, contents: "a", config });
  const error = await refused(400, "INVALID_ARGUMENT", /temperature/, ask({ temperature: 9 }));
  assert.equal(error.details[0]["@type"], "type.googleapis.com/google.rpc.BadRequest");
  assert.equal(error.details[0].fieldViolations[0].field, "generationConfig.temperature");
  await refused(501, "UNIMPLEMENTED", /caching/, () => wire.caches.list());
}

export async function keys() {
  const ask = (key) => () => connect(lockedUrl, key).models.generateContent({ model: FLASH, contents: "hi" });
  says((await ask(lockedKey)()).text, "hi");
  const error = await refused(400, "INVALID_ARGUMENT", /API key not valid/, ask("AIza-wrong"));
  assert.equal(error.details[0].reason, "API_KEY_INVALID");
}

export async function doors() {
  for (const apiVersion of ["v1", "v1beta", "v1alpha"]) {
    const client = connect(wireUrl + "/", "test-key", { apiVersion });
    says((await client.models.generateContent({ model: FLASH, contents: "hi" })).text, "hi");
  }
  process.env.GOOGLE_GEMINI_BASE_URL = wireUrl;
  process.env.GEMINI_API_KEY = "test-key";
  try {
    says((await new GoogleGenAI({}).models.generateContent({ model: FLASH, contents: "hi" })).text, "hi");
  } finally {
    delete process.env.GOOGLE_GEMINI_BASE_URL;
    delete process.env.GEMINI_API_KEY;
  }
}

export async function trueAnswers() {
  const ask = (...contents) => sight.models.generateContent({ model: FLASH, contents });
  tells((await ask(picture("cat.jpg"), "Caption this image.")).text, /\bcat\b/i);
  tells((await ask(picture("receipt.png"), "What is the total?")).text, /23\.93/);
  tells((await ask(picture("qr-code.png"), "What does the QR code say?")).text, /https:\/\/example\.com\/pollux/);
}

export async function trueSchema() {
  needs("schema", "what a picture holds, in a form");
  const responseSchema = {
    type: Type.OBJECT,
    properties: { shop: { type: Type.STRING }, total: { type: Type.NUMBER } },
    required: ["shop", "total"],
  };
  const config = { responseMimeType: "application/json", responseSchema };
  const contents = [picture("receipt.png"), "Extract the receipt."];
  const { shop, total } = JSON.parse((await sight.models.generateContent({ model: FLASH, contents, config })).text);
  assert.deepEqual([typeof shop, typeof total], ["string", "number"]);
  if (can.has("truth")) assert.deepEqual([shop.toUpperCase(), total], ["THE BLUE KETTLE", 23.93]);
}

export async function trueChat() {
  const talk = sight.chats.create({ model: FLASH });
  const chunks = await collect(await talk.sendMessageStream({ message: [picture("receipt.png"), "What is the total?"] }));
  tells(textOf(chunks), /23\.93/);
  tells((await talk.sendMessage({ message: "And which shop is it from?" })).text, /Blue Kettle/i);
}

const MIB = 1024 * 1024;
const sha64 = (bytes) => Buffer.from(sha(bytes)).toString("base64");

function noise(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0, seed = size; at < size; at += 1) bytes[at] = seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return bytes;
}

function isThere(file, bytes, mimeType) {
  assert.deepEqual([file.sizeBytes, file.mimeType, file.state], [String(bytes.length), mimeType, "ACTIVE"]);
  assert.equal(file.sha256Hash, sha64(bytes));
  assert.ok(file.uri.endsWith(`/v1beta/${file.name}`), file.uri);
}

export async function filesOfManySizes() {
  for (const size of [1, 8 * MIB, 8 * MIB + 1, ...(process.env.POLLUX_SOAK ? [200 * MIB] : [])]) {
    const bytes = noise(size);
    const config = { mimeType: "application/x-noise", displayName: `${size} bytes` };
    const file = await wire.files.upload({ file: new Blob([bytes]), config });
    isThere(file, bytes, "application/x-noise");
    assert.equal(file.displayName, `${size} bytes`);
  }
}

export async function filesByPathInManyRequests() {
  const file = await wire.files.upload({ file: join(samples, "cat.jpg") });
  isThere(file, read("cat.jpg"), "image/jpeg");
  const parts = [createPartFromUri(file.uri, file.mimeType), picture("receipt.png"), "What are these?"];
  for (let time = 0; time < 2; time += 1) {
    const { turns } = await mirror(parts);
    assert.deepEqual(
      turns[0].pieces.filter((piece) => piece.media).map((piece) => piece.sha256),
      [sha(read("cat.jpg")), sha(read("receipt.png"))],
    );
  }
}

export async function filesLiveAndGo() {
  const name = `js-${Date.now()}`;
  const config = { mimeType: "text/plain", name };
  const made = await wire.files.upload({ file: new Blob(["text"]), config });
  assert.equal(made.name, `files/${name}`);
  assert.equal((await wire.files.get({ name: made.name })).uri, made.uri);
  await refused(409, "ALREADY_EXISTS", /already exists/, () => wire.files.upload({ file: new Blob(["a"]), config }));
  const names = [];
  for await (const file of await wire.files.list({ config: { pageSize: 2 } })) names.push(file.name);
  assert.ok(names.includes(made.name));
  await wire.files.delete({ name: made.name });
  await refused(404, "NOT_FOUND", /no file/, () => wire.files.get({ name: made.name }));
}

export async function filesWithOptionsThatDropTheHeaders() {
  // This client then asks /v1beta/upload/v1beta/files, without X-Goog-Upload-* headers.
  const config = { mimeType: "text/plain", httpOptions: { timeout: 20000 } };
  const file = await wire.files.upload({ file: new Blob(["text"]), config });
  isThere(file, Buffer.from("text"), "text/plain");
}

export async function filesBehindAKey() {
  const locked = connect(lockedUrl, lockedKey);
  const bytes = Buffer.alloc(9 * MIB);
  isThere(await locked.files.upload({ file: new Blob([bytes]), config: { mimeType: "application/x-zeros" } }), bytes, "application/x-zeros");
}

const words = (text, more = {}) => ({ contents: [{ parts: [{ text }], role: "user" }], ...more });
// This client leaves the responses of a batch plain objects: they have no `text`.
const told = ({ candidates }) => candidates[0].content.parts.map((part) => part.text).join("");
export async function batchesInline() {
  const neko = { systemInstruction: { parts: [{ text: "You are a cat. Your name is Neko." }] } };
  const src = [
    words("one", { metadata: { key: "request-1" }, config: neko }),
    words("two", { config: { temperature: 9 }, metadata: { key: "request-2" } }),
    words("three", { config: { tools: [{ googleSearch: {} }] } }),
  ];
  const made = await wire.batches.create({ model: MIRROR, src, config: { displayName: "inlined-requests-job-1" } });
  assert.match(made.name, /^batches\/[a-z0-9]+$/);
  assert.deepEqual([made.displayName, made.model], ["inlined-requests-job-1", `models/${MIRROR}`]);
  const done = await finished(wire, made);
  assert.equal(done.state, "JOB_STATE_SUCCEEDED");
  const [first, bad, last] = done.dest.inlinedResponses;
  assert.deepEqual([first.metadata, bad.metadata], [{ key: "request-1" }, { key: "request-2" }]);
  assert.match(JSON.parse(told(first.response)).system, /Neko/);
  assert.equal(bad.error.code, 3);
  assert.match(bad.error.message, /temperature/);
  assert.deepEqual(JSON.parse(told(last.response)).tools, [{ googleSearch: {} }]);
}

export async function batchesWithASchema() {
  needs("schema", "answers that follow their schema");
  const recipe = {
    type: Type.OBJECT,
    properties: { recipeName: { type: Type.STRING, description: "Name of the recipe", nullable: false } },
    required: ["recipeName"],
  };
  const config = { responseMimeType: "application/json", responseSchema: { type: Type.ARRAY, items: recipe } };
  const src = [words("cookies", { config }), words("gluten free cookies", { config })];
  const done = await finished(wire, await wire.batches.create({ model: "gemini-2.5-filler", src }));
  const answers = done.dest.inlinedResponses.map(({ response }) => JSON.parse(told(response)));
  assert.ok(answers.flat().every(({ recipeName }) => typeof recipeName === "string"), JSON.stringify(answers));
  if (can.has("script")) assert.deepEqual(answers, [[{ recipeName: "a" }], [{ recipeName: "a" }]]);
}

export async function batchesFromAFile() {
  const generation_config = { temperature: 0.7 };
  const src = await uploadLines(wire, { key: "request-1", request: { ...words("one"), generation_config } }, words("bare"));
  const done = await finished(wire, await wire.batches.create({ model: MIRROR, src }));
  const [first, bare] = await resultsOf(wireUrl, done);
  assert.deepEqual([first.key, bare.key], ["request-1", undefined]);
  const { config } = JSON.parse(told(first.response));
  assert.equal(config.temperature, 0.7);
  const broken = await finished(wire, await wire.batches.create({ model: FLASH, src: await uploadLines(wire, "no request") }));
  assert.deepEqual([broken.state, broken.dest], ["JOB_STATE_FAILED", undefined]);
}

export async function batchesOfEmbeddings() {
  needs("embeddings", "vectors of a batch");
  const model = "gemini-embedding-001";
  const inlinedRequests = { contents: ["abcde", "a"], config: { outputDimensionality: 3 } };
  const inline = await finished(wire, await wire.batches.createEmbeddings({ model, src: { inlinedRequests } }));
  const found = inline.dest.inlinedEmbedContentResponses.map(({ response }) => response.embedding.values);
  vectors(found, [[0, 0, 1], [0, 1, 0]]);
  const request = { content: { parts: [{ text: "abcde" }] }, output_dimensionality: 3 };
  const fileName = await uploadLines(wire, { key: "one", request });
  const [line] = await resultsOf(wireUrl, await finished(wire, await wire.batches.createEmbeddings({ model, src: { fileName } })));
  assert.equal(line.key, "one");
  vectors([line.response.embedding.values], [[0, 0, 1]]);
}

export async function batchesListedCancelledDeleted() {
  needs("script", "a model that is still at work");
  const made = [];
  for (let i = 0; i < 3; i += 1) made.push((await wire.batches.create({ model: "gemini-2.5-slow", src: [words("a")] })).name);
  const names = [];
  for await (const job of await wire.batches.list({ config: { pageSize: 2 } })) names.push(job.name);
  assert.deepEqual(names.filter((name) => made.includes(name)), made.toReversed());
  for (const name of made) {
    await wire.batches.cancel({ name });
    assert.equal((await wire.batches.get({ name })).state, "JOB_STATE_CANCELLED");
    await wire.batches.delete({ name });
    await refused(404, "NOT_FOUND", /no batch job/, () => wire.batches.get({ name }));
  }
}
