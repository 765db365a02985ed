import type { Metadata } from 'next'
import { SkillScreen } from '@/components/skills/skill-screen'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { getSkill } from '@/lib/skills'
import { opsGetRegistrySkill } from '@/lib/skills/contract'

export const metadata: Metadata = { title: 'Skill' }

export default consolePage('/ops/skills/{name}', 'skill:view', opsGetRegistrySkill, async (scope, query, input) => {
  const name = decodeURIComponent(input.params['name'] ?? '')
  const load = await unlessMissing(() => getSkill(scope, name, query.version))
  return (
    <Prefetch of={opsGetRegistrySkill} input={{ params: { name }, query: input.query }} load={load}>
      <SkillScreen name={name} />
    </Prefetch>
  )
})
