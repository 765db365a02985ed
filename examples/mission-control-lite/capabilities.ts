import type { Endpoint } from './endpoint'

const VERSION = '1.0.0'

const FEATURES = {
  tasks: true,
  messages: true,
  documents: true,
  notifications_dispatch: true,
  events_sse: true,
  heartbeat: true,
  standup: true,
  tool_requests: true,
}

const NAMES = ['task_list', 'task_create', 'message_post', 'document_post', 'tool_discover', 'tool_execute']

// Two questions with one answer: the contract's own, and the older one that needs no token.
export const capabilitiesOf = (endpoints: readonly Endpoint[]): readonly Endpoint[] => [
  {
    method: 'GET',
    path: '/api/mission-control/capabilities',
    guard: 'agent',
    answer: () => ({ contract_version: 'v1', features: FEATURES, version: VERSION, features_list: NAMES }),
  },
  {
    method: 'GET',
    path: '/api/capabilities',
    guard: 'open',
    answer: () => ({
      version: VERSION,
      contract_version: '1.1.0',
      features: NAMES,
      endpoints: endpoints.map(({ method, path }) => `${method} ${path}`),
    }),
  },
  { method: 'GET', path: '/health', guard: 'open', answer: () => ({ status: 'ok' }) },
]
