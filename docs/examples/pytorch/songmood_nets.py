"""songmood's two networks for voices in PyTorch, and their files in both directions.

A model file is safetensors: the `state_dict` as it is, and a map of texts that says what the network is. `load` reads one
into a PyTorch module, `save` writes one that songmood loads. Networks for music see a summary of each window besides
(src/nets/summary.rs), which `forward` takes as its third argument.
"""
import json

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import max_pool1d, relu

MOODS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]
# Values of the summary of a window of music, by its version in the metadata (src/nets/summary.rs, src/nets/patterns.rs).
N_SUMMARY = {1: 30, 2: 113}
# Values of a voice's frame after the MFCCs where the metadata says `shape`, and after those where it says `phonation`; of a music frame without the
# pitch classes, and what comes to them where `harmony` says `percussion`.
N_SHAPE, N_PHONATION, N_MUSIC, N_PERCUSSION = 9, 11, 10, 13
SUMMARY_BOUND = 4.0

# What the frames of a voice are, as src/nets/input.rs has it: MFCCs alone, without the `shape` of the spectrum and the `phonation` that the shipped
# networks see besides, and without the `dynamic_range_db` of their frames. A file with other settings is refused.
VOICE_INPUT = {
    "mfcc": {
        "sample_rate": 22050, "n_mfcc": 40, "n_fft": 2048, "hop_length": 512, "n_mels": 128, "fmin": 0.0, "fmax": None,
        "top_db": None, "padding": "zeros", "mel_scale": "slaney",
    },
    "shape": False, "phonation": False, "harmony": None, "window_frames": 176, "hop_frames": 43, "trim_db": 35.0, "silence_db": -80.0,
}


class ConvBlock(nn.Module):
    """Convolution over time, batch norm, ReLU, perhaps max-pooling by two, dropout."""

    def __init__(self, inputs, outputs, dilation, halve, dropout=0.3):
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, 5, padding=2 * dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(outputs)
        self.dropout = nn.Dropout(dropout)
        self.halve = halve

    def forward(self, frames, mask):
        frames = relu(self.norm(self.conv(frames))) * mask
        if self.halve:
            frames, mask = max_pool1d(frames, 2), max_pool1d(mask, 2)
        return self.dropout(frames), mask


class AttentionPool(nn.Module):
    """Mean and spread over time, each frame weighted by how telling it is."""

    def __init__(self, channels):
        super().__init__()
        self.score = nn.Linear(channels, 1)

    def forward(self, frames, mask):
        scores = self.score(frames.tanh().transpose(1, 2)).transpose(1, 2) + (mask - 1.0) * 1e4
        weights = scores.softmax(2)
        mean = (frames * weights).sum(2, keepdim=True)
        variance = ((frames - mean) ** 2 * weights).sum(2, keepdim=True)
        return torch.cat([mean, (variance + 1e-5).sqrt()], 1).squeeze(2)


class Statistics(nn.Module):
    """Per coefficient mean, spread and root mean square of the change from frame to frame; then perhaps a hidden layer."""

    def __init__(self, columns, summary, width, dropout=0.3):
        super().__init__()
        self.norm = nn.BatchNorm1d(3 * columns + summary)
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(3 * columns + summary, width) if width else None
        self.outputs = width or 3 * columns + summary

    @staticmethod
    def measure(frames, mask):
        count = mask.sum(2, keepdim=True)
        mean = frames.sum(2, keepdim=True) / count
        std = ((((frames - mean) * mask) ** 2).sum(2, keepdim=True) / count + 1e-5).sqrt()
        deltas = (frames[:, :, 1:] - frames[:, :, :-1]) * mask[:, :, 1:]
        delta_rms = ((deltas**2).sum(2, keepdim=True) / (count - 1.0).clamp(min=1.0) + 1e-5).sqrt()
        return torch.cat([mean, std, delta_rms], 1).squeeze(2)

    def forward(self, known, summary=None):
        if summary is not None:
            known = torch.cat([known, summary.clamp(-SUMMARY_BOUND, SUMMARY_BOUND)], 1)
        known = self.dropout(self.norm(known))
        return relu(self.hidden(known)) if self.hidden else known


# How much a head for learnt voices counts where a voice is known well (src/nets/voice_head.rs).
VOICE_HEAD_WEIGHT = 0.7


