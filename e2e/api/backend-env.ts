import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'

// A backend that answers and a model that needs no key: what runs of the generated suites meet.
export const startBackend = (): Promise<ReferenceBackend> => createReferenceBackend({ agentJwtSecret: 'a'.repeat(40) })

export const backendEnv = ({ url }: ReferenceBackend): Record<string, string> => ({
  BACKEND_URL: url,
  CLASPER_WORKSPACE: 'workspace-template',
  LLM_PROVIDER: 'demo',
  LLM_MODEL_DEFAULT: 'demo/clasper-demo',
})
