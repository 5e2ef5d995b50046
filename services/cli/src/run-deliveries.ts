import type { Database } from '@passbook/database';
import {
  holdDelivery,
  listDeliveries,
  resendDelivery,
  type Delivery,
  type DeliveryState,
  type Steering,
} from '@passbook/mail';
import { UserError, type Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { findImport } from './find-import.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';

/** The commands of `passbook deliveries`; each returns the exit code. */
export interface DeliveryDesk {
  list(filter: { json: boolean; state?: DeliveryState; import?: string }): Promise<number>;
  resend(nos: readonly bigint[], options: { json: boolean }): Promise<number>;
  hold(nos: readonly bigint[], options: { json: boolean }): Promise<number>;
}

/** Lines of the table; programs get all. */
const SHOWN_MAX = 1_000;

/** Deliveries that are in memory at once. */
const PAGE = 1_000;

/** Lends the desk, on the database of the configuration. On a machine without data it makes none. */
export function openDeliveries(
  config: Config,
  log: Logger,
  run: (desk: DeliveryDesk) => Promise<number>,
): Promise<number> {
  return withDatabaseIfThere(config, log, (database) => run(makeDesk(database, config)));
}

/** @param database null on a machine without data */
function makeDesk(database: Database | null, config: Config): DeliveryDesk {
  const steerAll = async (
    nos: readonly bigint[],
    { json }: { json: boolean },
    steer: typeof resendDelivery,
    done: string,
  ): Promise<number> => {
    let exitCode = 0;
    for (const no of nos) {
      const steering = database === null ? null : await steer(database, no);
      if (steering !== 'done') exitCode = 1;
      tell(json ? renderSteeringJson(no, steering) : renderSteering(no, steering, done));
    }
    return exitCode;
  };
  return {
    async list({ json, state, import: named }) {
      const pages =
        database === null ? [] : readPages(database, state, await findNo(database, named, config));
      const shown: Delivery[] = [];
      let total = 0;
      for await (const page of pages) {
        total += page.length;
        if (json) tell(page.map((one) => `${JSON.stringify(describe(one))}\n`).join(''));
        else shown.push(...page.slice(0, SHOWN_MAX - shown.length));
      }
      if (!json) tell(renderDeliveries(shown, total));
      return 0;
    },
    resend: (nos, options) => steerAll(nos, options, resendDelivery, 'is due, and sent by the reporter.'),
    hold: (nos, options) => steerAll(nos, options, holdDelivery, 'is held until: passbook deliveries resend'),
  };
}

async function findNo(database: Database, named: string | undefined, config: Config): Promise<number | null> {
  if (named === undefined) return null;
  const found = await findImport(database, named, config);
  if (!found) throw new UserError(`Nothing is known of ${named}.`, { exitCode: 2 });
  return found.one.no;
}

async function* readPages(
  database: Database,
  state: DeliveryState | undefined,
  importNo: number | null,
): AsyncGenerator<Delivery[]> {
  let afterNo = 0n;
  for (;;) {
    const page = await listDeliveries(database, PAGE, { importNo, states: state ? [state] : null, afterNo });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    afterNo = page.at(-1)!.no;
  }
}

function tell(text: string): void {
  process.stdout.write(text);
}

const describe = (one: Delivery): object => ({
  ...one,
  no: Number(one.no),
  accountId: String(one.accountId),
});

function renderDeliveries(deliveries: readonly Delivery[], total: number): string {
  if (total === 0) return 'There is no mail.\n';
  const rows = deliveries.map((one) => [
    String(one.no),
    one.isHeld ? `${one.state}, held` : one.state,
    String(one.attempts),
    one.sentAt ?? one.nextAttemptAt ?? '-',
    one.file,
    String(one.accountId),
    one.recipient,
    one.reply ?? '-',
  ]);
  const header = [
    'no',
    'state',
    'attempts',
    'sent, or next attempt',
    'file',
    'account',
    'recipient',
    'reply',
  ];
  const more = total - deliveries.length;
  const note = more > 0 ? `… and ${more} more: --state and --import choose, --json prints all.\n` : '';
  return renderTable(header, rows, new Set([0, 2, 5])) + note;
}

/** Why a state does not allow what was asked for. */
const refusals: Readonly<Record<DeliveryState, string>> = {
  due: 'is due already.',
  deferred: 'waits for its next attempt.',
  sending: 'is being sent at this moment: ask again when it is known what came of it.',
  sent: 'was sent: a mail that has arrived is not sent again.',
  failed: 'has failed: it is not sent by itself.',
  unknown: 'may have arrived.',
};

function renderSteering(no: bigint, steering: Steering, done: string): string {
  if (steering === 'done') return `Delivery ${no} ${done}${done.endsWith('resend') ? ` ${no}` : ''}\n`;
  if (steering === null) return `There is no delivery ${no}.\n`;
  return `Delivery ${no} ${refusals[steering.refusedAs]}\n`;
}

function renderSteeringJson(no: bigint, steering: Steering): string {
  const outcome = steering === 'done' ? 'done' : steering === null ? 'unknown' : 'refused';
  const state = typeof steering === 'object' && steering !== null ? { state: steering.refusedAs } : {};
  return `${JSON.stringify({ no: Number(no), outcome, ...state })}\n`;
}
