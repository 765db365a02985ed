import type { ChatMessage } from '@/lib/shared/chat'
import type { FileSkill } from '@/lib/skills'
import type { GivenPins } from '@/lib/workspace'
import type { Mocks } from './mocked-tools'

// What is to be rehearsed, and with what.
export type Rehearsal = {
  kind: 'eval' | 'skill_test'
  workspaceId: string
  environment?: string | undefined
  // Any unambiguous beginning of it; without one, what a run there would be given now.
  versionHash?: string | undefined
  // With it, in place of what its environment is pinned to.
  pins?: GivenPins | undefined
  message: string
  history?: readonly ChatMessage[] | undefined
  model?: string | undefined
  temperature?: number | undefined
  maxTokens?: number | undefined
  timeoutMs?: number | undefined
  mocks?: Mocks | undefined
  // Under test: added to what the workspace has.
  skills?: readonly FileSkill[] | undefined
  correlationId?: string | undefined
  userId?: string | undefined
  role?: string | undefined
}
