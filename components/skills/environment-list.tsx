import { environmentsHref } from '@/components/workspaces/workspace-words'
import type { RegistryRow } from '@/lib/skills/contract'
import { linkStyle } from './skill-words'

type Pinned = RegistryRow['environments']

/** Where a skill is pinned, each with the version that runs there. */
export const EnvironmentList = ({ environments }: { environments: Pinned }) =>
  environments.length === 0 ? (
    <span className="text-ink-muted">No environment</span>
  ) : (
    <ul className="grid gap-1">
      {environments.map((one) => (
        <li key={`${one.workspace_id} ${one.environment}`} className="flex flex-wrap items-baseline gap-x-2">
          <a href={environmentsHref(one.workspace_id)} className={`break-all ${linkStyle}`}>
            {one.workspace_id} {one.environment}
          </a>
          <span className="font-mono text-ink-muted text-meta">{one.version}</span>
        </li>
      ))}
    </ul>
  )
