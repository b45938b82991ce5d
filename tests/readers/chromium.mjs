// Headless Chromium for the pages that the program writes; where it is missing, says so and ends.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";

const require = createRequire(import.meta.url);

/** Chromium started, axe-core as text, and what is collected of what is wrong. */
export async function started(page) {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  let playwright;
  try {
    playwright = require("playwright-core");
    require.resolve("axe-core");
  } catch {
    playwright = undefined;
  }
  if (!executablePath || !playwright) {
    console.log(`SKIPPED: ${page} was not opened in a browser: ` + (executablePath ? "run `npm ci` in tests/readers" : "no Chromium is installed"));
    process.exit(0);
  }
  const wrong = [];
  const check = (condition, message) => { if (!condition) wrong.push(message); };
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"];
  return { browser: await playwright.chromium.launch({ executablePath, args }), axe, wrong, check };
}
