import { describeKafka } from '@passbook/testing';
import { commitAfter, statement, testCuts } from './prove-cuts.js';

describeKafka('a connection to Postgres', () => {
  testCuts([
    { service: 'chunker', what: 'the drop', meant: commitAfter('insert into drops') },
    { service: 'chunker', what: 'the manifest', meant: commitAfter('chunked_at = now()') },
    {
      service: 'chunker',
      what: 'the final name',
      meant: statement("set final_name = $3, state = 'moving'"),
    },
    {
      service: 'chunker',
      what: 'the end of the drop',
      meant: statement("update drops d set state = 'done'"),
    },
    {
      service: 'reporter',
      what: 'that reports are written',
      meant: statement("update reports set state = 'done'"),
    },
  ]);
});
