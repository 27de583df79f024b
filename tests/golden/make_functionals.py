"""Writes tests/golden/functionals: frames like those of a voice, and their functionals by numpy and scipy.

    pip install numpy scipy
    python tests/golden/make_functionals.py
"""
from pathlib import Path

import numpy as np
from scipy.fft import idct
from scipy.stats import kurtosis, skew

N_MFCC, N_MELS, COLUMNS, BANDS = 40, 128, 60, 26
HERE = Path(__file__).parent / "functionals"


def bands(mfcc):
    """26 bands of the smoothed mel spectrum: the inverse DCT of the MFCCs, read halfway into each of 26 equal parts."""
    # Sampled so finely that the centres of the bands are samples: the inverse transform of as many coefficients, the rest 0.
    fine = 128 * BANDS
    padded = np.zeros((len(mfcc), fine))
    padded[:, :N_MFCC] = mfcc
    # An orthonormal transform of other length scales otherwise; a sample lies at (index + ½) / fine of the whole.
    spectrum = idct(padded, norm="ortho", axis=1) * np.sqrt(fine / N_MELS)
    before = spectrum[:, (np.arange(BANDS) * fine // BANDS + fine // BANDS // 2) - 1]
    after = spectrum[:, np.arange(BANDS) * fine // BANDS + fine // BANDS // 2]
    return (before + after) / 2


def functionals(frames):
    level = frames[:, 0] / np.sqrt(N_MELS)
    frames = frames[level >= level.max() - 30.0].copy()
    frames[:, 0] -= frames[:, 0].mean()
    values = np.concatenate([frames, bands(frames[:, :N_MFCC])], 1)
    n = len(values)
    centred, changes = values - values.mean(0), np.diff(values, axis=0)
    time = np.linspace(-1, 1, n)[:, None]
    lag = lambda k: (centred[k:] * centred[:-k]).mean(0) / values.var(0)
    return np.concatenate([
        values.mean(0), values.std(0), skew(values, axis=0), np.log1p(kurtosis(values, axis=0, fisher=False)),
        5 * (centred * (1.5 * time**2 - 0.5)).mean(0), [up[up > 0].mean() for up in changes.T], lag(4), lag(8),
        changes.std(0), skew(changes, axis=0),
    ])


def main():
    random = np.random.default_rng(7)
    HERE.mkdir(exist_ok=True)
    time = np.arange(120)[:, None] / 43.0
    column = np.arange(COLUMNS)[None, :]
    # Slow and quick movement, an outburst, and a little noise, less in the higher coefficients.
    frames = (30 * np.sin(2 * np.pi * (0.4 + 0.05 * column) * time + column) + 12 * np.exp(-((time - 1.2) ** 2) / 0.01) * np.cos(column)
              + random.normal(0, 4, (120, COLUMNS))) / (1 + 0.1 * column)
    frames[:, 0] = -300 + 120 * np.sin(2 * np.pi * 0.5 * time[:, 0]) + random.normal(0, 10, 120)
    # Two pauses that are no part of what the voice does.
    frames[30:38, 0] -= 400
    frames[90:93, 0] -= 380
    frames = frames.astype(np.float32)
    np.save(HERE / "frames.npy", frames)
    np.save(HERE / "functionals.npy", functionals(frames.astype(np.float64)).astype(np.float32))


if __name__ == "__main__":
    main()
