import { open } from 'node:fs/promises';

/** Makes the new names in a folder durable: they outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
