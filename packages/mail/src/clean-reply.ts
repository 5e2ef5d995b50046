/** So much of a reply is kept, in characters: servers write whole pages. */
export const REPLY_MAX = 500;

/** What a server said, as it may be stored and shown: on one line, without what a terminal would obey, without addresses. */
export function cleanReply(text: string): string {
  // Half a character would not be taken by Postgres: in bytes and back it becomes a whole one.
  const line = Buffer.from(text)
    .toString()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[^\s<>"'(),:;[\]]{1,254}@[^\s<>"'(),:;[\]]{1,254}/g, maskAddress)
    .trim();
  return line.length <= REPLY_MAX ? line : `${line.slice(0, REPLY_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `janet@example.com` → `j•••@example.com`: enough to know it again, too little to write to. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address.slice(0, Math.max(at, 0))][0] ?? ''}•••${at < 0 ? '' : address.slice(at)}`;
}
