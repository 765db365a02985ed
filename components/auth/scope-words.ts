import type { ServiceScope } from '@/lib/shared/rbac'

export const SCOPE_WORDS: Record<ServiceScope, { label: string; means: string }> = {
  run: { label: 'Run', means: 'Start agent runs and read their answers.' },
  read: { label: 'Read', means: 'Read traces, audit, metrics, budgets and registries.' },
  write: { label: 'Write', means: 'Change what is stored: labels, budgets, skills, workspaces.' },
  ingest: { label: 'Ingest', means: 'Send in traces and signals from elsewhere; reads nothing.' },
  admin: { label: 'Admin', means: 'Create, rotate and revoke API keys. Give it to very few.' },
  'prompt:override': {
    label: 'Prompt override',
    means: 'Replace the governed system prompt of a run; each use is audited.',
  },
}
