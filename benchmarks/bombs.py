"""The worst questions: bounded, whatever is typed.

    python benchmarks/bombs.py --standards 200000 --work FOLDER

Processor milliseconds of each, in a process just forked (cold, the median of several) and asked again (warm).
Questions that are refused (too long, too many words) cost next to nothing and say so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries, timing
from benchmarks.engines import Answer
from benchmarks.engines.ours import Find
from benchmarks.questions import Question
from siapa import search
from siapa.errors import Rejected
from siapa.search.query import LONGEST_TEXT, MOST_TERMS
from siapa.search.room import room

#: So often is each asked of a new process.
TIMES = 5


class Refusing(Find):
    """The search as citizens get it; a refusal is an answer."""

    name = "find"

    def ask(self, question: Question) -> Answer:
        """A total of -1 stands for a question that is refused."""
        try:
            return super().ask(question)
        except Rejected:
            return Answer(-1, {})


def bombs() -> dict[str, list[Question]]:
    """Each kind of question that was thought of to be slow."""
    told: Counter[str] = Counter()
    for part in room().sight().shelf.parts:
        told.update(part.told)
        told.update(part.mentioned)
    common = [word for word, _count in told.most_common(400) if word.isalpha() and len(word) > 2]
    telling = [word for word in common if not room().stems.is_small(word)]
    long = [word for word in common if len(word) > 6][:MOST_TERMS]
    texts = {
        "most frequent words": _short(common[:MOST_TERMS]),
        "most frequent telling words": _short(telling[:MOST_TERMS]),
        "long words with a slip": _short([f"{word[:2]}{word[3]}{word[2]}{word[4:]}" for word in long]),
        "words of no language": _short([f"{word[::-1]}q" for word in long]),
        "one word again and again": _short([telling[0]] * MOST_TERMS),
        "wildcards": "*a* ?? k*p s%m _ta",
        "phrases": f'"{common[0]} {common[1]}" "{common[2]} {common[3]}" -{common[4]}',
        "10,000 words": " ".join(common * 25)[:100_000],
    }  # fmt: skip
    return {kind: [Question("common", text, ())] for kind, text in texts.items()}


def _short(words: list[str]) -> str:
    """As many of ``words`` as a question may be long."""
    text = ""
    for word in words:
        if len(text) + len(word) < LONGEST_TEXT:
            text = f"{text} {word}".strip()
    return text


def main() -> None:
    """Make the registry where it lacks, ask, print one table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--standards", type=int, default=200_000)
    options.add_argument("--work", type=Path, required=True, help="a folder for the registry; kept")
    given = options.parse_args()
    with registries.opened(registries.make(given.work, given.standards)):
        search.load()
        find = Refusing()
        print(f"| bomb, {given.standards:,} standards | found | cold, CPU ms | warm, CPU ms |\n|-|-|-|-|")
        for kind, questions in bombs().items():
            asked = {"common": questions}
            cold = [timing.cold([find], asked, 1.0)["common", "find"].processor[0] for _ in range(TIMES)]
            warm = timing.warm([find], asked, 0.5)["common", "find"].processor
            find.open()
            found = find.ask(questions[0]).total
            find.close()
            told = "refused" if found < 0 else f"{found:,}"
            print(f"| {kind} | {told} | {statistics.median(cold):.1f} | {statistics.median(warm):.1f} |")


if __name__ == "__main__":
    main()
