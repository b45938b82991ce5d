// The page: what was changed, what the engines say of it, and how that is shown.
"use strict";
(function () {
  const $ = function (id) { return document.getElementById(id); };
  // As it came, before anything is shown: what is saved with another setting in it.
  const source = document.documentElement.outerHTML;
  const all = JSON.parse($("data").textContent);
  const named = function (link) {
    const name = new URLSearchParams(link).get("scenario");
    return all.find(function (one) { return one.name === name; }) || all[0];
  };
  // The scenario that is looked at; for another one the page begins anew.
  const data = named(location.hash.slice(1));
  const CHARTS = ["paying-subscribers", "cumulative-cash", "npv", "payback", "affordable-investment"];
  const SWEEP_CHARTS = ["npv", "probability"];
  const COMPARED_CHARTS = ["scenarios", "paying-subscribers", "cumulative-cash"];
  const GRADES = { A: "official", B: "reputable press", C: "secondary", X: "an assumption of the author" };
  const atMost = function (n) { return Math.min(n, data.paths); };
  // So many uncertain inputs stand there at once.
  const SHOWN = 24;
  const FIRST = atMost(1024), QUICK = atMost(4096), BETTER = 32768, PARTS = 8;
  const SOON = 50;           // milliseconds in which an answer comes as the thumb moves
  let paths = QUICK;         // how many paths can be simulated so soon here
  let seen = 0;              // how many answers in a row speak for another number

  // ---- The setting: what differs from the scenario's file. It is all that a link holds.
  let sets = new Map();      // input -> text, as --set takes it
  const HOW = ["shift", "widen", "fix", "along"];
  let how = HOW[0];          // what a slider does to an uncertain input
  let pinned = null;         // the changes of A
  let swept = "price.monthly";
  let known = null;          // what the engine says of the scenario as it is in the file
  let serial = 0;            // counts settings: an answer to an earlier one is old
  let shown = new Map();     // input -> what has become of it, as people write numbers, as of the last answer
  const untouched = new Map(); // the number of paths -> the key numbers without changes
  let last = null;           // the last answer, from how many paths it is, and of which changes if of the newest

  function inputOf(name) { return known.inputs.find(function (input) { return input.name === name; }); }
  function isUncertain(input) { return input.quantiles.length > 1; }
  function medianOf(input) { return input.quantiles[input.quantiles.length >> 1]; }

  // As the engine takes it. A number that a correlated input is known to have is given, so that the others move along.
  function changes(map) {
    const set = data.set.slice(), given = [];
    (map || sets).forEach(function (value, name) {
      const input = known && inputOf(name), x = Number(value);
      const inside = input && input.can_be_given && isFinite(x) && (input.support[0] === null || x > input.support[0]) && (input.support[1] === null || x < input.support[1]);
      (how === "along" && inside && !/^x/.test(value) ? given : set).push(name + "=" + value);
    });
    return { set: set, given: given };
  }
  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

  function link() {
    const link = new URLSearchParams();
    if (data !== all[0]) link.set("scenario", data.name);
    sets.forEach(function (value, input) { link.append("set", input + "=" + value); });
    if (how !== HOW[0]) link.set("how", how);
    if (pinned) {
      (pinned.set.length ? pinned.set : [""]).forEach(function (set) { link.append("pinned", set); });
      pinned.given.forEach(function (given) { link.append("pinned-given", given); });
    }
    if (swept !== "price.monthly") link.set("sweep", swept);
    return link.toString();
  }

  function readLink(text) {
    const link = new URLSearchParams(text);
    sets = new Map(link.getAll("set").map(function (text) {
      const at = text.indexOf("=");
      return [text.slice(0, at), text.slice(at + 1)];
    }).filter(function (entry) { return entry[0]; }));
    how = HOW.indexOf(link.get("how")) < 0 ? HOW[0] : link.get("how");
    pinned = link.has("pinned") ? { set: link.getAll("pinned").filter(Boolean), given: link.getAll("pinned-given") } : null;
    swept = link.get("sweep") || "price.monthly";
  }

  // Browsers take no more than some of these a second.
  function writeLink() {
    const text = link();
    try {
      history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
    } catch (error) { /* The link that is copied does not come from there. */ }
  }

  // ---- Engines: one answers at once, some refine, one looks at what stands beside.
  let module;
  function Engine() {
    let worker, waiting, next = 0;
    const address = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
    const start = function () {
      worker = new Worker(address);
      waiting = new Map();
      worker.postMessage({ module: module });
      worker.postMessage({ id: ++next, request: { ask: "open", name: data.name, files: data.files, main: data.main } });
      const own = waiting;
      worker.onmessage = function (event) {
        const resolve = own.get(event.data.id);
        own.delete(event.data.id);
        if (resolve) resolve(event.data);
        if (event.data.answer.broken) stop("the engine stopped");
      };
      worker.onerror = function () { stop("the engine stopped"); };
    };
    const stop = function (why) {
      worker.terminate();
      const left = waiting;
      start();
      left.forEach(function (resolve) { resolve({ answer: { error: why, stopped: true }, bytes: new Uint8Array() }); });
    };
    start();
    this.stop = stop;
    this.busy = function () { return waiting.size > 0; };
    this.ask = function (request, bytes) {
      return new Promise(function (resolve) {
        waiting.set(++next, resolve);
        worker.postMessage({ id: next, request: request, bytes: bytes }, bytes ? [bytes.buffer] : []);
      });
    };
  }

  async function unpacked() {
    const packed = Uint8Array.from(atob($("engine").textContent.trim()), function (c) { return c.charCodeAt(0); });
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return WebAssembly.compile(await new Response(stream).arrayBuffer());
  }

  let front, beside, pool = [];
  function show(charts) { return { charts: charts, size: innerWidth <= 640 ? [480, 430] : [960, 470] }; }

  // ---- The loop: the newest setting is answered at once; the answer is refined while nothing is touched.
  let asking = false, asked = -1, idle;

  // What is kept or meant otherwise, but changes no input, needs no new answer.
  function looked() {
    if (!last || !same(last.changes, changes()) || $("answer").dataset.error) { touched(); return; }
    marks();
    writeLink();
    compare(serial, document.body.classList.contains("rough") ? QUICK : data.paths);
  }

  function touched() {
    serial += 1;
    marks();
    clearTimeout(idle);
    if (beside.busy()) beside.stop("another was asked for");
    document.body.classList.add("rough");
    $("state").textContent = "refining …";
    answer();
  }

  async function answer() {
    if (asking || !front) return;
    asking = true;
    while (asked !== serial) {
      asked = serial;
      const began = performance.now(), now = paths;
      const request = { ask: "run", changes: changes(), paths: now, seed: data.seed, show: show(CHARTS) };
      const found = (await front.ask(request)).answer;
      document.documentElement.dataset.paths = now;
      if (asked === serial || !found.error) told(found, asked, now);
      // With what it takes to show it.
      const took = performance.now() - began;
      document.documentElement.dataset.took = took.toFixed(1);
      // Once is chance: a browser has other things to do, too.
      const slow = paths === QUICK && took > SOON, fast = paths === FIRST && took < SOON / 2;
      seen = slow || fast ? seen + 1 : 0;
      if (seen >= 3) { paths = slow ? FIRST : QUICK; seen = 0; }
    }
    asking = false;
    clearTimeout(idle);
    idle = setTimeout(refine, 150, serial);
  }

  async function refine(of) {
    if (of !== serial) return;
    writeLink();
    if ($("answer").dataset.error) { settled(); return; }
    compare(of, QUICK);
    const steps = [QUICK, BETTER].filter(function (step) { return step > paths && step < data.paths; });
    for (const step of steps.concat(data.paths > paths ? [data.paths] : [])) {
      const found = await inParts(of, step);
      if (of !== serial || !found) return;
      told(found, of, step);
    }
    settled();
    // What was is said from as many paths.
    if (sets.size && !untouched.has(data.paths)) {
      const before = await inParts(of, data.paths, { set: data.set });
      if (of !== serial) return;
      if (before) { untouched.set(data.paths, before.key); keyNumbers(last.found); }
    }
    await sweep(of);
    if (of === serial && sets.size <= 3) await compare(of, data.paths);
  }

  function settled() {
    document.body.classList.remove("rough");
    $("state").textContent = "";
    $("live").textContent = $("answer").textContent;
  }

  // Parts of the run on some engines, then joined, as `run --shard` and `merge` do.
  async function inParts(of, paths, others) {
    const now = others || changes(), parts = new Array(PARTS);
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

  // What stands beside the answer gives way to a newer setting.
  async function aside(of, request) {
    if (beside.busy()) beside.stop("another was asked for");
    const found = (await beside.ask(request)).answer;
    return of === serial && !found.stopped ? found : null;
  }

  async function compare(of, paths) {
    if (!pinned) return;
    if (same(pinned, changes())) {
      compared({ error: "This is A. Change something, and the difference to A is shown here, on the same futures" });
      return;
    }
    const request = { ask: "compare", titles: ["A", "Now"], first: pinned, other: changes(), paths: paths, seed: data.seed, show: show(COMPARED_CHARTS) };
    const found = await aside(of, request);
    if (found) compared(found);
  }

  async function sweep(of) {
    const input = inputOf(swept);
    if (!input || !$("sweep").open) return;
    $("sweep-said").textContent = "Simulating …";
    const ends = input.reach, step = Math.max(1, Math.ceil((ends[1] - ends[0]) / 20));
    const vary = swept + "=" + (input.is_whole ? ends[0] + ":" + ends[1] + ":" + step : inward(ends[0], 1) + ":" + inward(ends[1], -1) + "/21");
    const rest = changes(new Map(Array.from(sets).filter(function (entry) { return entry[0] !== swept; })));
    const found = await aside(of, { ask: "sweep", changes: rest, vary: vary, paths: QUICK, seed: data.seed, show: show(SWEEP_CHARTS) });
    if (!found) return;
    const said = found.error ? "This cannot be swept: " + found.error + "." : found.blocks.map(function (block) { return block.sentences.join(" "); }).join(" ");
    $("sweep-said").textContent = said.replace(/: a wider --vary of .*? would show whether it goes on\./, ", and it may go on beyond it.");
    $("sweep-made").textContent = found.made || "";
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
  function fill(place, children) { place.replaceChildren.apply(place, children); }

  // The numbers that are read first, beside what they were: from as many paths, or not at all.
  function keyNumbers(found) {
    const before = sets.size && untouched.get(last.paths);
    fill($("key"), found.key.map(function (number, i) {
      const was = before && before[i].value !== number.value ? "was " + before[i].value : "";
      return element("div", {}, [
        element("dt", { text: number.name }),
        element("dd", {}, [element("b", { text: number.value }), element("span", { text: was || number.interval || " " })]),
      ]);
    }));
  }

  function told(found, of, paths) {
    const answer = $("answer"), wrong = Boolean(found.error);
    document.body.classList.toggle("wrong-setting", wrong);
    document.querySelectorAll(".tools button, #save-table, #save-scenario").forEach(function (button) { button.disabled = wrong; });
    if (wrong) {
      answer.dataset.error = "1";
      fill(answer, [element("p", { class: "wrong", text: "This cannot be simulated: " + found.error + "." }),
        element("p", { class: "quiet", text: "The numbers and charts are those of the setting before it: undo the last change." })]);
      $("command").textContent = "none: this setting cannot be simulated";
      return;
    }
    delete answer.dataset.error;
    shown = new Map(found.changed.map(function (input) { return [input.name, input]; }));
    last = { found: found, paths: paths, changes: of === serial ? changes() : null };
    readouts();
    fill(answer, found.blocks[0].sentences.map(function (sentence) { return element("p", { text: sentence }); }));
    // What the command line says of `--set` is said here in the words of the page, once.
    const dropped = function (warning) { return warning.indexOf("correlations are dropped") >= 0; };
    if (found.warnings.some(dropped)) answer.append(element("p", { class: "quiet", text: "What is correlated with a fixed input stays where it was." }));
    found.warnings.filter(function (warning) { return !dropped(warning); })
      .forEach(function (warning) { answer.append(element("p", { class: "quiet", text: "Note: " + warning + "." })); });
    if (!sets.size) untouched.set(paths, found.key);
    keyNumbers(found);
    $("made").textContent = found.made;
    fill($("grids"), found.blocks.map(grid).filter(Boolean));
    figures($("charts"), found.charts);
    document.documentElement.dataset.shown = of + ":" + found.made.split(" ")[0];
  }

  function grid(block) {
    if (!block.grid) return null;
    const header = block.grid.header;
    const head = header.length
      ? element("thead", {}, [element("tr", {}, header.map(function (name, i) {
        return name ? element("th", { scope: "col", class: i ? "number" : null, text: name }) : element("td");
      }))]) : null;
    const rows = block.grid.rows.map(function (row) {
      return element("tr", {}, row.map(function (cell, i) {
        return i ? element("td", { class: "number", "data-name": header[i] || null, text: cell }) : element("th", { scope: "row", text: cell });
      }));
    });
    const table = element("table", {}, [element("caption", { text: block.grid.caption }), head, element("tbody", {}, rows)]);
    const remarks = block.remarks.map(function (remark) { return element("p", { class: "quiet", text: remark }); });
    const look = "scroll ledger" + (header.length > 4 ? " stack" : "");
    return element("div", {}, [element("div", { class: look, tabindex: "0", role: "group", "aria-label": block.grid.caption }, [table])].concat(remarks));
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
            button.addEventListener("click", function () { saving(button, function () { return saveChart(chart.name, kind); }); });
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
    $("compared").classList.remove("old");
    $("compared-made").textContent = found.made || "";
    const said = found.error ? [element("p", { text: found.error + "." })] : found.blocks.flatMap(function (block) {
      return block.sentences.map(function (sentence) { return element("p", { text: sentence }); }).concat([grid(block)].filter(Boolean));
    });
    fill($("compared-said"), said);
    figures($("compared-charts"), found.charts || []);
  }

  // ---- Inputs.
  function neat(x) { return String(Number(x.toPrecision(3))); }
  // Rounded so that it stays inside: up from a lower end, down from an upper one.
  function inward(x, side) {
    const size = Math.pow(10, Math.floor(Math.log10(Math.abs(x) || 1)) - 2);
    return String(Number(((side > 0 ? Math.ceil : Math.floor)(x / size - side * 1e-9) * size).toPrecision(6)));
  }

  // What a slider does to this input, where the choice is left open.
  function shifts(input) { return how === "shift" && isUncertain(input) && !input.is_chosen && medianOf(input) > 0; }

  // Where an estimate stands among those with less and with more doubt: of a setting, and as it is in the scenario.
  function width(input, text) { return input.wider.findIndex(function (width) { return width.set === text; }); }
  function asWide(input) { return width(input, null); }
  function widens(input) { return how === "widen" && isUncertain(input) && !input.is_chosen && input.wider.length > 1; }

  // Where a slider ends: a distribution that is shifted must stay inside what the input takes.
  function endsOf(input) {
    const ends = input.reach.slice(), median = medianOf(input), top = input.support[1];
    if (!shifts(input)) return ends;
    // A factor is above 0.
    ends[0] = Math.max(ends[0], 0.02 * median, input.least > 0 && input.support[0] > 0 ? median * input.least / input.support[0] : 0);
    if (input.most !== null && top !== null && top > 0) ends[1] = Math.min(ends[1], median * input.most / top);
    return ends;
  }

  // `50%`, `$9.99`, `1.5M`, `14 million`: as people write numbers.
  function typed(text, input) {
    const plain = text.trim().replace(/[$,_\s]|a month|months|persons/g, "").replace("−", "-");
    const found = plain.match(/^(-?[0-9.]+(?:e-?[0-9]+)?)(%|k|m|million|b|bn|billion)?$/i);
    if (!found || isNaN(Number(found[1]))) return NaN;
    const unit = (found[2] || "").toLowerCase();
    const scale = unit === "%" ? 0.01 : unit === "k" ? 1e3 : /^m/.test(unit) ? 1e6 : /^b/.test(unit) ? 1e9 : 1;
    const x = Number(found[1]) * scale;
    // As it is shown: 10 is 10% of what is shown in percent, and 0.1 too.
    const inPercent = /%/.test(input.shown.join(""));
    if (unit === "%" && !inPercent) return NaN;
    return inPercent && !unit && Math.abs(x) >= 1 ? x / 100 : Number(x.toPrecision(12));
  }

  function row(input) {
    const id = "input-" + input.name, median = medianOf(input), uncertain = isUncertain(input);
    const share = data.shares[input.named], whole = input.is_whole;
    const slider = element("input", { type: "range", id: id, step: 1, "aria-describedby": id + "-said" });
    const said = element("output", { for: id, id: id + "-said" });
    const box = element("input", { type: "text", inputmode: "decimal", class: "box", "aria-label": "Value of " + input.called, placeholder: "type a value" });
    const wrong = element("p", { class: "wrong", role: "alert" });
    const reset = element("button", { type: "button", class: "reset", text: "Undo", "aria-label": "Undo: " + input.called });
    let ends = endsOf(input);
    // Rounded, but not beyond the ends.
    const shifted = function (x) {
      const factor = Number((x / median).toPrecision(6)), [over, under] = [factor * median / ends[1], factor * median / ends[0]];
      return over > 1 && over < 1.01 ? inward(ends[1] / median, -1) : under < 1 && under > 0.99 ? inward(ends[0] / median, 1) : String(factor);
    };
    const set = function (x) {
      wrong.textContent = "";
      if (widens(input)) { if (x === asWide(input)) sets.delete(input.name); else sets.set(input.name, input.wider[x].set); }
      else if (shifts(input)) sets.set(input.name, "x" + shifted(x));
      else sets.set(input.name, String(x));
      touched();
    };
    slider.addEventListener("input", function () {
      set(whole || widens(input) ? Number(slider.value) : Number(neat(ends[0] + (ends[1] - ends[0]) * slider.value / 200)));
    });
    box.addEventListener("change", function () {
      if (box.value.trim() === "") return;
      const x = typed(box.value, input);
      const least = input.least === null || x >= input.least, most = input.most === null || x <= input.most;
      if (isNaN(x) || !least || !most || whole && x !== Math.round(x)) {
        const unit = /%/.test(input.shown.join("")) ? "a percentage" + (input.most === 1 ? " up to 100%" : "") : whole ? "a whole number of months"
          : "a number" + (input.least === null ? "" : " from " + input.least) + (input.most === null ? "" : " to " + input.most);
        wrong.textContent = "Expected " + unit + ".";
        return;
      }
      if (shifts(input) && (x > ends[1] * 1.0005 || x < ends[0] * 0.9995)) {
        wrong.textContent = "Moved so far, the estimate would reach beyond what is possible. Choose “fixes the value” above to set it.";
        return;
      }
      set(x);
    });
    reset.addEventListener("click", function () { sets.delete(input.name); wrong.textContent = ""; touched(); slider.focus(); });
    const from = input.source
      ? [input.url && /^https?:/.test(input.url) ? element("a", { href: input.url, rel: "noreferrer", text: input.source }) : element("span", { text: input.source }),
         input.grade && element("span", { text: " (grade " + input.grade + ": " + GRADES[input.grade] + ")" })]
      : [element("span", { text: input.grade ? "an assumption of the author" : "none is named" })];
    const details = element("details", {}, [
      element("summary", { text: "About" }),
      element("p", { class: "quiet", text: input.meaning.charAt(0).toUpperCase() + input.meaning.slice(1) + "." }),
      uncertain && element("p", { class: "quiet", text: "In the scenario: median " + input.shown[2] + "; 90% between " + input.shown[1] + " and " + input.shown[3] + "." }),
      element("p", { class: "quiet" }, [element("span", { text: "Source: " })].concat(from)),
      input.note && element("p", { class: "quiet", text: input.note }),
      element("p", { class: "quiet" }, [element("span", { text: "In the file: " }), element("code", { text: input.name + " = " + input.written })]),
    ]);
    const item = element("li", { class: "row", "data-name": input.name, "data-find": (input.called + " " + input.name + " " + input.meaning).toLowerCase() }, [
      element("div", { class: "head" }, [element("label", { for: id, text: input.called }), share && element("span", { class: "share", text: share })]),
      slider,
      element("div", { class: "foot" }, [said, reset, box]),
      wrong, details,
    ]);
    item.refresh = function () {
      const text = sets.get(input.name), factor = text && /^x/.test(text), at = width(input, text);
      ends = endsOf(input);
      const x = text === undefined || /^\{/.test(text) ? median : factor ? median * Number(text.slice(1)) : Number(text);
      if (widens(input)) {
        slider.min = 0;
        slider.max = input.wider.length - 1;
        slider.value = at >= 0 ? at : asWide(input);
      } else {
        slider.min = whole ? ends[0] : 0;
        slider.max = whole ? ends[1] : 200;
        slider.value = whole ? x : Math.round(200 * (x - ends[0]) / (ends[1] - ends[0]));
      }
      // A value is typed where it is set.
      box.hidden = widens(input);
      // A list of values, say, has no width: "About" says what it is.
      slider.disabled = how === "widen" && !widens(input) && isUncertain(input) && !input.is_chosen;
      if (document.activeElement !== box) box.value = "";
      item.classList.toggle("touched", text !== undefined);
      reset.hidden = text === undefined;
      item.say();
    };
    item.say = function () {
      const text = sets.get(input.name), months = input.unit === "months", at = width(input, text), isOther = text !== undefined && /^\{/.test(text);
      const withUnit = function (text) { return text + (months ? (text === "1" ? " month" : " months") : ""); };
      const found = text === undefined ? undefined : shown.get(input.name);
      const now = text === undefined || isOther ? null : (found ? found.median : neat(Number(text.replace("x", "")) * (/^x/.test(text) ? median : 1)));
      const between = function (ends) { return ends ? ", 90% between " + ends[0] + " and " + withUnit(ends[1]) : ""; };
      const line = at >= 0 ? "now around " + input.shown[2] + between(input.wider[at].between)
        : isOther ? "another distribution" + (found ? ", around " + found.median + between(found.between) : "")
        : text === undefined ? (uncertain ? "around " + withUnit(input.shown[2]) : withUnit(input.shown[0]))
        : /^x/.test(text) ? "now around " + (found && found.between ? found.median + between(found.between) : withUnit(now)) : "fixed at " + withUnit(now);
      said.textContent = line;
      slider.setAttribute("aria-valuetext", line);
      item.said = input.called + " " + line.replace(/^now /, "").replace(at >= 0 ? /^around .*?, / : /, 90%.*$/, "");
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
      const chance = Number((100 * event.annual_probability).toPrecision(3)) + "% a year";
      const item = element("li", { class: "row", "data-find": event.name.toLowerCase() + " event" }, [
        element("label", { class: "inline" }, [box, element("span", { text: " It may happen: " + event.name + " (" + chance + ")" })]),
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
      item.say = function () { item.said = box.checked ? "" : "without “" + event.name + "”"; };
      return item;
    });
  }

  function priceChange() {
    const month = element("input", { type: "text", inputmode: "numeric", class: "box", "aria-label": "From month" });
    const price = element("input", { type: "text", inputmode: "decimal", class: "box", "aria-label": "New monthly price in dollars" });
    const reset = element("button", { type: "button", class: "reset", text: "Undo", "aria-label": "Undo the price change" });
    const said = element("p", { class: "quiet" }), wrong = element("p", { class: "wrong", role: "alert" });
    const before = known.price_changes.map(function (change) { return change[1].replace(/^([0-9])/, "$$$1") + " from month " + change[0] + " on"; }).join(", ");
    const item = element("li", { class: "row", "data-find": "price change rise" }, [
      element("div", { class: "head" }, [element("span", { class: "name", text: "Price change" }), reset]),
      said,
      element("p", { class: "inline" }, [element("span", { text: "From month " }), month, element("span", { text: " on, $ " }), price]),
      wrong,
    ]);
    const changed = function () {
      const t = Number(month.value), p = Number(price.value.replace(/^\$/, ""));
      const months = month.value.trim() !== "", dollars = price.value.trim() !== "";
      wrong.textContent = !months && !dollars ? "" : !months ? "From which month on?" : !dollars ? "To which price?"
        : t !== Math.round(t) || !(t >= 2 && t <= known.months) ? "Expected a month from 2 to " + known.months + "." : !(p >= 0.01 && p <= 1e6) && p !== 0 ? "Expected a price in dollars." : "";
      if (wrong.textContent || !months || !dollars) return;
      sets.set("price.changes", "[{ month = " + t + ", monthly = " + p + " }]");
      touched();
    };
    month.addEventListener("change", changed);
    price.addEventListener("change", changed);
    reset.addEventListener("click", function () { sets.delete("price.changes"); month.value = price.value = wrong.textContent = ""; touched(); });
    item.refresh = function () {
      const text = sets.get("price.changes"), found = text && text.match(/month = ([0-9]+), monthly = ([0-9.]+)/);
      if (found) { month.value = found[1]; price.value = found[2]; }
      item.said = found ? "$" + found[2] + " from month " + found[1] + " on" : "";
      said.textContent = found ? "Now " + item.said + (before ? ", in place of " + before : "") + "." : before ? "In the scenario: " + before + "." : "None in the scenario.";
      item.classList.toggle("touched", text !== undefined);
      reset.hidden = text === undefined;
    };
    item.say = function () {};
    return item;
  }

  let rows = [];
  let look = function () {}; // shows the rows that are asked for
  function build() {
    const rank = function (input) {
      const at = data.order.indexOf(input.named);
      return at < 0 ? data.order.length : at;
    };
    const asked = ["horizon.months", "target.subscribers", "costs.investment"];
    const isAsked = function (input) { return asked.indexOf(input.name) >= 0 || input.is_chosen; };
    const inputs = known.inputs.slice().sort(function (a, b) { return rank(a) - rank(b); });
    const uncertain = inputs.filter(function (input) { return isUncertain(input) && !isAsked(input); });
    const others = inputs.filter(function (input) { return !isUncertain(input) && !isAsked(input); });
    const groups = [
      ["inputs", uncertain.map(row)],
      ["decisions", inputs.filter(isAsked).map(row).concat([priceChange()], eventRows())],
      ["others", others.map(row)],
    ];
    groups.forEach(function (group) { fill($(group[0]), group[1]); });
    rows = groups.flatMap(function (group) { return group[1]; });
    // Of very many the strongest; a search finds the others, and a button shows them.
    const weak = groups[0][1].slice(SHOWN);
    let every = weak.length === 0;
    $("every").textContent = "Show the other " + weak.length + " inputs";
    $("more").hidden = !others.length;
    fill($("sweep-input"), inputs.filter(function (input) { return input.name !== "horizon.months"; }).map(function (input) {
      return element("option", { value: input.name, text: input.called });
    }));
    look = function () {
      const text = $("find").value.trim().toLowerCase();
      let found = 0;
      rows.forEach(function (row) {
        const isWeak = !every && weak.indexOf(row) >= 0 && !row.classList.contains("touched");
        row.hidden = text === "" ? isWeak : row.dataset.find.indexOf(text) < 0;
        if (!row.hidden) found += 1;
      });
      $("every").hidden = every || text !== "";
      $("none").hidden = found > 0;
      if (text) $("more").open = others.length > 0 && Array.from($("others").children).some(function (row) { return !row.hidden; });
    };
    $("find").addEventListener("input", look);
    $("every").addEventListener("click", function () {
      every = true;
      look();
      weak[0].querySelector("input").focus();
    });
    look();
  }

  function readouts() {
    rows.forEach(function (row) { row.say(); });
    const said = rows.filter(function (row) { return row.classList.contains("touched") && row.said; }).map(function (row) { return row.said; });
    $("setting").textContent = said.length ? said.join("; ") : "No input is changed";
  }

  function marks() {
    rows.forEach(function (row) { row.refresh(); });
    look();
    readouts();
    const n = sets.size;
    $("undo").hidden = n === 0;
    $("undo").textContent = n === 1 ? "Undo the change" : "Undo all " + n + " changes";
    $("pin").textContent = pinned ? "Forget A" : "Keep this as A, to compare";
    $("pin").setAttribute("aria-pressed", pinned ? "true" : "false");
    $("compared").hidden = !pinned;
    $("compared").classList.add("old");
    $("how").value = how;
    $("sweep-input").value = swept;
    $("command").textContent = command();
  }

  // ---- Leaving the page.
  function quoted(word) { return /^[A-Za-z0-9_./=:,@%+-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'"; }
  function command() {
    const now = changes();
    return ["breakeven run", quoted(data.scenario)].concat(
      now.set.map(function (set) { return "--set " + quoted(set); }),
      now.given.map(function (given) { return "--given " + quoted(given); }),
      data.seed === 1 ? [] : ["--seed " + data.seed], data.paths === 131072 ? [] : ["--paths " + data.paths]).join(" ");
  }

  function save(name, content, type) {
    const link = element("a", { download: name, href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: type })) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  // Says for a moment what has become of a button's work.
  function said(button, text) {
    button.dataset.text = button.dataset.text || button.textContent;
    button.style.minWidth = Math.max(button.offsetWidth, parseFloat(button.style.minWidth) || 0) + "px";
    button.textContent = text;
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = setTimeout(function () { button.textContent = button.dataset.text; delete button.dataset.text; }, 2000);
  }

  async function saving(button, work) {
    said(button, "Simulating …");
    try {
      await work();
      said(button, "Saved");
    } catch (error) {
      said(button, "Not saved");
      $("leave-said").textContent = "This was not saved: " + error.message + ".";
    }
  }

  async function toldBy(engine, request) {
    const found = (await engine.ask(request)).answer;
    if (found.error) throw new Error(found.error);
    return found;
  }
  const whole = function (show) { return { ask: "run", changes: changes(), paths: data.paths, seed: data.seed, show: show }; };

  async function saveChart(name, kind) {
    const chart = (await toldBy(pool[0], whole({ charts: [name] }))).charts[0], file = data.name + "-" + name;
    if (kind === "SVG") { save(file + ".svg", chart.svg, "image/svg+xml"); return; }
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([chart.svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    const blob = await new Promise(function (resolve) { canvas.toBlob(resolve, "image/png"); });
    save(file + ".png", blob);
  }

  async function saveScenario() {
    const file = await toldBy(front, { ask: "file", changes: changes(), extends: data.extends });
    save("my-" + data.name + ".toml", file.text, "text/plain");
  }

  async function saveTable() {
    const wanted = $("table").value, found = await toldBy(pool[0], whole({ tables: true }));
    found.tables.filter(function (table) { return table[0] === wanted; }).forEach(function (table) { save(data.name + "-" + table[0] + ".csv", table[1], "text/csv"); });
  }

  // The page as it came, that starts with the present setting.
  function savePage() {
    const own = Object.assign({}, data, { start: link() });
    const start = JSON.stringify([own].concat(all.filter(function (one) { return one !== data; }))).replace(/</g, "\\u003c");
    const from = source.indexOf('id="data">') + 10, to = source.indexOf("</" + "script>", from);
    save("explore-" + data.name + ".html", "<!DOCTYPE html>" + source.slice(0, from) + start + source.slice(to), "text/html");
    return Promise.resolve();
  }

  async function copy(text, button, then) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      const area = element("textarea", { "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    said(button, "Copied");
    $("leave-said").textContent = then || "";
  }

  // Names that the scenario does not have, as in a link to another one, are no changes.
  function keepKnown() {
    sets = new Map(Array.from(sets).filter(function (entry) { return entry[0] === "events" || entry[0] === "price.changes" || inputOf(entry[0]); }));
    const varied = known.inputs.filter(function (input) { return input.name !== "horizon.months"; });
    if (!inputOf(swept)) swept = varied[0].name;
  }

  // ---- Begin.
  async function begin() {
    if (all.length > 1) {
      $("title").textContent = data.title;
      document.title = data.title + ": explore";
      $("question").textContent = data.question;
      $("question").hidden = !data.question;
      $("scenario").value = data.name;
      $("scenario").addEventListener("change", function () {
        location.hash = "scenario=" + encodeURIComponent($("scenario").value);
        location.reload();
      });
    }
    readLink(location.hash.slice(1) || data.start || "");
    module = await unpacked();
    front = new Engine();
    const first = front;
    known = (await front.ask({ ask: "describe", changes: { set: data.set }, seed: data.seed })).answer;
    if (known.error) { $("begin").textContent = "This scenario cannot be simulated: " + known.error + "."; return; }
    keepKnown();
    build();
    front = null;
    marks();
    $("page").hidden = false;
    $("begin").hidden = true;
    pool = Array.from({ length: Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2))) }, function () { return new Engine(); });
    beside = new Engine();
    if (sets.size) {
      const before = await first.ask({ ask: "run", changes: { set: data.set }, paths: QUICK, seed: data.seed, show: {} });
      if (!before.answer.error) untouched.set(QUICK, before.answer.key);
    }
    front = first;
    document.body.classList.add("rough");
    await answer();
    const on = function (id, event, work) { $(id).addEventListener(event, work); };
    on("undo", "click", function () { sets = new Map(); touched(); });
    on("pin", "click", function () { pinned = pinned ? null : changes(); looked(); });
    on("how", "change", function () { how = $("how").value; looked(); });
    on("copy-link", "click", function () {
      const text = link(), here = location.href.split("#")[0] + (text ? "#" + text : "");
      copy(here, $("copy-link"), location.protocol === "file:" ? "The link opens this file: whoever gets it needs the file in the same place. To mail the setting, save the page with it." : "");
    });
    on("copy-command", "click", function () { copy(command(), $("copy-command")); });
    on("save-page", "click", function () { saving($("save-page"), savePage); });
    on("save-scenario", "click", function () { saving($("save-scenario"), saveScenario); });
    on("save-table", "click", function () { saving($("save-table"), saveTable); });
    on("sweep-input", "change", function () { swept = $("sweep-input").value; writeLink(); sweep(serial); });
    on("sweep", "toggle", function () { sweep(serial); });
    addEventListener("hashchange", function () {
      if (named(location.hash.slice(1)) !== data) { location.reload(); return; }
      readLink(location.hash.slice(1)); keepKnown(); touched();
    });
    // Other charts for a phone; paper takes those that are there.
    matchMedia("(max-width: 640px)").addEventListener("change", function () { if (!matchMedia("print").matches) touched(); });
  }
  begin().catch(function (error) {
    $("begin").hidden = false;
    $("begin").textContent = "This browser cannot run the page: " + error.message;
  });
})();
