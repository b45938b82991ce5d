#!/usr/bin/env python3
"""Tries the mutants that cargo-mutants finds in the model, the samplers, the aggregates and the analyses, all in one build.

    cargo install --locked cargo-mutants && pip install tree-sitter tree-sitter-rust
    python3 tests/every_mutant.py build                    all of them into a copy of the checkout, each behind a switch
    python3 tests/every_mutant.py reach                    which tests come by which of them, and how long each test takes
    python3 tests/every_mutant.py try [--shard K/N] [--only TEXT]    the tests that come by a mutant until one fails
    python3 tests/every_mutant.py report                   how many were caught, and which were not

One build a mutant would take days: here each expression asks which of its mutants is on, which the variable BREAKEVEN_MUTANT says. On two
cores the build takes 20 minutes, the tests one by one 25, and then it is 40 to 100 mutants a minute. BUDGET (seconds, 60) is what a mutant
may take, and the longest test that is tried on it; one that only slower tests could catch is said to have survived "so far". A larger BUDGET
wants `reach` anew: delete reach.json. JOBS (2) are tried at once. Everything stands in target/mutants, unless MUTANTS says where. `reach` and `try` go on where they were stopped; a `build` after
a change starts them anew, since it numbers the mutants again.

Without a switch are mutants of constants, of functions that return `impl Trait`, and of fields.
"""
import concurrent.futures, hashlib, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent.parent
PLACE = pathlib.Path(os.environ.get("MUTANTS", HERE / "target" / "mutants"))
COPY = PLACE / "copy"
WHERE = ["src/model/**", "src/sampler/**", "src/aggregate/**", "src/analysis/**"]
# The scalar model that the tests compare with is a test itself.
NOT = ["src/model/oracle.rs"]
# A mutant whose tests take so many times as long as they do without it hangs.
PATIENCE = 10

# Survivors that nothing could catch, since they change no result: the file, the mutant, what its line holds, and why.
EXPLAINED = [
    ("src/aggregate/counts.rs", "replace >> with << in Counts::add", "", "the bin is found the slow way"),
    ("src/aggregate/counts.rs", "replace > with >= in <impl Ranked for Bins<'_>>::ranked", "infinite > 0", "no rank beyond the last number is asked for"),
    ("src/aggregate/counts.rs", "replace < with <= in Bins<'_>::below", "bin.high < x", "where one bin ends the next begins"),
    ("src/aggregate/counts.rs", "replace < with <= in Bins<'_>::count_below", "bin.1 < x", "where one bin ends the next begins"),
    ("src/aggregate/summary.rs", "replace < with <= in bins", "if min < 0.0", "the lowest edge is zero already"),
    ("src/aggregate/summary.rs", "replace < with <= in bins", "edge < max", "no edge within the middle 99% is the largest number"),
    ("src/model/retention.rs", "replace && with || in Cohorts::forget_where_gone", "gone.any()", "what is kept is summed anew, to the same"),
    ("src/model/retention.rs", "replace - with / in Cohorts::fold_extreme_factors", "self.ratios[..t - 1]", "the ratio of the month itself is set afterwards"),
    ("src/sampler/draws.rs", "replace DrawPlan::draws_like -> bool with false", "", "each scenario draws the same for itself"),
    ("src/sampler/draws.rs", "replace - with + in DrawPlan::quantile", "variance - 1.0", "the way through the normal law gives the same, but for rounding"),
    ("src/sampler/shocks.rs", "replace - with / in Padded::draw", "point - 1", "every point is started anew, at the same numbers"),
]

