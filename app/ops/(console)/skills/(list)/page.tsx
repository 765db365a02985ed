import type { Metadata } from 'next'
import { registryWire, skillsPage } from '@/components/skills/skills-query'
import { SkillsScreen } from '@/components/skills/skills-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { opsListRegistry as list } from '@/lib/skills'
import { opsListRegistry } from '@/lib/skills/contract'

export const metadata: Metadata = { title: 'Skills' }

export default consolePage('/ops/skills', 'skill:view', skillsPage, (scope, query, input) => (
  <Prefetch of={opsListRegistry} input={{ query: registryWire(input.query) }} load={() => list(scope, query)}>
    <SkillsScreen />
  </Prefetch>
))
