import { describeKafka } from '@passbook/testing';
import { commitAfter, testCuts } from './prove-cuts.js';

// The same with chunker and reporter, which go on after pauses: cut-at-commit.slow.test.ts.
describeKafka('a connection to Postgres', () => {
  testCuts([
    { service: 'processor', what: 'a batch', meant: commitAfter('insert into loaded_chunks') },
    {
      service: 'processor',
      what: 'the end of the import',
      meant: commitAfter("set state = case when foots then 'loaded'"),
    },
  ]);
});
