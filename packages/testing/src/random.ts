/** Numbers that are the same for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  next: () => number;
  /** Whole, from `min` to `max`, both included. */
  between: (min: number, max: number) => number;
  choose: <T>(list: readonly T[]) => T;
  /** The same things in another order. */
  shuffle: <T>(list: readonly T[]) => T[];
}

/** mulberry32. */
export function makeRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    choose: (list) => list[between(0, list.length - 1)]!,
    shuffle(list) {
      const shuffled = [...list];
      for (let at = shuffled.length - 1; at > 0; at--) {
        const other = between(0, at);
        [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
      }
      return shuffled;
    },
  };
}
