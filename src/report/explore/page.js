// The page: what was touched, what the engines say of it, and how that is shown.
"use strict";
(function () {
  const $ = function (id) { return document.getElementById(id); };
  const data = JSON.parse($("data").textContent);
  const FIRST = 1024, QUICK = 4096, BETTER = 32768, PARTS = 8;
  const SOON = 50;           // milliseconds in which an answer comes as the thumb moves
  let paths = QUICK;         // how many paths can be simulated so soon here
  const CHARTS = ["paying-subscribers", "cumulative-cash", "npv", "payback", "affordable-investment"];
  const SWEEP_CHARTS = ["npv", "probability"];
  const COMPARED_CHARTS = ["scenarios", "paying-subscribers", "cumulative-cash"];

  // ---- The setting: what differs from the scenario's file. It is all that a link holds.
  let sets = new Map();      // input -> text, as --set takes it
  let pinned = null;         // the sets of A, as a list
  let along = false;         // whether what is correlated with a fixed input moves along
  let swept = "price.monthly";
  let known = null;          // what the engine says of the scenario as it is in the file
  let serial = 0;            // counts settings: an answer to an earlier one is old

  // As the engine takes it: a number that an uncertain input is known to have is given, so that others move along.
  function changes(map) {
    const set = data.set.slice(), given = [];
    (map || sets).forEach(function (value, name) {
      const input = known && known.inputs.find(function (input) { return input.name === name; });
      const uncertain = input && input.quantiles.length > 1;
      (along && uncertain && !/^x/.test(value) ? given : set).push(name + "=" + value);
    });
    return { set: set, given: given };
  }

  function readLink() {
    const link = new URLSearchParams(location.hash.slice(1));
    sets = new Map(link.getAll("set").map(function (text) {
      const at = text.indexOf("=");
      return [text.slice(0, at), text.slice(at + 1)];
    }).filter(function (entry) { return entry[0]; }));
    along = link.has("along");
    pinned = link.has("pinned") ? { set: link.getAll("pinned").filter(Boolean), given: link.getAll("pinned-given") } : null;
    if (link.get("sweep")) swept = link.get("sweep");
  }

  function writeLink() {
    const link = new URLSearchParams();
    sets.forEach(function (value, input) { link.append("set", input + "=" + value); });
    if (along) link.set("along", "1");
    if (pinned) {
      (pinned.set.length ? pinned.set : [""]).forEach(function (set) { link.append("pinned", set); });
      pinned.given.forEach(function (given) { link.append("pinned-given", given); });
    }
    if (swept !== "price.monthly") link.set("sweep", swept);
    const text = link.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  }

  // ---- Engines: one answers at once, the others refine.
  let module;
  function Engine() {
    const worker = new Worker(URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" })));
    const waiting = new Map();
    let next = 0;
    worker.postMessage({ module: module });
    worker.onmessage = function (event) {
      const resolve = waiting.get(event.data.id);
      waiting.delete(event.data.id);
      resolve(event.data);
    };
    this.ask = function (request, bytes) {
      return new Promise(function (resolve) {
        waiting.set(++next, resolve);
        worker.postMessage({ id: next, request: request, bytes: bytes }, bytes ? [bytes.buffer] : []);
      });
    };
    this.ask({ ask: "open", name: data.name, files: data.files, main: data.main });
  }

  async function unpacked() {
    const packed = Uint8Array.from(atob($("engine").textContent.trim()), function (c) { return c.charCodeAt(0); });
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return WebAssembly.compile(await new Response(stream).arrayBuffer());
  }

  let front, pool = [];
  function show(charts) { return { charts: charts, size: innerWidth <= 640 ? [480, 430] : [960, 470] }; }

  // ---- The loop: the newest setting is answered at once; the answer is refined while nothing is touched.
  let asking = false, asked = -1, idle;

  function touched() {
    serial += 1;
    writeLink();
    marks();
    clearTimeout(idle);
    document.body.classList.add("rough");
    answer();
  }

  async function answer() {
    if (asking || !front) return;
    asking = true;
    while (asked !== serial) {
      asked = serial;
      const began = performance.now();
      const request = { ask: "run", changes: changes(), paths: paths, seed: data.seed, show: show(CHARTS) };
      const found = (await front.ask(request)).answer;
      if (asked === serial || !found.error) told(found, asked);
      const took = performance.now() - began;
      document.documentElement.dataset.took = took.toFixed(1);
      if (took > SOON) paths = FIRST; else if (took < SOON / 4) paths = QUICK;
    }
    asking = false;
    clearTimeout(idle);
    idle = setTimeout(refine, 150, serial);
  }

  async function refine(of) {
    if (of !== serial || $("answer").dataset.error) return;
    extras(of);
    const steps = [QUICK, BETTER].filter(function (step) { return step > paths && step < data.paths; });
    for (const step of steps.concat(data.paths)) {
      const found = await inParts(of, step);
      if (of !== serial || !found) return;
      told(found, of);
    }
    document.body.classList.remove("rough");
    $("live").textContent = $("answer").textContent;
  }

  // Parts of the run on all engines, then joined, as `run --shard` and `merge` do.
  async function inParts(of, paths) {
    const now = changes(), parts = new Array(PARTS);
    let next = 0, broken = false;
    await Promise.all(pool.map(async function (engine) {
      while (next < PARTS && of === serial && !broken) {
        const k = next++;
        const part = await engine.ask({ ask: "part", changes: now, paths: paths, seed: data.seed, number: k + 1, of: PARTS });
        if (part.answer.error) broken = true;
        parts[k] = part.bytes;
      }
    }));
    if (of !== serial || broken) return null;
    const lengths = parts.map(function (part) { return part.length; });
    const all = new Uint8Array(lengths.reduce(function (sum, n) { return sum + n; }, 0));
    let at = 0;
    parts.forEach(function (part) { all.set(part, at); at += part.length; });
    const found = (await pool[0].ask({ ask: "join", lengths: lengths, show: show(CHARTS) }, all)).answer;
    return found.error ? null : found;
  }

  // What is said beside the run: the difference to A, and the sweep.
  async function extras(of) {
    const last = pool[pool.length - 1];
    if (pinned) {
      for (const paths of [QUICK, BETTER]) {
        const request = { ask: "compare", titles: ["A", "Now"], first: pinned, other: changes(), paths: paths, seed: data.seed, show: show(COMPARED_CHARTS) };
        const found = (await last.ask(request)).answer;
        if (of !== serial) return;
        compared(found);
      }
    }
    await sweep(of, last);
  }

  async function sweep(of, engine) {
    const input = known.inputs.find(function (input) { return input.name === swept; });
    if (!input || !$("sweep").open) return;
    const ends = reach(input);
    const vary = swept + "=" + neat(ends[0]) + ":" + neat(ends[1]) + "/21";
    const rest = changes(new Map(Array.from(sets).filter(function (entry) { return entry[0] !== swept; })));
    const found = (await engine.ask({ ask: "sweep", changes: rest, vary: vary, paths: QUICK, seed: data.seed, show: show(SWEEP_CHARTS) })).answer;
    if (of !== serial) return;
    const said = found.error || found.blocks.map(function (block) { return block.sentences.join(" "); }).join(" ");
    $("sweep-said").textContent = said.replace(/: a wider --vary of .*? would show whether it goes on\./, ", and it may go on beyond it.");
    figures($("sweep-charts"), found.charts || []);
  }

  // ---- What is shown.
  function element(name, attributes, children) {
    const out = document.createElement(name);
    Object.entries(attributes || {}).forEach(function (entry) {
      if (entry[0] === "text") out.textContent = entry[1];
      else if (entry[1] !== undefined && entry[1] !== null && entry[1] !== false) out.setAttribute(entry[0], entry[1]);
    });
    (children || []).forEach(function (child) { if (child) out.append(child); });
    return out;
  }

  function told(found, of) {
    const answer = $("answer");
    if (found.error) {
      answer.dataset.error = "1";
      answer.replaceChildren(element("p", { class: "wrong", text: "This cannot be simulated: " + found.error + "." }));
      $("live").textContent = answer.textContent;
      return;
    }
    delete answer.dataset.error;
    const first = found.blocks[0];
    const changed = found.title.startsWith(data.title) ? found.title.slice(data.title.length).replace(/^, /, "") : found.title;
    $("setting").textContent = changed ? changed.charAt(0).toUpperCase() + changed.slice(1) + "." : "As the scenario has it.";
    answer.replaceChildren.apply(answer, first.sentences.map(function (sentence) { return element("p", { text: sentence }); }));
    // What the command line says of `--set` is said here in the words of the page, once.
    const dropped = found.warnings.some(function (warning) { return warning.indexOf("correlations are dropped") >= 0; });
    if (dropped) answer.append(element("p", { class: "quiet", text: "What is correlated with a fixed input stays where it was." }));
    found.warnings.filter(function (warning) { return warning.indexOf("correlations are dropped") < 0; })
      .forEach(function (warning) { answer.append(element("p", { class: "quiet", text: "Note: " + warning + "." })); });
    $("key").replaceChildren.apply($("key"), found.key.map(function (number) {
      return element("div", {}, [
        element("dt", { text: number.name }),
        element("dd", {}, [element("b", { text: number.value }), number.interval && element("span", { text: number.interval })]),
      ]);
    }));
    $("made").textContent = found.made;
    $("grids").replaceChildren.apply($("grids"), found.blocks.map(grid).filter(Boolean));
    figures($("charts"), found.charts);
    document.documentElement.dataset.shown = of + ":" + found.made.split(" ")[0];
  }

  function grid(block) {
    if (!block.grid) return null;
    const head = block.grid.header.length
      ? element("thead", {}, [element("tr", {}, block.grid.header.map(function (name, i) {
        return name ? element("th", { scope: "col", class: i ? "number" : null, text: name }) : element("td");
      }))]) : null;
    const rows = block.grid.rows.map(function (row) {
      return element("tr", {}, row.map(function (cell, i) {
        return i ? element("td", { class: "number", text: cell }) : element("th", { scope: "row", text: cell });
      }));
    });
    const table = element("table", {}, [element("caption", { text: block.grid.caption }), head, element("tbody", {}, rows)]);
    const remarks = block.remarks.map(function (remark) { return element("p", { class: "quiet", text: remark }); });
    return element("div", {}, [element("div", { class: "scroll ledger", tabindex: "0", role: "group", "aria-label": block.grid.caption }, [table])].concat(remarks));
  }

  const SVG = "http://www.w3.org/2000/svg";
  function figures(place, charts) {
    charts.forEach(function (chart, i) {
      let figure = place.children[i];
      if (!figure || figure.dataset.name !== chart.name) {
        figure = element("figure", { "data-name": chart.name }, [
          element("h3"), element("p", { class: "quiet" }), element("div", { class: "plot" }), element("div", { class: "tools" }),
        ]);
        if (place.children[i]) place.children[i].replaceWith(figure); else place.append(figure);
        if (place.id === "charts") {
          ["SVG", "PNG"].forEach(function (kind) {
            const button = element("button", { type: "button", text: "Save as " + kind, "aria-label": "Save this chart as " + kind });
            button.addEventListener("click", function () { saveChart(chart.name, kind); });
            figure.children[3].append(button);
          });
        }
      }
      figure.children[0].textContent = chart.headline;
      figure.children[1].textContent = chart.subtitle;
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", "0 0 " + chart.size[0] + " " + chart.size[1]);
      svg.setAttribute("role", "img");
      svg.setAttribute("tabindex", "0");
      svg.setAttribute("aria-label", chart.headline + ". " + chart.subtitle);
      svg.innerHTML = chart.svg;
      chart.spots.forEach(function (spot) {
        const rect = document.createElementNS(SVG, "rect");
        rect.setAttribute("class", "spot");
        rect.setAttribute("x", spot.place[0]);
        rect.setAttribute("y", spot.place[1]);
        rect.setAttribute("width", Math.max(0, spot.place[2] - spot.place[0]));
        rect.setAttribute("height", Math.max(0, spot.place[3] - spot.place[1]));
        svg.append(rect);
      });
      const tip = element("div", { class: "tip", "aria-hidden": "true" });
      tip.hidden = true;
      figure.children[2].replaceChildren(svg, tip);
      values(svg, tip, chart.columns, function (k) { return chart.spots[k].cells; });
    });
    while (place.children.length > charts.length) place.lastChild.remove();
  }

  function compared(found) {
    $("compared").hidden = false;
    if (found.error) { $("compared-said").textContent = found.error; return; }
    $("compared-said").replaceChildren.apply($("compared-said"), found.blocks.flatMap(function (block) {
      return block.sentences.map(function (sentence) { return element("p", { text: sentence }); }).concat([grid(block)].filter(Boolean));
    }));
    figures($("compared-charts"), found.charts);
  }

  // ---- Inputs.
  function neat(x) { return String(Number(x.toPrecision(3))); }

  // How far a slider goes: what the distribution deems possible and half as far again, inside what the input takes.
  function reach(input) {
    const q = input.quantiles, first = q[0], last = q[q.length - 1];
    let low = first - 0.5 * (last - first), high = last + 0.5 * (last - first);
    if (q.length === 1) { low = Math.min(0.25 * first, 2 * first); high = Math.max(0.25 * first, 2 * first); }
    if (q.length === 1 && first === 0) { low = 0; high = input.unit === "share" || input.unit.startsWith("1/") ? 0.2 : 10; }
    if (low < 0 && first >= 0) low = 0;
    if (input.least !== null) low = Math.max(low, input.least);
    if (input.most !== null) high = Math.min(high, input.most);
    if (input.is_whole) { low = Math.max(1, Math.round(low)); high = Math.round(high); }
    return [low, high];
  }

  function amount(x, unit) {
    const plain = function (x) {
      const size = Math.abs(x);
      if (size >= 1e9) return Number((x / 1e9).toPrecision(3)) + "B";
      if (size >= 1e6) return Number((x / 1e6).toPrecision(3)) + "M";
      return Number(x.toPrecision(size >= 1000 ? 6 : 3)).toLocaleString("en-US", { maximumFractionDigits: 6 });
    };
    const text = x < 0 ? "−" : "";
    if (unit === "share") return text + Number((100 * Math.abs(x)).toPrecision(3)) + "%";
    if (unit === "1/month" || unit === "1/year") return text + Number((100 * Math.abs(x)).toPrecision(3)) + "% a " + unit.slice(2);
    if (unit.startsWith("$")) return text + "$" + plain(Math.abs(x)) + unit.slice(1).replace("/month", " a month").replace("/subscriber", " a subscriber");
    return text + plain(Math.abs(x)) + (unit === "1" ? "" : " " + unit);
  }

  function row(input) {
    const ends = reach(input), median = input.quantiles[input.quantiles.length >> 1];
    const id = "input-" + input.name, uncertain = input.quantiles.length > 1;
    const share = data.shares[input.name];
    const slider = element("input", { type: "range", id: id, min: 0, max: 200, step: 1 });
    const readout = element("output", { for: id });
    const reset = element("button", { type: "button", class: "reset", text: "Undo", "aria-label": "Undo: " + input.called });
    const number = element("input", { type: "number", step: "any", "aria-label": "Value of " + input.called });
    const shift = element("input", { type: "checkbox" });
    const at = function (value) { return Math.round(200 * (value - ends[0]) / (ends[1] - ends[0])); };
    const value = function () {
      const x = ends[0] + (ends[1] - ends[0]) * slider.value / 200;
      return input.is_whole ? Math.round(x) : Number(neat(x));
    };
    const set = function (x) {
      if (shift.checked && uncertain && median) sets.set(input.name, "x" + neat(x / median));
      else sets.set(input.name, String(x));
      touched();
    };
    slider.addEventListener("input", function () { set(value()); });
    number.addEventListener("change", function () { if (number.value !== "") set(Number(number.value)); });
    shift.addEventListener("change", function () { if (sets.has(input.name)) set(value()); });
    reset.addEventListener("click", function () { sets.delete(input.name); touched(); slider.focus(); });
    const source = input.source
      ? [input.url && /^https?:/.test(input.url) ? element("a", { href: input.url, rel: "noreferrer", text: input.source }) : element("span", { text: input.source }),
         input.grade && element("span", { text: " (grade " + input.grade + ")" })]
      : [element("span", { text: "without a source" })];
    const details = element("details", {}, [
      element("summary", { text: "About" }),
      element("p", { class: "quiet", text: input.meaning + "." }),
      element("p", { class: "quiet" }, [element("code", { text: input.name + " = " + input.written })]),
      uncertain && element("p", { class: "quiet", text: "Median " + input.shown[2] + "; 90% between " + input.shown[1] + " and " + input.shown[3] + "." }),
      element("p", { class: "quiet" }, [element("span", { text: "Source: " })].concat(source)),
      input.note && element("p", { class: "quiet", text: input.note }),
      element("label", { class: "inline" }, [element("span", { text: "Value " }), number]),
      uncertain && median > 0 && element("label", { class: "inline" }, [shift, element("span", { text: " the slider moves the median, and the spread with it" })]),
    ]);
    const item = element("li", { class: "row", "data-name": input.name, "data-find": (input.called + " " + input.name).toLowerCase() }, [
      element("div", { class: "head" }, [element("label", { for: id, text: input.called }), share && element("span", { class: "share", text: share }), reset]),
      slider, readout, details,
    ]);
    item.refresh = function () {
      const text = sets.get(input.name), factor = text && /^x/.test(text);
      shift.checked = Boolean(factor);
      const x = text === undefined ? median : factor ? median * Number(text.slice(1)) : Number(text);
      slider.value = at(x);
      number.value = text === undefined || factor ? "" : text;
      item.classList.toggle("touched", text !== undefined);
      reset.hidden = text === undefined;
      const now = amount(x, input.unit);
      const said = text === undefined ? (uncertain ? "uncertain, median " + input.shown[2] : input.shown[0])
        : factor ? "×" + text.slice(1) + ": median " + now : "fixed at " + now;
      readout.textContent = said;
      slider.setAttribute("aria-valuetext", said);
    };
    return item;
  }

  function eventRows() {
    const off = function () {
      const text = sets.get("events");
      return text === undefined ? known.events.map(function () { return false; })
        : known.events.map(function (event) { return text.indexOf(event.toml) < 0; });
    };
    return known.events.map(function (event, i) {
      const box = element("input", { type: "checkbox" });
      const item = element("li", { class: "row", "data-find": event.name.toLowerCase() }, [
        element("label", { class: "inline" }, [box, element("span", { text: " Event: " + event.name + " (" + amount(event.annual_probability, "share") + " a year)" })]),
      ]);
      box.addEventListener("change", function () {
        const now = off();
        now[i] = !box.checked;
        const left = known.events.filter(function (_, k) { return !now[k]; }).map(function (event) { return event.toml; });
        if (now.some(Boolean)) sets.set("events", "[" + left.join(", ") + "]"); else sets.delete("events");
        touched();
      });
      item.refresh = function () {
        box.checked = !off()[i];
        item.classList.toggle("touched", !box.checked);
      };
      return item;
    });
  }

  function priceChange() {
    const month = element("input", { type: "number", min: 2, max: known.months, "aria-label": "From month" });
    const price = element("input", { type: "number", min: 0, step: "0.01", "aria-label": "New monthly price in dollars" });
    const reset = element("button", { type: "button", class: "reset", text: "Undo", "aria-label": "Undo the price change" });
    const before = known.price_changes.map(function (change) { return change[1] + " from month " + change[0] + " on"; }).join(", ");
    const item = element("li", { class: "row", "data-find": "price change" }, [
      element("div", { class: "head" }, [element("span", { text: "Price change" }), reset]),
      element("p", { class: "quiet", text: before ? "Scheduled: " + before + "." : "None is scheduled." }),
      element("p", { class: "inline" }, [element("span", { text: "From month " }), month, element("span", { text: " on $" }), price]),
    ]);
    const changed = function () {
      if (month.value === "" || price.value === "") return;
      sets.set("price.changes", "[{ month = " + month.value + ", monthly = " + price.value + " }]");
      touched();
    };
    month.addEventListener("change", changed);
    price.addEventListener("change", changed);
    reset.addEventListener("click", function () { sets.delete("price.changes"); touched(); });
    item.refresh = function () {
      const text = sets.get("price.changes"), found = text && text.match(/month = ([0-9]+), monthly = ([0-9.]+)/);
      if (found) { month.value = found[1]; price.value = found[2]; } else { month.value = price.value = ""; }
      item.classList.toggle("touched", text !== undefined);
      reset.hidden = text === undefined;
    };
    return item;
  }

  let rows = [];
  function build() {
    const rank = function (input) {
      const at = data.order.indexOf(input.name);
      return at < 0 ? data.order.length + (input.quantiles.length > 1 ? 0 : 1) : at;
    };
    const inputs = known.inputs.slice().sort(function (a, b) { return rank(a) - rank(b); });
    const strong = inputs.filter(function (input) { return input.quantiles.length > 1 || input.is_chosen || input.name === "target.subscribers" || input.name === "horizon.months"; });
    const others = inputs.filter(function (input) { return strong.indexOf(input) < 0; });
    rows = strong.map(row).concat(eventRows(), [priceChange()]);
    $("inputs").replaceChildren.apply($("inputs"), rows);
    const more = others.map(row);
    $("others").replaceChildren.apply($("others"), more);
    $("more").hidden = !more.length;
    rows = rows.concat(more);
    $("sweep-input").replaceChildren.apply($("sweep-input"), inputs.filter(function (input) { return !/^horizon/.test(input.name); }).map(function (input) {
      return element("option", { value: input.name, text: input.called });
    }));
    $("sweep-input").value = swept;
    $("find").addEventListener("input", function () {
      const text = $("find").value.trim().toLowerCase();
      rows.forEach(function (row) { row.hidden = text !== "" && row.dataset.find.indexOf(text) < 0; });
      if (text) $("more").open = true;
    });
  }

  function marks() {
    rows.forEach(function (row) { row.refresh(); });
    const n = sets.size;
    $("undo").hidden = n === 0;
    $("undo").textContent = n === 1 ? "Undo the change" : "Undo all " + n + " changes";
    $("pin").textContent = pinned ? "Unpin A" : "Pin this as A";
    $("pin").setAttribute("aria-pressed", pinned ? "true" : "false");
    if (!pinned) $("compared").hidden = true;
    $("along").checked = along;
    $("command").textContent = command();
  }

  // ---- Leaving the page.
  function quoted(word) { return /^[A-Za-z0-9_./=:,@%+-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'"; }
  function command() {
    const now = changes();
    return ["breakeven run", quoted(data.scenario)].concat(now.set.map(function (set) { return "--set " + quoted(set); }), now.given.map(function (given) { return "--given " + quoted(given); }),
      data.seed === 1 ? [] : ["--seed " + data.seed], data.paths === 131072 ? [] : ["--paths " + data.paths]).join(" ");
  }

  function save(name, content, type) {
    const link = element("a", { download: name, href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: type })) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  async function saveChart(name, kind) {
    const request = { ask: "run", changes: changes(), paths: data.paths, seed: data.seed, show: { charts: [name] } };
    const found = (await pool[0].ask(request)).answer;
    const chart = found.charts[0], file = data.name + "-" + name;
    if (kind === "SVG") { save(file + ".svg", chart.svg, "image/svg+xml"); return; }
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([chart.svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = element("canvas", { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(function (blob) { save(file + ".png", blob); }, "image/png");
  }

  async function saveScenario() {
    const now = (await front.ask({ ask: "describe", changes: { set: changes().set.concat(changes().given) }, seed: data.seed })).answer;
    const tables = new Map();
    sets.forEach(function (text, name) {
      const at = name.lastIndexOf("."), input = now.inputs.find(function (input) { return input.name === name; });
      const table = at < 0 ? "" : name.slice(0, at), value = input ? input.toml : text;
      tables.set(table, (tables.get(table) || "") + name.slice(at + 1) + " = " + value + "\n");
    });
    let text = "extends = " + JSON.stringify(data.scenario) + "\ntitle = " + JSON.stringify(now.title) + "\n" + (tables.get("") || "");
    tables.delete("");
    tables.forEach(function (lines, table) { text += "\n[" + table + "]\n" + lines; });
    save("my-" + data.name + ".toml", text, "text/plain");
  }

  async function saveTables() {
    const request = { ask: "run", changes: changes(), paths: data.paths, seed: data.seed, show: { tables: true } };
    const found = (await pool[0].ask(request)).answer;
    const wanted = $("table").value;
    found.tables.filter(function (table) { return table[0] === wanted; }).forEach(function (table) { save(table[0] + ".csv", table[1], "text/csv"); });
  }

  async function copy(text, button) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      const area = element("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(function () { button.textContent = before; }, 1500);
  }

  // ---- Begin.
  async function begin() {
    readLink();
    module = await unpacked();
    front = new Engine();
    known = (await front.ask({ ask: "describe", changes: { set: data.set }, seed: data.seed })).answer;
    if (known.error) { told(known, 0); return; }
    build();
    marks();
    $("page").hidden = false;
    $("begin").hidden = true;
    asked = -1;
    await answer();
    pool = Array.from({ length: Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2))) }, function () { return new Engine(); });
    $("undo").addEventListener("click", function () { sets = new Map(); touched(); });
    $("pin").addEventListener("click", function () { pinned = pinned ? null : changes(); touched(); });
    $("along").addEventListener("change", function () { along = $("along").checked; touched(); });
    $("copy-link").addEventListener("click", function () { copy(location.href, $("copy-link")); });
    $("copy-command").addEventListener("click", function () { copy(command(), $("copy-command")); });
    $("save-scenario").addEventListener("click", saveScenario);
    $("save-table").addEventListener("click", saveTables);
    $("sweep-input").addEventListener("change", function () { swept = $("sweep-input").value; writeLink(); sweep(serial, pool[pool.length - 1]); });
    $("sweep").addEventListener("toggle", function () { sweep(serial, pool[pool.length - 1]); });
    addEventListener("hashchange", function () { readLink(); touched(); });
    matchMedia("(max-width: 640px)").addEventListener("change", touched);
  }
  begin().catch(function (error) {
    $("begin").textContent = "This browser cannot run the page: " + error.message;
  });
})();
