/** What a service hands to the bus. Messages with one key keep their order. */
export interface Message {
  key: string;
  headers: Readonly<Record<string, string>>;
  value: Buffer;
}

/** A message as it arrives, with the place it came from. */
export interface ReceivedMessage extends Message {
  topic: string;
  partition: number;
  offset: string;
}
