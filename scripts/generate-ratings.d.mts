export interface RatingsAnswers {
  agency: string;
  rows: number;
  count: number;
  sum: number;
  highValue: number;
  invalid: number;
}

export function generateRatings(options: {
  agency: string;
  rows: number;
  bad?: number;
  seed?: number;
}): Iterable<string> & { answers(): RatingsAnswers };

export function ratingsFileName(agency: string): string;

export function expectedReport(all: readonly RatingsAnswers[]): string;
