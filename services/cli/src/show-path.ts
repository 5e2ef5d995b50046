import { isAbsolute, relative } from 'node:path';

/** Shows paths as the user would type them: from where they stand, or whole where that would lead up and down again. */
export function showPathFrom(standsIn: string): (path: string) => string {
  return (path) => {
    const shown = relative(standsIn, path) || '.';
    return shown.startsWith('..') || isAbsolute(shown) ? path : shown;
  };
}
