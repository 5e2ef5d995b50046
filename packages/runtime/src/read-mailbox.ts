/** A dot-atom, and the name of a host: what RFC 5321 lets stand in an address, in ASCII. */
const address =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/** Of an address; the part before the @ has 64 of them at most. */
const ADDRESS_CHARS_MAX = 254;
const LOCAL_PART_CHARS_MAX = 64;

/**
 * Reads `passbook@example.com` or `Name <passbook@example.com>`; the name may stand between quotation marks.
 * @returns null when it is neither
 */
export function readMailbox(text: string): { name: string; address: string } | null {
  const named = /^([^<>]*)<([^<>]+)>$/.exec(text.trim());
  const found = {
    name: (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1'),
    address: (named?.[2] ?? text).trim(),
  };
  const isShort =
    found.address.length <= ADDRESS_CHARS_MAX && found.address.indexOf('@') <= LOCAL_PART_CHARS_MAX;
  return isShort && address.test(found.address) && !/[\0-\x1f\x7f]/.test(found.name) ? found : null;
}
