/** Where the jars of Kafka may be kept, in order of preference. */
export function listCacheFolders(on: {
  env: Record<string, string | undefined>;
  home: string;
  /** The folder of temporary files. */
  temporary: string;
  user: string | number;
}): string[];
