"""Writes two small networks that PyTorch trained, and what PyTorch says of two stretches of frames, into `mood_nets/`.

The networks learn from hums that docs/examples/pytorch/train.py makes, for a few epochs: their weights are like any others'.
Two stretches, one of a whole window and one that is shorter, so that padding is in it.

Run: pip install torch safetensors numpy; python make_mood_nets.py path/to/songmood
Arrays are little-endian f32: `stretch-N.npy` [frames, 40] as songmood's front gives them, `logits.npy` [2 networks, 2 stretches, 8].
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parent.parent / "docs" / "examples" / "pytorch"
sys.path.insert(0, str(EXAMPLES))
import songmood_nets as nets  # noqa: E402
import train  # noqa: E402

OUT = HERE / "mood_nets"
PROGRAM = sys.argv[1]

subprocess.run([sys.executable, EXAMPLES / "train.py", "--out", OUT, "--songmood", PROGRAM, "--epochs", "12", "--channels", "4", "--hidden", "3"], check=True)
(OUT / "index.json").unlink()
stretches = []
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    for (path, _), length in zip(train.make_clips(folder, 2), (176, 101)):
        stretches.append(train.frames_of(PROGRAM, path, folder)[:length])
for i, stretch in enumerate(stretches):
    np.save(OUT / f"stretch-{i}.npy", stretch.numpy())
logits = []
for kind in ("cnn", "rnn"):
    net, metadata = nets.load(OUT / f"voice-{kind}.safetensors")
    spread = json.loads(metadata["normalisation"])["frames"]
    frames, mask = nets.batch([nets.active(stretch) for stretch in stretches], (torch.tensor(spread["mean"]), torch.tensor(spread["std"])))
    with torch.no_grad():
        logits.append(net(frames, mask).numpy())
np.save(OUT / "logits.npy", np.stack(logits).reshape(-1, 8))
