import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { PartBadge } from './part-status'

type Models = OpsHealth['models']
type Model = NonNullable<Models['default']>

const ROLES = [
  { key: 'default', name: 'Default', none: 'None is configured' },
  { key: 'fallback', name: 'Fallback', none: 'None: an outage of the default stops every run' },
  { key: 'cheap', name: 'Cheap', none: 'None: the default shortens conversations' },
] as const

const KeyBadge = ({ model }: { model: Model }) => {
  if (model.is_demo) return <Badge tone="warn">Demo model</Badge>
  return model.has_key ? <Badge tone="ok">Key set</Badge> : <Badge tone="bad">No key</Badge>
}

const ModelLine = ({ model, models }: { model: Model; models: Models }) => {
  const paused = models.cooldowns.find((one) => one.provider === model.provider && one.model === model.model)
  return (
    <div className="flex min-w-0 grow flex-wrap items-center gap-x-2 gap-y-1">
      <span className="min-w-0 break-all font-mono text-ink text-meta">
        {model.provider}/{model.model}
      </span>
      <KeyBadge model={model} />
      {paused ? (
        <span className="text-meta text-warn">
          left alone after {paused.failures} failures, again <RelativeTime iso={paused.until} />
        </span>
      ) : null}
    </div>
  )
}

export const ModelsCard = ({ models }: { models: Models }) => (
  <Card title="Models" actions={<PartBadge status={models.status} />} flush>
    <dl className="divide-y divide-line">
      {ROLES.map(({ key, name, none }) => {
        const model = models[key]
        return (
          <div key={key} className="flex min-h-10 items-start gap-3 px-4 py-2 text-table">
            <dt className="w-20 shrink-0 text-ink-muted">{name}</dt>
            <dd className="flex min-w-0 grow">
              {model ? <ModelLine model={model} models={models} /> : <span className="text-ink-muted">{none}</span>}
            </dd>
          </div>
        )
      })}
    </dl>
  </Card>
)
