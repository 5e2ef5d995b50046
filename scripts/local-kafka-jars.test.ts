import { expect, test } from '@jest/globals';
import { listCacheFolders } from './local-kafka-jars.mjs';

const on = { env: {}, home: '/home/ann', temporary: '/tmp', user: 1000 };
const last = '/tmp/passbook-cache-1000';

test.each([
  ['the home has a cache', on, ['/home/ann/.cache/passbook', last]],
  ['XDG_CACHE_HOME goes before it', { ...on, env: { XDG_CACHE_HOME: '/c' } }, ['/c/passbook', last]],
  [
    'a relative XDG_CACHE_HOME does not count',
    { ...on, env: { XDG_CACHE_HOME: 'c' } },
    ['/home/ann/.cache/passbook', last],
  ],
  [
    'an empty one does not count',
    { ...on, env: { XDG_CACHE_HOME: '' } },
    ['/home/ann/.cache/passbook', last],
  ],
  ['without a home, a folder of the user', { ...on, home: '' }, [last]],
])('%s', (_claim, machine, folders) => {
  expect(listCacheFolders(machine)).toEqual(folders);
});
