// Opens a page of `breakeven explore` in headless Chromium as its readers do: moves sliders, pins, takes links and commands along.
// Fails on any console error, any request, and any violation that axe-core finds. Says how long an answer takes.
//
//   node explore.mjs PAGE.html PROGRAM [FOLDER FOR SCREENSHOTS]
import { execSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

import { started } from "./chromium.mjs";

const [file, program, shots] = process.argv.slice(2);
let address = pathToFileURL(resolve(file)).href;
const { browser, axe, wrong, check } = await started("the page");

check(statSync(file).size < 2_000_000, "the page is larger than 2 MB");
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
await refined(page);
const times = [];
for (let i = 0; i < 50; i++) {
  const before = await answered(page);
  await slide(page, "market.refusal_rate", 60 + i);
  await page.waitForFunction((before) => document.documentElement.dataset.shown !== before, before, { polling: 5 });
  times.push(await page.evaluate(() => [Number(document.documentElement.dataset.paths), Number(document.documentElement.dataset.took)]));
}
const most = Math.max(...times.map((time) => time[0]));
const median = times.filter((time) => time[0] === most).map((time) => time[1]).sort((a, b) => a - b);
console.log(`a slider's move is answered from ${most} paths in ${median[median.length >> 1].toFixed(0)} ms (median of ${median.length} of ${times.length} moves)`);
check(median[median.length >> 1] < 500, "an answer takes half a second");

const undo = async () => { await page.locator("#undo").click(); await refined(page); };
await undo();
await slide(page, "price.monthly", 150);
await refined(page);
const began = Date.now();
await slide(page, "market.refusal_rate", 40);
await refined(page);
console.log(`… and refined in ${((Date.now() - began) / 1000).toFixed(1)} s`);
const out = mkdtempSync(join(tmpdir(), "explore-"));
const told = (command) => {
  const words = command.replace(/^breakeven/, resolve(program));
  return execSync(`${words} --no-charts --json -q --out ${out}`, { encoding: "utf8", maxBuffer: 1 << 28, cwd: out });
};
const key = (page) => page.evaluate(() => [...document.querySelectorAll("#key b")].map((number) => number.textContent).join(" "));
const agrees = async (page, where) => {
  const [command, sentences] = await page.evaluate(() => [document.querySelector("#command").textContent, [...document.querySelectorAll("#answer p:not(.quiet)")].map((p) => p.textContent)]);
  const text = told(command);
  check(sentences.length > 2, `${where}: ${sentences.length} sentences`);
  for (const sentence of sentences) check(text.includes(JSON.stringify(sentence).slice(1, -1)), `${where}: the command does not say: ${sentence}`);
};
await agrees(page, "shifted");
const saved = async (button) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  const file = join(out, download.suggestedFilename());
  await download.saveAs(file);
  return file;
};

// What is saved has the setting in it: a link, a page, a scenario file, a table, a chart.
const hash = await page.evaluate(() => location.hash);
const again = await opened("by its link", { viewport: { width: 1280, height: 900 } }, hash);
await refined(again);
check((await key(again)) === (await key(page)), "a link does not restore the setting");
await again.close();
const copy = await saved("#save-page");
const other = await browser.newPage();
other.on("pageerror", (error) => wrong.push(`the saved page: ${error}`));
await other.goto(pathToFileURL(copy).href);
await other.locator("#page").waitFor();
await refined(other);
check((await key(other)) === (await key(page)), "a saved page does not start with the setting");
// What was, too, from as many paths.
const first = (page) => page.evaluate(() => document.querySelector("#key").textContent);
const expected = await first(page);
check(/was/.test(expected), "nothing says what was");
await other.waitForFunction((expected) => document.querySelector("#key").textContent === expected, expected, { timeout: 20_000 }).catch(() => wrong.push("a saved page says something else of what was"));
await other.close();
const fileAgrees = async (where) => {
  const sentence = await page.locator("#answer p").first().textContent();
  const paths = (await page.locator("#command").textContent()).match(/--paths [0-9]+/) ?? "";
  const text = told(`breakeven run ${await saved("#save-scenario")} ${paths}`);
  check(text.includes(JSON.stringify(sentence).slice(1, -1)), `${where}: the saved file says something else`);
};
await fileAgrees("shifted");
check(readFileSync(await saved("#save-table"), "utf8").startsWith("segment,outcome,"), "the table is no summary");
check(readFileSync(await saved("#charts figure .tools button >> nth=0"), "utf8").startsWith("<svg"), "the chart is no SVG");
check(readFileSync(await saved("#charts figure .tools button >> nth=1")).subarray(1, 4).toString() === "PNG", "the chart is no PNG");

