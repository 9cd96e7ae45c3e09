import { readdirSync, readFileSync } from 'node:fs';

/** /proc counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor that a server has used so far: the postmaster, its children, and the children that have ended.
 * Undefined where there is no /proc.
 */
export function serverCpuSeconds(postmaster: number): number | undefined {
  for (;;) {
    const before = statOf(postmaster);
    if (before === undefined) return undefined;
    const running = ticksOfChildren(postmaster);
    const own = statOf(postmaster);
    // A child that ended meanwhile would have been counted twice, or not at all.
    if (own?.ticksOfEnded === before.ticksOfEnded) return (own.ticks + own.ticksOfEnded + running) / TICKS_PER_SECOND;
  }
}

function ticksOfChildren(parent: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.reduce((sum, pid) => {
    const stat = statOf(Number(pid));
    return stat?.parent === parent ? sum + stat.ticks : sum;
  }, 0);
}

/** Seconds of processor of our own children that have ended, such as pgbench. */
export function endedChildrenCpuSeconds(): number | undefined {
  const stat = statOf(process.pid);
  return stat && stat.ticksOfEnded / TICKS_PER_SECOND;
}

/** /proc/PID/stat: behind the name in parentheses, which may hold anything, come state, parent, and further on the times. */
function statOf(
  pid: number,
): { readonly parent: number; readonly ticks: number; readonly ticksOfEnded: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const at = (index: number) => Number(fields[index]);
    return { parent: at(1), ticks: at(11) + at(12), ticksOfEnded: at(13) + at(14) };
  } catch {
    return undefined;
  }
}
