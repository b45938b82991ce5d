// Opens a page of `breakeven explore` in headless Chromium as its readers do: moves sliders, pins, takes links and commands along.
// Fails on any console error, any request, and any violation that axe-core finds. Says how long an answer takes.
//
//   node explore.mjs PAGE.html PROGRAM [FOLDER FOR SCREENSHOTS]
import { execSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
let playwright;
try {
  playwright = require("playwright-core");
  require.resolve("axe-core");
} catch {
  playwright = undefined;
}
if (!chromium || !playwright) {
  console.log("SKIPPED: the page was not opened in a browser: " + (chromium ? "run `npm ci` in tests/readers" : "no Chromium is installed"));
  process.exit(0);
}

const [file, program, shots] = process.argv.slice(2);
const address = pathToFileURL(resolve(file)).href;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
const check = (condition, message) => { if (!condition) wrong.push(message); };

check(statSync(file).size < 2_000_000, "the page is larger than 2 MB");
const browser = await playwright.chromium.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function opened(where, options, link = "") {
  const page = await browser.newPage(options);
  page.on("console", (message) => check(message.type() !== "error", `${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${where}: ${error}`));
  page.on("request", (request) => {
    const own = request.url().startsWith(address) || request.url().startsWith("blob:");
    check(own, `${where}: asks for ${request.url()}`);
  });
  await page.goto(address + link);
  await page.locator("#page").waitFor();
  return page;
}

// What is shown is of all paths, and of the newest setting.
const refined = (page) => page.waitForFunction(() => !document.body.classList.contains("rough") && document.querySelector("#live").textContent !== "", null, { timeout: 60_000 });
const shot = async (page, name, fullPage = false) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage }); };
const slide = (page, id, to) => page.locator(`[id="input-${id}"]`).evaluate((slider, to) => {
  slider.value = to;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, to);
const answered = (page) => page.evaluate(() => document.documentElement.dataset.shown);

for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 900 }, tablet: { width: 820, height: 1100 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of ["light", "dark"]) {
    const where = `${size}, ${colorScheme}`;
    const page = await opened(where, { viewport, colorScheme, bypassCSP: true });
    const began = Date.now();
    await page.evaluate(() => document.querySelector("#undo").click());
    await refined(page);
    await shot(page, `rest-${size}-${colorScheme}`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(beyond <= 0, `${where}: the page is ${beyond} pixels wider than the screen`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const { id, nodes } of found.violations) wrong.push(`${where}: axe: ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    if (size !== "tablet") {
      await slide(page, "market.refusal_rate", 20);
      await page.locator("#pin").click();
      await slide(page, "market.refusal_rate", 120);
      await page.locator("#compared-said p").first().waitFor({ timeout: 60_000 });
      await page.locator("#sweep summary").click();
      await page.locator("#sweep-charts figure").first().waitFor({ timeout: 60_000 });
      await refined(page);
      await shot(page, `pinned-${size}-${colorScheme}`, true);
    }
    if (size === "desktop" && colorScheme === "light") console.log(`refined in ${((Date.now() - began) / 1000).toFixed(1)} s with everything around it`);
    await page.close();
  }
}

// With its own policy: how fast it answers, and whether a setting can be taken along.
const page = await opened("dragged", { viewport: { width: 1280, height: 900 } });
await refined(page).catch(() => {});
const times = [];
for (let i = 0; i < 50; i++) {
  const before = await answered(page);
  const began = await page.evaluate(() => performance.now());
  await slide(page, "market.refusal_rate", 60 + i);
  await page.waitForFunction((before) => document.documentElement.dataset.shown !== before, before, { polling: 5 });
  times.push((await page.evaluate(() => Number(document.documentElement.dataset.took))) || (await page.evaluate(() => performance.now())) - began);
}
times.sort((a, b) => a - b);
console.log(`a slider's move is answered in ${times[25].toFixed(0)} ms at 4,096 paths (median of 50; slowest ${times[49].toFixed(0)})`);

await page.evaluate(() => document.querySelector("#undo").click());
await slide(page, "price.monthly", 150);
await refined(page);
const began = Date.now();
await slide(page, "market.refusal_rate", 40);
await refined(page);
console.log(`… and refined in ${((Date.now() - began) / 1000).toFixed(1)} s`);
const state = () => page.evaluate(() => ({ key: document.querySelector("#key").textContent, command: document.querySelector("#command").textContent, answer: [...document.querySelectorAll("#answer p:not(.quiet)")].map((p) => p.textContent) }));
const here = await state();
const link = await page.evaluate(() => location.hash);
const again = await opened("by its link", { viewport: { width: 1280, height: 900 } }, link);
await refined(again);
check((await again.evaluate(() => document.querySelector("#key").textContent)) === here.key, "a link does not restore the setting");
const out = mkdtempSync(join(tmpdir(), "explore-"));
const command = here.command.replace(/^breakeven/, resolve(program)) + ` --no-charts --json -q --out ${out}`;
const told = JSON.parse(execSync(command, { encoding: "utf8", maxBuffer: 1 << 28 }));
rmSync(out, { recursive: true, force: true });
const text = JSON.stringify(told);
for (const sentence of here.answer) check(text.includes(JSON.stringify(sentence).slice(1, -1)), `the command does not say: ${sentence}`);
const pdf = await page.pdf({ format: "A4", ...(shots ? { path: join(shots, "print.pdf") } : {}) });
check((pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0) <= 8, "the print is long");

await browser.close();
if (wrong.length) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log("the explorer: desktop, tablet and phone, light and dark, pinned, swept, by its link and on the command line");