SWITCH = """\
//! Which mutant is on.
#![allow(unsafe_code, missing_docs)]
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
/// Its number; 0 for none.
static ACTIVE: AtomicU32 = AtomicU32::new(0);
/// None is on, and whoever asks is noted.
const RECORDS: u32 = u32::MAX;
static REACHED: [AtomicBool; 1 << 14] = [const { AtomicBool::new(false) }; 1 << 14];
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;
unsafe extern "C" {
    fn atexit(then: extern "C" fn()) -> i32;
}
extern "C" fn start() {
    if std::env::var_os("BREAKEVEN_REACHED").is_some() {
        ACTIVE.store(RECORDS, Ordering::Relaxed);
        unsafe { atexit(stop) };
    } else if let Some(number) = std::env::var("BREAKEVEN_MUTANT").ok().and_then(|text| text.parse().ok()) {
        ACTIVE.store(number, Ordering::Relaxed);
    }
}
extern "C" fn stop() {
    let Ok(place) = std::env::var("BREAKEVEN_REACHED") else { return };
    let reached: Vec<String> = (0..REACHED.len()).filter(|k| REACHED[*k].load(Ordering::Relaxed)).map(|k| k.to_string()).collect();
    let _ = std::fs::write(format!("{place}/{}", std::process::id()), reached.join("\\n"));
}
#[cold]
#[inline(never)]
fn note(k: u32) {
    REACHED[k as usize].store(true, Ordering::Relaxed);
}
#[inline(always)]
pub fn is(k: u32) -> bool {
    // Atomic, so that loops are not compiled once for each mutant in them.
    let active = ACTIVE.load(Ordering::Relaxed);
    if active == RECORDS {
        note(k);
    }
    active == k
}
"""


def put(path, content):
    """A file, by rename, where it is not there already; says whether it was another."""
    content = content if isinstance(content, bytes) else content.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
    return True


def listed():
    """What cargo-mutants would try, in its order."""
    ask = ["cargo", "mutants", "--list", "--json", "--no-config", "--package", "breakeven"]
    for glob in WHERE:
        ask += ["--file", glob]
    for glob in NOT:
        ask += ["--exclude", glob]
    return json.loads(subprocess.check_output(ask, cwd=HERE))