class VoiceHead(nn.Module):
    """What is added to the logits of a voice that was learnt, from statistics of frames that were scaled by its own mean and spread.

    `variation` `[batch, 2 * columns]` is by how much it varies more than other voices, `share` `[batch, 1]` how well it is known.
    """

    def __init__(self, columns, outputs):
        super().__init__()
        self.linear = nn.Linear(3 * columns, outputs)

    def forward(self, measured, variation, share):
        columns = measured.shape[1] // 3
        logits = self.linear(torch.cat([measured[:, :columns], measured[:, columns:] - variation], 1))
        return logits.unflatten(1, (-1, len(MOODS))).log_softmax(2).flatten(1) * share * VOICE_HEAD_WEIGHT


# How much a head for functionals counts; how far a functional counts, in standard deviations (src/nets/functional_head.rs).
FUNCTIONAL_WEIGHT, FUNCTIONAL_BOUND = 0.7, 3.0
# Mel bands that are read off the MFCCs, and functionals of each value (src/nets/functionals.rs).
N_BANDS, N_FUNCTIONALS = 26, 10


class Regression(nn.Module):
    """Scaled functionals to outputs."""

    def __init__(self, values, outputs):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(values), requires_grad=False)
        self.linear = nn.Linear(values, outputs)

    def forward(self, centred):
        outputs = self.linear((centred * self.scale).clamp(-FUNCTIONAL_BOUND, FUNCTIONAL_BOUND))
        moods = outputs.shape[1] // len(MOODS) * len(MOODS)
        of_kinds = outputs[:, :moods].unflatten(1, (-1, len(MOODS)))
        # Valence and arousal of music are added as they are.
        return torch.cat([FUNCTIONAL_WEIGHT * of_kinds.log_softmax(2).flatten(1), outputs[:, moods:]], 1)


class FunctionalHead(Regression):
    """What is added to the outputs for the functionals of a window, `[batch, 10 * (heard + 26)]`; `heard`: values of a frame that they are of.

    `usual` `[batch, 10 * (heard + 26)]` are the mean functionals of voices that were learnt, `share` `[batch, 1]` how well they are known: as far
    as that, the functionals are taken relative to them."""

    def __init__(self, heard, outputs, own):
        values = N_FUNCTIONALS * (heard + N_BANDS)
        super().__init__(values, outputs)
        self.mean = nn.Parameter(torch.zeros(values), requires_grad=False)
        self.own = Regression(values, outputs) if own else None

    def forward(self, functionals, usual=None, share=0.0):
        general = super().forward(functionals - self.mean)
        if self.own is None or usual is None:
            return general
        return (1 - share) * general + share * self.own(functionals - self.mean - share * (usual - self.mean))


def with_heads(net, logits, measured, voice, functionals):
    """The logits with what heads of their own add, where a network has them and is told what they need."""
    more = net.voice_head(measured, *voice[:2]) if net.voice_head and voice else 0.0
    if net.functional_head and functionals is not None:
        more = more + net.functional_head(functionals, *(voice[2:] if voice else ()))
    return logits + more


class MoodCnn(nn.Module):
    """`mood-cnn`. Frames `[batch, columns, frames]`, z-scored and 0 where `mask` `[batch, 1, frames]` is 0; logits come out.

    `voice`: `variation` and `share` of voices that were learnt, as `VoiceHead` takes them, then perhaps `usual` and `share` as `FunctionalHead`
    does; frames are scaled by their own spread then. `functionals`: those of each window, for a network with a head for them."""

    def __init__(self, columns, outputs, widths, summary=0, heard=None):
        super().__init__()
        channels, self.relative = widths["channels"], widths.get("relative", False)
        self.blocks = nn.ModuleList([
            ConvBlock(2 * columns if self.relative else columns, channels, 1, True), ConvBlock(channels, channels, 1, True),
            ConvBlock(channels, channels, 2, False), ConvBlock(channels, channels, 4, False),
        ])
        self.pool = AttentionPool(channels)
        self.statistics = Statistics(columns, summary, widths["statistics"])
        self.dropout = nn.Dropout(0.4)
        self.head = nn.Linear(2 * channels + self.statistics.outputs, outputs)
        self.voice_head = VoiceHead(columns, outputs) if widths.get("voice") else None
        self.functional_head = FunctionalHead(heard or columns, outputs, widths.get("voice")) if widths.get("functionals") else None

    def forward(self, frames, mask, summary=None, voice=None, functionals=None):
        measured = self.statistics.measure(frames, mask)
        known = self.statistics(measured, summary)
        if self.relative:
            # Each frame a second time, relative to the mean of its window.
            mean = frames.sum(2, keepdim=True) / mask.sum(2, keepdim=True)
            frames = torch.cat([frames, (frames - mean) * mask], 1)
        for block in self.blocks:
            frames, mask = block(frames, mask)
        logits = self.head(self.dropout(torch.cat([self.pool(frames, mask), known], 1)))
        return with_heads(self, logits, measured, voice, functionals)


