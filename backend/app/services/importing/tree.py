"""The order of a tree that a stranger wrote: parents first, siblings in order, also where links are missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A node on the way through a tree.

    Attributes:
        id: Its name.
        parent: The node above it; None for a root.
        alone: Whether it has no siblings.
    """

    id: str
    parent: str | None
    alone: bool


def walk(parents: Mapping[str, str | None], order: Mapping[str, Sequence[str]] | None = None) -> Iterator[Node]:
    """Every node once, each after its parent.

    Args:
        parents: Node → the one above it, in the order of the file. An unknown parent makes a root; a circle is cut open
            at its first node.
        order: Node → its children as the file lists them, where it does; others follow.
    """
    children: defaultdict[str | None, list[str]] = defaultdict(list)
    listed = [child for siblings in (order or {}).values() for child in siblings if child in parents]
    for node in dict.fromkeys((*listed, *parents)):
        parent = parents[node]
        children[parent if parent in parents and parent != node else None].append(node)
    seen: set[str] = set()
    for root in (*children[None], *parents):
        # What is not below a root goes in a circle; its first node becomes one.
        waiting: list[tuple[str, str | None]] = [(root, None)]
        while waiting:
            node, parent = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            siblings = children[parent] if parent is not None else ()
            yield Node(node, parent, alone=len(siblings) == 1)
            waiting += [(child, node) for child in reversed(children[node])]
