// What is random in generated files: 32-bit integer arithmetic, so that it is the same on every platform.

/**
 * An order of 0 to size-1 that looks random: a Feistel network over the next power of two, walked on until it is within the
 * size. A round changes one half by a mix of the other, so doing the rounds backwards undoes them.
 */
export function makePermutation(size, random) {
  const bits = Math.max(2, 32 - Math.clz32(size - 1));
  const lowBits = bits >>> 1;
  const lowMask = (1 << lowBits) - 1;
  const highMask = (1 << (bits - lowBits)) - 1;
  const keys = Uint32Array.from({ length: ROUNDS }, () => random.next());
  const walk = (start, firstRound, step) => {
    let high = start >>> lowBits;
    let low = start & lowMask;
    do {
      for (let round = firstRound; round >= 0 && round < ROUNDS; round += step) {
        if (round % 2 === 0) high ^= mix(low ^ keys[round]) & highMask;
        else low ^= mix(high ^ keys[round]) & lowMask;
      }
    } while (((high << lowBits) | low) >= size);
    return (high << lowBits) | low;
  };
  return { forward: (at) => walk(at, 0, 1), backward: (at) => walk(at, ROUNDS - 1, -1) };
}

/** Four rounds of a good mix cannot be told from chance by eye or test. */
const ROUNDS = 4;

/** MurmurHash3's last step: every bit of a 32-bit word changes half of the others, and no two words become the same. */
export function mix(word) {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The generator sfc32 (PractRand, Chris Doty-Humphrey): 32-bit words, which `from` starts anew from three words. */
export function makeRandom() {
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 0;
  const random = {
    from(first, second, third) {
      [a, b, c, counter] = [first | 0, second | 0, third | 0, 1];
      // As many as its author discards, so that neighbouring beginnings have nothing in common.
      for (let i = 0; i < 12; i++) random.next();
      return random;
    },
    next() {
      const word = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      return word >>> 0;
    },
  };
  return random;
}
