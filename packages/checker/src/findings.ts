/** Sentences of one kind that are kept: the first few say what is wrong, the number says how bad it is. */
const PER_KIND_MAX = 10;

/** What was found wrong, in sentences. */
export interface Findings {
  /** @param kind sentences of one kind are counted together, and only the first of them are kept */
  add(kind: string, sentence: string): void;
  list(): string[];
}

export function makeFindings(): Findings {
  const kinds = new Map<string, { kept: string[]; more: number }>();
  return {
    add(kind, sentence) {
      const known = kinds.get(kind);
      if (!known) kinds.set(kind, { kept: [sentence], more: 0 });
      else if (known.kept.length < PER_KIND_MAX) known.kept.push(sentence);
      else known.more += 1;
    },
    list: () =>
      [...kinds].flatMap(([kind, { kept, more }]) => [
        ...kept.map((sentence) => `${kind}: ${sentence}`),
        ...(more > 0 ? [`${kind}: and ${more} more`] : []),
      ]),
  };
}
