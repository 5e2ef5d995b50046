import type { ProfileSummary } from './read-profiles.js';
import { renderTable } from './render-table.js';

/** Below that a package is not worth a line. */
const SHARE_MIN = 0.01;

/** Where one process spent its time, by package and by function. */
export function renderProfiles({ service, packages, functions }: ProfileSummary): string {
  const sum = packages.reduce((all, { seconds }) => all + seconds, 0) || 1;
  const share = (seconds: number): string => `${((100 * seconds) / sum).toFixed(1)} %`;
  const byPackage = packages
    .filter(({ seconds }) => seconds / sum >= SHARE_MIN)
    .map(({ name, seconds }) => [name, seconds.toFixed(2), share(seconds)]);
  const byFunction = functions.map(({ name, package: owner, seconds }) => [
    name,
    owner,
    seconds.toFixed(2),
    share(seconds),
  ]);
  return (
    `## Profile of the ${service}\n\nSeconds in the functions themselves, from the start of the process to its end, ` +
    `in an import apart from those that were measured.\n\n` +
    `${renderTable(['package', 'seconds', 'share'], byPackage)}\n` +
    renderTable(['function', 'package', 'seconds', 'share'], byFunction)
  );
}
