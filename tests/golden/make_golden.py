"""Writes librosa's features of the synthetic signals in this folder for other settings than the default, into `options/`, and
their onset strength, chroma, spectral shape and percussion, into `music/`; the spectral shape, pitch and roughness of voices' frames into `voice/`.

The signals (`*.pcm22050.npy`) and their features with librosa's default settings come from the project's reference
arrays; all are made of chirps, impulses and noise. The RNG has no part in this script: it reads those signals.

Run: pip install librosa==0.11.0; python make_golden.py
Every array is little-endian f32; `options/cases.json` lists them with the settings, under songmood's names.
"""
import json
import pathlib

import librosa
import numpy as np

HERE = pathlib.Path(__file__).parent
RATE = 22050

# name: (signal, first sample, number of samples, settings that differ from librosa's defaults with 40 coefficients)
CASES = {
    "htk": ("chirp_noise_4s", 0, 9000, {"mel_scale": "htk"}),
    "reflect": ("chirp_noise_4s", 20000, 6000, {"padding": "reflect"}),
    "reflect_short": ("shorter_than_a_frame", 0, 700, {"padding": "reflect"}),
    "reflect_one_sample": ("chirp_noise_4s", 300, 1, {"padding": "reflect"}),
    "not_centred": ("chirp_noise_4s", 20000, 6000, {"padding": "none"}),
    "n_mfcc_13": ("chirp_noise_4s", 40000, 9000, {"n_mfcc": 13}),
    "n_mels_64": ("chirp_noise_4s", 40000, 9000, {"n_mels": 64}),
    "no_top_db": ("chirp_noise_4s", 60000, 9000, {"top_db": None}),
    "top_db_20": ("chirp_noise_4s", 60000, 9000, {"top_db": 20.0}),
    "band_limited": ("chirp_noise_4s", 60000, 9000, {"fmin": 60.0, "fmax": 7000.0}),
    "speech_frames": ("chirp_noise_4s", 50000, 6000, {"n_fft": 512, "hop_length": 160, "n_mels": 40, "n_mfcc": 20}),
    "n_fft_1000": ("chirp_noise_4s", 50000, 6000, {"n_fft": 1000, "hop_length": 250}),
    "n_fft_odd": ("chirp_noise_4s", 50000, 6000, {"n_fft": 1025, "hop_length": 300, "n_mels": 64}),
    "hop_beyond_frame": ("chirp_noise_4s", 0, 9000, {"n_fft": 256, "hop_length": 700, "n_mels": 32, "n_mfcc": 12}),
    "rate_16000": ("chirp_noise_4s", 0, 6000, {"sample_rate": 16000}),
}
PAD_MODE = {"zeros": "constant", "reflect": "reflect", "none": "constant"}


def features(samples, options):
    """Mel power, mel dB and MFCC of `samples`, each [coefficients, frames]."""
    mel = librosa.feature.melspectrogram(
        y=samples,
        sr=options.get("sample_rate", RATE),
        n_fft=options.get("n_fft", 2048),
        hop_length=options.get("hop_length", 512),
        n_mels=options.get("n_mels", 128),
        fmin=options.get("fmin", 0.0),
        fmax=options.get("fmax"),
        htk=options.get("mel_scale") == "htk",
        center=options.get("padding") != "none",
        pad_mode=PAD_MODE[options.get("padding", "zeros")],
    )
    db = librosa.power_to_db(mel, top_db=options.get("top_db", 80.0))
    mfcc = librosa.feature.mfcc(S=db, n_mfcc=options.get("n_mfcc", 40))
    return {"mel": mel, "meldb": db, "mfcc": mfcc}


def music(samples):
    """Onset strength, spectral contrast, flatness, centroid, chroma and percussion of `samples`, each [values, frames]."""
    db = librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=RATE), top_db=None)
    onset = librosa.onset.onset_strength(S=db, sr=RATE, center=False)
    long = {"y": samples, "sr": RATE, "n_fft": 4096, "hop_length": 2048}
    return {
        "onset": onset[None],
        "contrast": librosa.feature.spectral_contrast(**long),
        "flatness": librosa.feature.spectral_flatness(y=samples, n_fft=4096, hop_length=2048),
        "centroid": librosa.feature.spectral_centroid(**long),
        "chroma": librosa.feature.chroma_stft(**long, tuning=0.0),
        "percussion": percussion(samples),
    }


def percussion(samples):
    """ln of the struck share of the power of 13 mel bands, every 1024 samples: librosa has `hpss` with medians, this is with means."""
    magnitudes = np.abs(librosa.stft(samples, n_fft=4096, hop_length=1024)).astype("f8")
    keep = np.exp(-1 / 15)
    held, means = np.zeros(len(magnitudes)), np.empty_like(magnitudes)
    for frame, now in enumerate(magnitudes.T):
        held = keep * held + (1 - keep) * now
        means[:, frame] = held
    inside = np.ones(len(magnitudes))
    broad = np.stack([np.convolve(frame, np.ones(7), "same") / np.convolve(inside, np.ones(7), "same") for frame in magnitudes.T], 1)
    mask = broad**2 / np.maximum(broad**2 + means**2, 1e-30)
    mel = librosa.filters.mel(sr=RATE, n_fft=4096, n_mels=13)
    return np.log((mel @ (mask * magnitudes) ** 2 + 1e-20) / (mel @ magnitudes**2 + 1e-20))


