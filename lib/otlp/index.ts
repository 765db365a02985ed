// Traces of other people's agents over OTLP/HTTP: decoded by the protocol's own definitions, judged span by span,
// mapped from every dialect to one shape, and handed to the tracing door. The other way, runs of ours leave for a collector.

export { EXPORT_JOB, exportRun, exportWrites } from './export/export-run'
export { openOtlpPort } from './open-port'
export { receiveLogs } from './receive-logs'
export { receiveMetrics } from './receive-metrics'
export { receiveTraces } from './receive-traces'
export { statusReply } from './reply'