// Fixed, so that correlations are dropped, and known, so that others follow.
await page.locator("#how").selectOption("fix");
await slide(page, "market.refusal_rate", 100);
await refined(page);
await agrees(page, "fixed");
await fileAgrees("fixed");
await page.locator("#how").selectOption("along");
await refined(page);
check((await page.locator("#command").textContent()).includes("--given market.refusal_rate="), "nothing is given");
await agrees(page, "given");
await undo();

// Another kind of slider changes nothing by itself, and numbers are typed as they are shown.
await refined(page);
const shown = await answered(page);
await page.locator("#how").selectOption("shift");
check((await answered(page)) === shown && !(await page.evaluate(() => document.body.classList.contains("rough"))), "another kind of slider simulates again");
const type = async (input, text) => {
  const box = page.locator(`[data-name="${input}"] .box`);
  await box.fill(text);
  await box.press("Enter");
};
await type("retention.monthly_churn", "8");
await refined(page);
check(/^now around 8.*%, 90% between/.test(await page.locator('[data-name="retention.monthly_churn"] output').textContent()), "8 is not 8%");
await type("market.refusal_rate", "80");
check((await page.locator('[data-name="market.refusal_rate"] .wrong').textContent()).includes("fixes the value"), "an estimate is moved beyond what is possible");
await page.locator("#undo").click();
await refined(page);

// With more doubt about an estimate than the scenario has.
await page.locator("#how").selectOption("widen");
await slide(page, "market.refusal_rate", 8);
await refined(page);
check((await page.locator("#command").textContent()).includes("market.refusal_rate={ metalog = { p10 = "), "nothing is wider");
check(/Refusal rate 90% between [0-9.]+% and 9[0-9.]+%/.test(await page.locator("#setting").textContent()), "the setting does not say what is wider");
await agrees(page, "wider");
await fileAgrees("wider");
for (const end of ["0", "20"]) {
  for (const id of await page.locator("#inputs .row:visible input[type=range]:enabled").evaluateAll((sliders) => sliders.map((slider) => slider.id.slice(6)))) {
    const before = await answered(page);
    await slide(page, id, end);
    await page.waitForFunction((before) => document.documentElement.dataset.shown !== before || document.querySelector("#answer").dataset.error, before, { polling: 5 });
    const error = await page.evaluate(() => document.querySelector("#answer").dataset.error && document.querySelector("#answer").textContent);
    check(!error, `${id} as wide as ${end}: ${error}`);
    await page.locator(`[data-name="${id.replace(/"/g, '\\"')}"] .reset`).click();
  }
}
await page.locator("#how").selectOption("along");
await refined(page);

