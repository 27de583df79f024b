"""Writes the encoded files of the decoding tests: one synthetic sound in every format that is read, and two that are not.

The sound is 0.3 s of a 440 Hz tone of amplitude 0.5 on the left channel and 0.25 on the right, at 44 100 Hz, silent before
0.1 s; so its channels' mean is a tone of amplitude 0.375 that begins at sample 4410; the flac file holds its first 0.15 s.
pages.ogg and pages.opus hold 3 s of a tone that glides up and down, on pages of a twentieth of a second.

Run: python make_audio.py, with ffmpeg on the path.
"""
import pathlib
import subprocess
import tempfile
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent
RATE = 44100

t = np.arange(int(0.3 * RATE)) / RATE
tone = np.sin(2 * np.pi * 440 * t) * (t >= 0.1)
samples = np.round(np.stack([0.5 * tone, 0.25 * tone], axis=1) * 32767).astype("<i2")

ENCODED = {
    "tone.flac": ["-t", "0.15", "-c:a", "flac", "-frame_size", "1024"],
    "tone.mp3": ["-c:a", "libmp3lame", "-b:a", "64k", "-metadata", "title=A tone"],
    "tone.ogg": ["-c:a", "libvorbis", "-q:a", "0"],
    "tone.m4a": ["-c:a", "aac", "-b:a", "48k"],
    "tone.aac": ["-c:a", "aac", "-b:a", "48k"],
    "opus.ogg": ["-c:a", "libopus", "-b:a", "16k"],
}

with tempfile.TemporaryDirectory() as folder:
    wav = pathlib.Path(folder) / "tone.wav"
    with wave.open(str(wav), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    for name, arguments in ENCODED.items():
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(wav), *arguments, "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        subprocess.run([*command, str(HERE / name)], check=True)
    glide = pathlib.Path(folder) / "glide.wav"
    t = np.arange(3 * 16000) / 16000
    with wave.open(str(glide), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(np.round(16000 * np.sin(2 * np.pi * 440 * t + 60 * np.sin(7 * t))).astype("<i2").tobytes())
    for name, codec in {"pages.ogg": ["libvorbis", "-q:a", "0"], "pages.opus": ["libopus", "-application", "lowdelay", "-b:a", "12k"]}.items():
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(glide), "-c:a", *codec, "-page_duration", "50000"]
        subprocess.run([*command, "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "ogg", str(HERE / name)], check=True)
    # A film without sound.
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=black:s=16x16:r=5:d=0.2", "-c:v", "mpeg4"]
    subprocess.run([*command, "-fflags", "+bitexact", str(HERE / "silent_film.mp4")], check=True)
