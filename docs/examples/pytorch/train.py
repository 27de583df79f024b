"""Trains songmood's two networks for voices in PyTorch, small ones, and writes files that songmood loads.

    python train.py clips.csv --out my-models      # a table with the columns path and mood
    python train.py --out my-models                # without a table: hums that are made here, calm ones and happy ones
    songmood classify --as voice --models my-models clip.wav

The frames come from `songmood mfcc`, so that training sees what songmood will see. This shows the way of the data and of the files;
what it leaves out, folds of singers, augmentation and a measured temperature, `songmood train` has.
"""
import argparse
import csv
import pathlib
import subprocess
import tempfile
import wave

import numpy as np
import torch

from songmood_nets import MOODS, MoodCnn, MoodRnn, active, batch, metadata_of, save

RATE = 22050
NETS = {"cnn": MoodCnn, "rnn": MoodRnn}


def hum(mood, seed, seconds=4.2):
    """A hummed tone: low and even for calm, high and quick for happy."""
    random = np.random.default_rng(seed)
    low, sway = (110, 2) if mood == "calm" else (330, 7)
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = low * random.uniform(0.8, 1.25) * (1 + 0.03 * np.sin(2 * np.pi * sway * random.uniform(0.8, 1.2) * time))
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    tone = sum(np.sin(k * phase) / k for k in range(1, 9))
    return 0.1 * tone * (1 + 0.5 * np.sin(2 * np.pi * sway * time)) + random.normal(0, 0.002, time.size)


def make_clips(folder, count):
    """Hums as WAV files, and their table."""
    for i in range(count):
        mood = ("calm", "happy")[i % 2]
        path = folder / f"{mood}-{i}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((hum(mood, i).clip(-1, 1) * 32767).astype("<i2").tobytes())
        yield path, mood


def frames_of(program, path, folder):
    """MFCC frames `[frames, 40]` with the settings of the networks: the floor is absolute, not the clip's own."""
    out = folder / "mfcc.npy"
    subprocess.run([program, "mfcc", str(path), "-o", str(out), "--top-db", "none"], check=True, stdout=subprocess.DEVNULL)
    return torch.from_numpy(np.load(out).T.copy())


def read_clips(arguments, folder):
    if arguments.table is None:
        return list(make_clips(folder, 40))
    base = arguments.table.parent
    with open(arguments.table, newline="", encoding="utf-8") as file:
        return [(base / row["path"], row["mood"]) for row in csv.DictReader(file)]


def fit(net, frames, mask, moods, epochs):
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        net.train()
        for rows in torch.randperm(len(moods)).split(16):
            if len(rows) < 2:
                continue  # Batch norm knows no spread of one.
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(frames[rows], mask[rows]), moods[rows])
            loss.backward()
            optimiser.step()
    net.eval()
    with torch.no_grad():
        return (net(frames, mask).argmax(1) == moods).float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", nargs="?", type=pathlib.Path, help="CSV with the columns path and mood")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the model files")
    parser.add_argument("--songmood", default="songmood", help="the program")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--hidden", type=int, default=12)
    arguments = parser.parse_args()
    torch.manual_seed(0)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        clips = [(active(frames_of(arguments.songmood, path, folder)), mood) for path, mood in read_clips(arguments, folder)]
    clips = [(stretch, MOODS.index(mood)) for stretch, mood in clips if stretch is not None]
    every = torch.cat([stretch for stretch, _ in clips])
    normalisation = (every.mean(0), every.std(0).clamp(min=1e-3))
    frames, mask = batch([stretch for stretch, _ in clips], normalisation)
    moods = torch.tensor([mood for _, mood in clips])

    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind, make in NETS.items():
        widths = {"channels": arguments.channels, "hidden": arguments.hidden if kind == "rnn" else 0, "statistics": 0}
        net = make(frames.shape[1], len(MOODS), widths)
        accuracy = fit(net, frames, mask, moods, arguments.epochs)
        about = metadata_of(f"mood-{kind}", f"my {kind.upper()}", widths, normalisation, f"{len(clips)} clips", "yours", scores={"training accuracy": accuracy})
        save(arguments.out / f"voice-{kind}.safetensors", net, about)
        print(f"{kind}: {sum(p.numel() for p in net.parameters())} parameters, {accuracy:.0%} of the training clips right")
    # The list that `songmood classify --models` and the page go by.
    (arguments.out / "index.json").write_text('{ "voice": ["voice-cnn.safetensors", "voice-rnn.safetensors"], "music": [] }\n')


if __name__ == "__main__":
    main()
