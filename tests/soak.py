#!/usr/bin/env python3
"""Runs the program over and over while everything goes wrong, and checks that nobody's results are lost.

    python3 tests/soak.py target/release/breakeven            1,000 points, some minutes
    python3 tests/soak.py target/release/breakeven 50 7       so many points, another seed

At each point one command writes over an earlier result and is killed, interrupted, runs out of room for its files, or finds a file of
its own or of its input damaged. Then the result must stand whole, as it was or as it was to become: the same bytes for the same seed
make that a comparison of hashes. A damaged file must be read, or refused with a message, without a crash and without being touched.
Exit status 1 where anything was lost.
"""
import hashlib, os, pathlib, random, resource, shutil, signal, subprocess, sys, tempfile, time

PATHS = ["--paths", "2000"]
# What is run, and the folder or file that it writes; {seed} is 1 or 2, and {at} where it writes.
COMMANDS = {
    "run": (["run", "baseline", "--keep-paths", "--format", "csv,json,parquet,xlsx"], "baseline"),
    "run quickly": (["run", "music-like", "--no-charts"], "music-like"),
    "sweep": (["sweep", "baseline", "--vary", "price.monthly=5:10:2.5"], "baseline/sweep-price.monthly"),
    "solve": (["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--each-path"], "baseline/solve-price.monthly"),
    "compare": (["compare", "baseline", "music-like"], "compare-baseline-music-like"),
    "drivers": (["drivers", "baseline", "--of", "npv", "--max-paths", "2000"], "baseline/drivers-npv"),
    "discover": (["discover", "music-like", "--of", "target_reached"], "music-like/discover-target_reached"),
    "voi": (["voi", "baseline", "--choose", "price.monthly=5:20:5"], "baseline/voi-price.monthly"),
    "condition": (["condition", "baseline", "--actuals", "{here}/scenarios/first-months.csv"], "baseline/condition-first-months"),
    "report": (["report", "baseline", "music-like", "--to", "{at}/report.html"], "report.html"),
    "explore": (["explore", "baseline", "--to", "{at}/explore.html"], "explore.html"),
}
HERE = pathlib.Path(__file__).resolve().parent.parent


def contents(place):
    """What stands at a place, as one hash; none where nothing does."""
    if not place.exists():
        return None
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    whole = hashlib.sha256()
    for path in files:
        # A result of another kind in a folder of its own belongs to another command; what has a dot in front was cut short.
        inner = path.relative_to(place).parts
        if any(part.startswith(".") for part in inner) or any(part.startswith(("sweep-", "solve-", "drivers-", "discover-", "voi-", "condition-")) for part in inner[:-1]):
            continue
        whole.update(str(path.relative_to(place)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def arguments(name, seed, at):
    command = [part.format(here=HERE, at=at) for part in COMMANDS[name][0]]
    out = [] if "--to" in command else ["--out", str(at)]
    return command + PATHS + ["--seed", str(seed), "--quiet"] + out


def limited(most):
    """A file may have at most so many bytes, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def main() -> int:
    program = str(pathlib.Path(sys.argv[1]).resolve())
    points = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    losses, counts = [], {}

    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        whole, seconds = {}, {}
        for name, (_, target) in COMMANDS.items():
            for seed in (1, 2):
                at = place / f"known-{seed}"
                at.mkdir(exist_ok=True)
                begun = time.monotonic()
                subprocess.run([program, *arguments(name, seed, at)], check=True, cwd=place)
                seconds[name] = time.monotonic() - begun
                whole[name, seed] = contents(at / target)
        at = place / "results"
        shutil.copytree(place / "known-1", at)
        stands = {name: 1 for name in COMMANDS}

        def check(what, code):
            """Every result, not only the one that was being written, stands as one of its two."""
            for name, (_, target) in COMMANDS.items():
                now = contents(at / target)
                seeds = [seed for seed in (1, 2) if whole[name, seed] == now]
                if not seeds:
                    losses.append(f"{name} after {what}: what stands is neither the old nor the new result (exit status {code})")
                    print("LOST", losses[-1], flush=True)
                    subprocess.run([program, *arguments(name, 1, at)], check=False, cwd=place)
                    seeds = [1]
                stands[name] = seeds[0]

        for _ in range(points):
            what = chance.choice(["killed", "interrupted", "no room", "damaged"])
            folders = [name for name in COMMANDS if what != "damaged" or (at / COMMANDS[name][1]).is_dir()]
            name = chance.choice(folders)
            counts[what] = counts.get(what, 0) + 1
            seed = 3 - stands[name]
            command = [program, *arguments(name, seed, at)]
            errors = place / "errors.txt"
            with open(errors, "w") as said:
                if what in ("killed", "interrupted"):
                    child = subprocess.Popen(command, stderr=said, cwd=place)
                    time.sleep(chance.uniform(0, 1.1) * seconds[name])
                    child.send_signal(signal.SIGKILL if what == "killed" else signal.SIGINT)
                    code = child.wait()
                    allowed = (0, -signal.SIGKILL) if what == "killed" else (0, 130, -signal.SIGINT)
                elif what == "no room":
                    most = int(10 ** chance.uniform(2, 6.5))
                    code = subprocess.run(command, stderr=said, cwd=place, preexec_fn=lambda: limited(most)).returncode
                    allowed = (0, 1)
                else:
                    target = at / COMMANDS[name][1]
                    file = chance.choice(sorted(path for path in target.rglob("*") if path.is_file()))
                    right = file.read_bytes()
                    wrong = bytearray(right)
                    for _ in range(chance.randint(1, 5)):
                        wrong[chance.randrange(len(wrong))] = chance.randrange(256)
                    if chance.random() < 0.3:
                        del wrong[chance.randrange(len(wrong)):]
                    file.write_bytes(wrong)
                    to = place / "read"
                    reading = chance.choice([
                        ["chart", str(target), "--to", str(to)],
                        ["report", str(target), "--to", f"{to}.html"],
                        ["reproduce", str(target)],
                    ])
                    code = subprocess.run([program, *reading], stdout=subprocess.DEVNULL, stderr=said, cwd=place, timeout=120).returncode
                    allowed = (0, 1, 2)
                    if file.read_bytes() != bytes(wrong):
                        losses.append(f"{name}: reading a damaged {file.name} changed it")
                    file.write_bytes(right)
            if code not in allowed or "panicked" in errors.read_text():
                losses.append(f"{name}, {what}: exit status {code}: {errors.read_text()[:300]}")
                print("FAILED", losses[-1], flush=True)
            if code == 0 and what != "damaged" and whole[name, seed] != contents(at / COMMANDS[name][1]):
                losses.append(f"{name}, {what}: exit status 0, but not the new result")
                print("LOST", losses[-1], flush=True)
            check(f"{name} {what}", code)

        # What was left behind is cleared away, or at least in nobody's way.
        for name in COMMANDS:
            done = subprocess.run([program, *arguments(name, 1, at)], cwd=place)
            check(f"{name} at the end", done.returncode)
            if done.returncode != 0 or stands[name] != 1:
                losses.append(f"{name}: does not run at the end")
        left = [path.name for path in at.rglob(".*")]
    print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())), end="; ")
    print(f"{len(losses)} losses; {len(left)} hidden files left behind")
    return int(bool(losses))


sys.exit(main())
