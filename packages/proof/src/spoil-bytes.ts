import type { Random } from '@passbook/testing';

/** Bytes that mean something to a reader of text, of CSV, of numbers or of dates, and some that are no text at all. */
const awkward = [
  ...[
    ',',
    ';',
    '"',
    '""',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\t',
    '\\',
    "'",
    '=',
    '-',
    '+',
    '.',
    ' ',
    '0',
    '9',
    'e',
    '/',
  ],
  ...[
    '\\N',
    '\\.',
    'NaN',
    'infinity',
    'now',
    '1e5',
    '-500,00',
    '1.234,56',
    '01/02/2021',
    '\ufeff',
    '\u00e9',
    '\u{1f600}',
  ],
].map((text) => Buffer.from(text));
const noText = ['ff', 'c3', 'fffe', '1f8b', '80', 'ed a0 80'.replaceAll(' ', '')].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** A file with a few things amiss: bytes changed, put in, taken out, or repeated; lines swapped; its end cut off. */
export function spoilBytes(bytes: Buffer, random: Random): Buffer {
  let spoilt = bytes;
  for (let left = random.between(0, 6); left > 0; left--) spoilt = spoilOnce(spoilt, random);
  return spoilt;
}

function spoilOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.between(0, bytes.length);
  const to = Math.min(bytes.length, at + random.between(1, random.choose([1, 4, 40, 400])));
  const put = (what: Uint8Array, until = at): Buffer =>
    Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(until)]);
  switch (random.between(0, 8)) {
    case 0:
      return put(Buffer.from([random.between(0, 255)]), at + 1);
    case 1:
    case 2:
      return put(random.choose(awkward), random.choose([at, at + 1]));
    case 3:
      return put(random.choose(noText));
    case 4:
      return put(Buffer.alloc(0), to);
    case 5:
      return put(bytes.subarray(at, to));
    case 6:
      return swapLines(bytes, random);
    case 7:
      return endLines(bytes, random);
    default:
      return random.between(0, 5) === 0 ? bytes.subarray(0, at) : put(random.choose(awkward));
  }
}

function swapLines(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const [one, other] = [random.between(0, lines.length - 1), random.between(0, lines.length - 1)];
  [lines[one], lines[other]] = [lines[other]!, lines[one]!];
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** A delimiter at the end of one line or of all, as many programs write it. */
function endLines(bytes: Buffer, random: Random): Buffer {
  const delimiter = random.choose([',', ';']);
  const lines = bytes.toString('latin1').split('\n');
  const only = random.choose([0, random.between(0, lines.length - 1), -1]);
  const ended = lines.map((line, at) =>
    line === '' || (only !== -1 && at !== only) ? line : line.replace(/\r?$/, (end) => delimiter + end),
  );
  return Buffer.from(ended.join('\n'), 'latin1');
}