// Months go by whole ones, an event and a price change are settings too, and values are typed as people write them.
await page.locator('[id="input-horizon.months"]').focus();
for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
check((await page.locator("#command").textContent()).includes("horizon.months=66"), "six keys are not six months");
const typed = async (input, text) => {
  const box = page.locator(`[data-name="${input}"] .box`);
  await box.fill(text);
  await box.press("Enter");
  await box.blur();
};
await typed("target.subscribers", "9 million");
await typed("market.refusal_rate", "50%");
await page.locator('[aria-label="From month"]').fill("24");
await page.locator('[aria-label^="New monthly price"]').fill("12.5");
await page.locator('[aria-label^="New monthly price"]').blur();
await refined(page);
const long = await page.locator("#command").textContent();
for (const set of ["target.subscribers=9000000", "market.refusal_rate=0.5", "month = 24, monthly = 12.5"]) check(long.includes(set), `${set} is not in ${long}`);
await agrees(page, "typed");
await typed("market.refusal_rate", "-3");
check((await page.locator('[data-name="market.refusal_rate"] .wrong').textContent()).startsWith("Expected"), "a share of −3 is taken");
await page.locator("#find").fill("horizon");
check((await page.locator(".row:visible").count()) === 1, "a search does not find the horizon alone");
await page.locator("#find").fill("");

// A is compared with nothing until something is changed; every input can be swept.
await undo();
await page.locator("#pin").click();
await page.locator("#compared-said p").first().waitFor();
check((await page.locator("#compared-said").textContent()).startsWith("This is A"), "A is compared with itself");
await page.locator("#pin").click();
await page.locator("#sweep summary").click();
for (const input of await page.locator("#sweep-input option").evaluateAll((options) => options.map((option) => option.value))) {
  await page.locator("#sweep-input").selectOption(input);
  await page.waitForFunction(() => !/^Simulating/.test(document.querySelector("#sweep-said").textContent), null, { timeout: 60_000 });
  const said = await page.locator("#sweep-said").textContent();
  check(!said.startsWith("This cannot"), `${input}: ${said}`);
}
// Both ends of every slider are answered, whatever a slider does.
await page.locator("#more > summary").click();
for (const [how, end] of [["shift", "0"], ["shift", "200"], ["fix", "0"], ["fix", "200"]]) {
  await page.locator("#how").selectOption(how);
  for (const id of await page.locator(".row input[type=range]").evaluateAll((sliders) => sliders.map((slider) => slider.id.slice(6)))) {
    const before = await answered(page);
    await page.evaluate(([id, end]) => {
      const slider = document.getElementById("input-" + id);
      slider.value = end === "0" ? slider.min : slider.max;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, [id, end]);
    await page.waitForFunction((before) => document.documentElement.dataset.shown !== before || document.querySelector("#answer").dataset.error, before, { polling: 5 });
    const error = await page.evaluate(() => document.querySelector("#answer").dataset.error && document.querySelector("#answer").textContent);
    check(!error, `${id} at its end ${end} (${how}): ${error}`);
    await page.locator(`[data-name="${id.replace(/"/g, '\\"')}"] .reset`).click();
  }
}
const pdf = await page.pdf({ format: "A4", ...(shots ? { path: join(shots, "print.pdf") } : {}) });
// A page of two scenarios: each has its own inputs, command and link.
const two = join(out, "two.html");
execSync(`${resolve(program)} explore baseline music-like --paths 8192 -q --to ${two}`);
address = pathToFileURL(two).href;
const both = await opened("two scenarios", { viewport: { width: 1280, height: 900 } });
await refined(both);
check((await both.locator("#command").textContent()).startsWith("breakeven run baseline"), "the page does not start with the first scenario");
await both.locator("#scenario").selectOption("music-like");
await both.waitForFunction(() => location.hash === "#scenario=music-like" && document.querySelector("#command").textContent.startsWith("breakeven run music-like"));
await refined(both);
await slide(both, "retention.monthly_churn", 150);
await refined(both);
check((await both.locator("#title").textContent()) !== (await page.locator("#title").textContent()), "the title is that of the other scenario");
await agrees(both, "the second scenario");
const second = await opened("the second by its link", { viewport: { width: 1280, height: 900 } }, await both.evaluate(() => location.hash));
await refined(second);
check((await key(second)) === (await key(both)), "a link does not restore the second scenario");
await shot(second, "two-scenarios");
rmSync(out, { recursive: true, force: true });

check((pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0) <= 8, "the print is long");

await browser.close();
if (wrong.length) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log("the explorer: desktop, tablet and phone, light and dark, pinned, swept, by its link and on the command line");