def within(samples, n_fft, hop_length, dynamic_range_db=100):
    """The power spectrum with so much added to each bin that it reaches no further below the loudest so far, which falls by 6 dB a second."""
    power = np.abs(librosa.stft(samples.astype("f8"), n_fft=n_fft, hop_length=hop_length)) ** 2
    age = np.arange(power.shape[1]) * hop_length / RATE
    loudest = np.maximum.accumulate(power.max(0) * 10 ** (0.6 * age)) * 10 ** (-0.6 * age)
    return power + loudest * 10 ** (-dynamic_range_db / 10)


def roughness(power, amin=1e-10):
    """ln of the root mean square, in dB, of the changes of 8 mel bands over 128 samples, within 256 of the centre of each frame of 512."""
    mel = librosa.feature.melspectrogram(S=power, sr=RATE, n_fft=512, n_mels=8)
    changes = np.diff(librosa.power_to_db(mel, amin=amin, top_db=None)).clip(-30, 30) ** 2
    frames = [changes[:, max(4 * t - 2, 0) : 4 * t + 2] for t in range((power.shape[1] + 3) // 4)]
    return 0.5 * np.log(np.stack([frame.mean(1) for frame in frames], 1) + 1e-2)


def pitch(samples):
    """Pitch in octaves above 100 Hz by subharmonic summation (Hermes 1988), ln of its share of all magnitudes, ln of its multiple of the mean."""
    magnitudes = np.abs(librosa.stft(samples.astype("f8"), n_fft=2048))
    beside = lambda column: np.convolve(column, np.ones(31), "same")
    around = np.apply_along_axis(beside, 0, magnitudes) / beside(np.ones(len(magnitudes)))[:, None]
    partials = np.maximum(magnitudes - 1.001 * around, 0)
    candidates = 65 * 2 ** (np.arange(int(np.log2(1050 / 65) * 36) + 1) / 36)
    bins = np.arange(len(magnitudes))
    salience = np.array([[sum(0.84 ** (h - 1) * np.interp(h * hz * 2048 / RATE, bins, frame) for h in range(1, 11)
                              if h * hz * 2048 / RATE < 1024) for hz in candidates] for frame in partials.T])
    rows = []
    for all_of_it, frame in zip(magnitudes.sum(0), salience):
        best, aside = frame.argmax(), 0.0
        if 0 < best < len(frame) - 1:
            before, top, after = frame[best - 1 : best + 2]
            aside = 0.5 * (before - after) / (before - 2 * top + after)
        octaves = np.log2(65 / 100) + (best + aside) / 36
        rows.append([octaves, *np.log(frame[best] / np.maximum([all_of_it, frame.mean()], 1e-9) + 1e-4)])
    return np.array(rows).T


def voice(samples):
    """Contrast, flatness and centroid of every fourth frame of 2048 samples, pitch and roughness of all, each [values, frames]; and MFCC of
    every fourth frame and roughness within a range of 100 dB."""
    settings = {"y": samples, "n_fft": 2048, "hop_length": 2048}
    mel_within = librosa.feature.melspectrogram(S=within(samples, 2048, 512)[:, ::4], sr=RATE)
    return {
        "contrast": librosa.feature.spectral_contrast(sr=RATE, **settings),
        "flatness": librosa.feature.spectral_flatness(**settings),
        "centroid": librosa.feature.spectral_centroid(sr=RATE, **settings),
        "pitch": pitch(samples),
        "roughness": roughness(within(samples, 512, 128, np.inf)),
        "mfcc_within": librosa.feature.mfcc(S=librosa.power_to_db(mel_within, amin=1e-16, top_db=None), n_mfcc=40),
        "roughness_within": roughness(within(samples, 512, 128), amin=1e-16),
    }


def main():
    for signal in ["chirp_noise_4s", "quiet_noise_2s", "impulse", "silence_1s"]:
        samples = np.load(HERE / f"{signal}.pcm22050.npy")
        for folder, arrays in {"music": music(samples), "voice": voice(samples)}.items():
            for kind, array in arrays.items():
                np.save(HERE / folder / f"{signal}.{kind}.npy", np.ascontiguousarray(array, dtype="<f4"))
    index = []
    for name, (signal, first, count, options) in CASES.items():
        samples = np.load(HERE / f"{signal}.pcm22050.npy")[first : first + count]
        assert samples.size == count
        for kind, array in features(samples, options).items():
            np.save(HERE / "options" / f"{name}.{kind}.npy", np.ascontiguousarray(array, dtype="<f4"))
        index.append({"name": name, "signal": signal, "first": first, "count": count, "options": options})
    text = {"librosa": librosa.__version__, "cases": index}
    (HERE / "options" / "cases.json").write_text(json.dumps(text, indent=1) + "\n")


if __name__ == "__main__":
    main()
