// Runs every scenario and prints one line of JSON for each.

import * as pictures from "./pictures.mjs";
import { NotApplicable } from "./kit.mjs";
import * as scenarios from "./scenarios.mjs";

const only = new RegExp(`^(?:${process.env.POLLUX_ONLY || ".*"})$`);

for (const [name, scenario] of Object.entries({ ...scenarios, ...pictures })) {
  if (!only.test(`js.${name}`)) continue;
  let error = "";
  let skipped = "";
  try {
    await scenario();
  } catch (caught) {
    if (caught instanceof NotApplicable) skipped = caught.message;
    else error = caught.stack ?? String(caught);
  }
  console.log(JSON.stringify({ name: `js.${name}`, error, skipped }));
}
