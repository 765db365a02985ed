// How long traces are kept and in what form: policies, holds, passes that delete and reduce in small transactions, and
// the certificates that they leave.
export { RETENTION_JOB } from './certificate'
export { enforce, previewPolicy } from './enforce'
export { enforceLater, RETENTION_TASKS } from './enforce-later'
export { eraseUser } from './erase-user'
export { getPolicy, setPolicy, showRetention } from './set-policy'
export { retentionStats } from './stats'
export { rulesOf } from './store'
export { namesTenant } from './whole-tenant'
