import { connect } from 'node:net';

const METADATA = 3;
/** Of all versions that brokers from 2.1 to 4.x know, the one whose answer is easiest to read. */
const METADATA_VERSION = 4;
const ANSWER_TIMEOUT_MS = 2_000;
/** Of one node and no topics; what is longer is no such answer. */
const ANSWER_BYTES_MAX = 65_536;

/**
 * Asks a plain listener for the brokers of the cluster: that a port is open says nothing, and a broker that starts
 * answers 0 until it takes requests.
 * @throws when nothing answers
 */
export function askForBrokers(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let answer = Buffer.alloc(0);
    const end = (act) => {
      socket.destroy();
      act();
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => end(() => reject(new Error('No answer.'))));
    socket.once('error', (err) => end(() => reject(err)));
    socket.once('close', () => reject(new Error('The connection was closed.')));
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length > ANSWER_BYTES_MAX) end(() => reject(new Error('This is not Kafka.')));
      // Length, correlation id, throttle time; then the number of brokers.
      else if (answer.length >= 16) end(() => resolve(answer.readInt32BE(12)));
    });
  });
}

function metadataRequest() {
  // Length; key, version, correlation id, client id (none); topics (none), whether they may be created.
  const request = Buffer.alloc(19);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(METADATA_VERSION, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(0, 14);
  request.writeInt8(0, 18);
  return request;
}
