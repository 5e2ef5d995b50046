import pino from 'pino';
import pretty from 'pino-pretty';

export type Logger = pino.Logger;

/**
 * JSON lines on stderr (stdout belongs to what a command answers); readable lines when stderr is a terminal.
 * Each service makes a child of it with its name. No names, addresses, account numbers or amounts are ever logged.
 */
export function makeLogger(level: string): Logger {
  const options: pino.LoggerOptions = { base: null, level, timestamp: pino.stdTimeFunctions.isoTime };
  if (process.stderr.isTTY) {
    return pino(
      options,
      pretty({ destination: 2, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true }),
    );
  }
  return pino(options, pino.destination({ fd: 2, sync: true }));
}
