"""Checks on how measures hang together: cycles, replacing, milestones, exclusions, what can never be in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.case.problems import Loc, Problems


@dataclass(frozen=True)
class Node:
    """A measure or milestone, as far as its place among the others goes; ``links`` are (measure, wait, where)."""

    id: str
    loc: Loc
    by: str | None
    takes: int
    links: tuple[tuple[str, int, Loc], ...]
    replaces: str | None
    excludes: tuple[str, ...]
    members: tuple[str, ...] | None
    public: bool
    done: bool
    origin: str = ""

    def before(self) -> list[str]:
        """What must be in force first."""
        return [name for name, _, _ in self.links] + list(self.members or ())


def check_structure(nodes: Mapping[str, Node], periods: int, problems: Problems, *, resolved: bool = False) -> None:
    """Note every contradiction among measures.

    What can merely never come about is an error in what a person wrote; in a resolved case, which may be one of many
    possible worlds, it is none.
    """
    cyclic = _cycles(nodes, problems)
    for node in nodes.values():
        _replacing(node, nodes, problems)
        _members(node, nodes, problems)
        _done(node, nodes, problems)
        if node.id in node.excludes:
            problems.add(
                "DET219",
                f'measure "{node.origin or node.id}" excludes itself',
                (*node.loc, "excludes"),
                why="it could never be on a road map",
                fix="take it out of its own list",
            )
    if not resolved:
        _too_long(nodes, periods, problems)
    if not cyclic and not resolved:
        _exclusions(nodes, problems)
    if not cyclic:
        _horizon(nodes, periods, problems)


def _cycles(nodes: Mapping[str, Node], problems: Problems) -> bool:
    state: dict[str, int] = {}
    seen: list[frozenset[str]] = []
    for root in nodes:
        trail: list[str] = []
        stack = [(root, iter(nodes[root].before()))] if root not in state else []
        if stack:
            state[root] = 1
            trail.append(root)
        while stack:
            name, rest = stack[-1]
            following = next((x for x in rest if x in nodes and state.get(x) != 2), None)
            if following is None:
                state[name] = 2
                stack.pop()
                trail.pop()
            elif state.get(following) == 1:
                cycle = trail[trail.index(following) :]
                if frozenset(cycle) not in seen:
                    seen.append(frozenset(cycle))
                    _tell_cycle(cycle, nodes, problems)
            else:
                state[following] = 1
                trail.append(following)
                stack.append((following, iter(nodes[following].before())))
    return bool(seen)


def _tell_cycle(cycle: list[str], nodes: Mapping[str, Node], problems: Problems) -> None:
    least = cycle.index(min(cycle))
    cycle = cycle[least:] + cycle[:least]
    steps, loc = [], nodes[cycle[0]].loc
    for name, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        node = nodes[name]
        link = next((place for x, _, place in node.links if x == following), None)
        if node.members is not None and following in node.members:
            steps.append(f"{name} has member {following}")
        elif node.replaces == following:
            steps.append(f"{name} replaces {following}")
        else:
            steps.append(f"{name} after {following}")
        if name == cycle[0]:
            loc = link or (*node.loc, "members")
    problems.add(
        "DET203",
        f"prerequisites run in a circle: {'; '.join(steps)}",
        loc,
        why="each would have to be in force before the other, so none could ever start",
        fix="take out one of these steps",
    )


def _replacing(node: Node, nodes: Mapping[str, Node], problems: Problems) -> None:
    old = nodes.get(node.replaces) if node.replaces else None
    if old is None:
        return
    loc = (*node.loc, "replaces")
    told = f'"{node.id}" replaces "{old.id}"'
    if node.members is not None or old.members is not None:
        problems.add(
            "DET209",
            f"{told}, and a milestone can neither replace nor be replaced",
            loc,
            why="a milestone is no act of a party",
            fix="replace a measure",
        )
        return
    if old.by != node.by:
        problems.add(
            "DET209",
            f"{told}, a measure of {old.by}, not of {node.by}",
            loc,
            why="a party can put only its own measure in the place of another",
            fix="name a measure of the same party",
            rests_on=[(*node.loc, "by"), (*old.loc, "by")],
        )
    for measure in (node, old):
        if not measure.public:
            problems.add(
                "DET209",
                f'{told}, and "{measure.id}" is not public',
                loc,
                why="what is replaced and what replaces it must be visible acts: neither is ever faked",
                fix=f"add public: true to {measure.id}",
                rests_on=[(*measure.loc, "public")],
            )


def _members(node: Node, nodes: Mapping[str, Node], problems: Problems) -> None:
    if node.members is None:
        return
    loc = (*node.loc, "members")
    if not node.members:
        problems.add(
            "DET210",
            f'milestone "{node.id}" has no members',
            loc,
            why="it would be in force from the start",
            fix="name the measures it needs",
            rests_on=[loc],
        )
    for member in node.members:
        other = nodes.get(member)
        if other is not None and other.members is not None:
            problems.add(
                "DET210",
                f'"{member}", a member of milestone "{node.id}", is itself a milestone',
                loc,
                why="members are measures with work",
                fix=f"name the members of {member} instead",
            )


def _done(node: Node, nodes: Mapping[str, Node], problems: Problems) -> None:
    if not node.done:
        return
    for name, _, loc in node.links:
        other = nodes.get(name)
        if other is not None and not _is_done(other, nodes):
            problems.add(
                "DET213",
                f'"{node.id}" is done, but "{name}", which must come first, is not',
                loc,
                why="a done measure has been in force since before period 0",
                fix=f"mark {name} done: true, or drop the prerequisite",
                rests_on=[(*nodes[x].loc, "done") for x in (name, *(other.members or ())) if x in nodes],
            )


def _is_done(node: Node, nodes: Mapping[str, Node]) -> bool:
    if node.members is not None:
        return all(nodes[x].done for x in node.members if x in nodes)
    return node.done


def _in_order(nodes: Mapping[str, Node]) -> list[str]:
    """Every measure after all that must be in force before it (there are no cycles)."""
    order: dict[str, None] = {}
    for root in nodes:
        stack = [root]
        while stack:
            waiting = [x for x in nodes[stack[-1]].before() if x in nodes and x not in order]
            if waiting:
                stack.extend(waiting)
            else:
                order.setdefault(stack.pop())
    return list(order)


def _exclusions(nodes: Mapping[str, Node], problems: Problems) -> None:
    pairs: set[tuple[str, str]] = set()
    for node in nodes.values():
        pairs |= {(min(node.id, x), max(node.id, x)) for x in node.excludes if x in nodes and x != node.id}
    by_old: dict[str, list[str]] = {}
    for node in nodes.values():
        if node.replaces:
            by_old.setdefault(node.replaces, []).append(node.id)
    pairs |= {(min(a, b), max(a, b)) for group in by_old.values() for a in group for b in group if a < b}
    concerned = {x for pair in pairs for x in pair}
    needs: dict[str, frozenset[str]] = {}
    impossible: set[str] = set()
    for name in _in_order(nodes) if pairs else ():
        before = [x for x in nodes[name].before() if x in nodes]
        needs[name] = frozenset({name} & concerned).union(*(needs[x] for x in before))
        if impossible & set(before):
            impossible.add(name)
            continue
        clash = next(((a, b) for a, b in sorted(pairs) if a in needs[name] and b in needs[name]), None)
        if clash is not None:
            impossible.add(name)
            _tell_clash(nodes[name], clash, problems)


def _tell_clash(node: Node, clash: tuple[str, str], problems: Problems) -> None:
    a, b = clash
    told = f'needs both "{a}" and "{b}", which exclude each other'
    if node.id in clash:
        told = f'needs "{a if node.id == b else b}", and they exclude each other'
    problems.add(
        "DET219",
        f'"{node.id}" {told}',
        node.loc,
        why="it could never be on a road map",
        fix="drop the prerequisite or the exclusion",
    )


def earliest(nodes: Mapping[str, Node]) -> dict[str, int]:
    """The earliest period in which each can be in force, prerequisites and work considered (no cycles)."""
    force: dict[str, int] = {}
    for name in _in_order(nodes):
        node = nodes[name]
        if node.done:
            force[name] = -1
        elif node.members is not None:
            force[name] = max((force[x] for x in node.members if x in force), default=0)
        else:
            force[name] = max([0, *(force[x] + wait for x, wait, _ in node.links if x in force)]) + node.takes
    return force


def _too_long(nodes: Mapping[str, Node], periods: int, problems: Problems) -> None:
    for name, node in nodes.items():
        if not node.done and node.members is None and node.takes > periods - 1:
            problems.add(
                "DET212",
                f'the work on "{name}" takes {node.takes} periods; the case has {periods}',
                (*node.loc, "takes"),
                why="it could never be in force within the case",
                fix="shorten the work, cut it into tranches, or lengthen the case",
            )


def _horizon(nodes: Mapping[str, Node], periods: int, problems: Problems) -> None:
    force, last = earliest(nodes), periods - 1
    for name, node in nodes.items():
        late = not node.done and node.members is None and force[name] > last
        if late and all(force[x] <= last for x in node.before() if x in nodes):
            problems.warn(
                "DET606",
                f'"{name}" cannot be in force before period {force[name]}, and the case ends with {last}',
                node.loc,
                why="with its prerequisites it takes longer than the case lasts",
                fix="lengthen the case, or shorten work and waits",
            )
