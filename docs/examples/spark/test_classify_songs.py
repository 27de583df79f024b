"""Runs the job on a small cluster of this machine: two workers, each a process of its own, one of which is killed.

    pip install pyspark
    cargo build --release --features cli
    python3 docs/examples/spark/test_classify_songs.py
"""

from __future__ import annotations

import math
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import wave
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROGRAM = Path(os.environ.get("SONGMOOD_BIN", ROOT / "target" / "release" / "songmood"))
RATE = 8_000


def write_song(path: Path, number: int, seconds: float = 20.0) -> None:
    """A tone that swells, of another pitch for each number."""
    hertz = 110.0 * 2.0 ** (number % 36 / 12)
    samples = (0.5 * math.sin(math.tau * hertz * i / RATE) * min(1.0, i / RATE) for i in range(int(seconds * RATE)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(32_000 * sample)) for sample in samples))


def executors(job: int) -> list[int]:
    """Worker processes of a job: those whose command line is Spark's executor, below the process `job`."""
    parents, found = {}, []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in command:
            found.append(int(entry.name))

    def is_below(process: int) -> bool:
        while process > 1:
            if process == job:
                return True
            process = parents.get(process, 0)
        return False

    return [process for process in found if is_below(process)]


@unittest.skipUnless(sys.platform == "linux", "reads /proc to find the workers")
class Job(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.songs = []
        for number in range(60):
            path = self.folder / f"song {number:02}.wav"
            write_song(path, number)
            self.songs.append(str(path))
        (self.folder / "broken.wav").write_text("no sound")
        self.songs += [str(self.folder / "broken.wav"), str(self.folder / "missing.wav")]

    def start(self, master: str, out: Path, named: list[str]) -> subprocess.Popen:
        listed = self.folder / "songs.txt"
        listed.write_text("\n".join(named) + "\n")
        submit = Path(__import__("pyspark").__file__).parent / "bin" / "spark-submit"
        command = [str(submit), "--master", master, "--conf", "spark.ui.enabled=false", "--conf", "spark.executor.memory=512m"]
        command += [str(HERE / "classify_songs.py"), "--songs", str(listed), "--out", str(out), "--songmood", str(PROGRAM), "--songs-a-task", "5"]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder)

    def rows(self, out: Path) -> dict[str, dict]:
        import pyarrow.parquet

        rows = pyarrow.parquet.read_table(out).to_pylist()
        by_path = {row["path"]: row for row in rows}
        self.assertEqual(len(by_path), len(rows), "a song is there twice")
        return by_path

    def check(self, out: Path) -> None:
        rows = self.rows(out)
        self.assertEqual(sorted(rows), sorted(self.songs))
        failed = [path for path, row in rows.items() if row["error"] is not None]
        self.assertEqual(sorted(Path(path).name for path in failed), ["broken.wav", "missing.wav"])
        for path, row in rows.items():
            if path not in failed:
                self.assertAlmostEqual(sum(row[mood] for mood in MOODS), 1.0, places=3)

    def test_a_killed_worker_loses_nothing_and_doubles_nothing(self) -> None:
        out = self.folder / "moods.parquet"
        # Some songs are named twice, as lists that were put together do.
        job = self.start("local-cluster[2,1,1024]", out, self.songs + self.songs[:10])
        killed = False
        deadline = time.monotonic() + 240
        while job.poll() is None and time.monotonic() < deadline:
            # Once something has been written, and not yet all: in the middle of the work.
            if not killed and any(self.folder.glob("moods.parquet/_temporary/**/*.parquet")):
                workers = executors(job.pid)
                self.assertEqual(len(workers), 2)
                os.kill(workers[0], signal.SIGKILL)
                killed = True
            time.sleep(0.02)
        _, stderr = job.communicate(timeout=60)
        self.assertEqual(job.returncode, 0, stderr[-4000:])
        self.assertTrue(killed, "the job was over before a worker could be killed")
        self.assertRegex(stderr, "Lost executor|Lost task|ExecutorLostFailure|worker lost")
        self.check(out)

    def test_one_process_gives_the_same(self) -> None:
        out = self.folder / "moods.parquet"
        job = self.start("local[2]", out, self.songs)
        stdout, stderr = job.communicate(timeout=240)
        self.assertEqual(job.returncode, 0, stderr[-4000:])
        self.assertIn("62 songs, 2 of them could not be heard", stdout)
        self.check(out)

    def test_a_program_that_is_not_there_is_told(self) -> None:
        global PROGRAM
        kept, PROGRAM = PROGRAM, Path("/nowhere/songmood")
        self.addCleanup(globals().__setitem__, "PROGRAM", kept)
        job = self.start("local[1]", self.folder / "moods.parquet", self.songs[:2])
        _, stderr = job.communicate(timeout=240)
        self.assertNotEqual(job.returncode, 0)
        self.assertIn("/nowhere/songmood", stderr)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    try:
        from classify_songs import MOODS
    except ImportError as missing:
        sys.exit(f"{missing}; install it with: pip install pyspark pyarrow")
    unittest.main()