class Rewriter:
    """One file with all of its mutants behind switches."""

    def __init__(self, path, mutants):
        import tree_sitter, tree_sitter_rust
        self.text = (HERE / path).read_bytes()
        self.digest = hashlib.sha256(self.text).hexdigest()[:16]
        self.lines = self.text.split(b"\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
        self.tree = parser.parse(self.text)
        self.at, self.refused = {}, {}
        for number, mutant in mutants:
            why = self.place(number, mutant)
            if why:
                self.refused[number] = why

    def offset(self, place):
        line = self.lines[place["line"] - 1].decode()
        return self.starts[place["line"] - 1] + len(line[: place["column"] - 1].encode())

    def raw(self, node):
        return self.text[node.start_byte:node.end_byte].decode()

    @staticmethod
    def around(node, *types):
        """The node itself, or the nearest around it, of one of these types."""
        while node is not None and node.type not in types:
            node = node.parent
        return node

    def constant(self, node):
        node = self.around(node, "function_item", "const_item", "static_item")
        if node is None or node.type != "function_item":
            return node is not None
        return any("const" in self.raw(kid) for kid in node.children if kid.type == "function_modifiers")

    def place(self, number, mutant):
        """Where a mutant goes; or why it has no place."""
        begin, end = self.offset(mutant["span"]["start"]), self.offset(mutant["span"]["end"])
        node = self.tree.root_node.descendant_for_byte_range(begin, end)
        genre, new = mutant["genre"], mutant["replacement"]
        if self.constant(node):
            return "constant"
        if genre == "FnValue" and "impl " in (mutant["function"] or {}).get("return_type", ""):
            return "impl"
        if genre == "FnValue":
            node = self.around(node, "function_item")
            body = node and node.child_by_field_name("body")
            if body is None:
                return "no body"
            self.note(body, number, ("value", new))
        elif genre == "BinaryOperator":
            node = self.around(node, "binary_expression", "compound_assignment_expr")
            if node is None:
                return "no expression"
            if any(kid.type == "let_condition" for kid in node.children):
                return "let"
            operator = node.child_by_field_name("operator") or node.children[1]
            if operator.start_byte != begin:
                return "no operator"
            changed = self.text[node.start_byte:begin].decode() + new + self.text[operator.end_byte:node.end_byte].decode()
            self.note(node, number, ("instead", changed))
        elif genre == "UnaryOperator":
            node = self.around(node, "unary_expression")
            if node is None or node.start_byte != begin:
                return "no expression"
            self.note(node, number, ("instead", new + self.raw(node)[1:].lstrip()))
        elif genre == "MatchArmGuard":
            node = self.around(node, "match_pattern")
            guard = node and node.child_by_field_name("condition")
            if guard is None or "let" in guard.type:
                return "let"
            self.note(guard, number, ("instead", new))
        elif genre == "MatchArm":
            node = self.around(node, "match_arm")
            pattern = node and node.child_by_field_name("pattern")
            if pattern is None:
                return "no arm"
            if not any(self.raw(arm.child_by_field_name("pattern")) == "_" for arm in node.parent.children if arm.type == "match_arm"):
                return "no arm for the rest"
            guard = pattern.child_by_field_name("condition")
            if guard is not None and "let" in guard.type:
                return "let"
            self.note(pattern, number, ("deleted", ""))
        else:
            return genre
        return None

    def note(self, node, number, what):
        self.at.setdefault((node.start_byte, node.end_byte, node.type), []).append((number, *what))

    def emit(self, node, without):
        """The text of a node with the switches of its mutants, but for some."""
        if node.children:
            pieces, last = [], node.start_byte
            for kid in node.children:
                pieces += [self.text[last:kid.start_byte].decode(), self.emit(kid, without)]
                last = kid.end_byte
            base = "".join(pieces) + self.text[last:node.end_byte].decode()
        else:
            base = self.raw(node)
        here = [entry for entry in self.at.get((node.start_byte, node.end_byte, node.type), []) if entry[0] not in without]
        values = [entry for entry in here if entry[1] == "value"]
        if values:
            switches = "".join(f"/*<{k}*/if crate::mutant::is({k}) {{ return {new}; }}/*{k}>*/" for k, _, new in values)
            # After the inner attributes of a body.
            head = re.match(r"\{(\s*#!\[[^\]]*\])*", base).end()
            base = base[:head] + switches + base[head:]
        instead = [entry for entry in here if entry[1] == "instead"]
        if instead:
            switches = " ".join(f"/*<{k}*/if crate::mutant::is({k}) {{ {new} }} else /*{k}>*/" for k, _, new in instead)
            base = f"({switches} {{ {base} }})"
        for k, what, _ in here:
            if what == "deleted":
                pattern, _, guard = base.partition(" if ") if node.child_by_field_name("condition") is not None else (base, "", "true")
                base = f"{pattern} if /*<{k}*/!crate::mutant::is({k})/*{k}>*/ && ({guard})"
        return base


def build():
    mutants = listed()
    files = {}
    for number, mutant in enumerate(mutants, 1):
        files.setdefault(mutant["file"], []).append((number, mutant))
    rewriters = {path: Rewriter(path, these) for path, these in files.items()}
    line = lambda mutant: rewriters[mutant["file"]].lines[mutant["span"]["start"]["line"] - 1].decode()
    state = {str(number): {"name": mutant["name"], "file": mutant["file"], "line": line(mutant)} for number, mutant in enumerate(mutants, 1)}
    for rewriter in rewriters.values():
        for number, why in rewriter.refused.items():
            state[str(number)]["unswitched"] = why
    root = (HERE / "src/lib.rs").read_text()
    level = (HERE / "src/lanes/level.rs").read_text()
    manifest = (HERE / "Cargo.toml").read_text()
    other = {
        "src/mutant.rs": SWITCH,
        "src/lib.rs": re.sub(r"(?m)^((pub )?mod )", r"#[doc(hidden)] pub mod mutant;\n\1", root, count=1),
        # One instruction set: three would compile the mutants of the hot loop three times over.
        "src/lanes/level.rs": level.replace('#[cfg(target_arch = "x86_64")]\n        match self', "#[cfg(any())]\n        match self"),
        "Cargo.toml": manifest.replace("[profile.dev.package]\n", "[profile.dev.package]\nbreakeven = { opt-level = 2 }\n"),
    }
    for name in subprocess.check_output(["git", "ls-files"], cwd=HERE, text=True).splitlines():
        if (HERE / name).is_file() and name not in rewriters:
            other.setdefault(name, (HERE / name).read_bytes())
    changed = [name for name, content in other.items() if put(COPY / name, content)]
    for name in other.keys() - {"src/mutant.rs"}:
        shutil.copymode(HERE / name, COPY / name)
    # What did not compile last time is not tried again, as long as its file is the same.
    known = PLACE / "unviable.json"
    unviable = json.loads(known.read_text()) if known.exists() else {}
    key = lambda mutant: f"{rewriters[mutant['file']].digest} {mutant['name']}"
    without = {int(number) for number, mutant in state.items() if key(mutant) in unviable}
    for number in without:
        state[str(number)]["unviable"] = unviable[key(state[str(number)])]
    while True:
        written = {}
        for path, rewriter in rewriters.items():
            text = rewriter.emit(rewriter.tree.root_node, without)
            written[path] = text.encode()
            changed += [path] if put(COPY / path, text) else []
        if changed:
            # Other numbers, other tests.
            for name in ["reach.json", "results.jsonl"]:
                (PLACE / name).unlink(missing_ok=True)
        wrong = {}
        done = cargo(["check", "--lib", "--tests"])
        messages = [json.loads(line).get("message") for line in done.stdout.splitlines() if line.startswith("{")]
        errors = [message for message in messages if isinstance(message, dict) and message["level"] == "error"]
        for message in errors:
            for span in message["spans"]:
                for number in blamed(span, written) if span["is_primary"] else []:
                    wrong[number] = message["message"]
        if done.returncode == 0:
            break
        print(f"{len(wrong)} do not compile", flush=True)
        if not wrong:
            print(done.stderr[-3000:])
            print("".join(message["rendered"] for message in errors))
            sys.exit(1)
        for number, why in wrong.items():
            state[str(number)]["unviable"] = why
        without |= set(wrong)
        put(known, json.dumps({key(mutant): mutant["unviable"] for mutant in state.values() if "unviable" in mutant}, indent=1))
    put(PLACE / "mutants.json", json.dumps(state, indent=1))
    done = cargo(["test", "--no-run"])
    if done.returncode != 0:
        print(done.stderr[-3000:])
        sys.exit(1)
    binaries = {}
    for line in done.stdout.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message.get("profile", {}).get("test"):
            binaries[message["target"]["name"]] = message["executable"]
    put(PLACE / "binaries.json", json.dumps(binaries))
    print(f"{len(state)} mutants, {sum('unviable' in m for m in state.values())} do not compile, {sum('unswitched' in m for m in state.values())} without a switch; {binaries}")


def blamed(span, written):
    """The mutants in whose text an error lies, else those around it."""
    while span["file_name"] not in written and span.get("expansion"):
        span = span["expansion"]["span"]
    path = span["file_name"]
    if path not in written:
        return []
    text, at = written[path], span["byte_start"]
    inside, around = [], []
    for match in re.finditer(rb"/\*<(\d+)\*/", text):
        number = int(match[1])
        end = text.find(b"/*%d>*/" % number, match.end())
        if match.start() <= at < end:
            inside.append((end - match.start(), number))
    if inside:
        return [min(inside)[1]]
    for match in re.finditer(rb"/\*<(\d+)\*/", text):
        if match.start() <= span["byte_end"] and match.start() >= at:
            around.append(int(match[1]))
    return around


def cargo(arguments):
    environment = {**os.environ, "RUSTFLAGS": "--cap-lints allow", "CARGO_PROFILE_DEV_DEBUG": "none"}
    return subprocess.run(["cargo", *arguments, "--locked", "--message-format=json"], cwd=COPY, env=environment, capture_output=True, text=True)


def told():
    return json.loads((PLACE / "mutants.json").read_text())


def environment(**more):
    return {**os.environ, "CARGO_MANIFEST_DIR": str(COPY), "INSTA_UPDATE": "no", "PROPTEST_DISABLE_FAILURE_PERSISTENCE": "1", **more}


# What runs: each in a group of its own, with what it starts.
RUNNING = set()


def leave(*_):
    """Stops what runs: interrupted, nothing goes on by itself."""
    for group in list(RUNNING):
        os.killpg(group, signal.SIGKILL)
    os._exit(130)


def run(binary, names, patience, **more):
    """Tests of one binary, one after another, until one fails: its name, "time" where they hang, or None."""
    command = [binary, "--exact", "--test-threads=1", *names]
    with tempfile.TemporaryDirectory() as place:
        process = subprocess.Popen(command, cwd=COPY, env=environment(TMPDIR=place, **more), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        RUNNING.add(process.pid)
        hung = threading.Event()

        def stop():
            hung.set()
            os.killpg(process.pid, signal.SIGKILL)

        clock = threading.Timer(patience, stop)
        clock.start()
        failed, last = None, names[0]
        for line in process.stdout:
            match = re.match(r"test (\S+)( - should panic)? \.\.\. ?(\w*)", line)
            last = match[1] if match else last
            if line.rstrip().endswith("FAILED") and match:
                failed = match[1]
                break
        if failed:
            os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
        RUNNING.discard(process.pid)
        clock.cancel()
    if failed:
        return failed
    if hung.is_set():
        return "time"
    return None if status == 0 else last


def seconds():
    return float(os.environ.get("BUDGET", "60"))


def tests():
    out = []
    for name, binary in json.loads((PLACE / "binaries.json").read_text()).items():
        if name not in ("breakeven", "suite"):
            continue
        lines = subprocess.check_output([binary, "--list", "--format", "terse"], cwd=COPY, env=environment(), text=True).splitlines()
        ignored = subprocess.check_output([binary, "--list", "--format", "terse", "--ignored"], cwd=COPY, env=environment(), text=True).splitlines()
        out += [(binary, line.removesuffix(": test")) for line in lines if line.endswith(": test") and line not in ignored]
    return out


def reach():
    budget = seconds()
    done = json.loads((PLACE / "reach.json").read_text()) if (PLACE / "reach.json").exists() else {}

    def look(test):
        binary, name = test
        begun = time.monotonic()
        failed = run(binary, [name], budget)
        what = {"binary": binary, "took": time.monotonic() - begun, "failed": failed, "reached": "all"}
        if failed == "time":
            # Tried by nobody, and no fault of its own.
            return name, {**what, "failed": None}
        with tempfile.TemporaryDirectory() as place:
            # Where recording takes too long, it may come by any of them.
            if not failed and run(binary, [name], 45, BREAKEVEN_REACHED=place) is None:
                what["reached"] = sorted({int(k) for file in pathlib.Path(place).iterdir() for k in file.read_text().split()})
        return name, what

    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        for name, what in pool.map(look, [test for test in tests() if done.get(test[1], {"failed": "yes"})["failed"]]):
            done[name] = what
            if what["failed"]:
                print(f"{name} fails without a mutant", flush=True)
            put(PLACE / "reach.json", json.dumps(done))
    print(f"{len(done)} tests, {sum(what['took'] for what in done.values()):.0f} s")


def attempt():
    mutants, reached = told(), json.loads((PLACE / "reach.json").read_text())
    budget = seconds()
    by = {}
    for name, what in reached.items():
        if not what["failed"]:
            for number in map(int, mutants) if what["reached"] == "all" else what["reached"]:
                by.setdefault(number, []).append(name)
    before, kills = {}, {}
    results = PLACE / "results.jsonl"
    for line in results.read_text().splitlines() if results.exists() else []:
        entry = json.loads(line)
        before[entry["number"]] = entry
        if entry["by"] and entry["by"] != "time":
            key = mutants[str(entry["number"])]["file"], entry["by"]
            kills[key] = kills.get(key, 0) + 1
    waiting = [int(number) for number, mutant in mutants.items() if "unviable" not in mutant and "unswitched" not in mutant]
    # Those that a larger budget might catch are tried again.
    waiting = [number for number in waiting if number not in before or (not before[number]["by"] and before[number]["left"] and before[number]["budget"] < budget)]
    if "--shard" in sys.argv:
        k, n = map(int, sys.argv[sys.argv.index("--shard") + 1].split("/"))
        waiting = waiting[k - 1::n]
    if "--only" in sys.argv:
        what = sys.argv[sys.argv.index("--only") + 1]
        waiting = [number for number in waiting if what in mutants[str(number)]["name"]]
    lock = threading.Lock()

    def one(number):
        file = mutants[str(number)]["file"]
        left = list(by.get(number, []))
        with lock:
            # Likely and quick ones first: those that hold every number of an analysis against what it was are likely.
            left.sort(key=lambda name: -(kills.get((file, name), 0) + (10 if name.startswith("values::") else 1)) / (reached[name]["took"] + 0.05))
        begun, caught = time.monotonic(), None
        # What takes longer than that is for whoever has more time.
        too_long = [name for name in left if reached[name]["took"] >= budget]
        left = [name for name in left if reached[name]["took"] < budget]
        while left and not caught and time.monotonic() - begun < budget:
            binary = reached[left[0]]["binary"]
            chunk, total = [], 0.0
            while left and reached[left[0]]["binary"] == binary and (not chunk or total + reached[left[0]]["took"] < 2.0):
                total += reached[left[0]]["took"]
                chunk.append(left.pop(0))
            caught = run(binary, chunk, PATIENCE * total + 10, BREAKEVEN_MUTANT=str(number))
        entry = {"number": number, "by": caught, "left": len(left + too_long), "budget": budget, "took": round(time.monotonic() - begun, 2)}
        with lock:
            if caught and caught != "time":
                kills[file, caught] = kills.get((file, caught), 0) + 1
            with results.open("a") as out:
                out.write(json.dumps(entry) + "\n")
            if not caught:
                print(f"SURVIVED{' so far' if left + too_long else ''}: {mutants[str(number)]['name']} ({len(by.get(number, []))} tests)", flush=True)

    print(f"{len(waiting)} mutants", flush=True)
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        list(pool.map(one, waiting))


def explained(mutant):
    """Why nothing could catch it, where that is known."""
    for file, name, line, why in EXPLAINED:
        if mutant["file"] == file and mutant["name"].endswith(": " + name) and line in mutant["line"]:
            return why
    return None


def report():
    mutants, entries, whys = told(), {}, {}
    for line in (PLACE / "results.jsonl").read_text().splitlines():
        entry = json.loads(line)
        entries[entry["number"]] = entry
    for number, entry in sorted(entries.items()):
        if not entry["by"]:
            mutant = mutants[str(number)]
            whys[number] = explained(mutant)
            print(f"{'explained (' + whys[number] + ')' if whys[number] else 'not all tests' if entry['left'] else 'SURVIVED'}: {mutant['name']}")
    for mutant in mutants.values():
        if "unswitched" in mutant:
            print(f"no switch ({mutant['unswitched']}): {mutant['name']}")
    for file, name, line, why in EXPLAINED:
        if not any(explained(mutant) == why for mutant in mutants.values() if mutant["file"] == file):
            print(f"explained, but no longer there: {file}: {name}, {line}")
    tried, caught = len(entries), sum(bool(entry["by"]) for entry in entries.values())
    hung, known = sum(entry["by"] == "time" for entry in entries.values()), sum(bool(why) for why in whys.values())
    share = caught / max(tried - known, 1)
    print(f"{len(mutants)} mutants, {sum('unviable' in m for m in mutants.values())} do not compile; {tried} tried, {caught} caught ({hung} of them hang), {known} explained: {share:.1%} of the others")


if __name__ == "__main__":
    steps = {"build": build, "reach": reach, "try": attempt, "report": report}
    if len(sys.argv) < 2 or sys.argv[1] not in steps:
        print(__doc__)
        sys.exit(2)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    steps[sys.argv[1]]()
