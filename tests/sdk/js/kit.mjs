// What the scenarios of @google/genai share: the servers, the samples, and words for expectations.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ApiError, GoogleGenAI, createPartFromBase64 } from "@google/genai";

export const [samples, lockedKey, wireUrl, studioUrl, sightUrl, lockedUrl] = process.argv.slice(2);

export const connect = (baseUrl, apiKey = "test-key", more = {}) =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl }, ...more });
export const wire = connect(wireUrl);
export const studio = connect(studioUrl);
export const sight = connect(sightUrl);

export const read = (name) => readFileSync(join(samples, name));
export const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");
export const picture = (name, ...more) =>
  createPartFromBase64(read(name).toString("base64"), name.endsWith(".jpg") ? "image/jpeg" : "image/png", ...more);

// Who answers, and what can be asked of them: tests/sdk/scenarios/words.py has the same words.
export const can = new Set((process.env.POLLUX_CAN ?? "script schema calls embeddings pictures truth").split(" "));

export class NotApplicable extends Error {}

export const needs = (ability, what) => {
  if (!can.has(ability)) throw new NotApplicable(`needs ${ability}: ${what}`);
};

export const says = (found, expected) => {
  if (can.has("script")) assert.equal(found, expected);
  else assert.ok(found, "nothing was said");
};

// The words that the script puts beside a picture; other painters write none.
export const writes = (found, expected) => assert.equal(found ?? "", can.has("script") ? expected : "");

export const tells = (found, words) => {
  if (can.has("truth")) assert.match(found, words);
  else assert.ok(found, "nothing was said");
};

export const stopped = (reason) =>
  assert.ok(["STOP", ...(can.has("script") ? [] : ["MAX_TOKENS"])].includes(reason), reason);

export const agrees = (before, used) => {
  if (can.has("script")) assert.equal(before, used);
  else assert.ok(before > 0 && used > 0, `${before}, ${used}`);
};

export const vectors = (found, expected) => {
  if (can.has("script")) assert.deepEqual(found, expected);
  else {
    assert.equal(found.length, expected.length);
    assert.equal(new Set(found.map((one) => one.length)).size, 1);
    assert.ok(found.every((one) => one.length && one.every(Number.isFinite) && one.some((x) => x !== 0)));
  }
};

export const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};

export const refused = async (code, status, words, work) => {
  let caught;
  try {
    await work();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof ApiError, `ApiError ${code} was expected, not ${caught}`);
  assert.equal(caught.status, code);
  const { error } = JSON.parse(caught.message.slice(caught.message.indexOf("{"))); // in a stream: "got status: ... {"
  assert.deepEqual([error.code, error.status], [code, status]);
  assert.match(error.message, words);
  return error;
};

const ended = new Set(["JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"]);

// The guide's polling loop, with a shorter sleep.
export const finished = async (client, { name }) => {
  let batchJob = await client.batches.get({ name });
  while (!ended.has(batchJob.state)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    batchJob = await client.batches.get({ name: batchJob.name });
  }
  return batchJob;
};

export const uploadLines = async (client, ...lines) => {
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  const config = { mimeType: "jsonl", displayName: "my-batch-requests" };
  return (await client.files.upload({ file: new Blob([text]), config })).name;
};

export const resultsOf = async (url, job) => {
  const answer = await fetch(`${url}/download/v1beta/${job.dest.fileName}:download?alt=media&key=test-key`);
  assert.equal(answer.status, 200);
  return (await answer.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
};
