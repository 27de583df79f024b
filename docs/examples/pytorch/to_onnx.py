"""Writes songmood's networks as ONNX and shows that ONNX Runtime gives PyTorch's outputs.

    pip install onnx onnxruntime
    python to_onnx.py models/voice-cnn.safetensors models/voice-rnn.safetensors --out onnx

The exported networks take whole windows (`frames` and `functionals`, for music `summary` too), prepared as songmood_nets.batch does; any batch size.
"""
import argparse
import pathlib

import numpy as np
import onnxruntime
import torch

from songmood_nets import N_BANDS, N_FUNCTIONALS, load
import json


class WholeWindows(torch.nn.Module):
    """The network without its mask: nothing is padded."""

    def __init__(self, net, names):
        super().__init__()
        self.net, self.names = net, names

    def forward(self, frames, *more):
        mask = torch.ones_like(frames[:, :1, :])
        return self.net(frames, mask, **dict(zip(self.names, more)))


def export(path, out):
    net, metadata = load(path)
    settings = json.loads(metadata["input"])
    columns, summary, heard = net.columns
    inputs = {"frames": torch.randn(3, columns, settings["window_frames"])}
    if settings["harmony"]:
        inputs["summary"] = torch.randn(3, summary)
    if net.functional_head:
        inputs["functionals"] = torch.randn(3, N_FUNCTIONALS * (heard + N_BANDS))
    whole = WholeWindows(net, list(inputs)[1:]).eval()
    target = out / f"{path.stem}.onnx"
    torch.onnx.export(whole, tuple(inputs.values()), str(target), input_names=list(inputs), output_names=["outputs"],
                      dynamic_axes={name: {0: "batch"} for name in [*inputs, "outputs"]}, dynamo=False)
    # Another batch than the one that was traced.
    fresh = {name: torch.randn(5, *value.shape[1:]) for name, value in inputs.items()}
    with torch.no_grad():
        expected = whole(*fresh.values()).numpy()
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    got = session.run(None, {name: value.numpy() for name, value in fresh.items()})[0]
    # Of the largest output: random frames lead to logits of 60 and more, and so to more rounding than sounds do.
    difference = float(np.abs(got - expected).max() / max(1.0, np.abs(expected).max()))
    print(f"{target}: differs from PyTorch by {difference:.1e}")
    if difference > 1e-6:
        raise SystemExit(f"{target} is not the same network")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("onnx"))
    arguments = parser.parse_args()
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.files:
        export(path, arguments.out)


if __name__ == "__main__":
    main()
