import type { OpsHealth } from '@/lib/jobs/contract/health'

export type Advice = {
  level: 'bad' | 'warn' | 'note'
  part: string
  text: string
  // What to do about it.
  remedy: string
}

type Models = OpsHealth['models']
type Model = NonNullable<Models['default']>

const nameOf = ({ provider, model }: { provider: string; model: string }): string => `${provider}/${model}`

const pausedIn = (models: Models, one: Model) =>
  models.cooldowns.find(({ provider, model }) => provider === one.provider && model === one.model)

const noKey = (one: Model): string => `Set ${one.key_name ?? 'its key'} and restart the server.`

const standInOf = (models: Models): boolean =>
  models.fallback?.has_key === true && pausedIn(models, models.fallback) === undefined

const defaultAdvice = (models: Models, first: Model): Advice[] => {
  const level = standInOf(models) ? 'warn' : 'bad'
  const effect = standInOf(models) ? 'the fallback answers' : 'no run can be answered'
  const paused = pausedIn(models, first)
  if (!first.has_key)
    return [{ level, part: 'Models', text: `${nameOf(first)} has no key: ${effect}.`, remedy: noKey(first) }]
  if (paused)
    return [
      {
        level,
        part: 'Models',
        text: `${nameOf(first)} failed ${paused.failures} times in a row and is left alone for a moment: ${effect}.`,
        remedy: models.fallback
          ? 'Look at the failures below.'
          : 'Set LLM_MODEL_FALLBACK, so that another one stands in.',
      },
    ]
  return first.is_demo
    ? [
        {
          level: 'note',
          part: 'Models',
          text: 'The demo model answers; no provider is asked.',
          remedy: 'Name a real one in LLM_MODEL_DEFAULT before people rely on it.',
        },
      ]
    : []
}

const modelAdvice = (models: Models): Advice[] => {
  const { default: first, fallback, cheap, error } = models
  if (error !== null || first === null)
    return [
      {
        level: 'bad',
        part: 'Models',
        text: error ?? 'No model is configured.',
        remedy: 'Correct LLM_MODEL_DEFAULT and LLM_MODEL_FALLBACK.',
      },
    ]
  const silent = [
    { role: 'The fallback', model: fallback },
    { role: 'The cheap model', model: cheap },
  ]
  return [
    ...defaultAdvice(models, first),
    ...silent.flatMap(({ role, model }): Advice[] =>
      model && !model.has_key
        ? [{ level: 'warn', part: 'Models', text: `${role} ${nameOf(model)} has no key.`, remedy: noKey(model) }]
        : [],
    ),
  ]
}

const backendAdvice = ({ url, error, is_resting, contract }: OpsHealth['backend']): Advice[] => {
  if (error !== null)
    return [
      {
        level: 'bad',
        part: 'Backend',
        text: `${url} ${error}. Runs that name a task fail; answers that exist are posted later.`,
        remedy: 'Start the backend, or correct BACKEND_URL.',
      },
    ]
  if (is_resting)
    return [
      {
        level: 'warn',
        part: 'Backend',
        text: `Calls of ${url} failed in a row, so they are held back for a moment.`,
        remedy: 'Check it now to see what it says.',
      },
    ]
  if (contract !== null && !contract.compatible)
    return [
      {
        level: 'warn',
        part: 'Backend',
        text: contract.error ?? 'The backend does not speak the contract.',
        remedy: 'Run “clasper conformance” against it; it names each line that fails.',
      },
    ]
  return []
}

const FILE_FAULTS = {
  cut: 'is longer than what one file may take, so its end is cut',
  left_out: 'is left out, because the files before it used up the room',
} as const

const workspaceAdvice = (workspace: OpsHealth['workspace']): Advice[] => {
  const { status, error, path, id, files, warnings } = workspace
  if (status === 'error' || status === 'missing')
    return [
      {
        level: status === 'error' ? 'bad' : 'warn',
        part: 'Workspace',
        text: error ?? `No file of the prompt was found${path === null ? ` for ${id}` : ` in ${path}`}.`,
        remedy: 'Make one with “clasper init”, or point CLASPER_WORKSPACE at yours.',
      },
    ]
  return [
    ...files.flatMap(({ name, state }): Advice[] =>
      state === 'cut' || state === 'left_out'
        ? [{ level: 'warn', part: 'Workspace', text: `${name} ${FILE_FAULTS[state]}.`, remedy: 'Shorten it.' }]
        : [],
    ),
    ...warnings.map(
      (warning): Advice => ({ level: 'warn', part: 'Workspace', text: `${warning}.`, remedy: 'Correct the file.' }),
    ),
  ]
}

const serverAdvice = ({ database, worker, instance }: OpsHealth): Advice[] => [
  ...(database.status === 'ok'
    ? []
    : [
        {
          level: 'bad',
          part: 'Database',
          text: 'The database does not answer: nothing can run or be recorded.',
          remedy: 'Look at the log of the server.',
        } as const,
      ]),
  ...(worker.status === 'ok'
    ? []
    : [
        {
          level: 'bad',
          part: 'Worker',
          text: 'No worker was seen lately: webhooks, late deliveries and clean-up stand still.',
          remedy: 'Start an instance whose CLASPER_ROLES holds worker.',
        } as const,
      ]),
  ...(instance.status === 'ok'
    ? []
    : [
        {
          level: 'warn',
          part: 'Instance',
          text: 'This instance is stopping and takes no new work.',
          remedy: 'Ask another one.',
        } as const,
      ]),
]

const runsAdvice = ({ status, failed, total }: OpsHealth['runs']): Advice[] =>
  status === 'ok'
    ? []
    : [
        {
          level: failed === total ? 'bad' : 'warn',
          part: 'Runs',
          text: `${failed} of ${total} runs of the last hour failed.`,
          remedy: 'Open the latest of them below.',
        },
      ]

const ORDER = ['bad', 'warn', 'note'] as const

// What is not as it should be, the worst first, each with what to do about it.
export const adviceFor = (health: OpsHealth): Advice[] =>
  [
    ...serverAdvice(health),
    ...modelAdvice(health.models),
    ...backendAdvice(health.backend),
    ...workspaceAdvice(health.workspace),
    ...runsAdvice(health.runs),
  ].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
