// The engine inside a page of `breakeven explore` says what the program says: every table of a run, byte by byte, whole and in parts; its charts
// and its sentences.
//
//   node engine.mjs PAGE.html PROGRAM SCENARIOS
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const [page, program, folder] = process.argv.slice(2);
const PATHS = 3000;
const SETTINGS = [
  [],
  ["costs.monthly_fixed=x1.5"],
  ["market.active_users=x0.8"],
  ["horizon.months=36", "target.subscribers=5e6"],
  ["events=[]", "finance.annual_discount_rate=0.12"],
];

const html = readFileSync(page, "utf8");
const packed = html.match(/<script type="text\/plain" id="engine">([^<]*)</)[1];
const module = new WebAssembly.Module(gunzipSync(Buffer.from(packed, "base64")));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = () => { throw new Error(`there is no ${name}`); };
}
const engine = new WebAssembly.Instance(module, imports).exports;

function ask(request, bytes = new Uint8Array()) {
  const json = new TextEncoder().encode(JSON.stringify(request));
  const length = 4 + json.length + bytes.length;
  const at = engine.allocate(length);
  new DataView(engine.memory.buffer).setUint32(at, json.length, true);
  new Uint8Array(engine.memory.buffer, at + 4, json.length).set(json);
  new Uint8Array(engine.memory.buffer, at + 4 + json.length, bytes.length).set(bytes);
  const found = engine.ask(at, length);
  const view = new DataView(engine.memory.buffer);
  const [whole, size] = [view.getUint32(found, true), view.getUint32(found + 4, true)];
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(engine.memory.buffer, found + 8, size)));
  const rest = new Uint8Array(engine.memory.buffer, found + 8 + size, whole - 4 - size).slice();
  engine.release(found, whole);
  if (answer.error) throw new Error(answer.error);
  return { answer, rest };
}

function files(name) {
  const text = readFileSync(join(folder, `${name}.toml`), "utf8");
  const parent = text.match(/^extends = "([^"]+)"/m);
  return [...(parent ? files(parent[1]) : []), [`${folder}/${name}.toml`, text]];
}

let compared = 0;
const out = mkdtempSync(join(tmpdir(), "engine-"));
const names = readdirSync(folder).filter((file) => file.endsWith(".toml")).map((file) => file.slice(0, -5));
try {
  for (const name of names) {
    const own = files(name);
    ask({ ask: "open", name, files: own, main: own.length - 1 });
    for (const set of SETTINGS) {
      const place = join(out, name);
      rmSync(place, { recursive: true, force: true });
      const sets = set.flatMap((one) => ["--set", one]);
      const drawn = set.length ? ["--no-charts"] : [];
      const said = execFileSync(program, ["run", join(folder, `${name}.toml`), ...sets, "--paths", PATHS, ...drawn, "--json", "--out", place],
        { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
      const findings = JSON.parse(said).results[0].findings;
      const results = join(place, readdirSync(place)[0]);
      const charts = set.length ? [] : readdirSync(join(results, "charts")).filter((file) => file.endsWith(".svg")).map((file) => file.slice(0, -4));
      const show = { tables: true, charts };
      const answers = [ask({ ask: "run", changes: { set }, paths: PATHS, seed: 1, show }).answer];
      for (const of of [2, 4]) {
        const parts = [];
        for (let number = 1; number <= of; number++) parts.push(ask({ ask: "part", changes: { set }, paths: PATHS, seed: 1, number, of }).rest);
        const bytes = Buffer.concat(parts);
        answers.push(ask({ ask: "join", lengths: parts.map((part) => part.length), show }, bytes).answer);
      }
      for (const { blocks, charts: own } of answers) {
        if (JSON.stringify(blocks) !== JSON.stringify(findings)) throw new Error(`${name} ${set}: other sentences`);
        for (const chart of own) {
          if (readFileSync(join(results, "charts", `${chart.name}.svg`), "utf8") !== chart.svg) throw new Error(`${name}: another chart ${chart.name}`);
        }
        if (own.length !== charts.length) throw new Error(`${name}: ${own.length} charts of ${charts.length}`);
      }
      for (const { tables } of answers) {
        for (const [table, text] of tables) {
          const file = join(results, `${table}.csv`);
          if (!existsSync(file) || readFileSync(file, "utf8") !== text) throw new Error(`${name} ${set}: ${table}.csv differs`);
          compared += 1;
        }
        if (!tables.length) throw new Error("no tables");
      }
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
console.log(`the page's engine agrees with the program: ${compared} tables of ${names.length} scenarios, their charts and sentences`);
