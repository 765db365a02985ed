// What runs by itself: background jobs, live events, and what operators ask an instance about itself.
export { health, openApi, readiness, versionFacts } from './health'
export { listJobs } from './list-jobs'
export { liveEvents } from './live-events'
export { opsHealth } from './ops-health'
export { overview } from './overview/overview'
export { prometheusText } from './prometheus'
export { discardJob, retryJob } from './retry-job'
export { systemView } from './system-view'
