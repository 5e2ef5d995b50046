/** A broker silent for so long counts as gone; a crashed one is let in again only then, so 9 s (the default) is long. */
const SESSION_TIMEOUT_MS = 3_000;
const HEARTBEAT_MS = 500;
/** 50 by default: each is a folder with files, and tests have few groups. */
const OFFSETS_PARTITIONS = 5;
/** 128 MB by default, allocated at the start. */
const CLEANER_BUFFER_BYTES = 4 * 1024 * 1024;

/** The settings of a single node. PROXIED listens on one port and tells clients another, where a proxy may stand. */
export function brokerSettings({ ports, address, data }) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    listeners: [
      `PLAIN://${address}:${ports.plain}`,
      `CONTROLLER://127.0.0.1:${ports.controller}`,
      `PROXIED://${address}:${ports.proxied}`,
    ].join(),
    'advertised.listeners': `PLAIN://127.0.0.1:${ports.plain},PROXIED://127.0.0.1:${ports.advertised}`,
    'listener.security.protocol.map':
      'PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT,SECURE:SASL_SSL',
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': OFFSETS_PARTITIONS,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': OFFSETS_PARTITIONS,
    'group.initial.rebalance.delay.ms': 0,
    'broker.session.timeout.ms': SESSION_TIMEOUT_MS,
    'broker.heartbeat.interval.ms': HEARTBEAT_MS,
    'log.cleaner.dedupe.buffer.size': CLEANER_BUFFER_BYTES,
  };
}

/** What replaces and adds to them for the listener with passwords over TLS. */
export function secureSettings({ ports, key, user }) {
  const { listeners, 'advertised.listeners': advertised } = brokerSettings({
    ports,
    address: '127.0.0.1',
    data: '',
  });
  const login = 'org.apache.kafka.common.security';
  const scram = `${login}.scram.ScramLoginModule required;`;
  return {
    listeners: `${listeners},SECURE://127.0.0.1:${ports.secure}`,
    'advertised.listeners': `${advertised},SECURE://127.0.0.1:${ports.secure}`,
    'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.secure.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${user.username}="${user.password}";`,
    'listener.name.secure.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.secure.scram-sha-512.sasl.jaas.config': scram,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': key.store,
    'ssl.keystore.password': key.password,
    'ssl.key.password': key.password,
  };
}

/** As a `.properties` file. */
export function toProperties(settings) {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** As the environment of the image `apache/kafka`; any of these replaces all defaults of the image. */
export function toContainerEnvironment(settings) {
  return Object.entries(settings).map(
    ([key, value]) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}=${value}`,
  );
}
