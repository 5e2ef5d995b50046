/**
 * The environment of a user who stands in a folder and has set nothing: what the machine or the tests' own run has set must
 * not reach the product.
 */
export function userEnvironment(standsIn: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG, INIT_CWD: standsIn };
}
