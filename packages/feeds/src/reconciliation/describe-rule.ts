import type { EligibilityRule } from './reconciliation-definition.js';

const words = {
  above: 'above',
  atLeast: 'at least',
  below: 'below',
  atMost: 'at most',
  in: 'in',
  notIn: 'not in',
} as const;

/** A rule as people read it: `amount above 1000000`, `region in EU, APAC`. */
export function describeRule({ column, operator, values }: EligibilityRule): string {
  return `${column} ${words[operator]} ${values.join(', ')}`;
}
