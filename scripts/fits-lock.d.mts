interface Installed {
  packages: Record<string, object>;
}

/** Whether what npm has installed on this machine is what package-lock.json asks for. */
export function fitsLock(
  lock: Installed,
  installed: Installed,
  machine?: { platform: string; arch: string },
): boolean;
