export { ConsumerDeadError, type Bus, type Consumer, type ConsumeOptions } from './bus.js';
export { makeInProcessBus } from './in-process-bus.js';
export { makeKafkaBus, type KafkaBusOptions } from './kafka-bus.js';
export { explainKafkaError, isKafkaWeather, type KafkaAccess } from './kafka-client.js';
