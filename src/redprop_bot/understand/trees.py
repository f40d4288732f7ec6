"""A few decision trees over a few numbers: what no weighted sum says (both clear, and yet of one kind).

Read from a packed text file: first `# numbers N`, how many are asked for; then a line for each node: whether a
tree begins here (1 or 0), the number that is asked (-1: none, a leaf), the bound or the value of the leaf, and how
many lines on the tree goes on when the number is within the bound and when above. Grown by `train_seams`; what the
numbers mean is the business of who asks.
"""

import gzip
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LEAF = -1
_FAR = 1e6  # no bound and no value is as far; nan is not less, either
Node = tuple[int, float, int, int]  # number, bound or value, the node if within, the node if above


@dataclass(frozen=True, slots=True)
class Trees:
    """Every tree gives a value by the leaf it comes to; their sum is the log-odds of yes."""

    nodes: tuple[Node, ...] = ()
    roots: tuple[int, ...] = ()
    count: int = 0  # numbers that are asked for

    def share(self, numbers: Sequence[float]) -> float:
        """The share of yes, 0 to 1, for as many numbers as the trees were grown on."""
        nodes, odds = self.nodes, 0.0
        for root in self.roots:
            number, value, within, above = nodes[root]
            while number != LEAF:
                number, value, within, above = nodes[within if numbers[number] <= value else above]
            odds += value
        return 0.5 + 0.5 * math.tanh(odds / 2)  # the logistic function, without overflow

    @staticmethod
    def load(path: Path) -> "Trees":
        """Read a file; ValueError, EOFError or OSError when it is damaged."""
        nodes: list[Node] = []
        roots: list[int] = []
        with gzip.open(path, "rt", encoding="utf-8") as file:
            count = int(file.readline().removeprefix("# numbers "))
            for line in file:
                at = len(nodes)
                root, number, value, within, above = line.split()
                if root == "1":
                    roots.append(at)
                node = int(number), float(value), at + int(within), at + int(above)
                goes_on = node[0] == LEAF or min(node[2:]) > at
                if not (LEAF <= node[0] < count and goes_on and abs(node[1]) < _FAR):
                    raise ValueError(line)
                nodes.append(node)
        if not roots or roots[0] or max(max(node[2:]) for node in nodes) >= len(nodes):
            raise ValueError(path.name)
        return Trees(tuple(nodes), tuple(roots), count)

    def save(self, path: Path) -> None:
        """Write the file."""
        begun = frozenset(self.roots)
        lines = [
            f"{int(at in begun)} {number} {value:.6g} {within - at} {above - at}\n"
            for at, (number, value, within, above) in enumerate(self.nodes)
        ]
        path.write_bytes(gzip.compress(f"# numbers {self.count}\n{''.join(lines)}".encode(), mtime=0))
