import { explainKafkaError, isKafkaWeather, makeKafkaBus, type Bus } from '@passbook/bus';
import { IMPORTS_CHUNKED, LEDGER_EVENTS, REPORTS_DUE } from '@passbook/contracts';
import type { Logger, SettingName, Settings } from '@passbook/runtime';
import { untilThere } from './until-there.js';

export const busSettings = [
  'KAFKA_BROKERS',
  'KAFKA_PREFIX',
  'KAFKA_TLS',
  'KAFKA_TLS_CA',
  'KAFKA_TLS_CERT',
  'KAFKA_TLS_KEY',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_USERNAME',
  'KAFKA_PASSWORD',
] as const satisfies readonly SettingName[];

export type BusConfig = Settings<(typeof busSettings)[number]>;

/** Waits for Kafka, and opens the bus on it. @throws UserError when the cluster will not do; the reason of the signal */
export function openKafkaBus(
  config: BusConfig & { KAFKA_BROKERS: readonly string[] },
  log: Logger,
  signal: AbortSignal,
): Promise<Bus> {
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = config;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = config;
  const access = {
    brokers: config.KAFKA_BROKERS,
    tls: config.KAFKA_TLS
      ? { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) }
      : null,
    sasl: mechanism && username && password ? { mechanism, username, password } : null,
  };
  return untilThere(
    `Kafka at ${config.KAFKA_BROKERS.join(',')}`,
    () =>
      makeKafkaBus({
        access,
        prefix: config.KAFKA_PREFIX ?? '',
        topics: [IMPORTS_CHUNKED, REPORTS_DUE, LEDGER_EVENTS],
        log,
      }),
    { isWeather: isKafkaWeather, explain: explainKafkaError, log, signal },
  );
}
