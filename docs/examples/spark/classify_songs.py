"""Tells the moods of a list of songs on a Spark cluster, and writes them as Parquet.

    spark-submit classify_songs.py --songs songs.txt --out moods.parquet --songmood /usr/local/bin/songmood

`songs.txt` names a song on each line, by a path that every worker can read (a shared or mounted file system).
Each task starts one `songmood classify`, hands it the names of its share, and reads its lines of JSON: the same
program, the same networks and the same numbers as on one machine. Songs that cannot be heard are rows with `error`.

Each song that is named is in the output exactly once, however often it is named and whatever breaks on the way: a task
that dies, with its worker or without, is done again by Spark, and only what a task wrote that ended well is kept.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator

from pyspark import SparkFiles
from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, FloatType, StringType, StructField, StructType

MOODS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]

SCHEMA = StructType(
    [
        StructField("path", StringType(), nullable=False),
        StructField("error", StringType()),
        StructField("duration_s", FloatType()),
        StructField("mood", StringType()),
        StructField("probability", FloatType()),
        StructField("unsure", BooleanType()),
        *[StructField(mood, FloatType()) for mood in MOODS],
        StructField("valence", FloatType()),
        StructField("arousal", FloatType()),
    ]
)

# Statuses of `songmood classify` after which all lines are there: all heard, or some files failed.
WHOLE = (0, 3)


def row(line: str) -> tuple:
    """A line of JSON as a row of SCHEMA."""
    song = json.loads(line)
    if "error" in song:
        return (song["path"], song["error"], *[None] * (len(SCHEMA) - 2))
    verdict = song["verdict"]
    return (
        song["path"],
        None,
        song["durationS"],
        verdict["mood"],
        verdict["probability"],
        verdict["unsure"],
        *[song["moods"][mood] for mood in MOODS],
        song["valence"],
        song["arousal"],
    )


def classify(paths: Iterable[str], command: list[str]) -> Iterator[tuple]:
    """Rows for the songs of one share. Raises where not every one of them came back, so that Spark tries again."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as songmood:
        asked = 0

        def ask() -> None:
            nonlocal asked
            with songmood.stdin as names:
                for path in paths:
                    asked += 1
                    try:
                        names.write(path + "\0")
                    except BrokenPipeError:
                        # It ended early; its status says why.
                        return

        # Beside the reading: a program that waits for its lines to be read takes no more names.
        asking = threading.Thread(target=ask)
        asking.start()
        answered = 0
        for line in songmood.stdout:
            answered += 1
            yield row(line)
        asking.join()
        status = songmood.wait()
    if status not in WHOLE:
        raise RuntimeError(f"{command[0]} ended with status {status}")
    if answered != asked:
        raise RuntimeError(f"{asked} songs were named and {answered} answered; name songs, not folders")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", required=True, help="text file with a path on each line")
    parser.add_argument("--out", required=True, help="Parquet folder to write; must not be there yet")
    parser.add_argument("--songmood", default="songmood", help="the program, on every worker")
    parser.add_argument("--ship", action="store_true", help="copy the program named by --songmood to the workers first")
    parser.add_argument("--as", dest="domain", choices=["music", "voice"], default="music")
    parser.add_argument("--songs-a-task", type=int, default=500, help="songs that are done again when a task dies (default 500)")
    wanted = parser.parse_args(arguments)
    if wanted.songs_a_task < 1:
        parser.error("--songs-a-task must be 1 or more")

    spark = SparkSession.builder.appName("songmood").getOrCreate()
    try:
        program, ship = wanted.songmood, wanted.ship
        if ship:
            spark.sparkContext.addFile(program)
        domain = wanted.domain

        def share(paths: Iterator[str]) -> Iterator[tuple]:
            found = SparkFiles.get(program.rsplit("/", 1)[-1]) if ship else program
            # One song at a time: Spark runs a task for each core.
            yield from classify(paths, [found, "classify", "--files-from", "-", "--null", "--jsonl", "--jobs", "1", "--as", domain])

        named = spark.read.text(wanted.songs).filter("value != ''").distinct()
        shares = max(1, -(-named.count() // wanted.songs_a_task))
        # By the path's hash, not in turns: a task that is done again must get the same songs.
        paths = named.repartition(shares, "value").rdd.map(lambda line: line.value)
        spark.createDataFrame(paths.mapPartitions(share), SCHEMA).write.parquet(wanted.out)
        written = spark.read.parquet(wanted.out)
        total, failed = written.count(), written.filter("error IS NOT NULL").count()
        print(f"{total} songs, {failed} of them could not be heard; {wanted.out}")
    finally:
        spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
