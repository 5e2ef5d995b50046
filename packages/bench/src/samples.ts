/** What one measurement gave, by name: seconds unless the name says something else. */
export type Values = Readonly<Record<string, number>>;

/** One measurement of one thing. */
export interface Sample {
  scene: string;
  /** 1-based. */
  round: number;
  /** Load average of the last minute, when it began. */
  load: number;
  values: Values;
}

/** The middle one; of an even number the mean of the two in the middle. @returns null of none */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** All values of one name, in the order of the rounds. */
export function valuesOf(samples: readonly Sample[], scene: string, name: string): number[] {
  return samples
    .filter((sample) => sample.scene === scene && name in sample.values)
    .map(({ values }) => values[name]!);
}

export function medianOf(samples: readonly Sample[], scene: string, name: string): number | null {
  return median(valuesOf(samples, scene, name));
}

/** The names that the values of a scene have below a prefix, in the order in which they came. */
export function namesBelow(samples: readonly Sample[], scene: string, prefix: string): string[] {
  const names = samples
    .filter((sample) => sample.scene === scene)
    .flatMap(({ values }) => Object.keys(values));
  return [...new Set(names)]
    .filter((name) => name.startsWith(`${prefix}.`))
    .map((name) => name.slice(prefix.length + 1));
}

/** Values of one kind, apart from those of others. */
export function prefixValues(prefix: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
