/** What a file is packed with. */
export type Compression = 'none' | 'gzip';

/** How the characters of a file are written as bytes. */
export type Encoding = 'utf-8' | 'windows-1252' | 'iso-8859-1';

/** How the bytes of a file become its content: UTF-8 that is not packed. */
export interface Decoding {
  compression: Compression;
  encoding: Encoding;
}

/** The bytes are the content. */
export const plainDecoding: Decoding = { compression: 'none', encoding: 'utf-8' };
