// The explorer in Firefox: it answers and refines, keeps to itself, and says what the program says.
//
//   node firefox.mjs PAGE.html PROGRAM
import { execSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, program] = process.argv.slice(2);
const executablePath = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);
let puppeteer;
try {
  puppeteer = createRequire(import.meta.url)("puppeteer-core");
} catch {
  puppeteer = undefined;
}
if (!executablePath || !puppeteer) {
  console.log(`SKIPPED: ${file} was not opened in Firefox: ` + (executablePath ? "run `npm ci` in tests/readers" : "it is not installed"));
  process.exit(0);
}

const wrong = [];
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, defaultViewport: null });
const page = await browser.newPage();
const address = pathToFileURL(resolve(file)).href;
page.on("pageerror", (error) => wrong.push(error.message));
page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
page.on("request", (request) => {
  if (!request.url().startsWith(address) && !/^(blob|data):/.test(request.url())) wrong.push(`asks for ${request.url().slice(0, 200)}`);
});
await page.goto(address);

// The page's policy forbids what a browser's own waiting would need.
const until = async (condition, argument) => {
  const began = Date.now();
  while (!(await page.evaluate(condition, argument))) {
    if (Date.now() - began > 60_000) throw new Error(`it never came: ${condition}`);
  }
};
const refined = () => until(() => !document.body.classList.contains("rough") && document.querySelector("#live").textContent !== "");
const slide = (to) => page.evaluate((to) => {
  const slider = document.querySelector('[id="input-market.refusal_rate"]');
  slider.value = to;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, to);

const began = Date.now();
await refined();
console.log(`${await browser.version()}: the first answer is refined after ${((Date.now() - began) / 1000).toFixed(1)} s`);
const times = [];
for (let i = 0; i < 50; i++) {
  const before = await page.evaluate(() => document.documentElement.dataset.shown);
  await slide(60 + i);
  await until((before) => document.documentElement.dataset.shown !== before, before);
  times.push(await page.evaluate(() => [Number(document.documentElement.dataset.paths), Number(document.documentElement.dataset.took)]));
}
const most = Math.max(...times.map((time) => time[0]));
const median = times.filter((time) => time[0] === most).map((time) => time[1]).sort((a, b) => a - b);
console.log(`a slider's move is answered from ${most} paths in ${median[median.length >> 1].toFixed(0)} ms (median of ${median.length} of ${times.length} moves)`);
await refined();
const [command, sentences] = await page.evaluate(() => [
  document.querySelector("#command").textContent,
  [...document.querySelectorAll("#answer p:not(.quiet)")].map((p) => p.textContent),
]);
const out = mkdtempSync(join(tmpdir(), "explore-"));
const words = command.replace(/^breakeven/, resolve(program));
const told = execSync(`${words} --no-charts --json -q --out ${out}`, { encoding: "utf8", maxBuffer: 1 << 28, cwd: out });
if (sentences.length < 3) wrong.push(`${sentences.length} sentences`);
for (const sentence of sentences) if (!told.includes(JSON.stringify(sentence).slice(1, -1))) wrong.push(`the command does not say: ${sentence}`);
await browser.close();
if (wrong.length > 0) {
  console.log(wrong.join("\n"));
  process.exit(1);
}
console.log("what it says is what the command says, and nothing is asked for");
