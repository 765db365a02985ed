import type { ReplayBody } from '../contract'
import type { RunPlan } from '../run'

type Planned = { model: RunPlan['model']; of: string; body: ReplayBody; version: string | null; temperature: number }

export const auditsOf = ({ of, body, model, version, temperature }: Planned): NonNullable<RunPlan['audits']> => [
  {
    event: 'trace_replayed',
    data: { original_trace_id: of, mode: body.mode, model: model.name, temperature, workspace_version: version },
  },
]
