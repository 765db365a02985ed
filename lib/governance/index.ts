// May we, and can we prove it? The audit log: reading, proving, sealing, verifying, exporting, erasing.
export { auditEntry } from './audit-entry'
export { auditHead } from './audit-head'
export { auditStats } from './audit-stats'
export { erasePayload } from './erase-payload'
export { listAudit } from './list-audit'
export { proveConsistency, proveInclusion } from './prove-audit'
export { publishCheckpoint, type Sealed, sealAudit } from './seal-audit'
export { verifyAudit } from './verify-audit'
