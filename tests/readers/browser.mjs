// Opens a report in headless Chromium as its readers do: desktop and phone, light and dark, pointer, keyboard, printer.
// Fails on any console error, any request, and any violation that axe-core finds.
//
//   node browser.mjs REPORT.html [FOLDER FOR SCREENSHOTS]
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

import { started } from "./chromium.mjs";

const [report, shots] = process.argv.slice(2);
const address = pathToFileURL(resolve(report)).href;
const { browser, axe, wrong, check } = await started("the report");

check(statSync(report).size < 3_000_000, "the report is larger than 3 MB");
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    const where = `${size}, ${colorScheme}`;
    const page = await browser.newPage({ viewport, colorScheme, bypassCSP: true });
    page.on("console", (message) => check(message.type() !== "error", `${where}: console: ${message.text()}`));
    page.on("pageerror", (error) => wrong.push(`${where}: ${error}`));
    page.on("request", (request) => check(request.url() === address, `${where}: asks for ${request.url()}`));
    await page.goto(address);

    const plots = page.locator("figure .plot svg:visible");
    const figures = await page.locator("figure").count();
    check(figures >= 10, `${where}: ${figures} charts`);
    check((await plots.count()) === figures, `${where}: ${await plots.count()} drawings for ${figures} charts`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(beyond <= 0, `${where}: the page is ${beyond} pixels wider than the screen`);
    const smallest = await page.evaluate(() => {
      const heights = [...document.querySelectorAll("figure .plot svg")].filter((svg) => svg.getClientRects().length)
        .flatMap((svg) => [...svg.querySelectorAll("text")])
        .map((text) => parseFloat(text.getAttribute("font-size")) * text.getScreenCTM().a);
      return Math.min(...heights);
    });
    check(smallest >= 8.5, `${where}: type of ${smallest.toFixed(1)} pixels in a chart`);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check((ground === "rgb(255, 255, 255)") === (colorScheme === "light"), `${where}: the ground is ${ground}`);

    // As it is first seen, with the tables behind the charts closed.
    if (size === "desktop") {
      for (const format of ["A4", "Letter"]) {
        const pdf = await page.pdf({ format, preferCSSPageSize: false, ...(shots ? { path: join(shots, `${colorScheme}-${format}.pdf`) } : {}) });
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
        check(pages >= 3 && pages < 50, `${where}: ${format} has ${pages} pages`);
      }
    }

    // Every chart says its values under the pointer, and they are those of the table behind it.
    for (let i = 0; i < figures; i++) {
      const figure = page.locator("figure").nth(i);
      const plot = figure.locator(".plot svg:visible");
      const spots = plot.locator(".spot");
      const count = await spots.count();
      const name = await figure.locator("h3").innerText();
      check(count > 0, `${where}: “${name}” has no values`);
      check(((await plot.getAttribute("aria-label")) ?? "").length > 20, `${where}: “${name}” has no text alternative`);
      if (!count) continue;
      const middle = Math.floor(count / 2);
      await plot.scrollIntoViewIfNeeded();
      await spots.nth(middle).hover({ force: true });
      const tip = figure.locator(".tip");
      check(await tip.isVisible(), `${where}: “${name}” says nothing under the pointer`);
      const said = await tip.locator("b").allTextContents();
      const details = figure.locator("details").first();
      check(!(await details.evaluate((element) => element.open)), `${where}: the table of “${name}” is open at first`);
      await details.locator("summary").click();
      const row = await figure.locator("tbody tr").nth(middle).locator("td").allInnerTexts();
      check(JSON.stringify(said.map((x) => x.trim())) === JSON.stringify(row.map((x) => x.trim())),
        `${where}: “${name}” says ${said} for ${row}`);
      await plot.focus();
      await page.keyboard.press("ArrowRight");
      check(await tip.isVisible(), `${where}: “${name}” says nothing to the keyboard`);
      await page.keyboard.press("Escape");
      check(!(await tip.isVisible()), `${where}: “${name}” goes on talking`);
    }

    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run());
    for (const violation of found.violations) {
      wrong.push(`${where}: axe: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
    }
    check(found.passes.length > 15, `${where}: axe looked at hardly anything`);
    if (shots) await page.screenshot({ path: join(shots, `${size}-${colorScheme}.png`), fullPage: true });

    await page.close();
  }
}
await browser.close();
for (const message of wrong) console.error(message);
console.log(wrong.length ? `${wrong.length} faults` : `${report}: opened at two sizes, light and dark, read by pointer and keyboard, printed; axe-core finds nothing`);
process.exit(wrong.length ? 1 : 0);
