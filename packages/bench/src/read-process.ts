// What Linux tells of processes, below /proc. Elsewhere there is nothing to read: CPU and memory are left out.
import { readdirSync, readFileSync } from 'node:fs';

/** The unit of times in /proc, the same on all of Linux's platforms. */
const TICKS_PER_SECOND = 100;

/** How much CPU a process has used, in seconds. */
export interface ProcessTimes {
  parent: number;
  /** By itself, in user and kernel mode. */
  ownS: number;
  /** By those of its children that have ended. */
  endedChildrenS: number;
}

/** A line of /proc/PID/stat. The name of the program may have blanks and brackets in it. */
export function parseProcessTimes(line: string): ProcessTimes {
  const [, parent, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const seconds = (at: number): number => Number(rest[at]) / TICKS_PER_SECOND;
  return {
    parent: Number(parent),
    ownS: seconds(9) + seconds(10),
    endedChildrenS: seconds(11) + seconds(12),
  };
}

/** Null when the process is gone, or there is no /proc. */
export function readProcessTimes(pid: number): ProcessTimes | null {
  const line = readText(`/proc/${pid}/stat`);
  return line === null ? null : parseProcessTimes(line);
}

/** The most memory that a process ever had, in MiB; null when it is gone, or there is no /proc. */
export function readPeakMemory(pid: number): number | null {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '');
  return line === null ? null : Number(line[1]) / 1024;
}

/** How the process was called, or what it calls itself: Postgres tells there what each of its processes does. */
export function readTitle(pid: number): string {
  return (readText(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
}

/** All processes of this machine. */
export function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** CPU seconds of all processors of the machine that were not idle, since it was started; null where there is no /proc. */
export function readMachineTime(): number | null {
  const line = /^cpu +(.*)$/m.exec(readText('/proc/stat') ?? '');
  if (line === null) return null;
  // user, nice, system, idle, iowait, irq, softirq: what guests use is in user already.
  const [user, nice, system, , , irq, softirq] = line[1]!.split(' ').map(Number);
  return (user! + nice! + system! + irq! + softirq!) / TICKS_PER_SECOND;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
