import { spawn } from 'node:child_process';

/**
 * Ends a process and deletes its folder when ours has ended, however that happened. Nothing runs in a process that is
 * killed; so a shell reads from a pipe whose other end closes with us.
 * @returns the call that sends the guard away, for when the guarded process has ended by itself
 */
export function guardProcess(pid, folder) {
  // A second, since the killed process may write a last file while its folder is deleted.
  return guard('read -r word || { kill -9 "$1"; sleep 1; rm -rf "$2"; }', [String(pid), folder]);
}

/** The same for a container. */
export function guardContainer(name) {
  return guard('read -r word || docker rm --force --volumes "$1"', [name]);
}

function guard(script, args) {
  // Detached: Ctrl-C on the terminal reaches every process of our group, and this one is to outlive us.
  const shell = spawn('sh', ['-c', script, 'sh', ...args], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It keeps nobody from ending, and a shell that could not be started only leaves us without the guard.
  shell.unref();
  shell.stdin.unref();
  for (const one of [shell, shell.stdin]) one.on('error', () => {});
  return () => void shell.stdin.end('done\n');
}
