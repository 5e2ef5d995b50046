import { domainToASCII } from 'node:url';

/** Octets, by RFC 5321, 4.5.3.1: a path has 256, of which two are its angle brackets. */
const LOCAL_PART_MAX = 64;
const ADDRESS_MAX = 254;

/** RFC 5321's Dot-string. Its other form, between quotation marks, hardly any server takes. */
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** What `domainToASCII` does not take for an end of the name, or for a character in disguise. */
const domainText = /^[A-Za-z0-9.\-\u0080-\u{10ffff}]+$/u;
/** The last label has a letter: all others are addresses of hosts by number. */
const hostName =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Whether mail can be addressed to it, by RFC 5321's limits. The domain may be written in any letters, for it has a form in
 * ASCII; the part before the @ has none, and most servers take no other (SMTPUTF8), so it must be ASCII.
 */
export function isUsableAddress(text: string | null): text is string {
  if (text === null) return false;
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (local.length > LOCAL_PART_MAX || !localPart.test(local) || !domainText.test(domain)) return false;
  const ascii = domainToASCII(domain);
  return hostName.test(ascii) && local.length + '@'.length + ascii.length <= ADDRESS_MAX;
}
