// The backend (control plane) as the runtime sees it: tasks, messages, documents and tools over HTTP, with keys on
// every create, retries that cannot post twice, and one kind of failure. Also whether a backend speaks the contract.
export { type Backend, backendFor } from './backend'
export { backendFacts, probeBackend } from './backend-health'
export { checkCompatibility } from './check-compatibility'
export { compatibilityReply } from './compatibility-reply'
export { isRetryable } from './failure'
export { decidedByBackend } from './tool-requests'
export type { ListedTool } from './wire'
