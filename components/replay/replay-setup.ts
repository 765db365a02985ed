import { ReplayBody, type ReplayMode } from '@/lib/runtime/contract'

export type ReplaySetup = {
  mode: ReplayMode
  target: 'recorded' | 'current' | 'kept'
  version: string
  model: string
  temperature: string
}

export const RECORDED: ReplaySetup = { mode: 'strict', target: 'recorded', version: '', model: '', temperature: '' }

type Asked = { body: ReplayBody } | { faults: Readonly<Record<string, string>> }

const wireOf = ({ mode, target, version, model, temperature }: ReplaySetup) => ({
  mode,
  ...(target === 'recorded' ? {} : { workspace_version: target === 'current' ? 'current' : version.trim() }),
  ...(model.trim() === '' ? {} : { model: model.trim() }),
  ...(temperature.trim() === '' ? {} : { temperature: Number(temperature) }),
})

// The contract itself says what may be asked for; what is left empty stays as it was recorded.
export const askFor = (setup: ReplaySetup): Asked => {
  const parsed = ReplayBody.safeParse(wireOf(setup))
  if (parsed.success) return { body: parsed.data }
  return { faults: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])) }
}
