// Runs every scenario and prints one line of JSON for each.

import * as pictures from "./pictures.mjs";
import * as scenarios from "./scenarios.mjs";

for (const [name, scenario] of Object.entries({ ...scenarios, ...pictures })) {
  let error = "";
  try {
    await scenario();
  } catch (caught) {
    error = caught.stack ?? String(caught);
  }
  console.log(JSON.stringify({ name: `js.${name}`, error }));
}
