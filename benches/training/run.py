"""How long songmood's training takes against PyTorch's: the same networks, clips of the same lengths, the same batches.

    cargo build --release --features train
    python3 benches/training/run.py                      # both cores; needs torch, numpy and safetensors
    python3 benches/training/run.py --threads 1 --domains voice

Clips are made here: `--clips` of them, of two to four seconds for voices, of fourteen for music. `songmood train` reads them and varies
every clip anew in each epoch, as it always does; it teaches one network with each thread. PyTorch gets frames of the same number and
lengths, ready to be used (docs/examples/pytorch has the networks), and does nothing but forward, backward, clipping and AdamW.

Seconds are those of one epoch of one network: of the processor, and by the clock. PyTorch's clock is the better of one network with
all threads and of one network with each (its time with one thread, divided by their number). On a busy machine only the processor's time
means anything, and with several threads PyTorch's even less: its threads wait for each other by spinning.
"""
import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parents[2]
RATE, HOP = 22050, 512
BATCH = 32
CLIP_NORM = 5.0
# Shortest and longest clip of each domain, in seconds.
SECONDS = {"voice": (2.0, 4.0), "music": (14.0, 14.0)}


def lengths(domain, count):
    """Seconds of each clip, the same in both programs."""
    low, high = SECONDS[domain]
    return [low + (high - low) * (i * 0.618034 % 1.0) for i in range(count)]


def make_clips(folder, domain, count):
    """Tones that sway, without silence at either end, and their table."""
    import numpy as np

    rows = []
    for i, seconds in enumerate(lengths(domain, count)):
        t = np.arange(int(seconds * RATE)) / RATE
        hertz = 150 + 20 * (i % 17) + 10 * np.sin(2 * np.pi * (2 + i % 5) * t)
        tone = sum(np.sin(k * 2 * np.pi * np.cumsum(hertz) / RATE) / k for k in range(1, 6))
        samples = 0.1 * tone + np.random.default_rng(i).normal(0, 0.01, t.size)
        path = folder / f"{domain}-{i}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
        rows.append((path.name, ("calm", "happy", "sad", "angry")[i % 4], f"group {i % 8}"))
    table = folder / f"{domain}.csv"
    with open(table, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "mood", "group"), *rows])
    return table


def train_songmood(program, table, domain, epochs, threads):
    """Seconds of processor and clock of an epoch for each network, from the lines that the program writes when one is done.

    What does not repeat in every epoch goes out by the difference of two runs.
    """
    runs = [run_songmood(program, table, domain, count, threads) for count in (1, 1 + epochs)]
    return {kind: tuple((long - short) / epochs for short, long in zip(runs[0][kind], runs[1][kind])) for kind in runs[0]}


def run_songmood(program, table, domain, epochs, threads):
    """Seconds of processor and clock for each network of a run."""
    command = [program, "train", "--csv", table, "--only", domain, "--folds", 0, "--epochs", epochs, "--jobs", threads, "--out", table.parent / "models"]
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    spent = {}
    for text in child.stdout:
        now = (processor_of(child.pid), time.monotonic())
        name, _, rest = text.partition(": ")
        if "clips" in rest:
            start = before = now
        elif "epochs" in rest:
            if threads == 1:
                # One network after the other.
                spent[name.split("-")[1]] = tuple(a - b for a, b in zip(now, before))
            else:
                # Two share the run.
                spent["both"] = tuple((a - b) / 2 for a, b in zip(now, start))
            before = now
    if child.wait() != 0 or not spent:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return spent


def processor_of(pid):
    """Seconds of processor that a running process has used, all its threads together."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def train_torch(model, domain, count, epochs, threads):
    """The same for PyTorch, in this process: the network that the file `model` describes, so that it is as large as the one that songmood taught."""
    import torch
    from safetensors import safe_open
    from torch.nn.functional import cross_entropy

    sys.path.insert(0, str(ROOT / "docs/examples/pytorch"))
    from songmood_nets import build

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    with safe_open(model, "pt") as file:
        metadata = file.metadata()
    # A head for learnt voices is taught by itself, after the epochs that are timed.
    widths = {**json.loads(metadata["widths"]), "voice": False}
    net = build({**metadata, "widths": json.dumps(widths)})
    (columns, n_summary), window, outputs = net.columns, json.loads(metadata["input"])["window_frames"], net.head.out_features
    frames, mask = torch.randn(count, columns, window), torch.zeros(count, 1, window)
    for place, seconds in zip(mask, lengths(domain, count)):
        place[0, : min(window, int(seconds * RATE / HOP) + 1)] = 1.0
    frames *= mask
    summary = torch.randn(count, n_summary) if n_summary else None
    targets = torch.eye(outputs)[torch.arange(count) % outputs]
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)

    def epoch():
        for rows in torch.randperm(count).split(BATCH):
            optimiser.zero_grad()
            loss = cross_entropy(net(frames[rows], mask[rows], None if summary is None else summary[rows]), targets[rows])
            loss.backward()
            for parameter in net.parameters():
                torch.nn.utils.clip_grad_norm_([parameter], CLIP_NORM)
            optimiser.step()

    epoch()
    start = (time.process_time(), time.monotonic())
    for _ in range(epochs):
        epoch()
    return tuple((now - before) / epochs for now, before in zip((time.process_time(), time.monotonic()), start))


def torch_seconds(model, domain, arguments):
    """Seconds of processor with one thread, and by the clock as good as it gets with all."""
    def measured(threads):
        # In a process of its own, so that one measurement does not warm the other.
        command = [sys.executable, __file__, "--torch", model, domain, "--clips", arguments.clips, "--epochs", arguments.epochs, "--threads", threads]
        return json.loads(subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout)

    cpu, clock = measured(1)
    if arguments.threads > 1:
        clock = min(clock / arguments.threads, measured(arguments.threads)[1])
    return cpu, clock


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/songmood", help="songmood with training built in")
    parser.add_argument("--domains", default="voice,music")
    parser.add_argument("--clips", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path, help="file that results are written to")
    parser.add_argument("--torch", nargs=2, metavar=("MODEL", "DOMAIN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.torch:
        print(json.dumps(train_torch(*arguments.torch, arguments.clips, arguments.epochs, arguments.threads)))
        return

    results = []
    with tempfile.TemporaryDirectory() as folder:
        for domain in arguments.domains.split(","):
            table = make_clips(pathlib.Path(folder), domain, arguments.clips)
            ours = train_songmood(arguments.program, table, domain, arguments.epochs, arguments.threads)
            models = {kind: table.parent / "models" / f"{domain}-{kind}.safetensors" for kind in ("cnn", "rnn")}
            theirs = {kind: torch_seconds(model, domain, arguments) for kind, model in models.items()}
            theirs["both"] = [sum(pair) / 2 for pair in zip(*theirs.values())]
            ours.setdefault("both", tuple(sum(pair) / 2 for pair in zip(*ours.values())))
            for kind in ours:
                results.append({"domain": domain, "network": kind, "songmood": ours[kind], "torch": theirs[kind]})
    print(f"Seconds of an epoch over {arguments.clips} clips, {arguments.threads} thread(s): of the processor / by the clock\n")
    print("| domain | network | songmood | PyTorch | songmood / PyTorch |\n| --- | --- | --- | --- | --- |")
    for row in results:
        (our_cpu, our_clock), (cpu, clock) = row["songmood"], row["torch"]
        print(f"| {row['domain']} | {row['network']} | {our_cpu:.2f} / {our_clock:.2f} | {cpu:.2f} / {clock:.2f} | {our_cpu / cpu:.2f} / {our_clock / clock:.2f} |")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
