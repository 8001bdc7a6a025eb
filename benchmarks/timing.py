"""Timing of questions: warm, the engines taking turns; cold, each question in a process forked for it."""

from __future__ import annotations

import gc
import os
import struct
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.engines import Engine
from benchmarks.questions import Question
from benchmarks.registries import close_connections

#: However slow an engine is, it is asked so often, and however quick, not more often.
LEAST, MOST = 3, 400
#: What a process that has just been forked is asked before the question that counts.
BEFORE = Question("common", "surat keterangan", ("surat", "keterangan"))


@dataclass
class Times:
    """Milliseconds of each answer, by the clock and of processor time."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, clock: float, processor: float) -> None:
        """One answer more."""
        self.clock.append(clock)
        self.processor.append(processor)


#: By class of question and name of engine.
Figures = dict[tuple[str, str], Times]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _timed(engine: Engine, question: Question) -> tuple[float, float]:
    elsewhere = engine.seconds_elsewhere()
    clock, processor = time.perf_counter(), time.process_time()
    engine.ask(question)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    return clock * 1e3, (processor + engine.seconds_elsewhere() - elsewhere) * 1e3


def warm(engines: Sequence[Engine], classes: Mapping[str, Sequence[Question]], seconds: float) -> Figures:
    """Every engine asked every question in turn, after one round that does not count.

    An engine that has used its share of ``seconds`` per class leaves the class, though not
    before it answered ``LEAST`` times.
    """
    figures: Figures = {}
    gc.collect()
    gc.freeze()
    for engine in engines:
        engine.open()
    for kind, questions in classes.items():
        asked = [engine for engine in engines if kind in engine.kinds]
        spent = dict.fromkeys((engine.name for engine in asked), 0.0)
        for engine in asked:
            started = time.perf_counter()
            for question in questions:
                engine.ask(question)
                if time.perf_counter() - started > seconds / 2:
                    break
        for turn in range(MOST):
            question = questions[turn % len(questions)]
            for engine in asked:
                if spent[engine.name] < seconds or turn < LEAST:
                    clock, processor = _timed(engine, question)
                    figures.setdefault((kind, engine.name), Times()).add(clock, processor)
                    spent[engine.name] += clock / 1e3
            if turn >= LEAST and all(used >= seconds for used in spent.values()):
                break
    for engine in engines:
        engine.close()
    return figures


def cold(engines: Sequence[Engine], classes: Mapping[str, Sequence[Question]], seconds: float) -> Figures:
    """Every question put once to a process that has just been forked, as a server's worker is.

    What the server reads before it forks is there, and so are the pages of the files; the
    process has answered one other question. The words of the question are new to it.
    """
    figures: Figures = {}
    close_connections()
    gc.collect()
    gc.freeze()
    for kind, questions in classes.items():
        for engine in engines:
            started = time.perf_counter()
            for question in questions if kind in engine.kinds else ():
                figures.setdefault((kind, engine.name), Times()).add(*_in_a_fork(engine, question))
                if time.perf_counter() - started > seconds:
                    break
    gc.unfreeze()
    return figures


def _in_a_fork(engine: Engine, question: Question) -> tuple[float, float]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            engine.open()
            engine.ask(BEFORE)
            os.write(writing, struct.pack("dd", *_timed(engine, question)))
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    if len(told) != 16:
        raise RuntimeError(f"{engine.name} did not answer {question}")
    clock, processor = struct.unpack("dd", told)
    return clock, processor
