export { obtainAccountNumberKey } from './account-number-key.js';
export { classifyFailure, type Failure } from './classify-failure.js';
export { makeFailureHandler } from './failure-handler.js';
export { makeMetrics } from './metrics.js';
export { busSettings, openKafkaBus, type BusConfig } from './open-bus.js';
export { holdToReading, migrateDatabase } from './prepare-database.js';
export {
  runService,
  serviceSettings,
  type RunningService,
  type Service,
  type ServiceParts,
} from './run-service.js';
export { INTERRUPTED, onStopSignal } from './stop-signal.js';
export { tellReturn } from './tell-return.js';
