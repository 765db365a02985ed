import { roleName } from '@/components/shell/role-names'
import { Card } from '@/components/ui/card'
import { Facts } from '@/components/ui/facts'
import { formatDuration } from '@/components/ui/format'
import type { Gate } from '@/lib/promotion/contract'

const WIDENING = { block: 'refused', approval: 'asks for an approval', allow: 'allowed' } as const
const BLOCKS = { block: 'blocks', report: 'is only reported' } as const

const promptWords = ({ prompt }: Gate): string =>
  [
    prompt.max_characters === null ? null : `at most ${prompt.max_characters} characters`,
    prompt.max_growth_percent === null ? null : `at most ${prompt.max_growth_percent} % more`,
    `what does not fit ${BLOCKS[prompt.truncation]}`,
  ]
    .filter(Boolean)
    .join(', ')

const impactWords = ({ impact }: Gate): string =>
  [
    impact.replays === 0 ? 'no replays' : `${impact.replays} recent runs replayed`,
    impact.required ? 'all of them needed' : null,
    impact.max_new_failures === null ? null : `${impact.max_new_failures} may newly fail`,
    impact.max_changed_percent === null ? null : `${impact.max_changed_percent} % may differ`,
    impact.max_cost_increase_percent === null ? null : `${impact.max_cost_increase_percent} % dearer at most`,
  ]
    .filter(Boolean)
    .join(', ')

const evalWords = ({ evals }: Gate): string =>
  evals.length === 0
    ? 'none'
    : evals
        .map(({ dataset, min_pass_rate: rate, max_regressions: worse }) =>
          [
            dataset,
            rate === undefined ? null : `at least ${Math.round(rate * 1_000) / 10} % passed`,
            `${worse ?? 0} may become worse`,
          ]
            .filter(Boolean)
            .join(', '),
        )
        .join('; ')

/** The gate as it binds: the candidate's and the target's, each in its stricter form. */
export const GateCard = ({ gate, target }: { gate: Gate; target: string }) => (
  <Card title={`The gate of ${target}`}>
    <Facts
      facts={[
        {
          name: 'Approvals',
          value:
            gate.approvals.required === 0
              ? 'none'
              : `${gate.approvals.required} by ${gate.approvals.from?.join(', ') ?? `people who are at least ${roleName(gate.approvals.role).toLowerCase()}`}`,
        },
        { name: 'Evaluations', value: evalWords(gate) },
        { name: 'Replays', value: impactWords(gate) },
        { name: 'More permissions', value: WIDENING[gate.permissions.widening] },
        { name: 'Prompt', value: promptWords(gate) },
        {
          name: 'Skills',
          value: `a failed test ${BLOCKS[gate.skills.tests]}, a deprecated one ${BLOCKS[gate.skills.deprecated]}`,
        },
        { name: 'Budget', value: `more than is left ${BLOCKS[gate.cost.budget]}` },
        {
          name: 'Risk',
          value: `${gate.risk.max_level} at most${gate.risk.max_increase === null ? '' : `, ${gate.risk.max_increase} points more at most`}`,
        },
        {
          name: 'Soak time',
          value: gate.soak_minutes === 0 ? 'none' : formatDuration(gate.soak_minutes * 60_000),
        },
        { name: 'Evidence', value: `not older than ${gate.evidence_hours} hours` },
      ]}
    />
    <p className="mt-3 text-ink-muted text-meta">
      It stands in gates.yaml of the workspace; what the target runs now binds too, each in its stricter form.
    </p>
  </Card>
)
