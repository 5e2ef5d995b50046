/** What a file system takes as one name, in bytes. */
const NAME_BYTES_MAX = 255;

/** The longest ending that the product itself puts behind a name, with room for the dot and the id of a temporary file. */
const ENDINGS_BYTES_MAX = 64;

/** `stem + suffix`, the stem cut at a character so that whatever the product appends still fits 255 bytes. */
export function cutFileName(stem: string, suffix: string): string {
  const room = NAME_BYTES_MAX - ENDINGS_BYTES_MAX - Buffer.byteLength(suffix);
  let cut = stem;
  while (Buffer.byteLength(cut) > room) cut = [...cut].slice(0, -1).join('');
  return cut + suffix;
}

/** The name itself, or so much of its stem that it can be numbered, and have its endings. */
export function fitFileName(name: string): string {
  const { stem, extension } = splitFileName(name);
  return cutFileName(stem, extension);
}

/** The n-th choice for a name: `a.csv`, `a-2.csv`, `a-3.csv`. */
export function numberFileName(name: string, n: number): string {
  if (n === 1) return name;
  const { stem, extension } = splitFileName(name);
  return `${stem}-${n}${extension}`;
}

/** A name, cut before its extension. */
export function splitFileName(name: string): { stem: string; extension: string } {
  // `a.csv.gz` has two extensions, which belong together.
  const packed = /\.[a-z]+\.gz$/i.exec(name)?.index ?? 0;
  const point = packed > 0 ? packed : name.lastIndexOf('.');
  return point > 0
    ? { stem: name.slice(0, point), extension: name.slice(point) }
    : { stem: name, extension: '' };
}

/** Names that are never imported: hidden files, and what programs write before the real name. */
export function isIgnoredName(name: string): boolean {
  return explainIgnoredName(name) !== null;
}

/** Why a name is never imported, as the end of a sentence that begins with "its name"; null when it is. */
export function explainIgnoredName(name: string): string | null {
  if (name.startsWith('.')) return 'begins with a dot';
  if (name.endsWith('~')) return 'ends with ~';
  const [ending] = /\.(tmp|part)$/i.exec(name) ?? [];
  return ending === undefined ? null : `ends with ${ending}`;
}