class MoodRnn(nn.Module):
    """`mood-rnn`. Takes and gives what `MoodCnn` does; padding has to be at the end."""

    def __init__(self, columns, outputs, widths, summary=0, heard=None):
        super().__init__()
        channels, hidden = widths["channels"], widths["hidden"]
        self.blocks = nn.ModuleList([ConvBlock(columns, channels, 1, True), ConvBlock(channels, channels, 1, True)])
        self.lstm = nn.LSTM(channels, hidden, batch_first=True, bidirectional=True)
        self.pool = AttentionPool(2 * hidden)
        self.statistics = Statistics(columns, summary, widths["statistics"])
        self.dropout = nn.Dropout(0.4)
        self.head = nn.Linear(4 * hidden + self.statistics.outputs, outputs)
        self.voice_head = VoiceHead(columns, outputs) if widths.get("voice") else None
        self.functional_head = FunctionalHead(heard or columns, outputs, widths.get("voice")) if widths.get("functionals") else None

    def forward(self, frames, mask, summary=None, voice=None, functionals=None):
        measured = self.statistics.measure(frames, mask)
        known = self.statistics(measured, summary)
        for block in self.blocks:
            frames, mask = block(frames, mask)
        steps = frames.transpose(1, 2)
        if torch.onnx.is_in_onnx_export() or bool(mask.all()):
            states, _ = self.lstm(steps)
        else:
            # The reverse direction has to begin where the sound ends.
            lengths = mask.sum((1, 2)).clamp(min=1).long().cpu()
            packed = nn.utils.rnn.pack_padded_sequence(steps, lengths, batch_first=True, enforce_sorted=False)
            states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=steps.shape[1])
        logits = self.head(self.dropout(torch.cat([self.pool(states.transpose(1, 2), mask), known], 1)))
        return with_heads(self, logits, measured, voice, functionals)


def build(metadata):
    """The module that a file's metadata describes, with random weights. Its `columns`: values of a frame that it sees, of a summary, and of a
    frame that functionals are of."""
    settings, widths = json.loads(metadata["input"]), json.loads(metadata["widths"])
    voices = len(json.loads(metadata["voices"]))
    music = settings["harmony"] is not None
    n_mfcc = settings["mfcc"]["n_mfcc"]
    if music:
        more = N_MUSIC + (N_PERCUSSION if settings["harmony"].get("percussion") else 0)
        # Networks may see the first MFCCs alone; functionals are of all.
        columns, heard = (settings.get("seen_mfcc") or n_mfcc) + more, n_mfcc + more
        summary, outputs = N_SUMMARY[settings.get("summary", 1)], 8 * voices + 2
    else:
        more = (N_SHAPE if settings.get("shape") else 0) + (N_PHONATION if settings.get("phonation") else 0)
        columns, summary, outputs = n_mfcc + more, 0, 8 * voices
        heard = columns
    net = {"mood-cnn": MoodCnn, "mood-rnn": MoodRnn}[metadata["architecture"]](columns, outputs, {"statistics": 0, **widths}, summary, heard)
    net.columns = (columns, summary, heard)
    return net


