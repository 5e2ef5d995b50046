/**
 * Asks a plain listener for the brokers of its cluster. @returns how many take requests
 * @throws when nothing answers
 */
export function askForBrokers(host: string, port: number): Promise<number>;
