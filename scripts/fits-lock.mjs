/**
 * Whether what npm has installed is what package-lock.json asks for: whoever has run `npm ci` need not wait for another one.
 * npm notes what it has installed in node_modules/.package-lock.json, when it is done.
 */
export function fitsLock(lock, installed, { platform, arch } = process) {
  const wanted = lock.packages;
  const found = installed.packages;
  return (
    Object.keys(found).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, one]) =>
      path in found ? isSame(one, found[path]) : path === '' || isLeftOut(one, { platform, arch }),
    )
  );
}

function isSame(one, other) {
  return ['version', 'resolved', 'integrity', 'link'].every((name) => one[name] === other[name]);
}

/**
 * npm leaves out what is optional and cannot run here, and what only that needs. If it was told to leave out all that is
 * optional, something is missing that is meant for this very machine.
 */
function isLeftOut({ optional, os, cpu, libc }, { platform, arch }) {
  const isMeant = os?.includes(platform) && cpu?.includes(arch) && !libc;
  return optional === true && !isMeant;
}