def load(path):
    """A model file as `(module, metadata)`, the module ready to be asked."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    # One byte for a weight: a multiple of its row's scale.
    in_bytes = [name for name, tensor in tensors.items() if tensor.dtype == torch.int8]
    rows = {name: tensors.pop(f"{name}.scale") for name in in_bytes}
    state = {name: tensor.float() for name, tensor in tensors.items()}
    for name, scale in rows.items():
        state[name] *= scale.reshape(-1, *[1] * (state[name].dim() - 1))
    net = build(metadata)
    # Counters of batches are PyTorch's own affair.
    missing, unexpected = net.load_state_dict(state, strict=False)
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        raise ValueError(f"{path} is no {metadata['architecture']}: {missing} missing, {unexpected} too many")
    return net.eval(), metadata


def save(path, net, metadata):
    """Writes a file that songmood loads."""
    state = {name: value.contiguous() for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")}
    save_file(state, path, metadata)


def metadata_of(architecture, name, widths, normalisation, trained_on, licence, voices=("sung",), temperature=1.0, sure_above=0.5, scores=None):
    """What has to stand beside a voice network's weights. `normalisation`: mean and spread of every column over the prepared frames."""
    mean, std = normalisation
    return {
        "format": "9", "name": name, "architecture": architecture, "widths": json.dumps(widths), "labels": json.dumps(MOODS),
        "voices": json.dumps(list(voices)), "tension": json.dumps("apart"), "input": json.dumps(VOICE_INPUT),
        "normalisation": json.dumps({"frames": {"mean": mean.tolist(), "std": std.tolist()}, "summary": {"mean": [], "std": []}}),
        "calibration": json.dumps({"temperature": temperature, "sure_above": sure_above}),
        "trained_on": trained_on, "licence": licence, "scores": json.dumps(scores or {}),
    }


def active(frames, settings=VOICE_INPUT):
    """`[frames, columns]` without their quiet ends and their loudness, as songmood prepares a window; None where all is silent."""
    level = frames[:, 0] / settings["mfcc"]["n_mels"] ** 0.5
    if len(level) == 0 or level.max() < settings["silence_db"]:
        return None
    heard = (level >= level.max() - settings["trim_db"]).nonzero()
    frames = frames[int(heard[0]) : int(heard[-1]) + 1].clone()
    frames[:, 0] -= frames[:, 0].double().mean().float()
    return frames


def functionals(frames, n_mels=128, n_mfcc=40, pause_db=30.0):
    """The functionals of a window's frames `[frames, columns]`, MFCCs first, with or without their loudness, those of music without the pitch
    classes: `[10 * (columns + 26)]`."""
    level = frames[:, 0] / n_mels**0.5
    frames = frames[level >= level.max() - pause_db].double()
    frames[:, 0] -= frames[:, 0].mean()
    # The inverse DCT of the MFCCs, at the bands' centres.
    centres, order = (torch.arange(N_BANDS) + 0.5) / N_BANDS, torch.arange(n_mfcc)
    rows = torch.cos(torch.pi * order[:, None] * centres) * torch.where(order > 0, (2 / n_mels) ** 0.5, (1 / n_mels) ** 0.5)[:, None]
    values = torch.cat([frames, frames[:, :n_mfcc] @ rows.double()], 1)
    count, changes = len(values), values.diff(dim=0)
    time = torch.linspace(-1, 1, count, dtype=torch.float64)[:, None]

    def moments(values):
        centred = values - values.mean(0)
        deviation = centred.pow(2).mean(0).sqrt().clamp(min=1e-3)
        return centred, deviation, centred.pow(3).mean(0) / deviation**3, centred.pow(4).mean(0) / deviation**4

    centred, deviation, skewness, kurtosis = moments(values)
    _, of_change, skewness_of_change, _ = moments(changes)
    lags = [(centred[lag:] * centred[:-lag]).sum(0) / max(count - lag, 1) / deviation**2 for lag in (4, 8)]
    rise = changes.clamp(min=0).sum(0) / (changes > 0).sum(0).clamp(min=1)
    bend = 5 * (centred * (1.5 * time**2 - 0.5)).mean(0)
    return torch.cat([values.mean(0), deviation, skewness, kurtosis.log1p(), bend, rise, *lags, of_change, skewness_of_change]).float()


def batch(stretches, normalisation, window_frames=VOICE_INPUT["window_frames"]):
    """What the networks take, of stretches that `active` gave: frames `[batch, columns, window_frames]` and their mask."""
    mean, std = normalisation
    frames = torch.zeros(len(stretches), window_frames, len(mean))
    mask = torch.zeros(len(stretches), 1, window_frames)
    for row, place, stretch in zip(frames, mask, stretches):
        stretch = stretch[:window_frames]
        row[: len(stretch)] = (stretch - mean) / std
        place[0, : len(stretch)] = 1.0
    return frames.transpose(1, 2), mask
